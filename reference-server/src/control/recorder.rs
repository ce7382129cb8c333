//! The layer round the protocol that writes requests down, as they pass.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Uri};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use serde_json::Value;

use super::told::{Controls, EntryId, Kind, LONGEST_BODY, Recorded};
use crate::http::parameters;
use crate::server::Server;

/// What a header says that is not shown.
const HIDDEN: &str = "***";

/// Writes every request down, and what it was answered.
pub(super) async fn record(
    State((server, controls)): State<(Server, Arc<Controls>)>,
    request: Request,
    next: Next,
) -> Response {
    let entry = of_request(&request, server.clock.wall_ms());
    let is_handshake = entry.kind == Kind::Handshake;
    let id = controls.journal.add(entry);
    let journaled = Arc::clone(&controls);
    let mut request = request.map(|body| {
        let seen = Seen { controls: journaled, id, bytes: Vec::new(), cut: false };
        Body::new(Watched { inner: body, seen: Some(seen) })
    });
    request.extensions_mut().insert(id);
    let response = next.run(request).await;
    let status = response.status().as_u16();
    controls.journal.change(id, |entry| {
        entry.status = Some(status);
        // A handshake that is accepted is complete when its session has begun.
        entry.complete |= !(is_handshake && status == 101);
    });
    response
}

/// What is known of a request before its body.
pub(super) fn of_request(request: &Request, wall_ms: u64) -> Recorded {
    let uri = request.uri();
    let kind = match uri.path() {
        "/v4/websocket" => Kind::Handshake,
        _ => Kind::Request,
    };
    Recorded {
        kind,
        wall_ms,
        method: Some(request.method().to_string()),
        path: Some(uri.path().to_owned()),
        query: query(uri),
        headers: headers(request.headers()),
        ..Recorded::default()
    }
}

/// A body as an entry has it.
pub(super) fn body_value(bytes: &[u8]) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    Some(serde_json::from_slice(bytes).unwrap_or_else(|_| text()))
}

fn query(uri: &Uri) -> Vec<(String, String)> {
    parameters(uri).filter(|(name, _)| !name.is_empty()).collect()
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().map(|(name, value)| {
        let value = match *name == AUTHORIZATION {
            true => HIDDEN.to_owned(),
            false => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        };
        (name.as_str().to_owned(), value)
    });
    shown.collect()
}

/// A body that is looked at on its way.
struct Watched {
    inner: Body,
    /// Gone once it was written down.
    seen: Option<Seen>,
}

struct Seen {
    controls: Arc<Controls>,
    id: EntryId,
    bytes: Vec<u8>,
    cut: bool,
}

impl Seen {
    fn take(&mut self, data: &Bytes) {
        self.cut |= self.bytes.len() + data.len() > LONGEST_BODY;
        if !self.cut {
            self.bytes.extend_from_slice(data);
        }
    }

    fn write_down(self) {
        let Self { controls, id, bytes, cut } = self;
        if bytes.is_empty() && !cut {
            return;
        }
        controls.journal.change(id, |entry| {
            entry.body_cut = cut;
            if !cut {
                entry.body = body_value(&bytes);
                entry.body_bytes = bytes.len();
            }
        });
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && let Some(seen) = &mut self.seen
        {
            seen.take(data);
        }
        if (frame.is_none() || self.inner.is_end_stream())
            && let Some(seen) = self.seen.take()
        {
            seen.write_down();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(seen) = self.seen.take() {
            seen.write_down();
        }
    }
}
