//! The body of a player PATCH: decoding and the checks that come before anything is applied.

use serde_json::{Value, json};

use crate::deviations::switch::{self, deviates};
use crate::error::ApiError;
use crate::filters::Filters;
use crate::json::{Json, Undecodable};

/// A decoded body. `None` means that the key was left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlayerUpdate {
    pub(crate) track: Option<TrackUpdate>,
    /// The older form of `track`.
    pub(crate) old_track: TrackUpdate,
    /// Milliseconds.
    pub(crate) position: Option<i64>,
    /// Milliseconds; null is accepted and changes nothing.
    pub(crate) end_time: Option<Option<i64>>,
    pub(crate) volume: Option<i32>,
    pub(crate) paused: Option<bool>,
    pub(crate) filters: Option<Filters>,
    pub(crate) voice: Option<VoiceUpdate>,
}

/// `track` of a body.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TrackUpdate {
    encoded: Option<Option<String>>,
    identifier: Option<String>,
    pub(crate) user_data: Option<Value>,
}

/// The change of the track that a body asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TrackChange {
    /// It names none.
    Keep,
    /// `encoded: null`.
    Stop,
    /// An encoded track.
    Play(String),
    /// An identifier.
    LookUp(String),
}

/// `voice` of a body: what Discord told the bot.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct VoiceUpdate {
    pub(crate) token: String,
    pub(crate) endpoint: String,
    pub(crate) session_id: String,
    pub(crate) channel_id: Option<String>,
}

fn user_data(given: &Json) -> Result<Value, Undecodable> {
    if given.object().is_err() && deviates(switch::PLAYER_129_USER_DATA) {
        return given.to_value();
    }
    given.object()?.to_value()
}

impl PlayerUpdate {
    pub(crate) fn decode(body: &Json) -> Result<Self, Undecodable> {
        body.object()?;
        Ok(Self {
            track: body.field("track", TrackUpdate::decode)?,
            old_track: TrackUpdate {
                encoded: body.field("encodedTrack", Json::text_or_null)?,
                identifier: body.field("identifier", Json::text)?,
                user_data: None,
            },
            position: body.field("position", Json::long)?,
            end_time: body.field("endTime", Json::long_or_null)?,
            volume: body.field("volume", Json::int)?,
            paused: body.field("paused", Json::boolean)?,
            filters: body.field("filters", Filters::decode)?,
            voice: body.field("voice", VoiceUpdate::decode)?,
        })
    }

    /// The checks that come before anything is applied, in the real server's order.
    pub(crate) fn check(&self, disabled_filters: &[String]) -> Result<(), ApiError> {
        let refused = |message: &str| Err(ApiError::bad_request(message));
        if self.track.is_some() && self.old_track != TrackUpdate::default() {
            return refused("Cannot specify both track and encodedTrack/identifier");
        }
        let track = self.track.as_ref().unwrap_or(&self.old_track);
        if track.encoded.is_some() && track.identifier.is_some() {
            return refused("Cannot specify both encodedTrack and identifier");
        }
        let disabled = self.filters.as_ref().map(|filters| filters.disabled(disabled_filters));
        if let Some(disabled) = disabled.filter(|names| !names.is_empty())
            && !deviates(switch::FILTERS_020_ACCEPTED)
        {
            let names = disabled.join(", ");
            return refused(&format!("Following filters are disabled in the config: {names}"));
        }
        if self.voice.as_ref().is_some_and(VoiceUpdate::is_incomplete) {
            return refused(
                "token, endpoint, sessionId and channelId must be provided in voice state",
            );
        }
        if self.end_time.flatten().is_some_and(|end| end <= 0) {
            return refused("End time must be greater than 0");
        }
        Ok(())
    }

    /// The change of the track that the body asks for, in either form.
    pub(crate) fn track_change(&self) -> TrackChange {
        let track = self.track.as_ref().unwrap_or(&self.old_track);
        match (&track.encoded, &track.identifier) {
            (Some(Some(encoded)), _) => TrackChange::Play(encoded.clone()),
            (Some(None), _) => TrackChange::Stop,
            (None, Some(identifier)) => TrackChange::LookUp(identifier.clone()),
            (None, None) => TrackChange::Keep,
        }
    }

    pub(crate) fn user_data(&self) -> Option<&Value> {
        self.track.as_ref()?.user_data.as_ref()
    }

    /// Whether the body asks for the track to be stopped.
    pub(crate) fn stops(&self) -> bool {
        self.track_change() == TrackChange::Stop
    }
}

