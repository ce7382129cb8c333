//! Opening a socket to a voice gateway.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::clock::Clock;
use crate::deviations::switch::{self, either};

/// How long a voice server may take to answer. The real server waits for ever.
const LIMIT: Duration = Duration::from_secs(5);

/// Bytes that are read from a gateway at once; every connection has this buffer. Messages are small.
const READ_BUFFER: usize = 2048;

/// Bytes of the longest message that a gateway may send.
const LONGEST_MESSAGE: usize = 1024 * 1024;

/// An open socket to a gateway.
pub(super) type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// Why a gateway cannot be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("{0} is no host and port")]
    Endpoint(String),
    #[error("{0} begins with a scheme, so that nobody can be found there")]
    Scheme(String),
    #[error("no connection")]
    Network(#[from] std::io::Error),
    #[error("the handshake failed")]
    Handshake(#[from] Box<tokio_tungstenite::tungstenite::Error>),
    #[error("no answer within {LIMIT:?}")]
    TooSlow,
}

/// Opens `wss://ENDPOINT/?v=8`. The host name has to be that of the certificate.
pub(super) async fn open(
    clock: &Clock,
    tls: Arc<ClientConfig>,
    endpoint: &str,
) -> Result<Socket, ConnectError> {
    let limit = either(switch::VOICE_033_IMPATIENT, LIMIT, LIMIT / 5);
    // Boxed, as everything that may come to a handshake would have room for its 16 KiB: each PATCH of
    // a player, and each connection for as long as it lives.
    let shaking = Box::pin(shake_hands(tls, endpoint));
    clock.within(limit, shaking).await.unwrap_or(Err(ConnectError::TooSlow))
}

async fn shake_hands(tls: Arc<ClientConfig>, endpoint: &str) -> Result<Socket, ConnectError> {
    // The real server takes the scheme for the host:
    // docs/observed/voice.md#endpoints-that-are-none.
    if endpoint.contains("://") {
        return Err(ConnectError::Scheme(endpoint.to_owned()));
    }
    let wrong = || ConnectError::Endpoint(endpoint.to_owned());
    let authority: http::uri::Authority = endpoint.parse().map_err(|_| wrong())?;
    let name = ServerName::try_from(authority.host().to_owned()).map_err(|_| wrong())?;
    let port = authority.port_u16().unwrap_or(443);
    let stream = TcpStream::connect((authority.host(), port)).await?;
    stream.set_nodelay(true)?;
    let stream = TlsConnector::from(tls).connect(name, stream).await?;
    let version = either(switch::VOICE_062_VERSION_7, 8, 7);
    let url = format!("wss://{endpoint}/?v={version}");
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(LONGEST_MESSAGE));
    let connected = client_async_with_config(url, stream, Some(config)).await;
    Ok(connected.map_err(Box::new)?.0)
}
