//! Endpoints that everything else stands on.

use http::StatusCode;
use serde_json::json;

use super::super::row::Row;
use super::{Asked, Break, Endpoint, answer, get, instead, patch};

pub(super) const ROWS: &[Row<Break>] = &[
    instead("LL-PREREQUISITE-001/broken", "GET /version is 500", get(Endpoint::VERSION), broken),
    instead("LL-PREREQUISITE-002/broken", "GET /v4/info is 500", get(Endpoint::INFO), broken),
    instead(
        "LL-PREREQUISITE-003/not-found",
        "there is no WebSocket",
        get(Endpoint::WEBSOCKET),
        not_found,
    ),
    instead(
        "LL-PREREQUISITE-005/not-found",
        "the players of a session are not found",
        get(Endpoint::PLAYERS),
        not_found,
    ),
    instead(
        "LL-PREREQUISITE-006/not-found",
        "no PATCH makes a player",
        patch(Endpoint::PLAYER),
        not_found,
    ),
    answer(
        "LL-PREREQUISITE-007/empty",
        "nothing that is loaded is there",
        get(Endpoint::LOAD_TRACKS),
        |_, answer| {
            answer.edit_body(|body| *body = json!({"loadType": "empty", "data": null}));
        },
    ),
    instead(
        "LL-PREREQUISITE-011/not-found",
        "the status of the route planner is not found",
        get(Endpoint::PLANNER_STATUS),
        not_found,
    ),
    instead(
        "LL-PREREQUISITE-012/not-found",
        "no session that is updated is found",
        patch(Endpoint::SESSION),
        not_found,
    ),
];

#[expect(clippy::unnecessary_wraps, reason = "a row may answer in place of the protocol or not")]
fn broken(_: &Asked) -> Option<super::Answer> {
    Some(super::Answer::new(StatusCode::INTERNAL_SERVER_ERROR))
}

#[expect(clippy::unnecessary_wraps, reason = "a row may answer in place of the protocol or not")]
fn not_found(_: &Asked) -> Option<super::Answer> {
    Some(super::Answer::new(StatusCode::NOT_FOUND))
}
