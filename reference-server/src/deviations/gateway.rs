//! Breaks of what is said to a voice gateway.

use serde_json::Value;

use super::row::{Row, run};

/// Changes the data of a message with an op.
type Change = fn(u8, &mut Value);

const fn says(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

const IDENTIFY: u8 = 0;
const HEARTBEAT: u8 = 3;
const RESUME: u8 = 7;

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    says("LL-VOICE-001/user", "the guild passes for the user", |op, data| if op == IDENTIFY {
        data["user_id"] = data["server_id"].clone();
    }),
    says("LL-VOICE-022/none", "heartbeats acknowledge nothing", |op, data| if op == HEARTBEAT {
        data["seq_ack"] = (-1).into();
    }),
    says("LL-VOICE-022/zero", "a heartbeat before the first number acknowledges 0", |op, data| {
        if [HEARTBEAT, RESUME].contains(&op) && data["seq_ack"] == -1 {
            data["seq_ack"] = 0.into();
        }
    }),
    says("LL-VOICE-027/no-video", "the server says that it knows no video", |op, data| if op == IDENTIFY {
        data["video"] = false.into();
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes the data of a message as the chosen deviations say.
pub(super) fn change(op: u8, data: &mut Value) {
    run(rows(), |row| {
        let before = data.clone();
        (row.change)(op, data);
        *data != before
    });
}
