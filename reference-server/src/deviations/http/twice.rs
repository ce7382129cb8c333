//! Keys that stand twice in a body.

use super::super::row::Row;
use super::{At, Break, Endpoint, body, patch};
use crate::json::Json;

const UPDATE: At = patch(Endpoint::SESSION);
const PLAYER: At = patch(Endpoint::PLAYER);

pub(super) const ROWS: &[Row<Break>] = &[
    body(
        "LL-HTTP-331/last-only",
        "of a key that stands twice in the update of a session only the last value is looked at",
        UPDATE,
        |asked| {
            asked.edit(keep_last);
        },
    ),
    body(
        "LL-HTTP-331/last-only-of-players",
        "of a key that stands twice in the update of a player only the last value is looked at",
        PLAYER,
        |asked| {
            asked.edit(keep_last);
        },
    ),
    body(
        "LL-HTTP-331/kept-too",
        "of a key that stands twice each value is looked at, also where it is only kept",
        PLAYER,
        |asked| {
            if asked.json().is_some_and(|json| has_no_number(&json)) {
                asked.set_body("[");
            }
        },
    ),
];

/// Takes away what another value of the same key takes the place of.
fn keep_last(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            let mut seen = Vec::new();
            for (key, value) in std::mem::take(fields).into_iter().rev() {
                if !seen.contains(&key) {
                    seen.push(key.clone());
                    fields.insert(0, (key, value));
                }
            }
            fields.iter_mut().for_each(|(_, value)| keep_last(value));
        }
        Json::List(items) => items.iter_mut().for_each(keep_last),
        _ => {}
    }
}

/// Whether there is anything in it that is a word and cannot be kept.
fn has_no_number(json: &Json) -> bool {
    match json {
        Json::Word(_) => json.to_value().is_err(),
        Json::List(items) => items.iter().any(has_no_number),
        Json::Object(fields) => fields.iter().any(|(_, value)| has_no_number(value)),
        _ => false,
    }
}
