//! What a scenario tells its media server: to go on, and to serve what the scenario describes.

use std::io;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Lets media that hangs go on; returns when the media is being read.
pub(crate) async fn go_on(url: &str) -> Result<(), TellError> {
    tell(Request::post(url).body(Full::default())?).await
}

/// Puts media where a scenario wants it: what `made` describes, in the form that STEPS.md gives.
pub(crate) async fn put(url: &str, made: &serde_json::Value) -> Result<(), TellError> {
    tell(Request::put(url).body(Full::from(made.to_string()))?).await
}

/// Why the media server does not do what a scenario wants.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TellError {
    #[error("this is no URL")]
    Url(#[from] http::Error),
    #[error("no connection")]
    Network(#[from] io::Error),
    #[error("the request failed")]
    Request(#[from] hyper::Error),
    #[error("it answered {0} {1}")]
    Status(StatusCode, String),
}

/// Sends a request of a scenario to its media server.
async fn tell(request: Request<Full<Bytes>>) -> Result<(), TellError> {
    let authority = request.uri().authority().map_or("", |authority| authority.as_str());
    let stream = TcpStream::connect(authority).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let why = answer.into_body().collect().await?.to_bytes();
    connection.abort();
    if status == StatusCode::NO_CONTENT {
        return Ok(());
    }
    Err(TellError::Status(status, String::from_utf8_lossy(&why).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::media::MediaServer;

    #[tokio::test]
    async fn media_hang_until_they_are_told_to_go_on() {
        let server = MediaServer::start().await.unwrap();
        let url = format!("{}/tone-2s.wav?hang=1s&of=test", server.url());
        let client = TcpStream::connect(url[7..].split('/').next().unwrap()).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(client)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get(&url).body(Full::<Bytes>::default()).unwrap();
        let mut body = sender.send_request(request).await.unwrap().into_body();
        let mut count = 0;
        while count < 44 + 192_000 {
            count += body.frame().await.unwrap().unwrap().into_data().unwrap().len();
        }
        assert_eq!(count, 44 + 192_000);
        let waiting = tokio::time::timeout(Duration::from_millis(50), body.frame()).await;
        assert!(waiting.is_err(), "it does not hang");
        let (told, rest) = tokio::join!(go_on(&url), body.collect());
        told.unwrap();
        assert_eq!(rest.unwrap().to_bytes().len(), 192_000);
    }
}
