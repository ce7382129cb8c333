//! Accepts connections and serves HTTP/1.1 on them.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cut::{Cut, Resettable};
use super::head::{self, Limits};
use super::wire::Wire;
use crate::clock::Clock;
use crate::deviations::switch::{self, Seam, deviates};

/// A client that takes longer for its next request head is hung up on (docs/observed/wire.md#request-heads).
/// It is the machine's time: the client's pool of connections knows nothing of time that is moved.
const HEADER_LIMIT: Duration = Duration::from_secs(60);

/// More than are served, so that the answer to too many is not hyper's.
const MOST_HEADERS: usize = 256;

/// How long to wait after a failed accept, such as when there are no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where deviations change what is refused of heads.
pub(crate) static HEADS: Seam<Heads> = Seam::new();

/// Code for [`HEADS`].
#[derive(Clone, Copy)]
pub(crate) struct Heads {
    /// Whether a request's head is refused, of which these bytes were sent. It may change the request.
    pub(crate) is_refused: fn(&mut Request<Incoming>, &[u8]) -> bool,
    /// Changes the answer to a refused head.
    pub(crate) refusal: fn(&mut Response),
}

/// Serves until `stop` is cancelled; then lets every connection end in its own time.
pub(crate) async fn accept(
    listener: TcpListener,
    router: Router,
    clock: Clock,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = serve(stream, peer, router.clone(), stop.clone(), HEADER_LIMIT);
                tasks.spawn(connection);
            }
            Err(error) => {
                tracing::warn!("failed to accept a connection: {error}");
                clock.within(ACCEPT_PAUSE, std::future::pending::<()>()).await;
            }
        }
    }
}

/// The answer to a refused head.
fn refusal() -> Response {
    let mut response = head::refusal();
    if let Some(heads) = HEADS.get() {
        (heads.refusal)(&mut response);
    }
    response
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    limit: Duration,
) {
    // Events are small and should not wait for each other.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, "failed to set TCP_NODELAY: {error}");
    }
    let cut = Cut::default();
    let (wire, last_head) = Wire::new(Resettable::new(stream, cut.clone()));
    let router = TowerToHyperService::new(router);
    let for_requests = cut.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(for_requests.clone());
        let refused = last_head.with(|sent| match HEADS.get() {
            Some(heads) => (heads.is_refused)(&mut request, sent),
            None => head::is_refused(&request, sent, &Limits::REAL),
        });
        let answer = (!refused).then(|| router.call(head::canonical(request)));
        async move {
            match answer {
                Some(answer) => answer.await,
                None => Ok(refusal()),
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limit)
        .max_headers(MOST_HEADERS)
        // A client that has nothing more to say may still listen.
        .half_close(!deviates(switch::HTTP_345_CUT_OFF))
        // The real server takes control characters in a header and lines without a colon.
        .ignore_invalid_headers(true)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = cut.wanted() => return,
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, "connection ended: {error}");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// What comes over a connection on which this was sent, until the server ends it.
    async fn told(sent: &[u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        let router = Router::new().fallback(|| async { "here" });
        let limit = Duration::from_millis(100);
        tokio::spawn(serve(stream, peer, router, CancellationToken::new(), limit));
        client.write_all(sent).await.unwrap();
        let mut told = String::new();
        let reading = client.read_to_string(&mut told);
        let clock = Clock::new(crate::clock::ClockKind::Real);
        clock.within(Duration::from_secs(20), reading).await.expect("it still waits").unwrap();
        told
    }

    #[tokio::test]
    async fn the_next_head_is_not_waited_for_without_end() {
        assert_eq!(told(b"").await, "");
        assert_eq!(told(b"GET / HTTP/1.1\r\nHost: x\r\n").await, "");
        assert!(told(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.ends_with("here"));
    }
}
