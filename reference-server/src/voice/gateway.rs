//! The conversation with a voice gateway, version 8: identify, be heard, heartbeat, resume.

mod dialogue;
mod discovery;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message};

use self::dialogue::send;
use super::connect::{self, Socket};
use super::link::Command;
use super::rtp::Mode;
use super::{Identity, Report, Reporter, comes_back};
use crate::clock::{Clock, Gate, Moment, Timer};
use crate::deviations::switch::{self, deviates, either};
use crate::latitude::Otherwise;
use crate::shared::Shared;

/// Connections in a row that may break before they are ready.
const ATTEMPTS: u32 = 4;

/// How long it may take with `--vary` until a broken connection is opened again
/// (docs/observed/voice.md#connections-that-break).
const SLOWEST_RECONNECT: Duration = Duration::from_millis(150);

/// How long the answer to a close frame is waited for.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// How long a connection stays that came back after it had left: that of the real server stays for
/// good.
const HAUNTING: Duration = Duration::from_secs(5);

/// Whether TCP ended with a reset.
fn is_reset(error: &tungstenite::Error) -> bool {
    let tungstenite::Error::Io(error) = error else { return false };
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

/// How a connection ended.
enum End {
    /// It was told to.
    Told,
    /// By the gateway; 1006 if it just broke.
    Broken { code: u16, reason: String },
}

/// Why a connection does not come back.
enum Gone {
    /// It is given up.
    GivenUp,
    /// It was told to end meanwhile.
    Told,
}

/// A session with a voice server, over one connection after the other.
pub(super) struct Conversation<R> {
    shared: Shared,
    identity: Identity,
    reporter: R,
    commands: mpsc::UnboundedReceiver<Command>,
    /// Commands that came while there was no socket.
    kept: VecDeque<Command>,
    timer: Timer,
    next_heartbeat: Moment,
    heartbeat_interval: Duration,
    heartbeat_sent: Option<Moment>,
    /// Number of the last message that had one; −1 before.
    sequence: i64,
    ssrc: u32,
    /// Whether there is something to resume.
    described: bool,
    discovery: Option<BoxFuture<'static, Option<(UdpSocket, IpAddr, u16)>>>,
    mode: Option<Mode>,
    udp: Option<UdpSocket>,
    failures: u32,
    /// Whether this connection is not the first.
    resumes: bool,
    /// Whether it comes back after it has left.
    returns: bool,
    /// Closed while the gateway has to answer before anything can be heard.
    handshake: Gate,
}

impl<R: Reporter> Conversation<R> {
    pub(super) fn new(
        shared: Shared,
        identity: Identity,
        reporter: R,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        Self {
            timer: shared.clock.timer(),
            handshake: shared.clock.standstill(),
            shared,
            identity,
            reporter,
            commands,
            kept: VecDeque::new(),
            next_heartbeat: Moment::NEVER,
            heartbeat_interval: Duration::MAX,
            heartbeat_sent: None,
            sequence: -1,
            ssrc: 0,
            described: false,
            discovery: None,
            mode: None,
            udp: None,
            failures: 0,
            resumes: false,
            returns: false,
        }
    }

    /// Goes on until it is told to end, or the voice server has ended it.
    pub(super) async fn run(mut self, socket: Socket) {
        self.go_on(socket).await;
        self.handshake.open();
    }

    async fn go_on(&mut self, socket: Socket) {
        let mut socket = Some(socket);
        while let Some(open) = socket.take() {
            let (code, reason) = match self.converse(open).await {
                End::Told => return,
                End::Broken { code, reason } => (code, reason),
            };
            self.next_heartbeat = Moment::NEVER;
            if code != 1006 && (!comes_back(code) || deviates(switch::VOICE_029_TOLD)) {
                if self.resumes && deviates(switch::VOICE_017_SILENT) {
                    return;
                }
                self.reporter.report(Report::Closed { code, reason, by_remote: true }).await;
                return;
            }
            self.reporter.report(Report::Down { told: code != 1006 }).await;
            self.handshake.open();
            self.handshake = self.shared.clock.standstill();
            socket = match self.reconnect().await {
                Ok(socket) => Some(socket),
                Err(Gone::GivenUp) => None,
                Err(Gone::Told) => return,
            };
            self.resumes = true;
            let quirk = self.shared.config.quirks && self.failures < ATTEMPTS;
            if socket.is_none() && quirk {
                // The real server thinks that it is connected.
                self.reporter.report(Report::Up).await;
            } else if socket.is_none() {
                let reason = "Abnormal closure".to_owned();
                let closed = Report::Closed { code: 1006, reason, by_remote: false };
                self.reporter.report(closed).await;
            }
        }
    }

    async fn reconnect(&mut self) -> Result<Socket, Gone> {
        if self.resumes && deviates(switch::VOICE_015_ONCE) {
            return Err(Gone::GivenUp);
        }
        self.shared.latitude.linger(&self.shared.clock, SLOWEST_RECONNECT).await;
        while self.failures < ATTEMPTS {
            self.failures += 1;
            let Ok(tls) = self.shared.voice_tls() else { return Err(Gone::GivenUp) };
            let opened = tokio::select! {
                opened = connect::open(&self.shared.clock, tls, &self.identity.endpoint) => opened,
                () = told_to_end(&mut self.commands, &mut self.kept) => return Err(Gone::Told),
            };
            match opened {
                Ok(socket) => {
                    self.reporter.report(Report::Up).await;
                    if deviates(switch::VOICE_030_TOLD) {
                        let reason = String::new();
                        let closed = Report::Closed { code: 1006, reason, by_remote: false };
                        self.reporter.report(closed).await;
                    }
                    return Ok(socket);
                }
                Err(error) => {
                    tracing::debug!("a voice server is not there any more: {error}");
                    if self.shared.config.quirks {
                        return Err(Gone::GivenUp);
                    }
                }
            }
        }
        Err(Gone::GivenUp)
    }

    async fn converse(&mut self, mut socket: Socket) -> End {
        let mut greeted = false;
        // The real server does not wait for hello.
        let waits = deviates(switch::VOICE_021_WAITS);
        if !waits {
            self.identify(&mut socket).await;
        }
        loop {
            let discovery = async {
                match &mut self.discovery {
                    Some(discovery) => discovery.await,
                    None => std::future::pending().await,
                }
            };
            let message = tokio::select! {
                command = next(&mut self.commands, &mut self.kept) => match command {
                    Some(command) => {
                        self.obey(command, &mut socket).await;
                        continue;
                    }
                    None => return self.leave(socket).await,
                },
                () = self.timer.until(self.next_heartbeat) => {
                    if self.heartbeat_sent.is_some() && deviates(switch::VOICE_025_GIVEN_UP) {
                        return End::Broken { code: 1006, reason: String::new() };
                    }
                    self.beat(&mut socket).await;
                    continue;
                }
                found = discovery => {
                    self.discovery = None;
                    if let Some((udp, address, port)) = found {
                        self.select_protocol(&mut socket, udp, address, port).await;
                    }
                    continue;
                }
                message = socket.next() => message,
            };
            match message {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap_or_default();
                    if message["op"] == 8 && !std::mem::replace(&mut greeted, true) {
                        self.greet(&message["d"]);
                        if waits {
                            self.identify(&mut socket).await;
                        }
                    } else {
                        self.hear(&mut socket, &message).await;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return match frame {
                        Some(frame) => End::Broken {
                            code: frame.code.into(),
                            reason: frame.reason.to_string(),
                        },
                        None => End::Broken { code: 1006, reason: String::new() },
                    };
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    let latitude = &self.shared.latitude;
                    if is_reset(&error) && latitude.takes(Otherwise::LostInReset) {
                        return self.stay_lost().await;
                    }
                    return End::Broken { code: 1006, reason: String::new() };
                }
                None => return End::Broken { code: 1006, reason: String::new() },
            }
        }
    }

    async fn obey(&mut self, command: Command, socket: &mut Socket) {
        match command {
            Command::Speak(speaking) => {
                let speaking = json!({
                    "speaking": u8::from(speaking), "delay": 0, "ssrc": self.ssrc,
                });
                send(socket, 5, speaking).await;
            }
            Command::ComeBack => self.returns = true,
        }
    }

    async fn leave(&mut self, socket: Socket) -> End {
        close(&self.shared.clock, socket).await;
        if std::mem::take(&mut self.returns) {
            self.haunt().await;
        }
        End::Told
    }

    /// Resumes what was left, and stays for a while without being anybody's.
    async fn haunt(&mut self) {
        let Ok(tls) = self.shared.voice_tls() else { return };
        let endpoint = self.identity.endpoint.clone();
        let clock = self.shared.clock.clone();
        let Ok(mut socket) = connect::open(&clock, tls, &endpoint).await else { return };
        self.identify(&mut socket).await;
        let gone = async { while let Some(Ok(_)) = socket.next().await {} };
        tokio::select! {
            _ = clock.within(HAUNTING, gone) => {}
            // Time that is moved waits for those who do not wait for it.
            () = self.timer.until(Moment::NEVER) => {}
        }
    }

    /// Nothing more is said or heard, as if there were a connection.
    async fn stay_lost(&mut self) -> End {
        self.handshake.open();
        loop {
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(_) => {}
                    None => return End::Told,
                },
                // Time that is moved waits for those who do not wait for it.
                () = self.timer.until(Moment::NEVER) => {}
            }
        }
    }
}

/// The next command; `None` is to end.
async fn next(
    commands: &mut mpsc::UnboundedReceiver<Command>,
    kept: &mut VecDeque<Command>,
) -> Option<Command> {
    match kept.pop_front() {
        Some(command) => Some(command),
        None => commands.recv().await,
    }
}

/// Waits until the connection is told to end, and keeps what it is told until then.
async fn told_to_end(
    commands: &mut mpsc::UnboundedReceiver<Command>,
    kept: &mut VecDeque<Command>,
) {
    while let Some(command) = commands.recv().await {
        kept.push_back(command);
    }
}

async fn close(clock: &Clock, mut socket: Socket) {
    let closing = async {
        let code: u16 = either(switch::VOICE_040_LEAVES_WITH_1001, 1000, 1001);
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        if socket.close(Some(frame)).await.is_ok() {
            // The close frame of the voice server, so that TCP ends without a reset.
            while let Some(Ok(_)) = socket.next().await {}
        }
    };
    clock.within(CLOSE_LIMIT, closing).await;
}
