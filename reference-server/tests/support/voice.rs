//! A voice server that says what it must, remembers what it was told and counts what it hears.
#![allow(dead_code, reason = "a bench and a test share it, and neither needs all of it")]

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use futures::{SinkExt, StreamExt};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{mpsc, oneshot};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Bytes of an IP discovery, request and answer.
const DISCOVERY: usize = 74;

/// Bytes of a packet with a frame of silence: header, frame, tag and nonce.
const SILENT_PACKET: usize = 12 + 3 + 16 + 4;

/// The frame of silence.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// What packets are encrypted with.
const KEY: [u8; 32] = [7; 32];

/// Frames that are sent to each player in a second.
const FRAMES: f64 = 50.0;

/// Of these, the share that must have been sent, and the share that may be silence.
const SENT: f64 = 0.99;
const SILENT: f64 = 0.01;

/// Serves on a loopback port until the program ends.
pub(crate) struct VoiceServer {
    endpoint: String,
    authority: NamedTempFile,
    heard: Arc<Mutex<Heard>>,
    conversations: Arc<Mutex<Vec<Conversation>>>,
}

/// What a server said on one connection.
#[derive(Debug)]
struct Conversation {
    /// Its messages, heartbeats left out.
    said: Vec<Value>,
    /// What its packets carry; a resumed connection has that of the one before.
    ssrc: u32,
    closes: mpsc::Sender<Farewell>,
}

/// How a connection is closed, and who waits until it is gone.
#[derive(Debug)]
struct Farewell {
    frame: CloseFrame,
    gone: oneshot::Sender<()>,
}

/// What was sent to all players so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    /// Packets that have arrived.
    packets: u64,
    /// Of them, those without sound.
    silent: u64,
    /// Packets that were sent and did not arrive: nobody is to blame but this program.
    lost: u64,
    /// What each connection had, by SSRC.
    lines: HashMap<u32, Line>,
}

/// What was sent on one connection so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Line {
    /// Packets with sound.
    pub(crate) frames: u64,
    /// Packets without.
    pub(crate) silent: u64,
    /// The last sequence number.
    last: u16,
}

impl Heard {
    /// What came after an earlier moment.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            packets: self.packets - earlier.packets,
            silent: self.silent - earlier.silent,
            lost: self.lost - earlier.lost,
            lines: HashMap::new(),
        }
    }

    /// Whether so many players were heard all the time.
    pub(crate) fn is_sound(&self, players: u32, time: Duration) -> bool {
        let due = f64::from(players) * time.as_secs_f64() * FRAMES;
        (self.packets + self.lost) as f64 >= SENT * due && self.silent as f64 <= SILENT * due
    }

    fn packet(&mut self, packet: &[u8]) {
        let [_, _, s, q, _, _, _, _, a, b, c, d, ..] = *packet else { return };
        let (sequence, ssrc) = (u16::from_be_bytes([s, q]), u32::from_be_bytes([a, b, c, d]));
        let silent = is_silence(packet);
        self.packets += 1;
        self.silent += u64::from(silent);
        let line = self.lines.entry(ssrc).or_default();
        if line.frames + line.silent > 0 {
            self.lost += u64::from(sequence.wrapping_sub(line.last).saturating_sub(1));
        }
        line.last = sequence;
        *(if silent { &mut line.silent } else { &mut line.frames }) += 1;
    }
}

impl VoiceServer {
    pub(crate) async fn start() -> Result<Self> {
        // Who ran before may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (acceptor, authority) = certificates()?;
        let gateway = TcpListener::bind("127.0.0.1:0").await?;
        let udp = UdpSocket::bind("127.0.0.1:0").await?;
        let (endpoint, sound) = (gateway.local_addr()?.to_string(), udp.local_addr()?);
        let heard = Arc::new(Mutex::new(Heard::default()));
        tokio::spawn(hear(udp, heard.clone()));
        let conversations = Arc::new(Mutex::new(Vec::new()));
        let all = conversations.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = gateway.accept().await {
                let (all, acceptor) = (all.clone(), acceptor.clone());
                tokio::spawn(async move {
                    if let Err(error) = converse(stream, acceptor, sound, all).await {
                        eprintln!("a voice connection broke: {error}");
                    }
                });
            }
        });
        Ok(Self { endpoint, authority, heard, conversations })
    }

    /// Host and port.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Who signed its certificate, as PEM.
    pub(crate) fn authority(&self) -> &Path {
        self.authority.path()
    }

    /// What was heard until now.
    pub(crate) fn heard(&self) -> Heard {
        locked(&self.heard).clone()
    }

    /// What was heard on the connection opened last until now.
    pub(crate) fn heard_last(&self) -> Line {
        let ssrc = locked(&self.conversations).last().map_or(0, |last| last.ssrc);
        locked(&self.heard).lines.get(&ssrc).copied().unwrap_or_default()
    }

    /// What was said on each connection, in the order in which they were opened.
    pub(crate) fn said(&self) -> Vec<Vec<Value>> {
        locked(&self.conversations).iter().map(|one| one.said.clone()).collect()
    }

    /// Closes the connection opened last, and waits until it is gone.
    pub(crate) async fn close_last(&self, code: u16, reason: &str) {
        let frame = CloseFrame { code: code.into(), reason: reason.to_owned().into() };
        let (gone, left) = oneshot::channel();
        let closes = locked(&self.conversations).last().map(|last| last.closes.clone());
        if let Some(closes) = closes
            && closes.send(Farewell { frame, gone }).await.is_ok()
        {
            // It may have gone by itself.
            let _ = left.await;
        }
    }
}

