//! Shapes of answers.

use http::Method;
use serde_json::{Value, json};

use super::super::row::Row;
use super::{At, Break, Endpoint, answer, get, patch, post};

pub(super) const ROWS: &[Row<Break>] = &[
    answer("LL-SHAPE-001/no-git", "the info has no git", get(Endpoint::INFO), |_, answer| {
        answer.edit_body(|body| drop_key(body, "git"));
    }),
    answer(
        "LL-SHAPE-002/players-as-text",
        "the players of the statistics are a text",
        get(Endpoint::STATS),
        |_, answer| {
            answer.edit_body(|body| as_text(body, "players"));
        },
    ),
    answer(
        "LL-SHAPE-003/no-info",
        "what was loaded has no info",
        get(Endpoint::LOAD_TRACKS),
        |_, answer| {
            answer.edit_body(|body| drop_key(&mut body["data"], "info"));
        },
    ),
    answer(
        "LL-SHAPE-003/no-cause",
        "a lookup that broke has no cause",
        get(Endpoint::LOAD_TRACKS),
        |_, answer| {
            answer.edit_body(|body| drop_key(&mut body["data"], "cause"));
        },
    ),
    answer(
        "LL-SHAPE-004/no-encoded",
        "a decoded track does not repeat its encoded form",
        get(Endpoint::DECODE_TRACK),
        |_, answer| {
            answer.edit_body(|body| drop_key(body, "encoded"));
        },
    ),
    answer(
        "LL-SHAPE-005/in-an-object",
        "decoded tracks are a member of an object",
        post(Endpoint::DECODE_TRACKS),
        |_, answer| {
            answer.edit_body(|body| *body = json!({"tracks": body.take()}));
        },
    ),
    answer(
        "LL-SHAPE-006/timeout-as-text",
        "the timeout of a session is a text",
        patch(Endpoint::SESSION),
        |_, answer| {
            answer.edit_body(|body| as_text(body, "timeout"));
        },
    ),
    answer(
        "LL-SHAPE-007/in-an-object",
        "the players of a session are a member of an object",
        get(Endpoint::PLAYERS),
        |_, answer| {
            answer.edit_body(|body| *body = json!({"players": body.take()}));
        },
    ),
    answer("LL-SHAPE-008/no-voice", "a player has no voice", get(Endpoint::PLAYER), |_, answer| {
        answer.edit_body(|body| drop_key(body, "voice"));
    }),
    answer(
        "LL-SHAPE-009/time-as-text",
        "the time of an updated player is a text",
        patch(Endpoint::PLAYER),
        |_, answer| {
            answer.edit_body(|body| as_text(&mut body["state"], "time"));
        },
    ),
    answer(
        "LL-SHAPE-010/no-class",
        "the status of the route planner has no class",
        get(Endpoint::PLANNER_STATUS),
        |_, answer| {
            answer.edit_body(|body| drop_key(body, "class"));
        },
    ),
    answer("LL-SHAPE-011/no-path", "an error has no path", At::Everywhere, |asked, answer| {
        if asked.method == Method::GET {
            answer.edit_error(|error| _ = error.remove("path"));
        }
    }),
];

fn drop_key(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}

fn as_text(value: &mut Value, key: &str) {
    if let Some(field) = value.get_mut(key) {
        *field = field.to_string().into();
    }
}
