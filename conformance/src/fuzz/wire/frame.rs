//! WebSocket frames (RFC 6455, 5.2), as wrong as they have to be.

use crate::fuzz::random::Random;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opcode(pub(crate) u8);

impl Opcode {
    /// Goes on with the message of the frame before.
    pub(crate) const CONTINUATION: Self = Self(0);
    /// Text.
    pub(crate) const TEXT: Self = Self(1);
    /// Bytes.
    pub(crate) const BINARY: Self = Self(2);
    /// The end.
    pub(crate) const CLOSE: Self = Self(8);
    /// Asks for a pong.
    pub(crate) const PING: Self = Self(9);
    /// Answers a ping.
    pub(crate) const PONG: Self = Self(10);
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Whether the message ends with it.
    pub(crate) last: bool,
    /// Three bits that nobody has given a meaning.
    pub(crate) reserved: u8,
    /// What it is.
    pub(crate) opcode: Opcode,
    /// Clients mask, servers do not.
    pub(crate) masked: bool,
    /// What it carries.
    pub(crate) payload: Vec<u8>,
    /// The length that it says it has, in place of the right one.
    pub(crate) announced: Option<u64>,
}

impl Frame {
    /// A message of one frame, as a client sends it.
    pub(crate) fn new(opcode: Opcode, payload: Vec<u8>) -> Self {
        Self { last: true, reserved: 0, opcode, masked: true, payload, announced: None }
    }

    /// Its bytes.
    pub(crate) fn encode(&self, random: &mut Random) -> Vec<u8> {
        let length = self.announced.unwrap_or(self.payload.len() as u64);
        let mask = if self.masked { 0x80 } else { 0 };
        let first = u8::from(self.last) << 7 | (self.reserved & 7) << 4 | self.opcode.0 & 15;
        let mut bytes = vec![first];
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(length @ ..126), _) => bytes.push(mask | length),
            (_, Ok(length)) => {
                bytes.push(mask | 126);
                bytes.extend(length.to_be_bytes());
            }
            _ => {
                bytes.push(mask | 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        if self.masked {
            let key = random.bytes(4);
            bytes.extend(&key);
            bytes.extend(self.payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
        } else {
            bytes.extend(&self.payload);
        }
        bytes
    }

    /// Takes the first frame of a server out of what was read; `None` if it is not all there.
    ///
    /// # Errors
    /// What no server may send: a masked frame, reserved bits, an opcode that does not exist.
    pub(crate) fn take(bytes: &mut Vec<u8>) -> Result<Option<Self>, String> {
        let [first, second, ..] = bytes[..] else { return Ok(None) };
        let (reserved, opcode) = (first >> 4 & 7, first & 15);
        if second & 0x80 != 0 {
            return Err("the server sent a masked frame".into());
        }
        if reserved != 0 || !matches!(opcode, 0..=2 | 8..=10) {
            return Err(format!("the server sent a frame that begins with {first:#04x}"));
        }
        let (length, head) = match second {
            126 => (number(bytes, 2), 4),
            127 => (number(bytes, 8), 10),
            length => (Some(u64::from(length)), 2),
        };
        let Some(length) = length.and_then(|length| usize::try_from(length).ok()) else {
            return Ok(None);
        };
        let end = head + length;
        if bytes.len() < end {
            return Ok(None);
        }
        let payload = bytes[head..end].to_vec();
        bytes.drain(..end);
        let last = first & 0x80 != 0;
        Ok(Some(Self { last, masked: false, ..Self::new(Opcode(opcode), payload) }))
    }
}

/// The long form of a length.
fn number(bytes: &[u8], count: usize) -> Option<u64> {
    let bytes = bytes.get(2..2 + count)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut random = Random::of(1, 1);
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let frame = Frame { masked: false, ..Frame::new(Opcode::TEXT, vec![7; length]) };
            let mut bytes = frame.encode(&mut random);
            let cut = bytes.len() - 1;
            assert_eq!(Frame::take(&mut bytes[..cut].to_vec()), Ok(None), "{length}");
            bytes.push(9);
            assert_eq!(Frame::take(&mut bytes), Ok(Some(frame)), "{length}");
            assert_eq!(bytes, [9]);
        }
    }

    #[test]
    fn a_frame_is_masked_as_in_rfc_6455() {
        let bytes = Frame::new(Opcode::TEXT, b"Hello".to_vec()).encode(&mut Random::of(1, 1));
        let unmasked: Vec<u8> = (0..5).map(|n| bytes[6 + n] ^ bytes[2 + n % 4]).collect();
        assert_eq!(
            (&bytes[..2], unmasked.as_slice()),
            ([0x81, 0x85].as_slice(), b"Hello".as_slice())
        );
    }

    #[test]
    fn frames_that_no_server_may_send_are_refused() {
        for bytes in [[0x81, 0x80], [0xC1, 0], [0x83, 0]] {
            assert!(Frame::take(&mut bytes.to_vec()).is_err(), "{bytes:x?}");
        }
    }
}
