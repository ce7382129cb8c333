//! Breaks of the body of a player's PATCH, after it was read and before it is decoded.

use super::row::{Row, rewrite};
use crate::json::{Json, Undecodable};

/// An error refuses the body.
pub(super) type Change = fn(&mut Json) -> Result<(), Undecodable>;

pub(super) const fn body(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
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

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    body("LL-FILTERS-140/hexadecimal-is-0", "a hexadecimal number is 0", |body| changed(body, "filters", |filters| with(filters, "volume", |given| {
        if given.text().is_ok_and(|text| text.contains(['x', 'X'])) {
            *given = number(0);
        }
    }))),
    body("LL-FILTERS-140/letters-refused", "a number with the letter of its type is refused", |body| changed(body, "filters", |filters| with(filters, "volume", |given| {
        if given.text().is_ok_and(|text| text.ends_with(['f', 'F', 'd', 'D'])) {
            *given = null();
        }
    }))),
    body("LL-PLAYBACK-028/cut", "a position is cut to a whole number of 64 bits", |body| changed(body, "position", |given| match given.double() {
        Ok(position) if given.long().is_err() => *given = number(position as i64),
        _ => {}
    })),
    body("LL-PLAYBACK-029/refused", "a position in quotes is refused", |body| refuse(body, "position", is_quoted)),
    body("LL-PLAYER-022/fraction-cut", "the fraction of a volume is cut off", |body| changed(body, "volume", |given| match given.double() {
        Ok(volume) if given.long().is_err() => *given = number((volume as i32).into()),
        _ => {}
    })),
    body("LL-PLAYER-022/quoted-boolean", "a boolean in quotes is refused", |body| refuse(body, "paused", is_quoted)),
    body("LL-PLAYER-022/quotes-refused", "a volume in quotes is refused", |body| refuse(body, "volume", is_quoted)),
    body("LL-PLAYER-022/wrapped", "a volume beyond 32 bits is wrapped", |body| changed(body, "volume", |given| {
        if let Ok(volume) = given.long() {
            *given = number((volume as i32).into());
        }
    })),
    body("LL-PLAYER-025/nonsense-is-0", "a position that is no number is 0", |body| changed(body, "position", |given| {
        if given.long().is_err() {
            *given = number(0);
        }
    })),
    body("LL-PLAYER-026/negative", "an end time below 0 is accepted", |body| changed(body, "endTime", |given| {
        if given.long().is_ok_and(|end| end < 0) {
            *given = null();
        }
    })),
    body("LL-PLAYER-026/null-refused", "an end time that is null is refused", |body| refuse(body, "endTime", Json::is_null)),
    body("LL-PLAYER-027/strict", "an unknown field is refused", |body| {
        let is_known = body.keys().all(|key| KEYS.contains(&key));
        if is_known { Ok(()) } else { Err(Undecodable) }
    }),
    body("LL-PLAYER-043/accepted", "an encoded track goes before an identifier", |body| each_form(body, |form, encoded| {
        if form.field_is(encoded, |given| !given.is_null()) {
            form.drop_key("identifier");
        }
    })),
    body("LL-PLAYER-044/accepted", "the newer form of naming a track goes before the older one", |body| {
        if body.keys().any(|key| key == "track") {
            body.drop_key("encodedTrack");
            body.drop_key("identifier");
        }
        Ok(())
    }),
    body("LL-PLAYER-045/ignored", "the older form of naming a track is ignored", |body| {
        body.drop_key("encodedTrack");
        body.drop_key("identifier");
        Ok(())
    }),
    body("LL-PLAYER-046/stops", "a track without anything in it stops the player", |body| changed(body, "track", |track| {
        if *track == Json::Object(Vec::new()) {
            *track = Json::Object(vec![("encoded".into(), null())]);
        }
    })),
    body("LL-PLAYER-047/null-ignored", "a track that is null passes for one that is left out", |body| changed(body, "track", |track| {
        if track.is_null() {
            *track = Json::Object(Vec::new());
        }
    })),
    body("LL-PLAYER-047/text", "a track that is a text passes for an encoded one", |body| changed(body, "track", |track| {
        if is_quoted(track) {
            *track = Json::Object(vec![("encoded".into(), track.clone())]);
        }
    })),
    body("LL-PLAYER-056/left-out", "a null encoded track counts as left out when tracks exclude each other", |body| each_form(body, |form, encoded| {
        if form.keys().any(|key| key == "identifier") && form.field_is(encoded, Json::is_null) {
            form.drop_key("identifier");
        }
    })),
    body("LL-PLAYER-091/defaults", "missing voice data passes for some", |body| changed(body, "voice", |voice| {
        for key in ["token", "endpoint", "sessionId"] {
            voice.put_if_missing(key, "x");
        }
    })),
    body("LL-PLAYER-124/accepted", "a channel beyond 64 bits is accepted", |body| changed(body, "voice", |voice| with(voice, "channelId", |channel| {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if channel.text().is_ok_and(|text| !text.is_empty() && is_number(&text)) {
            *channel = Json::Text("1".into());
        }
    }))),
    body("LL-PLAYER-129/null-is-false", "a pause that is null is false", |body| changed(body, "paused", |given| {
        if given.is_null() {
            *given = Json::Word("false".into());
        }
    })),
    body("LL-PLAYER-129/text-ignored", "an end time that is no number is ignored", |body| changed(body, "endTime", |given| {
        if given.long_or_null().is_err() {
            *given = null();
        }
    })),
    body("LL-PLAYER-138/lenient", "a body that is no object passes for an empty one", |body| {
        if body.object().is_err() {
            *body = Json::Object(Vec::new());
        }
        Ok(())
    }),
    body("LL-PLAYER-139/zero", "an end time of 0 is accepted", |body| changed(body, "endTime", |given| {
        if given.long() == Ok(0) {
            *given = null();
        }
    })),
    body("LL-PLAYER-140/channel-optional", "voice data need no channel", |body| changed(body, "voice", |voice| {
        voice.put_if_missing("channelId", "1");
    })),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter().chain(super::filters::ROWS)
}

