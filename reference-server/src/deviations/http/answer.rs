//! An answer, as rows see and change it.

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use http::header::{AsHeaderName, CONTENT_LENGTH, CONTENT_TYPE};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Map, Value};

/// An answer on its way to the client.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Bytes,
    extensions: Extensions,
}

impl Answer {
    /// Without anything but a status.
    pub(super) fn new(status: StatusCode) -> Self {
        let (headers, extensions) = Default::default();
        Self { status, headers, body: Bytes::new(), extensions }
    }

    pub(super) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        // It is the server's own, and was in memory before.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let (status, headers, extensions) = (parts.status, parts.headers, parts.extensions);
        Self { status, headers, body, extensions }
    }

    /// As it goes out; HEAD has no body.
    pub(super) fn into_response(mut self, method: &Method) -> Response {
        if method == Method::HEAD {
            self.body = Bytes::new();
        }
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        *response.extensions_mut() = self.extensions;
        response
    }

    /// Everything that a row can change.
    pub(super) fn seen(&self) -> (StatusCode, HeaderMap, Bytes) {
        (self.status, self.headers.clone(), self.body.clone())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Another body of the same type.
    pub(super) fn set_text(&mut self, text: impl Into<Bytes>) {
        self.body = text.into();
        if self.headers.contains_key(CONTENT_LENGTH) {
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        }
    }

    /// No body, and so no type.
    pub(super) fn clear(&mut self) {
        self.set_text(Bytes::new());
        self.headers.remove(CONTENT_TYPE);
    }

    /// A status and nothing else.
    pub(super) fn set_bare(&mut self, status: StatusCode) {
        self.status = status;
        self.clear();
        if status == StatusCode::NO_CONTENT {
            self.headers.remove(CONTENT_LENGTH);
        }
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn set_json(&mut self, body: &Value) {
        self.set_header("content-type", "application/json");
        self.set_text(body.to_string());
    }

    /// A success with this body.
    pub(super) fn succeed(&mut self, body: &Value) {
        self.status = StatusCode::OK;
        self.set_json(body);
    }

    /// Changes a body that is JSON, whatever the status.
    fn edit(&mut self, change: impl FnOnce(&mut Value)) {
        if let Some(mut body) = self.json() {
            change(&mut body);
            self.set_text(body.to_string());
        }
    }

    /// Changes the body of a success.
    pub(super) fn edit_body(&mut self, change: impl FnOnce(&mut Value)) {
        if self.status.is_success() {
            self.edit(change);
        }
    }

    /// Changes an error object.
    pub(super) fn edit_error(&mut self, change: impl FnOnce(&mut Map<String, Value>)) {
        if self.is_error() {
            self.edit(|body| {
                if let Some(object) = body.as_object_mut() {
                    change(object);
                }
            });
        }
    }

    pub(super) fn is_error(&self) -> bool {
        self.status.as_u16() >= 400
    }

    /// The message of an error object; empty if the answer is none.
    pub(super) fn message(&self) -> String {
        let body = if self.is_error() { self.json() } else { None };
        body.and_then(|body| body["message"].as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Another message of an error object.
    pub(super) fn set_message(&mut self, message: impl Into<String>) {
        self.edit_error(|object| _ = object.insert("message".into(), message.into().into()));
    }

    /// Another status, which an error object repeats.
    pub(super) fn restate(&mut self, status: StatusCode) {
        let reason = status.canonical_reason().unwrap_or_default();
        self.edit_error(|object| {
            object.insert("status".into(), status.as_u16().into());
            object.insert("error".into(), reason.into());
        });
        self.status = status;
    }

    /// A header; empty if there is none.
    pub(super) fn header(&self, name: impl AsHeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(super) fn set_header(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// Another value of a header that is there.
    pub(super) fn replace_header(&mut self, name: &'static str, value: &str) {
        if self.headers.contains_key(name) {
            self.set_header(name, value);
        }
    }

    pub(super) fn is_json(&self) -> bool {
        self.header(CONTENT_TYPE).starts_with("application/json")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error() -> Answer {
        let mut answer = Answer::new(StatusCode::NOT_FOUND);
        answer.set_json(&json!({"status": 404, "error": "Not Found", "message": "No."}));
        answer
    }

    #[test]
    fn an_error_repeats_its_status() {
        let mut answer = error();
        answer.restate(StatusCode::GONE);
        let gone = json!({"status": 410, "error": "Gone", "message": "No."});
        assert_eq!((answer.status, answer.json()), (StatusCode::GONE, Some(gone)));
    }

    #[test]
    fn a_success_has_no_error_to_change() {
        let mut answer = error();
        answer.status = StatusCode::OK;
        answer.set_message("Yes.");
        assert_eq!(answer.message(), "");
        assert_eq!(answer.json().unwrap()["message"], "No.");
    }

    #[test]
    fn the_length_of_a_body_follows_it() {
        let mut answer = error();
        answer.set_header("content-length", "9");
        answer.set_text("four");
        assert_eq!(answer.header(CONTENT_LENGTH), "4");
        answer.set_bare(StatusCode::NO_CONTENT);
        assert!(answer.is_empty() && answer.headers.is_empty());
    }
}