fn certificates() -> Result<(TlsAcceptor, NamedTempFile)> {
    let mut params = CertificateParams::new([])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate()?;
    let authority = params.self_signed(&key)?;
    let mut file = NamedTempFile::new()?;
    file.write_all(authority.pem().as_bytes())?;
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate()?;
    let names = ["127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key)?;
    Ok((TlsAcceptor::from(Arc::new(config)), file))
}

/// Whether this is the frame of silence that is sent when sound stops. One of nothing but zeros may
/// be as short, and is another.
fn is_silence(packet: &[u8]) -> bool {
    if packet.len() != SILENT_PACKET {
        return false;
    }
    let (header, rest) = packet.split_at(12);
    let (frame, counter) = rest.split_at(rest.len() - 4);
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(counter);
    let payload = Payload { msg: frame, aad: header };
    let frame = Aes256Gcm::new(&KEY.into()).decrypt(&nonce.into(), payload);
    frame.is_ok_and(|frame| frame == SILENCE)
}

async fn hear(udp: UdpSocket, heard: Arc<Mutex<Heard>>) {
    let mut packet = [0; 1500];
    while let Ok((length, from)) = udp.recv_from(&mut packet).await {
        if length == DISCOVERY && packet[..2] == [0, 1] {
            packet[1] = 2;
            let address = from.ip().to_string();
            packet[8..8 + address.len()].copy_from_slice(address.as_bytes());
            packet[DISCOVERY - 2..DISCOVERY].copy_from_slice(&from.port().to_be_bytes());
            // It asks again if this gets lost.
            let _ = udp.send_to(&packet[..DISCOVERY], from).await;
        } else {
            locked(&heard).packet(&packet[..length]);
        }
    }
}

async fn converse(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    sound: SocketAddr,
    all: Arc<Mutex<Vec<Conversation>>>,
) -> Result<()> {
    let mut socket = accept_async(acceptor.accept(stream).await?).await?;
    let (closes, mut farewells) = mpsc::channel(1);
    let index = {
        let mut all = locked(&all);
        let ssrc = all.len() as u32 + 1;
        all.push(Conversation { said: Vec::new(), ssrc, closes });
        all.len() - 1
    };
    let say = |op: u8, data: Value| Message::text(json!({"op": op, "d": data}).to_string());
    let numbered = |op: u8, data: Value, number: u8| {
        Message::text(json!({"op": op, "d": data, "seq": number}).to_string())
    };
    socket.send(say(8, json!({"v": 8, "heartbeat_interval": 13_750}))).await?;
    let mut waiting = None;
    loop {
        let message = tokio::select! {
            message = socket.next() => message,
            Some(Farewell { frame, gone }) = farewells.recv() => {
                waiting = Some(gone);
                socket.close(Some(frame)).await?;
                continue;
            }
        };
        // The server may go without a farewell.
        let Some(Ok(message)) = message else { break };
        let Message::Text(text) = message else { continue };
        let message: Value = serde_json::from_str(&text)?;
        let mode = "aead_aes256_gcm_rtpsize";
        let answer = match message["op"].as_u64() {
            Some(0) => {
                let (ip, port) = (sound.ip().to_string(), sound.port());
                let modes = [mode];
                let ssrc = locked(&all)[index].ssrc;
                let data = json!({"ssrc": ssrc, "ip": ip, "port": port, "modes": modes});
                Some(numbered(2, data, 0))
            }
            Some(1) => Some(numbered(4, json!({"mode": mode, "secret_key": KEY}), 1)),
            Some(7) => {
                let mut all = locked(&all);
                all[index].ssrc = index.checked_sub(1).map_or(0, |before| all[before].ssrc);
                Some(say(9, Value::Null))
            }
            Some(3) => Some(say(6, json!({"t": message["d"]["t"]}))),
            _ => None,
        };
        if message["op"] != 3 {
            locked(&all)[index].said.push(message);
        }
        if let Some(answer) = answer {
            socket.send(answer).await?;
        }
    }
    if let Some(gone) = waiting {
        let _ = gone.send(());
    }
    Ok(())
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
