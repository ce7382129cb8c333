//! A voice server that says what it must and counts what it hears.

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::Result;

/// Bytes of an IP discovery, request and answer.
const DISCOVERY: usize = 74;

/// Bytes of a packet with a frame of silence: header, frame, tag and nonce.
const SILENT_PACKET: usize = 12 + 3 + 16 + 4;

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
    /// The last sequence number of each player.
    last: HashMap<u32, u16>,
}

impl Heard {
    /// What came after an earlier moment.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            packets: self.packets - earlier.packets,
            silent: self.silent - earlier.silent,
            lost: self.lost - earlier.lost,
            last: HashMap::new(),
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
        self.packets += 1;
        self.silent += u64::from(packet.len() == SILENT_PACKET);
        if let Some(last) = self.last.insert(ssrc, sequence) {
            self.lost += u64::from(sequence.wrapping_sub(last).saturating_sub(1));
        }
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
        tokio::spawn(async move {
            let next = AtomicU32::new(1);
            while let Ok((stream, _)) = gateway.accept().await {
                let ssrc = next.fetch_add(1, Ordering::Relaxed);
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    if let Err(error) = converse(stream, acceptor, sound, ssrc).await {
                        eprintln!("a voice connection broke: {error}");
                    }
                });
            }
        });
        Ok(Self { endpoint, authority, heard })
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
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
            heard.lock().unwrap_or_else(PoisonError::into_inner).packet(&packet[..length]);
        }
    }
}

async fn converse(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    sound: SocketAddr,
    ssrc: u32,
) -> Result<()> {
    let mut socket = accept_async(acceptor.accept(stream).await?).await?;
    let say = |op: u8, data: Value| Message::text(json!({"op": op, "d": data}).to_string());
    socket.send(say(8, json!({"v": 8, "heartbeat_interval": 13_750}))).await?;
    // The server may go without a farewell.
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let message: Value = serde_json::from_str(&text)?;
        let mode = "aead_aes256_gcm_rtpsize";
        let answer = match message["op"].as_u64() {
            Some(0) => {
                let (ip, port) = (sound.ip().to_string(), sound.port());
                say(2, json!({"ssrc": ssrc, "ip": ip, "port": port, "modes": [mode]}))
            }
            Some(1) => say(4, json!({"mode": mode, "secret_key": vec![7; 32]})),
            Some(3) => say(6, json!({"t": message["d"]["t"]})),
            _ => continue,
        };
        socket.send(answer).await?;
    }
    Ok(())
}