impl TrackUpdate {
    fn decode(body: &Json) -> Result<Self, Undecodable> {
        body.object()?;
        Ok(Self {
            encoded: body.field("encoded", Json::text_or_null)?,
            identifier: body.field("identifier", Json::text)?,
            user_data: body.field("userData", user_data)?,
        })
    }
}

impl VoiceUpdate {
    fn decode(body: &Json) -> Result<Self, Undecodable> {
        body.object()?;
        let text = |key| body.required(key, Json::text);
        Ok(Self {
            token: text("token")?,
            endpoint: text("endpoint")?,
            session_id: text("sessionId")?,
            channel_id: body.required("channelId", Json::text_or_null)?,
        })
    }

    fn is_incomplete(&self) -> bool {
        let channel = self.channel_id.as_deref().unwrap_or_default();
        [self.token.as_str(), &self.endpoint, &self.session_id, channel].iter().any(|text| {
            text.trim().is_empty() && (text.is_empty() || !deviates(switch::PLAYER_090_BLANK))
        })
    }

    /// The channel as the real server needs it; the exception that it throws otherwise.
    pub(crate) fn check_channel(&self) -> Result<(), String> {
        let channel = self.channel_id.as_deref().unwrap_or_default();
        if channel.parse::<i64>().is_ok() {
            return Ok(());
        }
        Err(format!("java.lang.NumberFormatException: For input string: \"{channel}\""))
    }

    /// As the player shows it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "token": self.token, "endpoint": self.endpoint, "sessionId": self.session_id,
            "channelId": self.channel_id,
        })
    }
}

/// Without the token, so that no log shows it.
impl std::fmt::Debug for VoiceUpdate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VoiceUpdate").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Result<PlayerUpdate, Undecodable> {
        PlayerUpdate::decode(&Json::read(text).unwrap())
    }

    fn message(text: &str) -> String {
        decode(text).unwrap().check(&[]).unwrap_err().message
    }

    #[test]
    fn what_must_not_be_null_is_refused() {
        for bad in [
            r#"{"track":null}"#,
            r#"{"track":{"identifier":null}}"#,
            r#"{"track":{"userData":null}}"#,
            r#"{"track":{"userData":[1]}}"#,
            r#"{"track":{"encoded":5}}"#,
            r#"{"volume":null}"#,
            r#"{"paused":1}"#,
            r#"{"position":"x"}"#,
            r#"{"filters":null}"#,
            r#"{"voice":{}}"#,
            r#"{"voice":{"token":"t","endpoint":"e","sessionId":"s"}}"#,
            "[]",
            "5",
            "null",
        ] {
            assert_eq!(decode(bad), Err(Undecodable), "{bad}");
        }
        assert_eq!(
            decode(r#"{"track":{"encoded":null}}"#).unwrap().track_change(),
            TrackChange::Stop
        );
        assert_eq!(decode(r#"{"encodedTrack":null}"#).unwrap().track_change(), TrackChange::Stop);
        assert_eq!(decode(r#"{"track":{}}"#).unwrap().track_change(), TrackChange::Keep);
    }

    #[test]
    fn what_does_not_go_together_is_named() {
        for body in [
            r#"{"track":{"encoded":"a","identifier":"x"}}"#,
            r#"{"encodedTrack":"a","identifier":"x"}"#,
        ] {
            assert_eq!(message(body), "Cannot specify both encodedTrack and identifier");
        }
        assert_eq!(
            message(r#"{"identifier":"x","track":{"userData":{}}}"#),
            "Cannot specify both track and encodedTrack/identifier"
        );
        assert_eq!(message(r#"{"endTime":0}"#), "End time must be greater than 0");
        assert!(decode(r#"{"endTime":null}"#).unwrap().check(&[]).is_ok());
        assert_eq!(
            message(r#"{"voice":{"token":"t","endpoint":" ","sessionId":"s","channelId":"1"}}"#),
            "token, endpoint, sessionId and channelId must be provided in voice state"
        );
    }

    #[test]
    fn disabled_filters_are_named_in_declaration_order() {
        let update = decode(r#"{"filters":{"karaoke":null,"equalizer":[]}}"#).unwrap();
        let disabled = ["equalizer".to_owned(), "karaoke".to_owned(), "lowPass".to_owned()];
        assert_eq!(
            update.check(&disabled).unwrap_err().message,
            "Following filters are disabled in the config: equalizer, karaoke"
        );
    }
}
