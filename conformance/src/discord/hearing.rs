//! The UDP side of a room: tells the target from where it is heard, and hears it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::UdpSocket;

use super::room::{Event, Shared, Step};
use super::rtp::Packet;

/// A datagram of the runner itself.
pub(super) const MARK: &[u8] = b"lavalink-conformance: all before this has been read";

/// A request to be told one's own address, and its answer: type, length, SSRC, 64 bytes of
/// address, port.
const DISCOVERY_LENGTH: usize = 74;
const DISCOVERY_REQUEST: [u8; 4] = [0, 1, 0, 70];
const DISCOVERY_ANSWER: [u8; 4] = [0, 2, 0, 70];

/// Hears until the room is gone.
pub(super) async fn listen(socket: UdpSocket, room: Arc<Shared>) {
    let mut buffer = vec![0; 2048];
    // A datagram that cannot be read says nothing of the next one.
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        let datagram = &buffer[..length];
        if datagram == MARK {
            room.change(|record| record.marks += 1);
        } else if length == DISCOVERY_LENGTH && datagram.starts_with(&DISCOVERY_REQUEST) {
            room.happened(Event::Discovering);
            if !room.withholds(Step::Discovery) {
                // The target asks again if it does not hear.
                socket.send_to(&answer(datagram, from), from).await.ok();
            }
        } else {
            hear(&room, datagram);
        }
    }
}

fn answer(request: &[u8], from: SocketAddr) -> Vec<u8> {
    let mut answer = vec![0; DISCOVERY_LENGTH];
    answer[..4].copy_from_slice(&DISCOVERY_ANSWER);
    answer[4..8].copy_from_slice(&request[4..8]);
    let address = from.ip().to_string();
    answer[8..8 + address.len()].copy_from_slice(address.as_bytes());
    answer[72..].copy_from_slice(&from.port().to_be_bytes());
    answer
}

fn hear(room: &Shared, datagram: &[u8]) {
    let mode = *room.mode();
    let packet = Packet::read(datagram, mode, &room.key);
    room.change(|record| match packet {
        Ok(packet) => record.sound.hear(packet, room.ssrc),
        Err(_) => record.sound.unreadable += 1,
    });
}
