//! A client joins a room and leaves it, in every way that scenarios need.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::net::{TcpStream, UdpSocket};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::rtp::tests::datagram;
use super::*;
use crate::timeline::Timeline;

const LIMIT: Duration = Duration::from_secs(5);

struct Client(WebSocketStream<TlsStream<TcpStream>>);

async fn room() -> (Authority, Room) {
    let authority = Authority::new().unwrap();
    let room = Room::open(&authority, &Timeline::new()).await.unwrap();
    (authority, room)
}

async fn connect(authority: &Authority, room: &Room, path: &str) -> Result<Client, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(room.endpoint()).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let url = format!("wss://{}{path}", room.endpoint());
    Ok(Client(tokio_tungstenite::client_async(url, stream).await?.0))
}

impl Client {
    async fn say(&mut self, op: u8, data: Value) {
        let text = json!({"op": op, "d": data}).to_string();
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        let next = tokio::time::timeout(LIMIT, self.0.next()).await.expect("something comes");
        serde_json::from_str(next.unwrap().unwrap().to_text().unwrap()).unwrap()
    }

    /// Hello, identify, ready, discovery, select, description; gives back the UDP socket, the
    /// SSRC and the key.
    async fn join(&mut self, mode: Mode) -> (UdpSocket, u32, [u8; 32]) {
        assert_eq!(self.hear().await["op"], 8);
        self.say(0, json!({"server_id": "1", "user_id": "2", "token": "t"})).await;
        let ready = self.hear().await;
        assert_eq!((&ready["op"], &ready["seq"]), (&json!(2), &json!(1)));
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = ready["d"]["port"].as_u64().unwrap();
        udp.connect(format!("127.0.0.1:{port}")).await.unwrap();
        let ssrc = ready["d"]["ssrc"].as_u64().unwrap() as u32;
        let mut request = vec![0, 1, 0, 70];
        request.extend(ssrc.to_be_bytes());
        request.resize(74, 0);
        udp.send(&request).await.unwrap();
        let mut answer = [0; 100];
        assert_eq!(udp.recv(&mut answer).await.unwrap(), 74);
        assert!(answer[8..].starts_with(b"127.0.0.1\0"));
        let own_port = udp.local_addr().unwrap().port();
        assert_eq!(answer[72..74], own_port.to_be_bytes());
        let select = json!({"protocol": "udp", "data": {"mode": mode.name(), "port": own_port}});
        self.say(1, select).await;
        let description = self.hear().await;
        assert_eq!(description["op"], 4);
        let key: [u8; 32] = serde_json::from_value(description["d"]["secret_key"].clone()).unwrap();
        (udp, ssrc, key)
    }
}

#[tokio::test]
async fn a_client_joins_speaks_and_is_heard_in_both_modes() {
    for mode in Mode::ALL {
        let (authority, room) = room().await;
        let mut client = connect(&authority, &room, "/?v=8").await.unwrap();
        let (udp, ssrc, key) = client.join(mode).await;
        client.say(5, json!({"speaking": 1, "delay": 0, "ssrc": ssrc})).await;
        for n in 0..100_u16 {
            let opus = if n < 95 { vec![0xfc, 0, 0] } else { SILENCE.to_vec() };
            let timestamp = u32::from(n) * 960;
            let packet = Packet { sequence: n, timestamp, ssrc, payload_type: 120, opus };
            udp.send(&datagram(&packet, mode, &key, u32::from(n), &[])).await.unwrap();
        }
        udp.send(b"garbage").await.unwrap();
        room.hear_all(LIMIT).await.unwrap();
        let sound = room.now().sound;
        assert_eq!((sound.audio, sound.silence, sound.unreadable), (95, 5, 1), "{mode:?}");
        assert_eq!((sound.lost, sound.disordered, sound.timestamp_jumps), (0, 0, 0));
        let speaks = |record: &Record| record.events.contains(&Event::Speaking(true)).then_some(());
        room.wait(LIMIT, speaks).await.expect("speaking is seen");
    }
}

