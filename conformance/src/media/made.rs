//! Media that a scenario describes: redirects, lists, radio stations, mp3s of any kind.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::Value;

use super::asked::{Asked, beyond};
use super::body::{Body, UNTYPED, content_type, pieces, status, whole};
use super::mp3;
use crate::assets;

/// Longest description.
const LONGEST: usize = 1024 * 1024;

/// What scenarios have put up, by path.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<HashMap<String, Arc<Made>>>);

/// The most zeros that media may begin with.
const MOST_ZEROS: usize = 1 << 20;

/// An answer.
#[derive(Debug)]
struct Made {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// Whether the answer tells how long it is.
    sized: bool,
    /// Whether it tells that parts of it can be had.
    says_ranges: bool,
}

impl Shelf {
    /// The answer to a request for what was put up.
    pub(super) fn find(&self, request: &Request<Incoming>) -> Option<Response<Body>> {
        let made = self.shelf().get(request.uri().path()).cloned();
        made.map(|made| made.answer(request.headers()))
    }

    /// Puts up what the body of a PUT describes.
    pub(super) async fn put(&self, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let body = Limited::new(request.into_body(), LONGEST).collect().await;
        let made = body.map_err(|error| error.to_string()).and_then(|body| {
            let value = serde_json::from_slice(&body.to_bytes()).map_err(|e| e.to_string())?;
            Made::read(&path, &value)
        });
        match made {
            Ok(made) => {
                self.shelf().insert(path, Arc::new(made));
                status(StatusCode::NO_CONTENT)
            }
            Err(why) => {
                let mut refusal = Response::new(whole(Bytes::from(why)));
                *refusal.status_mut() = StatusCode::BAD_REQUEST;
                refusal
            }
        }
    }

    fn shelf(&self) -> MutexGuard<'_, HashMap<String, Arc<Made>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Made {
    /// Reads a description of what is at a path. What says nothing of its type has that of its file
    /// or of its name.
    fn read(path: &str, value: &Value) -> Result<Self, String> {
        let known =
            ["status", "headers", "text", "file", "mp3", "unsized", "ranges", "zeros", "first"];
        let object = value.as_object().ok_or("media is described by an object")?;
        if let Some(unknown) = object.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("media has no {unknown}"));
        }
        let status = value["status"].as_u64().unwrap_or(200);
        let status = u16::try_from(status).ok().and_then(|it| StatusCode::from_u16(it).ok());
        let status = status.ok_or("a status is a number from 100 to 999")?;
        let mut headers = HeaderMap::new();
        for (name, text) in value["headers"].as_object().into_iter().flatten() {
            let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
            let text = text.as_str().ok_or("a header is a text")?;
            // Each character is a byte.
            let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
            let bytes = bytes.ok_or("a header has Latin-1 in it")?;
            let text = HeaderValue::from_bytes(&bytes).map_err(|error| error.to_string())?;
            headers.append(name, text);
        }
        let body = match (&value["text"], &value["file"], &value["mp3"]) {
            (Value::String(text), Value::Null, Value::Null) => Bytes::from(text.clone()),
            (Value::Null, Value::String(name), Value::Null) => {
                Bytes::from_static(assets::media(name).ok_or_else(|| format!("no file {name}"))?)
            }
            (Value::Null, Value::Null, Value::Array(parts)) => Bytes::from(mp3::write(parts)?),
            (Value::Null, Value::Null, Value::Null) => Bytes::new(),
            _ => return Err("media has one of text, file and mp3".to_owned()),
        };
        let count = |key: &str| match &value[key] {
            Value::Null => Ok(None),
            number => match number.as_u64().and_then(|it| usize::try_from(it).ok()) {
                Some(number) if number <= MOST_ZEROS => Ok(Some(number)),
                _ => Err(format!("{key} is a number of bytes, {MOST_ZEROS} at most")),
            },
        };
        let body = match count("zeros")? {
            Some(zeros) => Bytes::from([vec![0; zeros], body.to_vec()].concat()),
            None => body,
        };
        let body = body.slice(..count("first")?.unwrap_or(body.len()).min(body.len()));
        let name = match (value["file"].as_str(), &value["mp3"]) {
            (Some(file), _) => file,
            (None, Value::Array(_)) => "made.mp3",
            _ => path,
        };
        let typed = content_type(name);
        let speaks = status == StatusCode::OK && !body.is_empty() && typed != UNTYPED;
        if speaks && !headers.contains_key(CONTENT_TYPE) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(typed));
        }
        let says_ranges = match &value["ranges"] {
            Value::Null => true,
            Value::String(word) if word == "unsaid" => false,
            _ => return Err("ranges are unsaid or not mentioned".to_owned()),
        };
        let sized = value["unsized"] != true;
        Ok(Self { status, headers, body, sized, says_ranges })
    }

    fn answer(&self, asked: &HeaderMap) -> Response<Body> {
        let length = self.body.len() as u64;
        let part = match self.sized && self.status == StatusCode::OK {
            true => Asked::of(asked, length),
            false => Asked::All,
        };
        let Some((from, end)) = part.bounds(length) else { return beyond(length) };
        let rest = self.body.slice(from as usize..end as usize);
        let mut response = if self.sized {
            Response::new(whole(rest))
        } else {
            Response::new(pieces(futures::stream::iter([Ok(rest.to_vec())])))
        };
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.extend(self.headers.clone());
        if self.sized {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(end - from));
        }
        if self.sized && self.says_ranges {
            headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        }
        part.mark(&mut response, length);
        response
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_with_a_description_is_told() {
        for (wrong, why) in [
            (json!([]), "an object"),
            (json!({"stauts": 1}), "no stauts"),
            (json!({"status": 9}), "a status"),
            (json!({"file": "nope"}), "no file nope"),
            (json!({"text": "a", "mp3": []}), "one of"),
            (json!({"ranges": true}), "unsaid"),
            (json!({"zeros": -1}), "a number of bytes"),
            (json!({"headers": {"a": "€"}}), "Latin-1"),
        ] {
            let told = Made::read("/x", &wrong).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }

    #[tokio::test]
    async fn what_was_put_up_is_served() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let server = super::super::MediaServer::start().await.unwrap();
        let made = json!({"text": "hello", "headers": {"icy-name": "é"}});
        super::super::put(&format!("{}/1/a", server.url()), &made).await.unwrap();
        let authority = server.url().trim_start_matches("http://");
        for (range, expected) in [("", "hello"), ("Range: bytes=2-\r\n", "llo")] {
            let mut stream = tokio::net::TcpStream::connect(authority).await.unwrap();
            let request =
                format!("GET /1/a HTTP/1.1\r\nHost: x\r\n{range}Connection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            assert!(answer.ends_with(format!("\r\n\r\n{expected}").as_bytes()), "{range}");
            assert!(answer.windows(12).any(|bytes| bytes == b"icy-name: \xe9\r"));
        }
    }
}
