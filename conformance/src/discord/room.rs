//! A voice channel that a target can join: its gateway, its UDP server, and what came there.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::RngExt;
use serde_json::Value;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use super::gateway::{self, Command};
use super::rtp::{KEY_LENGTH, Mode};
use super::sound::Sound;
use super::{Authority, hearing};
use crate::timeline::Timeline;

/// Room for the datagrams that come while nobody reads, bytes. The system may give less.
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;

/// A voice channel. When it is dropped, nobody is there any more.
#[derive(Debug)]
pub struct Room {
    shared: Arc<Shared>,
    endpoint: String,
    udp: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

/// What a room does otherwise than it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// What it does not do.
    pub withheld: BTreeSet<Step>,
    /// How long it takes to answer the upgrade.
    pub upgrade_delay: Duration,
    /// It answers the upgrade with this status.
    pub refusal: Option<u16>,
    /// It answers the identification by closing.
    pub closing: Option<(u16, String)>,
    /// It ends the TCP connection after its first word, this way.
    pub ends_at_hello: Option<Ending>,
    /// Its certificate is that of another host.
    pub is_impostor: bool,
    /// How often it wants heartbeats.
    pub heartbeat_interval: Duration,
    /// What it offers to encrypt with, by name.
    pub modes: Vec<String>,
}

/// How TCP ends without a word of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// What was sent before still arrives.
    Quiet,
    /// With a reset, which takes away what has not been read yet.
    Reset,
}

/// Steps of the gateway's part in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Answering the HTTP upgrade.
    Upgrade,
    /// Op 8.
    Hello,
    /// Op 2.
    Ready,
    /// Telling over UDP from where it is heard.
    Discovery,
    /// Op 4.
    SessionDescription,
    /// Op 9.
    Resumed,
    /// Op 6.
    HeartbeatAck,
}

/// Everything that came so far.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What happened at the gateway, in order.
    pub events: Vec<Event>,
    /// Why TLS failed with the connection that came last, if it did.
    pub tls_failure: Option<String>,
    /// Connections that are open.
    pub open: usize,
    /// What was heard.
    pub sound: Sound,
    /// Datagrams of the runner itself, which tell that all before them have been read.
    pub(super) marks: usize,
}

/// Something that happened at the gateway.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It asked for an upgrade.
    Knocked,
    /// A connection was accepted, for this version of the gateway.
    Connected(u8),
    /// Op 0, its data.
    Identified(Value),
    /// Op 7, its data.
    Resuming(Value),
    /// It asked over UDP from where it is heard.
    Discovering,
    /// Op 1, the mode it chose.
    Selected(String),
    /// Op 5, whether it speaks.
    Speaking(bool),
    /// Op 3, its data.
    Heartbeat(Value),
    /// It closed with a code and a reason; without a code it just went away.
    Left(Option<u16>, String),
}

/// What the tasks of a room share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) record: watch::Sender<Record>,
    pub(super) commands: broadcast::Sender<Command>,
    pub(super) behaviour: Mutex<Behaviour>,
    pub(super) timeline: Timeline,
    pub(super) ssrc: u32,
    pub(super) key: [u8; KEY_LENGTH],
    /// What the target chose last.
    pub(super) mode: Mutex<Mode>,
    pub(super) udp_port: u16,
}

