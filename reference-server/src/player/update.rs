//! The body of a player PATCH: decoding and the checks that come before anything is applied.

use serde_json::{Value, json};

use crate::deviations::{deviates, either};
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
    user_data: Option<Value>,
}

/// What a body wants of the track.
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

/// What is left to do after a body was applied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NextStep {
    /// Nothing: the player object to answer with.
    Done(Value),
    /// Look this identifier up and play it.
    LookUp(String),
}

/// Fields that a body may have.
const KEYS: [&str; 9] = [
    "track",
    "encodedTrack",
    "identifier",
    "position",
    "endTime",
    "volume",
    "paused",
    "filters",
    "voice",
];

fn user_data(given: &Json) -> Result<Value, Undecodable> {
    if given.object().is_err() && deviates("LL-PLAYER-129/user-data") {
        return given.to_value();
    }
    given.object()?.to_value()
}

fn position(given: &Json) -> Result<i64, Undecodable> {
    if matches!(given, Json::Text(_)) && deviates("LL-PLAYBACK-029/refused") {
        return Err(Undecodable);
    }
    if given.long().is_err() && deviates("LL-PLAYBACK-028/cut") {
        // More than 64 bits are cut off as well.
        return given.double().map(|position| position as i64);
    }
    given.long().or_else(|error| match deviates("LL-PLAYER-025/nonsense-is-0") {
        true => Ok(0),
        false => Err(error),
    })
}

fn end_time(given: &Json) -> Result<Option<i64>, Undecodable> {
    if given.is_null() && deviates("LL-PLAYER-026/null-refused") {
        return Err(Undecodable);
    }
    given.long_or_null().or_else(|error| match deviates("LL-PLAYER-129/text-ignored") {
        true => Ok(None),
        false => Err(error),
    })
}

fn paused(given: &Json) -> Result<bool, Undecodable> {
    if matches!(given, Json::Text(_)) && deviates("LL-PLAYER-022/quoted-boolean") {
        return Err(Undecodable);
    }
    if given.is_null() && deviates("LL-PLAYER-129/null-is-false") {
        return Ok(false);
    }
    given.boolean()
}

/// An integer of 32 bits.
fn volume(given: &Json) -> Result<i32, Undecodable> {
    if matches!(given, Json::Text(_)) && deviates("LL-PLAYER-022/quotes-refused") {
        return Err(Undecodable);
    }
    given.int().or_else(|error| {
        if given.long().is_err() && deviates("LL-PLAYER-022/fraction-cut") {
            return given.double().map(|volume| volume as i32);
        }
        if deviates("LL-PLAYER-022/wrapped") {
            return given.long().map(|volume| volume as i32);
        }
        Err(error)
    })
}

impl PlayerUpdate {
    pub(crate) fn decode(body: &Json) -> Result<Self, Undecodable> {
        if body.object().is_err() && deviates("LL-PLAYER-138/lenient") {
            return Ok(Self::default());
        }
        body.object()?;
        if body.keys().any(|key| !KEYS.contains(&key)) && deviates("LL-PLAYER-027/strict") {
            return Err(Undecodable);
        }
        Ok(Self {
            track: body.field("track", TrackUpdate::decode)?,
            old_track: TrackUpdate {
                encoded: body.field("encodedTrack", Json::text_or_null)?,
                identifier: body.field("identifier", Json::text)?,
                user_data: None,
            },
            position: body.field("position", position)?,
            end_time: body.field("endTime", end_time)?,
            volume: body.field("volume", volume)?,
            paused: body.field("paused", paused)?,
            filters: body.field("filters", Filters::decode)?,
            voice: body.field("voice", VoiceUpdate::decode)?,
        })
    }

