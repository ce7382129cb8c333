//! A request, as rows see and change it.

use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde_json::Value;

use super::Answer;
use crate::error::ApiError;
use crate::http::{Endpoint, as_sent, error_object, parameters};
use crate::json::Json;
use crate::server::Server;
use crate::session::Handle;

/// A request on its way to the protocol.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) server: Server,
    pub(super) method: Method,
    /// The target as it is meant: [`as_sent`] tells how it was written.
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    extensions: Extensions,
    payload: Payload,
}

/// The body of a request.
enum Payload {
    /// No row reads it. The lock is never waited for: it lets a request be shared between threads.
    Unread(Mutex<Body>),
    Read(Bytes),
}

/// A body that is not read goes to the protocol once; copies are for rows, which read it.
impl Clone for Payload {
    fn clone(&self) -> Self {
        match self {
            Self::Unread(_) => Self::Read(Bytes::new()),
            Self::Read(bytes) => Self::Read(bytes.clone()),
        }
    }
}

/// What a client says to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Password {
    Missing,
    Wrong,
    Right,
}

/// Longest body that is read for rows.
const LONGEST_BODY: usize = 32 * 1024 * 1024;

impl Asked {
    pub(super) fn of(request: Request, server: Server) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            server,
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            extensions: parts.extensions,
            payload: Payload::Unread(Mutex::new(body)),
        }
    }

    /// Reads the body. One that breaks off is empty.
    pub(super) async fn read(&mut self) {
        if let Some(body) = self.take_unread() {
            let bytes = to_bytes(body, LONGEST_BODY).await.unwrap_or_default();
            self.payload = Payload::Read(bytes);
        }
    }

    /// As the protocol takes it. A body that no row reads goes with it.
    pub(super) fn request(&mut self) -> Request {
        let body = self.take_unread().unwrap_or_else(|| match &self.payload {
            Payload::Unread(_) => Body::empty(),
            Payload::Read(bytes) => Body::from(bytes.clone()),
        });
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        *request.extensions_mut() = self.extensions.clone();
        request
    }

    fn take_unread(&mut self) -> Option<Body> {
        match &mut self.payload {
            Payload::Unread(body) => {
                let body = body.get_mut().unwrap_or_else(PoisonError::into_inner);
                Some(std::mem::replace(body, Body::empty()))
            }
            Payload::Read(_) => None,
        }
    }

    /// Everything that a row can change.
    pub(super) fn seen(&self) -> (Method, Uri, HeaderMap, Bytes) {
        let bytes = Bytes::copy_from_slice(self.body());
        (self.method.clone(), self.uri.clone(), self.headers.clone(), bytes)
    }

    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        Endpoint::at(self.uri.path())
    }

    /// The target as the client wrote it.
    pub(super) fn sent(&self) -> Uri {
        as_sent(&self.uri, &self.extensions)
    }

    /// The body, empty unless a row that wants it applies.
    pub(super) fn body(&self) -> &[u8] {
        match &self.payload {
            Payload::Unread(_) => &[],
            Payload::Read(bytes) => bytes,
        }
    }

    /// The body, if it is JSON.
    pub(super) fn json(&self) -> Option<Json> {
        Json::read(std::str::from_utf8(self.body()).ok()?).ok()
    }

    /// A field of the body, as plain JSON.
    pub(super) fn field(&self, key: &str) -> Option<Value> {
        self.json()?.get(key).ok()??.to_value().ok()
    }

    pub(super) fn set_body(&mut self, body: impl Into<Bytes>) {
        let body = body.into();
        self.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        self.payload = Payload::Read(body);
    }

    /// Changes a body that is JSON.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Json)) {
        if let Some(before) = self.json() {
            let mut json = before.clone();
            change(&mut json);
            if json != before {
                self.set_body(text(&json));
            }
        }
    }

    /// Changes each field of a body that is an object; what gives `None` is left out.
    pub(super) fn edit_fields(&mut self, change: impl Fn(&str, Json) -> Option<Json>) {
        self.edit(|json| {
            if let Json::Object(fields) = json {
                let kept = std::mem::take(fields).into_iter();
                let kept = kept.filter_map(|(key, value)| change(&key, value).map(|v| (key, v)));
                *fields = kept.collect();
            }
        });
    }

    /// Changes one field of a body that is an object.
    pub(super) fn edit_field(&mut self, key: &str, change: impl Fn(&mut Json)) {
        self.edit_fields(|name, mut value| {
            if name == key {
                change(&mut value);
            }
            Some(value)
        });
    }

    /// A header; empty if there is none.
    pub(super) fn header(&self, name: impl http::header::AsHeaderName) -> &[u8] {
        self.headers.get(name).map_or(&[], HeaderValue::as_bytes)
    }

    pub(super) fn set_header(&mut self, name: HeaderName, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.insert(name, value);
        }
    }

    /// The Content-Type, if there is one that is not blank.
    pub(super) fn media_type(&self) -> Option<String> {
        let given = String::from_utf8_lossy(self.header(CONTENT_TYPE)).into_owned();
        (!given.trim().is_empty()).then_some(given)
    }

    pub(super) fn set_type(&mut self, media_type: &str) {
        self.set_header(CONTENT_TYPE, media_type);
    }

    /// What the client says to be let in, and what it ought to say.
    pub(super) fn secrets(&self) -> (&[u8], &[u8]) {
        (self.header(AUTHORIZATION), self.server.config.password.0.as_bytes())
    }

    pub(super) fn password(&self) -> Password {
        let (given, wanted) = self.secrets();
        match self.headers.contains_key(AUTHORIZATION) {
            false => Password::Missing,
            true if given == wanted => Password::Right,
            true => Password::Wrong,
        }
    }

    pub(super) fn is_admitted(&self) -> bool {
        self.password() == Password::Right
    }

    /// Has the client give the password.
    pub(super) fn admit(&mut self) {
        let password = self.server.config.password.0.clone();
        self.set_header(AUTHORIZATION, password);
    }

    /// Another target than the client's.
    pub(super) fn set_target(&mut self, target: &str) {
        let mut parts = std::mem::take(&mut self.uri).into_parts();
        if let Ok(target) = PathAndQuery::try_from(target) {
            parts.path_and_query = Some(target);
        }
        self.uri = Uri::from_parts(parts).unwrap_or_default();
    }

    pub(super) fn set_path(&mut self, path: &str) {
        let query = self.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        self.set_target(&format!("{path}{query}"));
    }

    /// Drops parameters of the query, as they are written.
    pub(super) fn retain_parameters(&mut self, mut keep: impl FnMut(&str) -> bool) {
        let Some(query) = self.uri.query() else { return };
        let kept: Vec<_> = query.split('&').filter(|pair| keep(pair)).collect();
        let (path, kept) = (self.uri.path().to_owned(), kept.join("&"));
        let mark = if kept.is_empty() { "" } else { "?" };
        self.set_target(&format!("{path}{mark}{kept}"));
    }

    /// A parameter of the query, decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        parameters(&self.uri).find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// A segment of the path, counted from 0.
    pub(super) fn segment(&self, index: usize) -> &str {
        self.uri.path().split('/').nth(index + 1).unwrap_or_default()
    }

    /// The session that the path names, if its socket is open.
    pub(super) fn session(&self) -> Option<Handle> {
        self.server.sessions.find(self.segment(2))
    }

    /// An answer of a status only.
    pub(super) fn bare(&self, status: StatusCode) -> Answer {
        let mut answer = Answer::new(status);
        answer.set_header("lavalink-api-version", "4");
        answer
    }

    /// An error object.
    pub(super) fn error(&self, status: StatusCode, message: impl Into<String>) -> Answer {
        self.told(&ApiError::expected(status, message))
    }

    /// The same for an error of the server's own.
    pub(super) fn told(&self, error: &ApiError) -> Answer {
        let mut answer = self.bare(error.status);
        let object = error_object(error, &self.sent(), self.server.clock.wall_ms());
        answer.set_json(&object);
        answer
    }

    /// `Bad Request`, as for whatever does not decode.
    pub(super) fn bad_request(&self) -> Answer {
        self.error(StatusCode::BAD_REQUEST, "Bad Request")
    }

    /// `No endpoint …`, as for an unknown path.
    pub(super) fn no_endpoint(&self) -> Answer {
        let path = self.sent().path().to_owned();
        self.error(StatusCode::NOT_FOUND, format!("No endpoint {} {path}.", self.method))
    }

    /// `Method '…' is not supported.`, with the methods that are.
    pub(super) fn wrong_method(&self) -> Answer {
        let message = format!("Method '{}' is not supported.", self.method);
        let mut answer = self.error(StatusCode::METHOD_NOT_ALLOWED, message);
        if let Some(endpoint) = self.endpoint() {
            answer.headers.insert(http::header::ALLOW, endpoint.allow());
        }
        answer
    }
}

/// JSON as it is read here: words stay as they are.
fn text(json: &Json) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    match json {
        Json::Word(word) => word.clone(),
        // What it was is not known any more.
        Json::Odd => "[,]".to_owned(),
        Json::Text(text) => quoted(text),
        Json::List(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(",")),
        Json::Object(fields) | Json::Loose(fields) => {
            let field = |(key, value): &(String, Json)| format!("{}:{}", quoted(key), text(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_it_was_read() {
        for json in [r#"{"a":01,"b":[null,"x\"y"],"c":{}}"#, "[]", "1f", r#""""#] {
            assert_eq!(text(&Json::read(json).unwrap()), json);
        }
    }
}