/// Changes the body of a player's PATCH as the chosen deviations say, or refuses it.
pub(super) fn change(body: &mut Json) -> Result<(), Undecodable> {
    rewrite(rows(), body, |change, body| change(body))
}

fn null() -> Json {
    Json::Word("null".into())
}

pub(super) fn number(number: i64) -> Json {
    Json::Word(number.to_string())
}

fn is_quoted(given: &Json) -> bool {
    matches!(given, Json::Text(_))
}

/// Changes the value of a key, if it is there.
fn changed(body: &mut Json, key: &str, change: fn(&mut Json)) -> Result<(), Undecodable> {
    with(body, key, change);
    Ok(())
}

/// Does something with the value of a key, if it is there.
pub(super) fn with(body: &mut Json, key: &str, change: impl FnOnce(&mut Json)) {
    if let Json::Object(entries) = body
        && let Some((_, value)) = entries.iter_mut().find(|(known, _)| known == key)
    {
        change(value);
    }
}

/// Refuses the value of a key, if it is such a one.
fn refuse(body: &Json, key: &str, is_one: fn(&Json) -> bool) -> Result<(), Undecodable> {
    refuse_if(body.field_is(key, is_one))
}

pub(super) fn refuse_if(refused: bool) -> Result<(), Undecodable> {
    if refused { Err(Undecodable) } else { Ok(()) }
}

/// Changes both forms in which a track may be named, each with its key for an encoded one.
fn each_form(body: &mut Json, change: fn(&mut Json, &str)) -> Result<(), Undecodable> {
    if let Json::Object(entries) = body
        && let Some((_, track)) = entries.iter_mut().find(|(key, _)| key == "track")
    {
        change(track, "encoded");
    }
    change(body, "encodedTrack");
    Ok(())
}

impl Json {
    /// Whether a key is there, with such a value.
    fn field_is(&self, key: &str, is_one: impl Fn(&Json) -> bool) -> bool {
        self.get(key).is_ok_and(|value| value.is_some_and(is_one))
    }

    fn drop_key(&mut self, key: &str) {
        if let Self::Object(entries) = self {
            entries.retain(|(known, _)| known != key);
        }
    }

    fn put_if_missing(&mut self, key: &str, text: &str) {
        if let Self::Object(entries) = self
            && entries.iter().all(|(known, _)| known != key)
        {
            entries.push((key.to_owned(), Self::Text(text.to_owned())));
        }
    }
}
