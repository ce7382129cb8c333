//! Breaks of what a client says on its socket.

use axum::extract::ws::{Message, WebSocket, close_code};
use futures::future::BoxFuture;

use super::row::{Row, chosen_of};
use crate::server::Server;
use crate::websocket::Heard;

/// Longest text that `LL-WEBSOCKET-031/too-long` lets pass, in bytes.
const LONGEST_TEXT: usize = 1024;

/// A break of something that is heard.
pub(super) struct Broken {
    is_broken: fn(&Heard) -> bool,
    change: Change,
}

#[derive(Clone, Copy)]
enum Change {
    /// It stands for something else.
    To(fn() -> Heard),
    /// The server answers.
    Answered,
}

const fn row(
    name: &'static str,
    summary: &'static str,
    is_broken: fn(&Heard) -> bool,
    change: Change,
) -> Row<Broken> {
    Row { name, summary, change: Broken { is_broken, change } }
}

const ROWS: &[Row<Broken>] = &[
    row("LL-WEBSOCKET-014/answered", "text from a client is answered", is_text, Change::Answered),
    row(
        "LL-WEBSOCKET-030/closed",
        "text from a client closes the socket",
        is_text,
        Change::To(|| Heard::Gone),
    ),
    row(
        "LL-WEBSOCKET-031/too-long",
        "a text of more than a KiB closes the socket",
        |heard| matches!(heard, Heard::Nothing(Message::Text(it)) if it.len() > LONGEST_TEXT),
        Change::To(|| refused(close_code::SIZE)),
    ),
    row(
        "LL-WEBSOCKET-032/code",
        "binary from a client closes with 1000",
        is_binary,
        Change::To(|| refused(close_code::NORMAL)),
    ),
    row(
        "LL-WEBSOCKET-032/ignored",
        "binary from a client is ignored",
        is_binary,
        Change::To(|| Heard::Nothing(Message::Binary("".into()))),
    ),
    row(
        "LL-WEBSOCKET-033/closed",
        "a ping closes the socket",
        |heard| matches!(heard, Heard::Nothing(Message::Ping(_))),
        Change::To(|| Heard::Gone),
    ),
    row(
        "LL-WEBSOCKET-310/dropped",
        "text that is no UTF-8 ends the connection without a close frame",
        is_no_text,
        Change::To(|| Heard::Gone),
    ),
    row(
        "LL-WEBSOCKET-310/protocol-error",
        "text that is no UTF-8 closes with 1002",
        is_no_text,
        Change::To(|| refused(close_code::PROTOCOL)),
    ),
    row(
        "LL-WEBSOCKET-311/dropped",
        "a frame that may not be sent ends the connection without a close frame",
        breaks_protocol,
        Change::To(|| Heard::Gone),
    ),
    row(
        "LL-WEBSOCKET-311/server-error",
        "a frame that may not be sent closes with 1011",
        breaks_protocol,
        Change::To(|| refused(close_code::ERROR)),
    ),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Broken>> {
    ROWS.iter()
}

/// Changes what the server makes of something that it heard.
pub(super) fn heard<'a>(
    mut heard: Heard,
    server: &'a Server,
    socket: &'a mut WebSocket,
) -> BoxFuture<'a, Heard> {
    Box::pin(async move {
        for row in chosen_of(rows()) {
            if !(row.change.is_broken)(&heard) {
                continue;
            }
            row.count_if(true);
            match row.change.change {
                Change::To(change) => heard = change(),
                Change::Answered => {
                    let stats = server.stats().message(serde_json::Value::Null).to_string();
                    // If the socket has ended, that shows when it is read.
                    socket.send(Message::Text(stats.into())).await.ok();
                }
            }
        }
        heard
    })
}

fn is_text(heard: &Heard) -> bool {
    matches!(heard, Heard::Nothing(Message::Text(_)))
}

fn is_binary(heard: &Heard) -> bool {
    is_refused_with(heard, close_code::UNSUPPORTED)
}

fn is_no_text(heard: &Heard) -> bool {
    is_refused_with(heard, close_code::INVALID)
}

fn breaks_protocol(heard: &Heard) -> bool {
    is_refused_with(heard, close_code::PROTOCOL)
}

fn is_refused_with(heard: &Heard, wanted: u16) -> bool {
    matches!(heard, Heard::Refused { code, .. } if *code == wanted)
}

fn refused(code: u16) -> Heard {
    Heard::Refused { code, reason: String::new() }
}
