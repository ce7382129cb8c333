//! Which address a voice server hears this one from.

use std::net::IpAddr;
use std::time::Duration;

use tokio::net::UdpSocket;

use crate::clock::Clock;
use crate::deviations::switch::{self, either};

/// Requests for one's own address, a second apart.
const DISCOVERY_ATTEMPTS: u32 = 10;
const DISCOVERY_PAUSE: Duration = Duration::from_secs(1);

/// Asks the voice server from where it hears this one.
pub(super) async fn discover(
    clock: Clock,
    ip: IpAddr,
    port: u16,
    ssrc: u32,
) -> Option<(UdpSocket, IpAddr, u16)> {
    let any: IpAddr = if ip.is_ipv4() { [0, 0, 0, 0].into() } else { [0u16; 8].into() };
    let socket = UdpSocket::bind((any, 0)).await.ok()?;
    socket.connect((ip, port)).await.ok()?;
    let mut request = vec![0, 1, 0, 70];
    request.extend(ssrc.to_be_bytes());
    request.resize(74, 0);
    let mut answer = [0; 128];
    for _ in 0..either(switch::VOICE_028_ONCE, DISCOVERY_ATTEMPTS, 1) {
        // Lost ones are sent again.
        socket.send(&request).await.ok();
        let heard = clock.within(DISCOVERY_PAUSE, socket.recv(&mut answer)).await;
        if let Some(Ok(74)) = heard
            && answer.starts_with(&[0, 2])
        {
            let text = answer[8..72].split(|byte| *byte == 0).next().unwrap_or_default();
            let address = std::str::from_utf8(text).ok()?.parse().ok()?;
            return Some((socket, address, u16::from_be_bytes([answer[72], answer[73]])));
        }
    }
    None
}
