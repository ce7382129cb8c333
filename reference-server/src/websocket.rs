//! The socket of a session: handshake, one task that writes and reads.

use std::borrow::Cow;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, StatusCode};
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};

use crate::control::told::{Closing, EntryId};
use crate::deviations::switch::Seam;
use crate::http::{Cut, User, is_same_origin, no_handshake, tell_resumed};
use crate::server::Server;
use crate::session::{Begin, Call, Claim, Farewell, LetGo, SocketReader, socket_queue};

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

/// `GET /v4/websocket`. What is wrong with a request is told in the order in which the real server
/// looks: its user, its origin, and then whether it is a handshake at all.
pub(crate) async fn handshake(State(server): State<Server>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade: Result<_, WebSocketUpgradeRejection> =
        WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let (headers, arrival) = (parts.headers, Arrival::of(&parts.extensions));
    let user = match User::of(&headers) {
        User::Missing => return StatusCode::BAD_REQUEST.into_response(),
        User::NoNumber => None,
        User::Id(user) => Some(user),
    };
    let wanted = headers.get("session-id").and_then(|id| id.to_str().ok());
    let claim = wanted.zip(user).and_then(|(id, user)| server.sessions.claim(id, Some(user)));
    let resumed = if claim.is_some() { "true" } else { "false" };
    let origin = headers.get(ORIGIN);
    let same_origin = origin.map_or(Ok(true), |origin| is_same_origin(origin, headers.get(HOST)));
    match same_origin {
        Ok(true) => {}
        Ok(false) => {
            let mut refusal = StatusCode::FORBIDDEN.into_response();
            tell_resumed(&mut refusal, resumed);
            return refusal;
        }
        Err(error) => return error.into_response(),
    }
    let Ok(upgrade) = upgrade else { return no_handshake(&headers, resumed) };
    // In everything else it is a handshake.
    if user.is_none() && !server.config.quirks {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let upgrade = upgrade
        .max_message_size(LONGEST_MESSAGE)
        .max_frame_size(LONGEST_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0);
    let name = headers.get("client-name").map(|name| String::from_utf8_lossy(name.as_bytes()));
    let client_name = name.map(Cow::into_owned);
    let mut response = upgrade.on_upgrade(move |socket| async move {
        if let Some(user) = user {
            // Counted among the tasks that a shutdown waits for.
            let begin = Begin { user, client_name };
            server.tasks.clone().track_future(attend(server, socket, begin, claim, arrival)).await;
        } else {
            close(&server, socket, close_code::ERROR, String::new()).await;
        }
    });
    tell_resumed(&mut response, resumed);
    response
}

/// Whether a script of another place asks.
pub(crate) fn is_of_another_origin(headers: &HeaderMap) -> bool {
    let same = |origin| is_same_origin(origin, headers.get(HOST));
    headers.get(ORIGIN).is_some_and(|origin| same(origin) == Ok(false))
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

/// What the client did.
pub(crate) enum Heard {
    /// It sent something that version 4 has no use for, which it uses over REST.
    Nothing(Message),
    /// It closes the socket.
    Farewell { code: u16, reason: String },
    /// It sent something for which the socket is closed with this code, for this reason.
    Refused { code: u16, reason: String },
    /// It is gone, or its connection broke.
    Gone,
}

impl Heard {
    fn of(incoming: Option<Result<Message, axum::Error>>) -> Self {
        match incoming {
            Some(Ok(Message::Binary(_))) => {
                let reason = "Binary messages not supported".to_owned();
                Self::Refused { code: close_code::UNSUPPORTED, reason }
            }
            Some(Ok(Message::Close(Some(frame)))) => {
                Self::Farewell { code: frame.code, reason: frame.reason.to_string() }
            }
            Some(Ok(Message::Close(None))) => {
                Self::Farewell { code: close_code::STATUS, reason: String::new() }
            }
            Some(Ok(other)) => Self::Nothing(other),
            Some(Err(error)) => Self::of_error(error),
            None => Self::Gone,
        }
    }

    /// What no WebSocket client may send is told to it.
    fn of_error(error: axum::Error) -> Self {
        let error = error.into_inner();
        let code = match error.downcast_ref() {
            // It left without a word, which nobody can be told.
            Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => {
                return Self::Gone;
            }
            Some(Error::Protocol(_)) => close_code::PROTOCOL,
            Some(Error::Utf8(_)) => close_code::INVALID,
            Some(Error::Capacity(_)) => close_code::SIZE,
            _ => return Self::Gone,
        };
        Self::Refused { code, reason: error.to_string() }
    }
}

/// Why a socket ends.
enum End {
    /// The client closed it, or it broke (1006).
    Gone(Closing),
    /// The server closes it, for this reason.
    Closes { code: u16, reason: String },
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
    let (writer, reader) = socket_queue(&server.clock, &server.messages);
    let resumed = claim.is_some();
    let session = match claim {
        Some(claim) => claim.resume(writer).await,
        None => Some(server.sessions.open(&server.shared, begin, writer)),
    };
    let Some(session) = session else { return };
    if let (Some(controls), Some(entry)) = (&server.controls, arrival.entry) {
        controls.journal.begun(entry, session.id(), resumed);
    }
    let (mut socket, mut reader) = (socket, reader);
    let mut end = exchange(&server, &mut socket, &mut reader).await;
    if let End::Closes { code, reason } = &end {
        socket = close(&server, socket, *code, reason.clone()).await;
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
    /// The server goes.
    const AWAY: Self = Self::Closes { code: close_code::AWAY, reason: String::new() };

    /// As it is written down.
    fn closing(&self) -> Closing {
        let (code, reason) = match self {
            Self::Gone(closing) => return closing.clone(),
            Self::Closes { code, reason } => (*code, reason.clone()),
            Self::LetGo(LetGo { farewell: Farewell::Close { code, reason }, .. }) => {
                (*code, reason.clone())
            }
            Self::Silent | Self::LetGo(_) => (ABNORMAL, String::new()),
        };
        Closing { code, reason, by_client: false }
    }
}

/// Where deviations change what the server makes of something that it heard.
pub(crate) static HEARD: Seam<Hear> = Seam::new();

type Hear = for<'a> fn(Heard, &'a Server, &'a mut WebSocket) -> BoxFuture<'a, Heard>;

/// Something that was heard, as the server takes it.
async fn heard(heard: Heard, server: &Server, socket: &mut WebSocket) -> Heard {
    match HEARD.get() {
        Some(change) => change(heard, server, socket).await,
        None => heard,
    }
}

async fn exchange(server: &Server, socket: &mut WebSocket, messages: &mut SocketReader) -> End {
    let cut = messages.cut.clone();
    let mut let_go = std::pin::pin!(messages.let_go());
    let mut said = Closing { code: ABNORMAL, reason: String::new(), by_client: true };
    loop {
        let message = tokio::select! {
            () = server.stop.cancelled() => return End::AWAY,
            () = cut.cancelled() => {
                tracing::warn!("a client does not read its messages; its socket is cut off");
                return End::Silent;
            }
            let_go = &mut let_go => return End::LetGo(let_go),
            incoming = socket.recv() => {
                match heard(Heard::of(incoming), server, socket).await {
                    Heard::Nothing(_) => continue,
                    Heard::Farewell { code, reason } => {
                        (said.code, said.reason) = (code, reason);
                        continue;
                    }
                    Heard::Refused { code, reason } => return End::Closes { code, reason },
                    Heard::Gone => return End::Gone(said),
                }
            }
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
            () = server.stop.cancelled() => return End::AWAY,
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
