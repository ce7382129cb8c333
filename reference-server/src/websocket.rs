//! The socket of a session: handshake, one task that writes and reads.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CONTENT_TYPE, HOST, ORIGIN, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_VERSION,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::control::{Closing, EntryId};
use crate::deviations::{deviates, either};
use crate::http::{ApiError, Cut, is_same_origin};
use crate::server::Server;
use crate::session::{Begin, Call, Claim, Farewell, LetGo, SocketReader, socket_queue};

const SESSION_RESUMED: HeaderName = HeaderName::from_static("session-resumed");

/// The versions of the handshake that the real server speaks.
const VERSIONS: &str = "13,8,7";

/// Longest message that a client may send; all of them are ignored anyway.
const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// Clients hardly say anything, and there may be thousands of them.
const READ_BUFFER: usize = 4 * 1024;

/// How much later than its answer a message of a request may come with `--vary`
/// (docs/observed/players.md#playerupdates).
const SLOWEST_MESSAGE: Duration = Duration::from_millis(15);

/// What stands for the end of a socket without a close frame.
const ABNORMAL: u16 = 1006;

/// How long a close frame may take to leave.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// `GET /v4/websocket`.
pub(crate) async fn handshake(State(server): State<Server>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade: Result<_, WebSocketUpgradeRejection> =
        WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let (headers, arrival) = (parts.headers, Arrival::of(&parts.extensions));
    let user = headers.get("user-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let user = user.as_deref().unwrap_or_default();
    let name = headers.get("client-name").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let client_name = name.as_deref().map(str::to_owned);
    if upgrade.is_err() && deviates("LL-WEBSOCKET-010/upgrade-required") {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    }
    let refused = !headers.contains_key("session-id") && deviates("LL-WEBSOCKET-001/needs-session")
        || name.is_some_and(|name| !name.contains('/'))
            && deviates("LL-WEBSOCKET-006/needs-version");
    let nobody = user.is_empty() || user == "0";
    if nobody && is_of_another_origin(&headers) && deviates("LL-WEBSOCKET-201/origin-before-user") {
        return StatusCode::FORBIDDEN.into_response();
    }
    if refused || nobody && !deviates("LL-WEBSOCKET-003/accepted") {
        let (right, wrong) = (StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED);
        return either("LL-WEBSOCKET-012/unauthorized", right, wrong).into_response();
    }
    let mut user = user.parse::<i64>().ok().or(nobody.then_some(0));
    if user.is_none() && deviates("LL-WEBSOCKET-004/accepted") {
        user = Some(1);
    }
    if user.is_some_and(|user| user < 0) && deviates("LL-WEBSOCKET-005/refused") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let known_user = user.is_some();
    if !known_user && !server.config.quirks {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let wanted = headers.get("session-id").and_then(|id| id.to_str().ok());
    let claim = wanted.filter(|_| known_user).and_then(|id| server.sessions.claim(id, user));
    if let Some(id) = wanted.filter(|_| claim.is_none()) {
        let refused = match server.sessions.find(id) {
            Some(_) => deviates("LL-WEBSOCKET-009/refused"),
            None => deviates("LL-WEBSOCKET-008/refused"),
        };
        if refused {
            return StatusCode::BAD_REQUEST.into_response();
        }
    }
    let otherwise = either("LL-WEBSOCKET-007/wrong", "false", "true");
    let resumed = if claim.is_some() { "true" } else { otherwise };
    let origin = headers.get(ORIGIN);
    let same_origin = origin.map_or(Ok(true), |origin| is_same_origin(origin, headers.get(HOST)));
    match same_origin {
        Ok(true) => {}
        Ok(false) if deviates("LL-WEBSOCKET-200/unauthorized") => {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        Ok(false) if deviates("LL-WEBSOCKET-200/told") => {
            return ApiError::expected(StatusCode::FORBIDDEN, "Forbidden").into_response();
        }
        Ok(false) => {
            let resumed = [(SESSION_RESUMED, HeaderValue::from_static(resumed))];
            return (StatusCode::FORBIDDEN, resumed).into_response();
        }
        Err(error) => return error.into_response(),
    }
    let Ok(upgrade) = upgrade else { return no_handshake(&headers, resumed) };
    let longest_message = either("LL-WEBSOCKET-031/too-long", LONGEST_MESSAGE, 1024);
    let upgrade = upgrade
        .max_message_size(longest_message)
        .max_frame_size(longest_message)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0);
    let mut response = upgrade.on_upgrade(move |socket| async move {
        if let Some(user) = user {
            // Counted among the tasks that a shutdown waits for.
            let begin = Begin { user, client_name };
            server.tasks.clone().track_future(attend(server, socket, begin, claim, arrival)).await;
        } else {
            close(&server, socket, close_code::ERROR, String::new()).await;
        }
    });
    if !deviates("LL-WEBSOCKET-007/missing") {
        response.headers_mut().insert(SESSION_RESUMED, HeaderValue::from_static(resumed));
    }
    if deviates("LL-WEBSOCKET-011/compressed") {
        let extension = HeaderValue::from_static("permessage-deflate");
        response.headers_mut().insert(SEC_WEBSOCKET_EXTENSIONS, extension);
    }
    response
}

/// Whether a script of another place asks.
pub(crate) fn is_of_another_origin(headers: &HeaderMap) -> bool {
    let same = |origin| is_same_origin(origin, headers.get(HOST));
    headers.get(ORIGIN).is_some_and(|origin| same(origin) == Ok(false))
}

/// The client shall come back with a version that the server speaks.
fn other_version() -> Response {
    if deviates("LL-WEBSOCKET-203/bad-request") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut response = StatusCode::UPGRADE_REQUIRED.into_response();
    if !deviates("LL-WEBSOCKET-203/not-told") {
        let versions = HeaderValue::from_static(VERSIONS);
        response.headers_mut().insert(SEC_WEBSOCKET_VERSION, versions);
    }
    response
}

/// Versions 7 and 8 of the handshake differ from 13 in nothing that matters here.
pub(crate) fn as_current_version(headers: &mut HeaderMap) {
    let version = headers.get(SEC_WEBSOCKET_VERSION);
    let older = version.is_some_and(|version| matches!(version.as_bytes(), b"7" | b"8"));
    if older && !deviates("LL-WEBSOCKET-203/only-13") {
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
}

/// Why a request is no handshake: in words, where the real server has some.
fn no_handshake(headers: &HeaderMap, resumed: &'static str) -> Response {
    let names = |name: &str, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let silent = deviates("LL-WEBSOCKET-300/silent");
    let mut response = if !names("upgrade", "websocket") {
        let text = if silent { "" } else { "Can \"Upgrade\" only to \"WebSocket\"." };
        (StatusCode::BAD_REQUEST, text).into_response()
    } else if !names("connection", "upgrade") {
        let text = if silent { "" } else { "\"Connection\" must be \"upgrade\"." };
        (StatusCode::BAD_REQUEST, text).into_response()
    } else if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        other_version()
    } else {
        StatusCode::BAD_REQUEST.into_response()
    };
    // Nothing of this is JSON, or of any type.
    response.headers_mut().remove(CONTENT_TYPE);
    tell_resumed(&mut response, resumed);
    response
}

/// 405, once the client has said whose socket it would be.
pub(crate) fn wrong_method(headers: &HeaderMap) -> Response {
    let user = headers.get("user-id").map(|value| value.as_bytes()).unwrap_or_default();
    if user.is_empty() || user == b"0" {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut response = StatusCode::METHOD_NOT_ALLOWED.into_response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    tell_resumed(&mut response, "false");
    response
}

/// Tells with a refusal, too, whether the handshake would have resumed a session.
fn tell_resumed(response: &mut Response, resumed: &'static str) {
    if !deviates("LL-WEBSOCKET-300/resumed-unsaid") {
        response.headers_mut().insert(SESSION_RESUMED, HeaderValue::from_static(resumed));
    }
}

/// The connection of a handshake, and what is written down of it.
struct Arrival {
    cut: Option<Cut>,
    entry: Option<EntryId>,
}

impl Arrival {
    fn of(extensions: &http::Extensions) -> Self {
        Self { cut: extensions.get().cloned(), entry: extensions.get().copied() }
    }
}

/// Why a socket ends.
enum End {
    /// The client closed it, or it broke (1006).
    Gone(Closing),
    /// The server closes it.
    Closes(u16),
    /// Nothing more is said: the session is over, or its client does not read.
    Silent,
    /// A test lets it go.
    LetGo(LetGo),
}

/// Serves a socket until either side is done with it.
async fn attend(
    server: Server,
    socket: WebSocket,
    begin: Begin,
    claim: Option<Claim>,
    arrival: Arrival,
) {
    let _open = server.sockets.open();
    if deviates("LL-STATS-023/on-connect") {
        for session in server.sessions.all() {
            session.ask(|session| session.send_stats()).await;
        }
    }
    let (writer, reader) = socket_queue(&server.clock, &server.messages);
    let resumed = claim.is_some();
    let session = match claim {
        Some(claim) => claim.resume(writer).await,
        None => {
            if deviates("LL-SESSION-046/ended") {
                server.sessions.end_away(begin.user).await;
            }
            Some(server.sessions.open(&server, begin, writer))
        }
    };
    let Some(session) = session else { return };
    if let (Some(controls), Some(entry)) = (&server.controls, arrival.entry) {
        controls.journal.begun(entry, session.id(), resumed);
    }
    let (mut socket, mut reader) = (socket, reader);
    let mut end = exchange(&server, &mut socket, &mut reader).await;
    if let End::Closes(code) = end {
        socket = close(&server, socket, code, String::new()).await;
    }
    let closing = end.closing();
    // The task is gone already when the server ends.
    let described = session.call(|reply| Call::LoseSocket(reader, reply)).await;
    if let Some(controls) = &server.controls {
        controls.journal.closed(&server.clock, session.id(), closing);
    }
    if let End::LetGo(LetGo { farewell, done }) = &mut end {
        // Its client is told only now, so that it can be resumed at once.
        let done = std::mem::replace(done, tokio::sync::oneshot::channel().0);
        if let Some(described) = described {
            done.send(described).ok();
        }
        match std::mem::replace(farewell, Farewell::Silent) {
            Farewell::Silent => {}
            Farewell::Reset => arrival.cut.iter().for_each(Cut::arm),
            Farewell::Close { code, reason } => {
                close(&server, socket, code, reason).await;
            }
        }
    }
}

impl End {
    /// As it is written down.
    fn closing(&self) -> Closing {
        let (code, reason) = match self {
            Self::Gone(closing) => return closing.clone(),
            Self::Closes(code) => (*code, String::new()),
            Self::LetGo(LetGo { farewell: Farewell::Close { code, reason }, .. }) => {
                (*code, reason.clone())
            }
            Self::Silent | Self::LetGo(_) => (ABNORMAL, String::new()),
        };
        Closing { code, reason, by_client: false }
    }
}

async fn exchange(server: &Server, socket: &mut WebSocket, messages: &mut SocketReader) -> End {
    let cut = messages.cut.clone();
    let mut let_go = std::pin::pin!(messages.let_go());
    let mut said = Closing { code: ABNORMAL, reason: String::new(), by_client: true };
    loop {
        let message = tokio::select! {
            () = server.stop.cancelled() => return End::Closes(close_code::AWAY),
            () = cut.cancelled() => {
                tracing::warn!("a client does not read its messages; its socket is cut off");
                return End::Silent;
            }
            let_go = &mut let_go => return End::LetGo(let_go),
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Binary(_))) if deviates("LL-WEBSOCKET-032/ignored") => continue,
                Some(Ok(Message::Binary(_))) => {
                    let (right, wrong) = (close_code::UNSUPPORTED, close_code::NORMAL);
                    return End::Closes(either("LL-WEBSOCKET-032/code", right, wrong));
                }
                Some(Ok(Message::Ping(_))) if deviates("LL-WEBSOCKET-033/closed") => {
                    return End::Silent;
                }
                Some(Ok(Message::Text(_))) if deviates("LL-WEBSOCKET-030/closed") => {
                    return End::Silent;
                }
                Some(Ok(Message::Text(_))) => {
                    if deviates("LL-WEBSOCKET-014/answered") {
                        let stats = crate::stats::Stats::read(server).message(serde_json::Value::Null).to_string();
                        // If it has ended, that shows when it is read.
                        socket.send(Message::Text(stats.into())).await.ok();
                    }
                    tracing::debug!("ignored a text message; version 4 is used over REST");
                    continue;
                }
                Some(Ok(Message::Close(frame))) => {
                    said.code = close_code::STATUS;
                    if let Some(frame) = frame {
                        (said.code, said.reason) = (frame.code, frame.reason.to_string());
                    }
                    continue;
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return End::Gone(said),
            },
            message = messages.next() => message,
        };
        let Some((message, _hold)) = message else { return End::Silent };
        server.latitude.linger(&server.clock, SLOWEST_MESSAGE).await;
        let text = Utf8Bytes::from(message);
        let sent = tokio::select! {
            sent = socket.send(Message::Text(text.clone())) => sent.is_ok(),
            let_go = &mut let_go => {
                messages.put_back(text.as_str());
                return End::LetGo(let_go);
            }
            () = cut.cancelled() => false,
            () = server.stop.cancelled() => return End::Closes(close_code::AWAY),
        };
        if !sent {
            messages.put_back(text.as_str());
            return match cut.is_cancelled() {
                true => End::Silent,
                false => End::Gone(said),
            };
        }
    }
}

/// Says why, and gives the client time to say it too.
async fn close(server: &Server, mut socket: WebSocket, code: u16, reason: String) -> WebSocket {
    let frame = CloseFrame { code, reason: reason.into() };
    let closing = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            // The close frame of the client, so that TCP ends without a reset.
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    server.clock.within(CLOSE_LIMIT, closing).await;
    socket
}
