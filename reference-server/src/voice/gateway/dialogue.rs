//! What is said to a gateway, and what its words lead to.

use std::net::IpAddr;
use std::time::Duration;

use futures::{FutureExt, SinkExt};
use serde_json::{Value, json};
use tokio::net::UdpSocket;
use tokio_tungstenite::tungstenite::Message;

use super::Conversation;
use super::discovery::discover;
use crate::deviations::switch::{self, deviates, either};
use crate::voice::connect::Socket;
use crate::voice::rtp::{Mode, RtpStream};
use crate::voice::{Report, Reporter, SAID};

/// Sooner than this no heartbeats are sent, whatever the gateway asks for.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(20);

impl<R: Reporter> Conversation<R> {
    /// Takes the rhythm of heartbeats from hello.
    pub(super) fn greet(&mut self, hello: &Value) {
        let interval = hello["heartbeat_interval"].as_f64().unwrap_or(f64::MAX);
        let interval = Duration::try_from_secs_f64(interval / 1000.0).unwrap_or(Duration::MAX);
        self.heartbeat_interval = interval.max(SHORTEST_INTERVAL);
        if deviates(switch::VOICE_007_HALF) {
            self.heartbeat_interval *= 2;
        }
        let first = either(switch::VOICE_026_AT_ONCE, self.heartbeat_interval, Duration::ZERO);
        self.next_heartbeat = self.shared.clock.now() + first;
    }

    /// Says who is there, or that there is a session to resume.
    pub(super) async fn identify(&mut self, socket: &mut Socket) {
        let identity = &self.identity;
        if self.described && !deviates(switch::VOICE_004_ANEW) {
            let resume = json!({
                "server_id": identity.guild.to_string(), "session_id": identity.session_id,
                "token": identity.token, "video": true, "seq_ack": self.sequence,
            });
            send(socket, 7, resume).await;
        } else {
            let identify = json!({
                "server_id": identity.guild.to_string(), "user_id": identity.user.to_string(),
                "session_id": identity.session_id, "token": identity.token,
                "max_dave_protocol_version": 0,
                "video": true,
            });
            send(socket, 0, identify).await;
        }
    }

    pub(super) async fn hear(&mut self, socket: &mut Socket, message: &Value) {
        if let Some(sequence) = message["seq"].as_i64() {
            self.sequence = sequence;
        }
        let data = &message["d"];
        match message["op"].as_u64() {
            Some(2) => {
                self.failures = 0;
                self.reporter.report(Report::Ready).await;
                send(socket, 15, json!({"any": 0})).await;
                self.ssrc = number(&data["ssrc"]);
                let offered = data["modes"].as_array().into_iter().flatten();
                self.mode = Mode::choose(offered.filter_map(Value::as_str));
                let ip = data["ip"].as_str().and_then(|ip| ip.parse::<IpAddr>().ok());
                if let (Some(ip), Some(_)) = (ip, self.mode) {
                    let port = number(&data["port"]) as u16;
                    let clock = self.shared.clock.clone();
                    self.discovery = Some(discover(clock, ip, port, self.ssrc).boxed());
                }
            }
            Some(4) => {
                let key = serde_json::from_value::<[u8; 32]>(data["secret_key"].clone()).ok();
                if let (Some(key), Some(mode), Some(udp)) = (key, self.mode, self.udp.take()) {
                    self.described = true;
                    let stream = RtpStream::new(udp, mode, &key, self.ssrc);
                    self.reporter.report(Report::Described(Box::new(stream))).await;
                    let quiet = json!({"speaking": 0, "delay": 0, "ssrc": self.ssrc});
                    send(socket, 5, quiet).await;
                    let streams = json!({"audio_ssrc": self.ssrc, "video_ssrc": 0, "rtx_ssrc": 0});
                    send(socket, 12, streams).await;
                    self.handshake.open();
                }
            }
            Some(6) => {
                if let Some(sent) = self.heartbeat_sent.take() {
                    let ping = self.shared.clock.now().since(sent);
                    self.reporter.report(Report::Ping(ping)).await;
                }
            }
            Some(9) => {
                self.handshake.open();
                if !deviates(switch::VOICE_063_COUNTED) {
                    self.failures = 0;
                }
            }
            _ => {}
        }
    }

    pub(super) async fn beat(&mut self, socket: &mut Socket) {
        let now = self.shared.clock.now();
        self.next_heartbeat = now + self.heartbeat_interval;
        if self.heartbeat_sent.is_some() && deviates(switch::VOICE_061_RESET) {
            self.reporter.report(Report::Ping(Duration::ZERO)).await;
        }
        self.heartbeat_sent = Some(now);
        let heartbeat = json!({"t": self.shared.clock.wall_ms(), "seq_ack": self.sequence});
        send(socket, 3, heartbeat).await;
    }

    pub(super) async fn select_protocol(
        &mut self,
        socket: &mut Socket,
        udp: UdpSocket,
        address: IpAddr,
        port: u16,
    ) {
        let Some(mode) = self.mode.map(Mode::name) else { return };
        self.udp = Some(udp);
        let select = json!({
            "protocol": "udp", "mode": mode, "address": address, "port": port,
            "rtc_connection_id": connection_id(),
            "data": {"mode": mode, "address": address, "port": port},
            "codecs": [{"payload_type": 120, "name": "opus", "priority": 1000, "type": "audio"}],
        });
        send(socket, 1, select).await;
    }
}

fn number(value: &Value) -> u32 {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}

/// 32 hexadecimal digits in the form of a UUID.
fn connection_id() -> String {
    let id = format!("{:032x}", rand::random::<u128>());
    format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..])
}

pub(super) async fn send(socket: &mut Socket, op: u8, mut data: Value) {
    if let Some(change) = SAID.get() {
        change(op, &mut data);
    }
    let text = json!({"op": op, "d": data}).to_string();
    // If it has ended, that shows when it is read.
    socket.send(Message::Text(text.into())).await.ok();
}
