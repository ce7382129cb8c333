//! The socket of a session: handshake, one task that writes and reads.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::server::Server;
use crate::session::{Claim, Handle, SocketReader, socket_queue};

const SESSION_RESUMED: HeaderName = HeaderName::from_static("session-resumed");

/// Longest message that a client may send; all of them are ignored anyway.
const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// Clients hardly say anything, and there may be thousands of them.
const READ_BUFFER: usize = 4 * 1024;

/// How long a close frame may take to leave.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// `GET /v4/websocket`.
pub(crate) async fn handshake(
    State(server): State<Server>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let user = headers.get("user-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let user = user.as_deref().unwrap_or_default();
    if user.is_empty() || user == "0" {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let user = user.parse::<i64>().ok();
    let known_user = user.is_some();
    if !known_user && !server.config.quirks {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let Ok(upgrade) = upgrade else { return StatusCode::BAD_REQUEST.into_response() };
    let wanted = headers.get("session-id").and_then(|id| id.to_str().ok());
    let claim = wanted.filter(|_| known_user).and_then(|id| server.sessions.claim(id));
    let resumed = if claim.is_some() { "true" } else { "false" };
    let upgrade = upgrade
        .max_message_size(LONGEST_MESSAGE)
        .max_frame_size(LONGEST_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0);
    let mut response = upgrade.on_upgrade(move |socket| async move {
        if let Some(user) = user {
            // Counted among the tasks that a shutdown waits for.
            server.tasks.clone().track_future(attend(server, socket, user, claim)).await;
        } else {
            close(&server, socket, close_code::ERROR, "").await;
        }
    });
    response.headers_mut().insert(SESSION_RESUMED, HeaderValue::from_static(resumed));
    response
}

/// Serves a socket until either side is done with it.
async fn attend(server: Server, socket: WebSocket, user: i64, claim: Option<Claim>) {
    let _open = server.sockets.open();
    let (writer, reader) = socket_queue(&server.clock, &server.messages);
    let session = match claim {
        Some(claim) => claim.resume(writer).await,
        None => Some(server.sessions.open(&server, user, writer)),
    };
    if let Some(session) = session {
        exchange(&server, socket, reader).await;
        leave(&session).await;
    }
}

async fn leave(session: &Handle) {
    // The task is gone already when the server ends.
    session.ask(|session| session.lose_socket()).await;
}

async fn exchange(server: &Server, mut socket: WebSocket, mut messages: SocketReader) {
    let cut = messages.cut.clone();
    loop {
        let message = tokio::select! {
            () = server.stop.cancelled() => {
                return close(server, socket, close_code::AWAY, "").await;
            }
            () = cut.cancelled() => {
                tracing::warn!("a client does not read its messages; its socket is cut off");
                return;
            }
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Binary(_))) => {
                    return close(server, socket, close_code::UNSUPPORTED, "").await;
                }
                Some(Ok(Message::Text(_))) => {
                    tracing::debug!("ignored a text message; version 4 is used over REST");
                    continue;
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
            message = messages.next() => message,
        };
        let Some((message, _hold)) = message else { return };
        let sent = tokio::select! {
            sent = socket.send(Message::Text(message.into())) => sent.is_ok(),
            () = cut.cancelled() => false,
            () = server.stop.cancelled() => {
                return close(server, socket, close_code::AWAY, "").await;
            }
        };
        if !sent {
            return;
        }
    }
}

async fn close(server: &Server, mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    let closing = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            // The close frame of the client, so that TCP ends without a reset.
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    server.clock.within(CLOSE_LIMIT, closing).await;
}
