//! Clients of a mock.

use std::time::Duration;

use futures::StreamExt;
use lavalink_reference_server::Mock;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// For anything that should happen soon.
pub(crate) const SOON: Duration = Duration::from_secs(5);

/// Voice data.
pub(crate) fn voice() -> Value {
    json!({"voice": {"token": "t", "endpoint": "nowhere:1", "sessionId": "s", "channelId": "1"}})
}

/// A client over HTTP.
pub(crate) fn http() -> reqwest::Client {
    // Another test may have installed it.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().timeout(SOON).build().unwrap()
}

/// What REST answers to a request with the password.
pub(crate) async fn ask(
    mock: &Mock,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> reqwest::Result<(u16, String)> {
    let request = http().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    let mut request = request.header("Authorization", mock.password());
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let response = request.send().await?;
    Ok((response.status().as_u16(), response.text().await?))
}

pub(crate) async fn get(mock: &Mock, path: &str) -> Value {
    serde_json::from_str(&ask(mock, "GET", path, None).await.unwrap().1).unwrap()
}

/// What an identifier leads to.
pub(crate) async fn load(mock: &Mock, identifier: &str) -> Value {
    let identifier = identifier.replace(':', "%3A").replace('/', "%2F").replace(' ', "%20");
    get(mock, &format!("/v4/loadtracks?identifier={identifier}")).await
}

/// The socket of a bot.
pub(crate) struct Bot {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) response: Response,
    /// Of its session.
    pub(crate) id: String,
    pub(crate) resumed: bool,
}

impl Bot {
    pub(crate) async fn connect(mock: &Mock) -> Self {
        Self::try_connect(mock, None).await.unwrap()
    }

    /// A socket that asks for a session, if one is given.
    pub(crate) async fn try_connect(mock: &Mock, session: Option<&str>) -> Result<Self, Error> {
        let mut request = mock.websocket_url().into_client_request().unwrap();
        let mut header = |name: &'static str, value: &str| {
            request.headers_mut().insert(name, value.parse().unwrap());
        };
        header("Authorization", mock.password());
        header("User-Id", "7");
        header("Client-Name", "bot/1");
        if let Some(session) = session {
            header("Session-Id", session);
        }
        let (stream, response) = connect_async(request).await?;
        let mut bot = Self { stream, response, id: String::new(), resumed: false };
        let ready = bot.until(|message| message["op"] == "ready").await;
        bot.id = ready["sessionId"].as_str().unwrap().to_owned();
        bot.resumed = ready["resumed"] == true;
        Ok(bot)
    }

    pub(crate) async fn next(&mut self) -> Option<Result<Message, Error>> {
        tokio::time::timeout(SOON, self.stream.next()).await.expect("no message came")
    }

    /// The next text.
    pub(crate) async fn text(&mut self) -> String {
        loop {
            if let Message::Text(text) = self.next().await.unwrap().unwrap() {
                return text.to_string();
            }
        }
    }

    /// The next message that is meant.
    pub(crate) async fn until(&mut self, meant: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message: Value = serde_json::from_str(&self.text().await).unwrap();
            if meant(&message) {
                return message;
            }
        }
    }

    pub(crate) async fn event(&mut self, name: &str) -> Value {
        self.until(|message| message["type"] == name).await
    }

    /// How the socket ends: the code of a close frame, or `None` without one.
    pub(crate) async fn ended(&mut self) -> Option<u16> {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Changes a player; gives back the player.
    pub(crate) async fn patch(&self, mock: &Mock, guild: u64, body: Value) -> Value {
        let path = format!("/v4/sessions/{}/players/{guild}", self.id);
        let (status, text) = ask(mock, "PATCH", &path, Some(body)).await.unwrap();
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn player(&self, mock: &Mock, guild: u64) -> Value {
        get(mock, &format!("/v4/sessions/{}/players/{guild}", self.id)).await
    }

    /// Plays what an identifier leads to in guild 1, with voice.
    pub(crate) async fn play(&self, mock: &Mock, identifier: &str) -> Value {
        let found = load(mock, identifier).await;
        let track = match found["loadType"].as_str().unwrap() {
            "track" => &found["data"],
            "search" => &found["data"][0],
            "playlist" => &found["data"]["tracks"][0],
            other => panic!("{identifier}: {other}"),
        };
        self.patch(mock, 1, voice()).await;
        self.patch(mock, 1, json!({"track": {"encoded": track["encoded"]}})).await
    }

    pub(crate) async fn may_resume(&self, mock: &Mock) {
        let path = format!("/v4/sessions/{}", self.id);
        let body = json!({"resuming": true, "timeout": 60});
        assert_eq!(ask(mock, "PATCH", &path, Some(body)).await.unwrap().0, 200);
    }
}