    /// The checks that come before anything is applied, in the real server's order.
    pub(crate) fn check(&self, disabled_filters: &[String]) -> Result<(), ApiError> {
        if self.track.is_some()
            && self.old_track != TrackUpdate::default()
            && !deviates("LL-PLAYER-044/accepted")
        {
            let usual = "Cannot specify both track and encodedTrack/identifier";
            let message = either("LL-PLAYER-126/both-forms", usual, "Cannot specify both tracks");
            return Err(ApiError::bad_request(message));
        }
        let track = self.track.as_ref().unwrap_or(&self.old_track);
        let is_null = track.encoded == Some(None);
        if track.encoded.is_some()
            && track.identifier.is_some()
            && !(is_null && deviates("LL-PLAYER-056/left-out"))
            && !deviates("LL-PLAYER-043/accepted")
        {
            let usual = "Cannot specify both encodedTrack and identifier";
            let message = either(
                "LL-PLAYER-126/named-twice",
                usual,
                "Cannot specify both encoded and identifier",
            );
            return Err(ApiError::bad_request(message));
        }
        if let Some(Err(error)) = self.filters.as_ref().map(Filters::bad_band)
            && deviates("LL-FILTERS-022/bands-first")
        {
            return Err(ApiError::uncaught(&error.to_string()));
        }
        let disabled = self.filters.as_ref().map(|filters| filters.disabled(disabled_filters));
        if let Some(disabled) = disabled.filter(|names| !names.is_empty())
            && !deviates("LL-FILTERS-020/accepted")
        {
            let names = disabled.join(", ");
            let message = format!("Following filters are disabled in the config: {names}");
            let message = either("LL-FILTERS-021/message", message, format!("Disabled: {names}"));
            return Err(ApiError::bad_request(message));
        }
        if self.voice.as_ref().is_some_and(VoiceUpdate::is_incomplete) {
            let usual = "token, endpoint, sessionId and channelId must be provided in voice state";
            let message = either("LL-PLAYER-126/voice-data", usual, "Partial voice state update");
            return Err(ApiError::bad_request(message));
        }
        let refused = |position: i64| {
            position < 0 && self.names_track() && deviates("LL-PLAYBACK-027/refused")
                || position < 0 && !self.names_track() && deviates("LL-PLAYBACK-089/refused")
                || position > i64::MAX / 1000 && deviates("LL-PLAYBACK-028/refused")
        };
        if self.position.is_some_and(refused) {
            return Err(ApiError::bad_request("Bad Request"));
        }
        let too_early = |end: i64| match end {
            0 => !deviates("LL-PLAYER-139/zero"),
            end => end < 0 && !deviates("LL-PLAYER-026/negative"),
        };
        if self.end_time.flatten().is_some_and(too_early) {
            let usual = "End time must be greater than 0";
            let message = either("LL-PLAYER-126/end-time", usual, "endTime must be greater than 0");
            return Err(ApiError::bad_request(message));
        }
        Ok(())
    }

    /// Whether a track is named in either form, a null one included.
    pub(crate) fn names_track(&self) -> bool {
        self.track_change() != TrackChange::Keep
    }

    pub(crate) fn track_change(&self) -> TrackChange {
        let track = self.track.as_ref().unwrap_or(&self.old_track);
        let older = self.track.is_none() && *track != TrackUpdate::default();
        if older && deviates("LL-PLAYER-045/ignored") {
            return TrackChange::Keep;
        }
        match (&track.encoded, &track.identifier) {
            (Some(Some(encoded)), _) => TrackChange::Play(encoded.clone()),
            (Some(None), _) => TrackChange::Stop,
            (None, Some(identifier)) => TrackChange::LookUp(identifier.clone()),
            (None, None) if self.is_empty_track() && deviates("LL-PLAYER-046/stops") => {
                TrackChange::Stop
            }
            (None, None) => TrackChange::Keep,
        }
    }

    fn is_empty_track(&self) -> bool {
        self.track.as_ref().is_some_and(|track| *track == TrackUpdate::default())
    }

    pub(crate) fn user_data(&self) -> Option<&Value> {
        self.track.as_ref()?.user_data.as_ref()
    }
}

impl TrackUpdate {
    fn decode(body: &Json) -> Result<Self, Undecodable> {
        if body.is_null() && deviates("LL-PLAYER-047/null-ignored") {
            return Ok(Self::default());
        }
        if let Ok(text) = body.text()
            && deviates("LL-PLAYER-047/text")
        {
            return Ok(Self { encoded: Some(Some(text)), ..Self::default() });
        }
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
        let text = |key| match body.field(key, Json::text)? {
            None if deviates("LL-PLAYER-091/defaults") => Ok("x".to_owned()),
            text => text.ok_or(Undecodable),
        };
        Ok(Self {
            token: text("token")?,
            endpoint: text("endpoint")?,
            session_id: text("sessionId")?,
            channel_id: match body.field("channelId", Json::text_or_null)? {
                None if deviates("LL-PLAYER-140/channel-optional") => Some("1".to_owned()),
                channel => channel.ok_or(Undecodable)?,
            },
        })
    }

    fn is_incomplete(&self) -> bool {
        let channel = self.channel_id.as_deref().unwrap_or_default();
        [self.token.as_str(), &self.endpoint, &self.session_id, channel].iter().any(|text| {
            text.trim().is_empty() && (text.is_empty() || !deviates("LL-PLAYER-090/blank"))
        })
    }

    /// The channel as the real server needs it; the exception that it throws otherwise.
    pub(crate) fn check_channel(&self) -> Result<(), String> {
        let channel = self.channel_id.as_deref().unwrap_or_default();
        if channel.parse::<i64>().is_ok() {
            return Ok(());
        }
        if channel.bytes().all(|byte| byte.is_ascii_digit()) && deviates("LL-PLAYER-124/accepted") {
            return Ok(());
        }
        let usual = format!("java.lang.NumberFormatException: For input string: \"{channel}\"");
        Err(either("LL-PLAYER-092/message", usual, "the channel is no number".to_owned()))
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
