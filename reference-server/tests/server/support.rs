//! A server on a free port, and clients that talk to it.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use lavalink_reference_server::config::Config;
use lavalink_reference_server::serve;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// For anything that should happen soon.
pub(crate) const SOON: Duration = Duration::from_secs(5);

/// Voice data for a server that connects nowhere.
pub(crate) const VOICE: &str =
    r#"{"voice": {"token": "t", "endpoint": "nowhere:1", "sessionId": "s", "channelId": "1"}}"#;

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    end: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

/// What REST answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(Config::default())
    }

    pub(crate) fn start_with(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let ended = async {
                let _ = ended.await;
            };
            serve(listener, config, ended).await.unwrap();
        });
        // Another test may have installed it.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder().no_proxy().timeout(SOON).build().unwrap();
        Self { address, client, end: Some(end), task }
    }

    /// Tells the server to end, and waits until it did.
    pub(crate) async fn stop(&mut self) {
        self.end.take().unwrap().send(()).unwrap();
        (&mut self.task).await.unwrap();
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// With the password, and JSON when there is a body.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&str>) -> Answer {
        let mut request = self.request(method, path).header("Authorization", "youshallnotpass");
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_owned());
        }
        send(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &str) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    /// A socket with these headers besides the password.
    pub(crate) async fn try_connect(
        &self,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, Error> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        self.connect_over(stream, headers).await
    }

    pub(crate) async fn connect_over(
        &self,
        stream: TcpStream,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, Error> {
        let mut request = format!("ws://{}/v4/websocket", self.address).into_client_request()?;
        request.headers_mut().insert("Authorization", "youshallnotpass".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        // Small, so that the memory of a test with many clients is the server's.
        let config = WebSocketConfig::default().read_buffer_size(2048);
        let (stream, response) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Socket { stream, response, id: String::new() })
    }

    /// A socket of a new session whose first two messages were read.
    pub(crate) async fn connect(&self) -> Socket {
        let mut socket = self.try_connect(&[("User-Id", "1")]).await.unwrap();
        socket.greet().await;
        socket
    }

    /// A socket on which the system takes as little as it can without the client reading.
    pub(crate) async fn connect_deaf(&self) -> Socket {
        let tcp = TcpSocket::new_v4().unwrap();
        tcp.set_recv_buffer_size(4096).unwrap();
        let stream = tcp.connect(self.address).await.unwrap();
        let mut socket = self.connect_over(stream, &[("User-Id", "1")]).await.unwrap();
        socket.greet().await;
        socket
    }
}

/// Moves manual time of a server whose control token is "token"; gives back what it answers.
pub(crate) async fn advance(server: &Server, ms: u64) -> Value {
    let request = server.request(Method::POST, "/control/clock/advance").bearer_auth("token");
    let request = request.header("Content-Type", "application/json");
    let answer = send(request.body(json!({"ms": ms}).to_string())).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Resident memory of this process, MiB. Linux only.
pub(crate) fn memory() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 4.0 / 1024.0
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }
}

/// A client's end of a socket.
pub(crate) struct Socket {
    pub(crate) stream: WebSocketStream<TcpStream>,
    pub(crate) response: Response,
    /// Of its session, once greeted.
    pub(crate) id: String,
}

impl Socket {
    /// Reads `ready` and `stats`.
    pub(crate) async fn greet(&mut self) {
        let ready = self.next().await;
        assert_eq!(ready["op"], "ready");
        assert_eq!(self.next().await["op"], "stats");
        self.id = ready["sessionId"].as_str().unwrap().to_owned();
    }

    pub(crate) fn player(&self, guild: i64) -> String {
        format!("/v4/sessions/{}/players/{guild}", self.id)
    }

    /// The next message as it was sent.
    pub(crate) async fn next_text(&mut self) -> String {
        match self.next_message().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("not a text: {other:?}"),
        }
    }

    pub(crate) async fn next(&mut self) -> Value {
        serde_json::from_str(&self.next_text().await).unwrap()
    }

    pub(crate) async fn next_message(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(SOON, self.stream.next());
        next.await.expect("no message came").and_then(Result::ok)
    }

    /// The code with which the server closes, whatever it says before.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        while let Some(message) = self.next_message().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| frame.code.into());
            }
        }
        None
    }

    pub(crate) async fn say(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }
}
