//! Whether a target answers yet.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::LaunchOptions;
use super::process::Process;

/// From one question to the next.
const PAUSE: Duration = Duration::from_millis(50);

/// How long one question waits for its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longest answer that is read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Waits for an answer, whatever it says; gives back why there is none.
pub(super) async fn wait(
    process: &Process,
    address: SocketAddr,
    options: &LaunchOptions,
) -> Result<(), String> {
    let began = Instant::now();
    loop {
        let left = options.ready_timeout.saturating_sub(began.elapsed());
        let asked = timeout(left.min(PATIENCE), ask(address, options.password.reveal())).await;
        // If it has ended, somebody else has answered.
        if let Some(how) = process.ended() {
            process.hear_last_words().await;
            return Err(how);
        }
        let why = match asked {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it takes connections and says nothing".into(),
        };
        if began.elapsed() >= options.ready_timeout {
            let limit = options.ready_timeout;
            return Err(format!(
                "no answer from http://{address}/version within {limit:?} ({why}); does it listen \
                 on the port of {{config}} or {{port}}, and is --ready-timeout long enough?"
            ));
        }
        sleep(PAUSE).await;
    }
}

async fn ask(
    address: SocketAddr,
    password: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/version")
        .header("Host", address.to_string())
        .header("Authorization", password)
        .body(Empty::<Bytes>::new())?;
    // Ends with the request; what breaks it shows in the answer.
    let connection = tokio::spawn(connection);
    let body = sender.send_request(request).await?.into_body();
    // Read to its end, so that the target does not see a client that breaks off.
    Limited::new(body, LONGEST_ANSWER).collect().await?;
    connection.abort();
    Ok(())
}
