//! RTP to Discord: Opus frames, encrypted, one packet each.

use std::io;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::XChaCha20Poly1305;
use tokio::net::UdpSocket;

use crate::deviations::switch::{self, deviates, either};
use crate::pcm::FRAME_SAMPLES;

/// Payload type of Discord's audio.
const PAYLOAD_TYPE: u8 = 120;

/// How packets are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Aes256Gcm,
    XChaCha20Poly1305,
}

impl Mode {
    /// The first of the offered modes that is known here, as the real server chooses.
    pub(crate) fn choose<'a>(offered: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut offered: Vec<_> = offered.into_iter().collect();
        if deviates(switch::VOICE_018_LAST_FIRST) {
            offered.reverse();
        }
        if deviates(switch::VOICE_018_FIRST_ONLY) {
            offered.truncate(1);
        }
        let known = [Self::Aes256Gcm, Self::XChaCha20Poly1305];
        if deviates(switch::VOICE_018_OWN_ORDER) {
            return known.into_iter().find(|mode| offered.contains(&mode.name()));
        }
        offered.into_iter().find_map(|name| known.into_iter().find(|mode| mode.name() == name))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aead_aes256_gcm_rtpsize",
            Self::XChaCha20Poly1305 => "aead_xchacha20_poly1305_rtpsize",
        }
    }
}

/// The key of a session, ready to encrypt.
enum Cipher {
    Aes256Gcm(Box<Aes256Gcm>),
    XChaCha20Poly1305(Box<XChaCha20Poly1305>),
}

/// Sends frames to a voice server. Numbers go on as long as this lives.
pub(crate) struct RtpStream {
    socket: UdpSocket,
    cipher: Cipher,
    ssrc: u32,
    pub(crate) sequence: u16,
    timestamp: u32,
    counter: u32,
}

impl RtpStream {
    /// Over a socket that is connected to the voice server.
    pub(crate) fn new(socket: UdpSocket, mode: Mode, key: &[u8; 32], ssrc: u32) -> Self {
        let cipher = match mode {
            Mode::Aes256Gcm => Cipher::Aes256Gcm(Box::new(Aes256Gcm::new(key.into()))),
            Mode::XChaCha20Poly1305 => {
                Cipher::XChaCha20Poly1305(Box::new(XChaCha20Poly1305::new(key.into())))
            }
        };
        Self { socket, cipher, ssrc, sequence: 0, timestamp: 0, counter: 0 }
    }

    /// Sends one frame of 20 ms. What the system does not take at once is lost, as with any
    /// datagram.
    pub(crate) fn send(&mut self, opus: &[u8]) -> io::Result<()> {
        let packet = self.packet(opus);
        match self.socket.try_send(&packet) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }

    fn packet(&mut self, opus: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x80, PAYLOAD_TYPE];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        let counter = self.counter.to_be_bytes();
        // Only data of more than 64 GiB cannot be encrypted.
        let encrypted = self.cipher.encrypt(counter, Payload { msg: opus, aad: &packet });
        packet.extend(encrypted.unwrap_or_default());
        packet.extend(counter);
        let step = if self.counter.is_multiple_of(2) && deviates(switch::PLAYBACK_003_SEQUENCE) {
            0
        } else {
            1
        };
        self.sequence = self.sequence.wrapping_add(step);
        let samples =
            either(switch::PLAYBACK_003_TIMESTAMPS, FRAME_SAMPLES as u32, FRAME_SAMPLES as u32 / 2);
        self.timestamp = self.timestamp.wrapping_add(samples);
        self.counter = self.counter.wrapping_add(1);
        packet
    }
}

impl Cipher {
    /// The counter and zeros are the nonce.
    fn encrypt(&self, counter: [u8; 4], payload: Payload<'_, '_>) -> Option<Vec<u8>> {
        match self {
            Self::Aes256Gcm(cipher) => {
                let mut nonce = [0; 12];
                nonce[..4].copy_from_slice(&counter);
                cipher.encrypt(&nonce.into(), payload).ok()
            }
            Self::XChaCha20Poly1305(cipher) => {
                let mut nonce = [0; 24];
                nonce[..4].copy_from_slice(&counter);
                cipher.encrypt(&nonce.into(), payload).ok()
            }
        }
    }
}

impl std::fmt::Debug for RtpStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RtpStream").field("ssrc", &self.ssrc).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn packets_count_up_and_open_with_the_key() {
        for mode in [Mode::Aes256Gcm, Mode::XChaCha20Poly1305] {
            let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let mut stream = RtpStream::new(socket, mode, &[7; 32], 0x0102_0304);
            stream.sequence = u16::MAX;
            stream.packet(b"x");
            let packet = stream.packet(b"opus frame");
            assert_eq!(packet[..2], [0x80, 120]);
            assert_eq!(packet[2..12], [0, 0, 0, 0, 3, 0xc0, 1, 2, 3, 4]);
            assert_eq!(packet[packet.len() - 4..], [0, 0, 0, 1]);
            assert_eq!(packet.len(), 12 + 10 + 16 + 4);
            let payload = Payload { msg: &packet[12..packet.len() - 4], aad: &packet[..12] };
            let opened = match mode {
                Mode::Aes256Gcm => {
                    let mut nonce = [0; 12];
                    nonce[3] = 1;
                    Aes256Gcm::new(&[7; 32].into()).decrypt(&nonce.into(), payload)
                }
                Mode::XChaCha20Poly1305 => {
                    let mut nonce = [0; 24];
                    nonce[3] = 1;
                    XChaCha20Poly1305::new(&[7; 32].into()).decrypt(&nonce.into(), payload)
                }
            };
            assert_eq!(opened.unwrap(), b"opus frame");
        }
    }

    #[test]
    fn the_first_known_mode_is_chosen() {
        let offered =
            ["xsalsa20_poly1305", "aead_xchacha20_poly1305_rtpsize", "aead_aes256_gcm_rtpsize"];
        assert_eq!(Mode::choose(offered), Some(Mode::XChaCha20Poly1305));
        assert_eq!(Mode::choose(["plain"]), None);
    }
}
