//! Breaks of the ids of sessions.

use super::row::{Row, run};

/// Changes an id, of a user's session.
type Change = fn(&mut String, i64);

const fn id(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

const ROWS: &[Row<Change>] = &[
    id("LL-SESSION-052/same-id", "all sessions of a bot have one id", |id, user| {
        *id = format!("{:016}", user % 10_i64.pow(16));
    }),
    id("LL-WEBSOCKET-022/dashes", "a session id has a dash", |id, _| {
        *id = format!("{:08x}-{:07x}", rand::random::<u32>(), rand::random::<u32>() >> 4);
    }),
    id("LL-WEBSOCKET-022/long", "a session id has 32 characters", |id, _| *id = id.repeat(2)),
    id("LL-WEBSOCKET-023/same", "all sessions have the same id", |id, _| {
        *id = "aaaaaaaaaaaaaaaa".into()
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes the id of a new session as the chosen deviations say.
pub(super) fn change(id: &mut String, user: i64) {
    run(rows(), |row| {
        (row.change)(id, user);
        true
    });
}