#[tokio::test]
async fn heartbeats_are_acknowledged_late_if_told_so() {
    let (authority, room) = room().await;
    room.behave(|behaviour| _ = behaviour.withheld.insert(Step::HeartbeatAck));
    let mut client = connect(&authority, &room, "/?v=8").await.unwrap();
    client.hear().await;
    client.say(3, json!({"t": 42, "seq_ack": -1})).await;
    let seen = |record: &Record| {
        let heartbeat = Event::Heartbeat(json!({"t": 42, "seq_ack": -1}));
        record.events.contains(&heartbeat).then_some(())
    };
    room.wait(LIMIT, seen).await.expect("the heartbeat is seen");
    let early = tokio::time::timeout(Duration::from_millis(80), client.0.next()).await;
    assert!(early.is_err(), "{early:?}");
    room.acknowledge();
    let ack = client.hear().await;
    assert_eq!((&ack["op"], &ack["d"]["t"]), (&json!(6), &json!(42)));
    client.say(3, json!({"t": 43, "seq_ack": -1})).await;
    assert_eq!(client.hear().await["d"]["t"], 43);
}

#[tokio::test]
async fn closing_dropping_and_leaving_are_three_things() {
    let (authority, room) = room().await;
    let mut client = connect(&authority, &room, "/?v=8").await.unwrap();
    client.hear().await;
    room.close(4014, "Disconnected");
    let end = client.0.next().await.unwrap().unwrap();
    assert!(matches!(end, Message::Close(Some(frame)) if u16::from(frame.code) == 4014));

    let mut client = connect(&authority, &room, "/?v=8").await.unwrap();
    client.hear().await;
    room.drop_connections();
    let end = tokio::time::timeout(LIMIT, client.0.next()).await.unwrap();
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");

    let mut client = connect(&authority, &room, "/?v=8").await.unwrap();
    client.hear().await;
    client.0.close(None).await.unwrap();
    let left =
        |record: &Record| record.events.iter().any(|e| matches!(e, Event::Left(..))).then_some(());
    room.wait(LIMIT, left).await.expect("leaving is seen");
    let empty = |record: &Record| (record.open == 0).then_some(());
    room.wait(LIMIT, empty).await.expect("all connections end");
}

#[tokio::test]
async fn resuming_is_answered_and_refusals_are_given() {
    let (authority, room) = room().await;
    let mut client = connect(&authority, &room, "/?v=8").await.unwrap();
    client.hear().await;
    client.say(7, json!({"server_id": "1", "token": "t", "seq_ack": 2})).await;
    assert_eq!(client.hear().await["op"], 9);
    room.behave(|behaviour| behaviour.closing = Some((4006, "no".into())));
    client.say(0, json!({"server_id": "1"})).await;
    let end = client.0.next().await.unwrap().unwrap();
    assert!(matches!(end, Message::Close(Some(frame)) if u16::from(frame.code) == 4006));
    room.behave(|behaviour| behaviour.refusal = Some(503));
    match connect(&authority, &room, "/?v=8").await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 503),
        other => panic!("{:?}", other.err()),
    }
    room.behave(|behaviour| behaviour.refusal = None);
    for unknown in ["/?v=3", "/?v=9", "/"] {
        assert!(connect(&authority, &room, unknown).await.is_err(), "{unknown}");
    }
}

#[tokio::test]
async fn an_older_version_has_no_numbers_and_plain_heartbeats() {
    let timeline = Timeline::new();
    let authority = Authority::new().unwrap();
    let room = Room::open(&authority, &timeline).await.unwrap();
    let mut client = connect(&authority, &room, "/?v=4").await.unwrap();
    assert_eq!(client.hear().await["d"]["v"], 4);
    client.say(0, json!({"server_id": "1"})).await;
    let ready = client.hear().await;
    assert_eq!((&ready["op"], ready.get("seq")), (&json!(2), None));
    client.say(3, json!(1234)).await;
    assert_eq!(client.hear().await, json!({"op": 6, "d": 1234}));
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_authority_is_told_of() {
    let timeline = Timeline::new();
    let room = Room::open(&Authority::new().unwrap(), &timeline).await.unwrap();
    assert!(connect(&Authority::new().unwrap(), &room, "/?v=8").await.is_err());
    let told = || timeline.entries().iter().any(|entry| entry.summary.contains("TLS"));
    while !told() {
        tokio::task::yield_now().await;
    }
}
