//! The clients of a scenario, and the sockets that they open.

use super::World;
use super::client::Client;
use super::requests::replace_headers;
use crate::failure::Failure;

impl World {
    /// The client of that name.
    pub(crate) fn client(&mut self, name: &str) -> Result<&mut Client, Failure> {
        let client = self.clients.get_mut(name);
        client.ok_or_else(|| Failure::harness(format!("client {name:?} has not connected")))
    }

    /// Tells which client connected last.
    pub(crate) fn set_last_client(&mut self, name: &str) {
        self.last_client = name.to_owned();
    }

    /// The name of the client that connected last.
    pub(crate) fn last_client(&self) -> String {
        self.last_client.clone()
    }

    /// Opens a socket for a client; from here on its name stands for that socket.
    pub(crate) async fn connect(
        &mut self,
        name: &str,
        replaced: Vec<(String, String)>,
    ) -> Result<&mut Client, Failure> {
        let headers = self.handshake_headers(replaced)?;
        let client = Client::connect(name, &headers, self).await?;
        self.former_clients.extend(self.clients.insert(name.to_owned(), client));
        self.client(name)
    }

    /// Opens two sockets at the same time, both with a session's id.
    pub(crate) async fn connect_together(
        &mut self,
        names: [&str; 2],
        session: &str,
    ) -> Result<(), Failure> {
        let id = ("Session-Id".to_owned(), session.to_owned());
        let headers = self.handshake_headers(vec![id])?;
        let connect = |name| Client::connect(name, &headers, self);
        let (first, second) = tokio::try_join!(connect(names[0]), connect(names[1]))?;
        for (name, client) in names.into_iter().zip([first, second]) {
            self.former_clients.extend(self.clients.insert(name.to_owned(), client));
        }
        Ok(())
    }

    fn handshake_headers(
        &mut self,
        replaced: Vec<(String, String)>,
    ) -> Result<Vec<(String, String)>, Failure> {
        let settings = self.settings()?;
        let mut headers = vec![
            ("Authorization".to_owned(), settings.password.reveal().to_owned()),
            ("User-Id".to_owned(), self.variable("user")?),
            ("Client-Name".to_owned(), "lavalink-conformance/1".to_owned()),
        ];
        replace_headers(&mut headers, replaced);
        Ok(headers)
    }
}
