//! RTP as Discord's voice servers speak it: what a packet says, and what is in it.

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::XChaCha20Poly1305;

/// Bytes of the secret key of a session.
pub(super) const KEY_LENGTH: usize = 32;

/// An Opus frame of silence, as Discord's clients send five of when sound stops.
pub const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// Bytes of the RTP header without its optional parts.
const HEADER_LENGTH: usize = 12;

/// Bytes of the counter at the end of a packet, from which its nonce is made.
const COUNTER_LENGTH: usize = 4;

/// How packets are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// `aead_aes256_gcm_rtpsize`.
    Aes256Gcm,
    /// `aead_xchacha20_poly1305_rtpsize`.
    XChaCha20Poly1305,
}

/// What an RTP packet says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Counts packets, mod 2¹⁶.
    pub sequence: u16,
    /// Samples at 48 kHz, mod 2³².
    pub timestamp: u32,
    /// Whose audio it is.
    pub ssrc: u32,
    /// Kind of the payload; Discord's audio has 120.
    pub payload_type: u8,
    /// An Opus frame.
    pub opus: Vec<u8>,
}

/// Why a datagram is no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// Its bytes end too early, or it is of another version.
    #[error("no RTP packet")]
    Malformed,
    /// The key of the session does not fit.
    #[error("cannot be decrypted")]
    Undecryptable,
}

impl Mode {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Aes256Gcm, Self::XChaCha20Poly1305];

    /// As the gateway names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aead_aes256_gcm_rtpsize",
            Self::XChaCha20Poly1305 => "aead_xchacha20_poly1305_rtpsize",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The counter of the packet and zeros are the nonce.
    fn decrypt(
        self,
        key: &[u8; KEY_LENGTH],
        counter: &[u8],
        payload: Payload<'_, '_>,
    ) -> Option<Vec<u8>> {
        match self {
            Self::Aes256Gcm => {
                let mut nonce = [0; 12];
                nonce[..COUNTER_LENGTH].copy_from_slice(counter);
                Aes256Gcm::new(key.into()).decrypt(&nonce.into(), payload).ok()
            }
            Self::XChaCha20Poly1305 => {
                let mut nonce = [0; 24];
                nonce[..COUNTER_LENGTH].copy_from_slice(counter);
                XChaCha20Poly1305::new(key.into()).decrypt(&nonce.into(), payload).ok()
            }
        }
    }
}

impl Packet {
    /// Reads and decrypts a datagram. The header is in the clear, with the first four bytes of its
    /// extension if it has one; the rest of the extension is encrypted with the payload.
    ///
    /// # Errors
    /// [`PacketError`] if it is too short, of another version, or cannot be decrypted with that key.
    pub fn read(datagram: &[u8], mode: Mode, key: &[u8; KEY_LENGTH]) -> Result<Self, PacketError> {
        let first = *datagram.first().ok_or(PacketError::Malformed)?;
        let (version, has_extension, sources) = (first >> 6, first & 0x10 != 0, first & 0x0f);
        let mut clear = HEADER_LENGTH + 4 * usize::from(sources);
        let extension_at = clear;
        if has_extension {
            clear += 4;
        }
        if version != 2 || datagram.len() < clear + COUNTER_LENGTH {
            return Err(PacketError::Malformed);
        }
        let (body, counter) = datagram.split_at(datagram.len() - COUNTER_LENGTH);
        let (header, encrypted) = body.split_at(clear);
        let payload = Payload { msg: encrypted, aad: header };
        let plain = mode.decrypt(key, counter, payload).ok_or(PacketError::Undecryptable)?;
        let extension = match has_extension {
            true => {
                4 * usize::from(u16::from_be_bytes([
                    header[extension_at + 2],
                    header[extension_at + 3],
                ]))
            }
            false => 0,
        };
        Ok(Self {
            sequence: u16::from_be_bytes([header[2], header[3]]),
            timestamp: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
            ssrc: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
            payload_type: header[1] & 0x7f,
            opus: plain.get(extension..).ok_or(PacketError::Malformed)?.to_vec(),
        })
    }

    /// Whether it is silence.
    pub fn is_silence(&self) -> bool {
        self.opus == SILENCE
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A datagram as a client makes it.
    pub(in crate::discord) fn datagram(
        packet: &Packet,
        mode: Mode,
        key: &[u8; KEY_LENGTH],
        counter: u32,
        extension: &[u8],
    ) -> Vec<u8> {
        let mut header = vec![0x80, packet.payload_type];
        header.extend(packet.sequence.to_be_bytes());
        header.extend(packet.timestamp.to_be_bytes());
        header.extend(packet.ssrc.to_be_bytes());
        if !extension.is_empty() {
            header[0] |= 0x10;
            header.extend([0xbe, 0xde]);
            header.extend(u16::try_from(extension.len() / 4).unwrap().to_be_bytes());
        }
        let plain = [extension, &packet.opus].concat();
        let payload = Payload { msg: &plain, aad: &header };
        let counter = counter.to_be_bytes();
        let encrypted = match mode {
            Mode::Aes256Gcm => {
                let mut nonce = [0; 12];
                nonce[..4].copy_from_slice(&counter);
                Aes256Gcm::new(key.into()).encrypt(&nonce.into(), payload).unwrap()
            }
            Mode::XChaCha20Poly1305 => {
                let mut nonce = [0; 24];
                nonce[..4].copy_from_slice(&counter);
                XChaCha20Poly1305::new(key.into()).encrypt(&nonce.into(), payload).unwrap()
            }
        };
        [header, encrypted, counter.to_vec()].concat()
    }

    fn packet() -> Packet {
        Packet {
            sequence: 65_535,
            timestamp: 960,
            ssrc: 7,
            payload_type: 120,
            opus: SILENCE.to_vec(),
        }
    }

    #[test]
    fn packets_are_read_in_both_modes_with_and_without_extension() {
        for mode in Mode::ALL {
            for extension in [&[][..], &[1, 2, 3, 4, 5, 6, 7, 8]] {
                let sent = datagram(&packet(), mode, &[9; 32], 5, extension);
                assert_eq!(Packet::read(&sent, mode, &[9; 32]), Ok(packet()), "{mode:?}");
                let other_key = Packet::read(&sent, mode, &[8; 32]);
                assert_eq!(other_key, Err(PacketError::Undecryptable));
            }
        }
        assert!(packet().is_silence());
    }

    #[test]
    fn modes_are_known_by_name() {
        assert_eq!(Mode::named("aead_aes256_gcm_rtpsize"), Some(Mode::Aes256Gcm));
        assert_eq!(Mode::named("xsalsa20_poly1305"), None);
    }

    proptest! {
        #[test]
        fn any_datagram_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            for mode in Mode::ALL {
                prop_assert!(Packet::read(&bytes, mode, &[1; 32]).is_err());
            }
        }

        #[test]
        fn a_changed_packet_is_refused(at in 0usize..40, with in 1u8..) {
            let mut sent = datagram(&packet(), Mode::Aes256Gcm, &[9; 32], 5, &[]);
            let at = at % sent.len();
            sent[at] ^= with;
            prop_assert!(Packet::read(&sent, Mode::Aes256Gcm, &[9; 32]).is_err());
        }
    }
}
