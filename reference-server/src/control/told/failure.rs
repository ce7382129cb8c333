//! What a fault does to a request.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::keys::{Object, Place, Wrong};

/// Longest delay, ms.
const LONGEST_DELAY: i64 = 600_000;

/// Headers that belong to the connection and to how long an answer is: the server sends its own.
const OF_THE_CONNECTION: &[&str] = &[
    "connection",
    "content-length",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Answers with these statuses have no body.
const WITHOUT_BODY: &[StatusCode] =
    &[StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED];

/// JSON that is cut off.
const NOT_JSON: &str = "{\"loadType\": \"sea";

/// What happens to a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    /// As it was given.
    given: Value,
    pub(crate) delay: Duration,
    /// Whether the delay is the server's time and not the machine's.
    pub(crate) by_clock: bool,
    pub(crate) end: End,
}

/// How a request ends that a fault has struck.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// It is served as usual.
    Served,
    Answered {
        status: StatusCode,
        headers: Vec<(HeaderName, HeaderValue)>,
        /// Lavalink's own for the status if there is none.
        body: Option<Value>,
    },
    Hangs,
    Reset,
}

impl Failure {
    /// Lavalink's own answer with a status.
    pub(crate) fn of_status(status: u16) -> Self {
        let given = json!({"status": status});
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let end = End::Answered { status, headers: Vec::new(), body: None };
        Self { given, delay: Duration::ZERO, by_clock: false, end }
    }

    pub(crate) fn read(value: &Value, place: Place<'_>) -> Result<Self, Wrong> {
        const KEYS: &[&str] =
            &["status", "headers", "body", "delayMs", "clock", "hang", "reset", "notJson"];
        let object = Object::read(value, place, KEYS)?;
        let status = object.integer("status", 200..=599)?;
        let delay = object.integer("delayMs", 0..=LONGEST_DELAY)?;
        let clock = object.word("clock", &["machine", "server"])?;
        let flag = |key| object.boolean(key).map(|flag| flag.unwrap_or(false));
        let ends = [
            ("status", status.is_some()),
            ("hang", flag("hang")?),
            ("reset", flag("reset")?),
            ("notJson", flag("notJson")?),
        ];
        let mut ends = ends.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name);
        let end = ends.next();
        if let (Some(first), Some(second)) = (end, ends.next()) {
            return Err(object.wrong(second, format!("does not go with {first}; send one of them")));
        }
        let headers = headers(&object)?;
        let body = object.map().get("body").cloned();
        for key in ["headers", "body"] {
            if object.map().contains_key(key) && end != Some("status") {
                return Err(object.wrong(key, "goes with a status; send one"));
            }
        }
        let end = match end {
            None if delay.is_none() => {
                return Err(object.refused("send one of status, hang, reset, notJson and delayMs"));
            }
            None => End::Served,
            Some("hang") => End::Hangs,
            Some("reset") => End::Reset,
            Some("notJson") => End::Answered {
                status: StatusCode::OK,
                headers: vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))],
                body: Some(NOT_JSON.into()),
            },
            Some(_) => {
                let status = status.and_then(|status| StatusCode::from_u16(status as u16).ok());
                let status = status.unwrap_or_default();
                if body.is_some() && WITHOUT_BODY.contains(&status) {
                    let message = format!("an answer with {} has none", status.as_u16());
                    return Err(object.wrong("body", message));
                }
                End::Answered { status, headers, body }
            }
        };
        Ok(Self {
            given: value.clone(),
            delay: Duration::from_millis(delay.unwrap_or(0).cast_unsigned()),
            by_clock: clock == Some("server"),
            end,
        })
    }

    /// As it was given.
    pub(crate) fn to_json(&self) -> Value {
        self.given.clone()
    }
}

fn headers(object: &Object<'_>) -> Result<Vec<(HeaderName, HeaderValue)>, Wrong> {
    let given = object.strings("headers")?.unwrap_or_default().into_iter();
    let header = |(name, value): (&str, String)| {
        let read = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(&value).ok());
        match read {
            Some((read, _)) if OF_THE_CONNECTION.contains(&read.as_str()) => {
                let message = "the server sends its own; leave it out";
                Err(object.wrong(&format!("headers.{name}"), message))
            }
            Some(read) => Ok(read),
            None => Err(object.wrong("headers", format!("{name}: {value} is no header"))),
        }
    };
    given.map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Result<Failure, String> {
        Failure::read(&value, Place::Body).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn one_thing_happens_to_a_request() {
        assert_eq!(read(json!({"hang": true})).unwrap().end, End::Hangs);
        assert_eq!(read(json!({"hang": false, "reset": true})).unwrap().end, End::Reset);
        let delayed = read(json!({"delayMs": 20, "clock": "server"})).unwrap();
        assert_eq!((delayed.end, delayed.by_clock), (End::Served, true));
        for (given, error) in [
            (json!({}), "send one of status, hang, reset, notJson and delayMs"),
            (
                json!({"status": 500, "hang": true}),
                "hang: does not go with status; send one of them",
            ),
            (json!({"reset": true, "body": 1}), "body: goes with a status; send one"),
            (json!({"status": 99}), "status: send a whole number from 200 to 599, not 99"),
            (json!({"status": 200, "headers": {"a b": "c"}}), "headers: a b: c is no header"),
        ] {
            assert_eq!(read(given).unwrap_err(), error);
        }
    }
}
