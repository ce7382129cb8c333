//! The control API of a target: moving its time, emptying it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Request;
use super::rest::Line;
use crate::failure::Failure;
use crate::settings::{Secret, Settings};
use crate::timeline::Timeline;

/// A target's time, as its control API tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TargetTime {
    /// Whether it moves only when told.
    pub(crate) manual: bool,
    /// Milliseconds since the epoch.
    pub(crate) wall_ms: f64,
    /// By how much it was moved.
    pub(crate) moved: Duration,
}

/// How to reach a control API.
#[derive(Clone, Debug)]
pub struct Control {
    token: Secret,
    /// Most scenarios ask it more often than they ask the target for anything else.
    line: Line,
}

impl Control {
    /// With the token that it asks for.
    pub fn new(token: Secret) -> Self {
        Self { token, line: Line::kept() }
    }

    /// What time it is there.
    pub(crate) async fn time(&self, settings: &Settings) -> Result<TargetTime, Failure> {
        self.ask(settings, "GET", "/control/clock", None).await.and_then(|body| read_time(&body))
    }

    /// Moves the target's time; everything that this caused has been sent when it answers. It may
    /// be told to end where something is sent.
    pub(crate) async fn advance(
        &self,
        settings: &Settings,
        by: Duration,
        until_message: bool,
    ) -> Result<TargetTime, Failure> {
        let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let body = json!({"ms": ms, "untilMessage": until_message});
        let answer = self.ask(settings, "POST", "/control/clock/advance", Some(&body)).await?;
        read_time(&answer)
    }

    /// How many sockets the target has open.
    pub(crate) async fn sockets(&self, settings: &Settings) -> Result<u64, Failure> {
        let health = self.ask(settings, "GET", "/control/health", None).await?;
        let sockets = health["sockets"].as_u64();
        sockets.ok_or_else(|| Failure::harness(format!("no sockets in {health}")))
    }

    /// Says that nobody listens to what voice connections send, until the next [`Self::reset`].
    pub(crate) async fn spare_sound(&self, settings: &Settings) -> Result<(), Failure> {
        let body = json!({"heard": false});
        self.ask(settings, "POST", "/control/sound", Some(&body)).await.map(|_| ())
    }

    /// Ends every session.
    pub(crate) async fn reset(&self, settings: &Settings) -> Result<(), Failure> {
        self.ask(settings, "POST", "/control/reset", None).await.map(|_| ())
    }

    /// The deviations of a reference server: name, summary, and how often a chosen one was
    /// reached.
    pub(crate) async fn deviations(
        &self,
        settings: &Settings,
    ) -> Result<Vec<(String, String, Option<u64>)>, Failure> {
        let list = self.ask(settings, "GET", "/control/deviations", None).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entry = |entry: &Value| {
            (text(&entry["name"]), text(&entry["summary"]), entry["reached"].as_u64())
        };
        Ok(list.as_array().into_iter().flatten().map(entry).collect())
    }

    async fn ask(
        &self,
        settings: &Settings,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let request = Request {
            method: method.into(),
            path: path.into(),
            headers: vec![
                ("Authorization".into(), format!("Bearer {}", self.token.reveal())),
                ("Content-Type".into(), "application/json".into()),
            ],
            body: body.map(Value::to_string),
        };
        // It is not part of what the scenario does.
        let answer = request.send_on(&self.line, settings, &Timeline::new()).await?;
        if answer.status / 100 == 2 {
            return Ok(answer.json().unwrap_or_default());
        }
        Err(Failure::harness(format!(
            "the control API answers {method} {path} with {}: {}",
            answer.status, answer.body
        )))
    }
}

fn read_time(body: &Value) -> Result<TargetTime, Failure> {
    let wall_ms = body["wallMs"].as_f64();
    Ok(TargetTime {
        manual: body["kind"] == "manual",
        wall_ms: wall_ms.ok_or_else(|| Failure::harness(format!("no time in {body}")))?,
        moved: Duration::from_millis(body["advancedMs"].as_u64().unwrap_or_default()),
    })
}
