//! Why a track cannot be had, as clients are told.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use symphonia::core::errors::Error as MediaError;

use crate::deviations::switch::{self, either};

/// `data` of an `error` load result, and the `exception` of TrackExceptionEvent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadFailure {
    /// For the person who asked.
    pub message: String,
    /// `common`, `suspicious` or `fault`.
    pub severity: &'static str,
    /// Class and message of the cause.
    pub cause: String,
    /// Stack trace of the cause.
    pub cause_stack_trace: String,
}

impl LoadFailure {
    /// What the real server tells of every broken lookup. Why it broke goes to the log and into
    /// the stack trace.
    pub(super) fn of_lookup(why: &dyn std::error::Error) -> Self {
        const MESSAGE: &str = "Something went wrong while looking up the track.";
        let cause = format!("com.sedmelluq.discord.lavaplayer.tools.FriendlyException: {MESSAGE}");
        let failure = Self::fault(MESSAGE, cause, why);
        let message = either(switch::TRACKS_008_REASON, failure.message.clone(), why.to_string());
        let severity = either(switch::TRACKS_008_SEVERITY, failure.severity, "suspicious");
        Self { message, severity, ..failure }
    }

    /// What the real server tells of a track that does not even begin.
    pub(crate) fn of_opening(why: &dyn std::error::Error) -> Self {
        Self::fault("Something broke when playing the track.", why.to_string(), why)
    }

    /// What the real server tells of a track that breaks on its way.
    pub(crate) fn of_decoding(why: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(Told(failure)) = Told::within(why) {
            return failure.clone();
        }
        Self::fault("Something went wrong when decoding the track.", why.to_string(), why)
    }

    /// What the real server tells of a track in which it cannot go to a position. `cause`: class and
    /// message of its exception.
    pub(crate) fn of_seeking(cause: &str) -> Self {
        let message = "Something went wrong when seeking to a position.".into();
        let (cause, cause_stack_trace) = (cause.to_owned(), cause.to_owned());
        Self { message, severity: "fault", cause, cause_stack_trace }
    }

    fn fault(message: &str, cause: String, why: &dyn std::error::Error) -> Self {
        let mut trace = cause.clone();
        let mut reason = Some(why);
        while let Some(error) = reason {
            trace.push_str(&format!("\nCaused by: {error}"));
            reason = error.source();
        }
        Self { message: message.into(), severity: "fault", cause, cause_stack_trace: trace }
    }

    /// `{message, severity, cause, causeStackTrace}`.
    pub fn to_json(&self) -> Value {
        json!({
            "message": self.message,
            "severity": self.severity,
            "cause": self.cause,
            "causeStackTrace": self.cause_stack_trace,
        })
    }
}

/// A failure that a test has asked for, word by word.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub(super) struct Told(pub(super) LoadFailure);

impl Told {
    /// The one that an error of media came of.
    fn within<'a>(why: &'a (dyn std::error::Error + 'static)) -> Option<&'a Self> {
        let mut next = Some(why);
        while let Some(error) = next {
            let io = match error.downcast_ref::<MediaError>() {
                Some(MediaError::IoError(error)) => Some(error),
                _ => error.downcast_ref::<io::Error>(),
            };
            let told = io.and_then(|error| {
                error.get_ref()?.downcast_ref::<Arc<dyn std::error::Error + Send + Sync>>()
            });
            if let Some(told) = told.and_then(|told| told.downcast_ref::<Self>()) {
                return Some(told);
            }
            next = error.source();
        }
        None
    }
}
