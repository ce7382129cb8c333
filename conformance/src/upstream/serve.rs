//! Connections of the upstream.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use socket2::{SockRef, Socket};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::pages::{self, Page};
use super::script::Reply;
use super::site::Guests;

/// Longest body of a request that is read.
const LONGEST_BODY: usize = 1024 * 1024;

/// How long requests that are to be answered together wait for each other.
const TOGETHER_LIMIT: Duration = Duration::from_secs(5);

/// How long to wait after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the upstream answers nothing")]
struct NoAnswer;

/// Serves until it is aborted.
pub(super) async fn accept(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    guests: Arc<Guests>,
) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file descriptors, perhaps; others may give some back.
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Only with a handle of its own can the connection be reset while it is served.
        let Ok(socket) = SockRef::from(&stream).try_clone() else { continue };
        let source = peer.ip().to_canonical();
        let link = Link { source, socket, guests: Arc::clone(&guests) };
        let tls = tls.clone().map(TlsAcceptor::from);
        tokio::spawn(async move {
            match tls {
                None => link.serve(stream).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => link.serve(stream).await,
                    Err(error) => {
                        let what = format!("{source}: TLS with the upstream fails: {error}");
                        link.guests.note(&what);
                    }
                },
            }
        });
    }
}

/// One connection.
struct Link {
    source: IpAddr,
    socket: Socket,
    guests: Arc<Guests>,
}

impl Link {
    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let link = Arc::new(self);
        let service = service_fn(|request| {
            let link = Arc::clone(&link);
            async move { link.answer(request).await }
        });
        // It ends with an error where a scenario wants it to.
        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, NoAnswer> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, LONGEST_BODY).collect().await;
        let body = body.map(|body| body.to_bytes()).unwrap_or_default();
        let path = head.uri.path();
        let Some((state, asked)) = self.guests.whose(path, &body) else {
            let page = pages::common(path);
            let status = if page.is_some() { "200" } else { "404, as it is nobody's" };
            self.guests.note(&format!("{}: {} {path} -> {status}", self.source, head.method));
            return Ok(page.map_or_else(|| empty(StatusCode::NOT_FOUND), response));
        };
        let (reply, together) = state.record().script.take(asked, self.source);
        state.note(&format!("{}: {} {path} -> {}", self.source, head.method, reply.describe()));
        state.see(self.source, asked, reply.clone());
        if let Some(barrier) = together {
            // Too few of them came; the scenario sees that in what it asks for next.
            tokio::time::timeout(TOGETHER_LIMIT, barrier.wait()).await.ok();
        }
        match reply {
            Reply::Status(200) => Ok(response(pages::page(asked, &state.video))),
            Reply::Status(code) => {
                Ok(empty(StatusCode::from_u16(code).unwrap_or(StatusCode::NOT_FOUND)))
            }
            Reply::Redirect => Ok(redirect(&head.method, &state.hop(asked, path))),
            Reply::Reset => {
                // The end of a socket with that option is a reset.
                self.socket.set_linger(Some(Duration::ZERO)).ok();
                Err(NoAnswer)
            }
            Reply::Close => Err(NoAnswer),
            Reply::Hang => {
                let never: Infallible = std::future::pending().await;
                match never {}
            }
        }
    }
}

fn response((media_type, text): Page) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// To the same with another address. Only GET may be asked again without being told to keep its
/// method.
fn redirect(method: &Method, path: &str) -> Response<Full<Bytes>> {
    let is_get = *method == Method::GET;
    let mut response =
        empty(if is_get { StatusCode::FOUND } else { StatusCode::TEMPORARY_REDIRECT });
    if let Ok(location) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
