//! The handshake of a WebSocket, with any headers.

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;

use super::Request;
use super::connection::Connection;
use crate::failure::Failure;
use crate::settings::Settings;

/// How a handshake was answered.
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
}

impl Handshake {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Asks for `/v4/websocket` with these headers. A refused handshake has no socket.
pub(super) async fn shake_hands(
    headers: &[(String, String)],
    settings: &Settings,
) -> Result<(Handshake, Option<WebSocketStream<Connection>>), Failure> {
    let harness = |what: &dyn std::fmt::Display| {
        Failure::harness(format!("the handshake cannot be sent: {what}"))
    };
    let broken = |e: &dyn std::fmt::Display| Failure::unreachable(format!("cannot connect: {e}"));
    let address = settings.address().map_err(|e| broken(&e))?;
    let url = format!("ws://{}{}/v4/websocket", address.authority, address.prefix);
    let mut request = url.into_client_request().map_err(|e| harness(&e))?;
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(|e| harness(&e))?;
        let value = HeaderValue::from_str(value).map_err(|e| harness(&e))?;
        request.headers_mut().append(name, value);
    }
    let stream = address.connect(&settings.trust).await.map_err(|e| broken(&e))?;
    match tokio_tungstenite::client_async(request.clone(), stream).await {
        Ok((socket, answer)) => {
            let (head, _) = answer.into_parts();
            Ok((Handshake { status: 101, headers: head.headers }, Some(socket)))
        }
        Err(Error::Http(answer)) => {
            let (head, _) = answer.into_parts();
            let status = head.status.as_u16();
            Ok((Handshake { status, headers: head.headers }, None))
        }
        Err(Error::Protocol(ProtocolError::WrongHttpVersion)) => {
            refusal(request.headers(), settings).await
        }
        Err(error) => Err(Failure::transport(format!("the handshake broke: {error}"))),
    }
}

/// The refusal of a handshake in HTTP 1.0, in which one may be refused but not accepted (RFC 6455,
/// section 4.1).
async fn refusal(
    headers: &HeaderMap,
    settings: &Settings,
) -> Result<(Handshake, Option<WebSocketStream<Connection>>), Failure> {
    let texts = headers.iter().filter(|(name, _)| *name != http::header::HOST);
    let texts = texts
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    let (method, path) = ("GET".to_owned(), "/v4/websocket".to_owned());
    let answer = Request { method, path, headers: texts.collect(), body: None };
    let answer = answer.exchange(settings).await?;
    match answer.status {
        101 => Err(Failure::assertion("the handshake was accepted in HTTP 1.0")),
        status => Ok((Handshake { status, headers: answer.headers }, None)),
    }
}
