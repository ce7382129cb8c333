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
use serde_json::Value;
use socket2::{SockRef, Socket};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::script::Reply;
use super::{Asked, Seen, State, pages};

/// Longest body of a request that is read.
const LONGEST_BODY: usize = 1024 * 1024;

/// How long requests that are to be answered together wait for each other.
const TOGETHER_LIMIT: Duration = Duration::from_secs(5);

/// How long to wait after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where redirects go: this, a number, the path that was asked for first.
const HOP: &str = "/hop/";

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the upstream answers nothing")]
struct NoAnswer;

/// Serves until it is aborted.
pub(super) async fn accept(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    state: Arc<State>,
) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file descriptors, perhaps; others may give some back.
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Only with a handle of its own can the connection be reset while it is served.
        let Ok(socket) = SockRef::from(&stream).try_clone() else { continue };
        let link = Link { source: peer.ip().to_canonical(), socket, state: Arc::clone(&state) };
        let tls = tls.clone().map(TlsAcceptor::from);
        tokio::spawn(async move {
            match tls {
                None => link.serve(stream).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => link.serve(stream).await,
                    Err(error) => link.note(&format!("TLS with the upstream fails: {error}")),
                },
            }
        });
    }
}

/// One connection.
struct Link {
    source: IpAddr,
    socket: Socket,
    state: Arc<State>,
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
        let Some(asked) = self.state.asked(path, &body) else {
            self.note(&format!("{} {path} of nobody in this scenario", head.method));
            return Ok(status(StatusCode::NOT_FOUND));
        };
        let (reply, together) = {
            let mut record = self.state.record();
            match asked {
                Asked::Other => (record.script.take_redirect().unwrap_or(Reply::Status(200)), None),
                Asked::Search | Asked::Video | Asked::Plain => record.script.take(self.source),
            }
        };
        self.note(&format!("{} {path} -> {}", head.method, reply.describe()));
        let seen = Seen { source: self.source, asked, reply: reply.clone() };
        self.state.record().seen.push(seen);
        if let Some(barrier) = together {
            // Too few of them came; the scenario sees that in what it asks for next.
            tokio::time::timeout(TOGETHER_LIMIT, barrier.wait()).await.ok();
        }
        match reply {
            Reply::Status(200) => Ok(self.state.page(asked, path)),
            Reply::Status(code) => {
                Ok(status(StatusCode::from_u16(code).unwrap_or(StatusCode::NOT_FOUND)))
            }
            Reply::Redirect => Ok(self.state.redirect(asked, &head.method, path)),
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

    fn note(&self, what: &str) {
        let timeline = self.state.record().timeline.clone();
        if let Some(timeline) = timeline {
            timeline.push("upstream", format!("{}: {what}", self.source), None);
        }
    }
}

impl State {
    /// What a request asks for; `None` if it belongs to something else than the scenario.
    fn asked(&self, path: &str, body: &[u8]) -> Option<Asked> {
        if let Some((number, _)) = path.strip_prefix(HOP).and_then(|rest| rest.split_once('/')) {
            let number: usize = number.parse().ok()?;
            return self.record().hops.get(number).copied();
        }
        if let Some(prefix) = path.strip_prefix("/plain/") {
            return (prefix == self.prefix).then_some(Asked::Plain);
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match path.rsplit('/').next() {
            Some("search") => {
                let query = body["query"].as_str()?;
                query.starts_with(&self.prefix).then_some(Asked::Search)
            }
            Some("player") => (body["videoId"] == *self.video).then_some(Asked::Video),
            _ => pages::other(path).map(|_| Asked::Other),
        }
    }

    fn page(&self, asked: Asked, path: &str) -> Response<Full<Bytes>> {
        let page = match asked {
            Asked::Search => Some(("application/json", pages::search(&self.video).to_string())),
            Asked::Video => Some(("application/json", pages::player(&self.video).to_string())),
            Asked::Plain => Some(("text/plain", "nothing to play".into())),
            Asked::Other => pages::other(path),
        };
        let Some((media_type, text)) = page else { return status(StatusCode::NOT_FOUND) };
        let mut response = Response::new(Full::from(text));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        response
    }

    /// To the same with another address. Only GET may be asked again without being told to keep
    /// its method.
    fn redirect(&self, asked: Asked, method: &Method, path: &str) -> Response<Full<Bytes>> {
        let number = {
            let mut record = self.record();
            record.hops.push(asked);
            record.hops.len() - 1
        };
        let is_get = *method == Method::GET;
        let mut response =
            status(if is_get { StatusCode::FOUND } else { StatusCode::TEMPORARY_REDIRECT });
        let path = path
            .strip_prefix(HOP)
            .and_then(|rest| rest.split_once('/'))
            .map_or_else(|| path.trim_start_matches('/').to_owned(), |(_, rest)| rest.to_owned());
        if let Ok(location) = HeaderValue::from_str(&format!("{HOP}{number}/{path}")) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