impl Room {
    /// An empty one on free ports of loopback.
    ///
    /// # Errors
    /// If no port of 127.0.0.1 can be had.
    pub async fn open(authority: &Authority, timeline: &Timeline) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        // `localhost` is that too, for some targets first of all. Not every machine has it.
        let port = listener.local_addr()?.port();
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        socket2::SockRef::from(&udp).set_recv_buffer_size(RECEIVE_BUFFER)?;
        let (endpoint, udp_address) = (format!("localhost:{port}"), udp.local_addr()?);
        let mut random = rand::rng();
        let shared = Arc::new(Shared {
            record: watch::channel(Record::default()).0,
            commands: broadcast::channel(16).0,
            behaviour: Mutex::default(),
            timeline: timeline.clone(),
            ssrc: random.random_range(1..u32::MAX),
            key: random.random(),
            mode: Mutex::new(Mode::Aes256Gcm),
            udp_port: udp_address.port(),
        });
        let serve = |listener| {
            tokio::spawn(gateway::accept(listener, authority.servers(), Arc::clone(&shared)))
        };
        let mut tasks = vec![tokio::spawn(hearing::listen(udp, Arc::clone(&shared)))];
        tasks.extend([Some(listener), second].into_iter().flatten().map(serve));
        Ok(Self { shared, endpoint, udp: udp_address, tasks })
    }

    /// Host and port, as a bot would get it from Discord.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Changes what it does otherwise than it should, from the next time on.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.shared.behaviour());
    }

    /// Whether it shows the certificate of another host.
    pub(crate) fn is_impostor(&self) -> bool {
        self.shared.behaviour().is_impostor
    }

    /// Closes every connection with a code and a reason.
    pub fn close(&self, code: u16, reason: &str) {
        let command = Command::Close(code, reason.to_owned());
        // Nobody there is nobody to close.
        self.shared.commands.send(command).ok();
    }

    /// Ends the TCP connections without a word.
    pub fn drop_connections(&self) {
        self.end_connections(Ending::Quiet);
    }

    /// Resets the TCP connections.
    pub fn reset_connections(&self) {
        self.end_connections(Ending::Reset);
    }

    fn end_connections(&self, ending: Ending) {
        // Nobody there is nobody to drop.
        self.shared.commands.send(Command::End(ending)).ok();
    }

    /// Acknowledges the heartbeats that it has not acknowledged, and all others.
    pub fn acknowledge(&self) {
        self.behave(|behaviour| _ = behaviour.withheld.remove(&Step::HeartbeatAck));
        // Nobody there has sent none.
        self.shared.commands.send(Command::Acknowledge).ok();
    }

    /// What came so far.
    pub fn now(&self) -> Record {
        self.shared.record.borrow().clone()
    }

    /// Forgets what was heard, to hear anew.
    pub fn forget_sound(&self) {
        self.shared.change(|record| record.sound.clear());
    }

    /// Waits until `found` gives something, for at most `limit`.
    pub async fn wait<T>(
        &self,
        limit: Duration,
        mut found: impl FnMut(&Record) -> Option<T>,
    ) -> Option<T> {
        let mut result = None;
        let mut view = self.shared.record.subscribe();
        let waiting = view.wait_for(|record| {
            result = found(record);
            result.is_some()
        });
        // Over time or not, the result is what was found.
        let _ = tokio::time::timeout(limit, waiting).await;
        result
    }

    /// Waits until every datagram that has arrived is read: one of our own comes last.
    ///
    /// # Errors
    /// If the datagram cannot be sent.
    pub async fn hear_all(&self, limit: Duration) -> io::Result<()> {
        let before = self.shared.record.borrow().marks;
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        socket.send_to(hearing::MARK, self.udp).await?;
        self.wait(limit, |record| (record.marks > before).then_some(())).await;
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        // Links end by this.
        self.reset_connections();
    }
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            withheld: BTreeSet::new(),
            upgrade_delay: Duration::ZERO,
            refusal: None,
            closing: None,
            ends_at_hello: None,
            is_impostor: false,
            heartbeat_interval: Duration::from_millis(13_750),
            modes: Mode::ALL.map(|mode| mode.name().to_owned()).to_vec(),
        }
    }
}

impl Behaviour {
    pub(super) fn withholds(&self, step: Step) -> bool {
        self.withheld.contains(&step)
    }
}

impl Shared {
    pub(super) fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn withholds(&self, step: Step) -> bool {
        self.behaviour().withholds(step)
    }

    pub(super) fn mode(&self) -> MutexGuard<'_, Mode> {
        self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Record)) {
        self.record.send_modify(change);
    }

    /// Writes an event down, for the scenario and for people.
    pub(super) fn happened(&self, event: Event) {
        self.timeline.push("voice", event.describe(), None);
        self.change(|record| record.events.push(event));
    }
}

impl Event {
    /// In a few words.
    pub(crate) fn describe(&self) -> String {
        let text = |data: &Value, key: &str| data[key].as_str().unwrap_or("?").to_owned();
        match self {
            Self::Knocked => "asks the voice gateway for a connection".into(),
            Self::Connected(_) => "connects to the voice gateway".into(),
            Self::Identified(data) => format!("identifies for guild {}", text(data, "server_id")),
            Self::Resuming(data) => format!("resumes for guild {}", text(data, "server_id")),
            Self::Discovering => "asks from where it is heard".into(),
            Self::Selected(mode) => format!("selects {mode}"),
            Self::Speaking(true) => "speaks".into(),
            Self::Speaking(false) => "speaks no more".into(),
            Self::Heartbeat(_) => "sends a heartbeat".into(),
            Self::Left(Some(code), reason) => format!("leaves with {code} {reason:?}"),
            Self::Left(None, _) => "goes away".into(),
        }
    }
}
