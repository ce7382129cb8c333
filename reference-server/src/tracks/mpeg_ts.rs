//! MPEG transport streams: the raw AAC (ADTS) in them.

/// Bytes of a packet.
const PACKET: usize = 188;
const SYNC: u8 = 0x47;

/// The type of a stream of ADTS in a table of streams.
const ADTS: u8 = 0x0F;

/// Takes packets apart as they come, whatever pieces they come in.
#[derive(Debug, Default)]
pub(super) struct Demuxer {
    /// The beginning of a packet.
    rest: Vec<u8>,
    /// Where the table of streams is, and where the sound.
    table: Option<u16>,
    sound: Option<u16>,
    /// What the stream calls itself.
    service: Option<Service>,
}

/// What a transport stream calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) provider: Option<String>,
    pub(super) name: Option<String>,
}

/// The place of the table of services.
const SERVICES: u16 = 0x11;

/// The type of a description of a service.
const SERVICE: u8 = 0x48;

impl Demuxer {
    /// Takes some bytes; appends the sound in them.
    pub(super) fn take(&mut self, mut bytes: &[u8], sound: &mut Vec<u8>) {
        if !self.rest.is_empty() {
            let missing = (PACKET - self.rest.len()).min(bytes.len());
            self.rest.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if self.rest.len() < PACKET {
                return;
            }
            let packet = std::mem::take(&mut self.rest);
            self.packet(&packet, sound);
        }
        let (packets, rest) = bytes.as_chunks::<PACKET>();
        for packet in packets {
            self.packet(packet, sound);
        }
        self.rest = rest.to_vec();
    }

    /// What the stream has called itself until now.
    pub(super) fn service(&self) -> Option<&Service> {
        self.service.as_ref()
    }

    fn packet(&mut self, packet: &[u8], sound: &mut Vec<u8>) {
        let Some(Payload { id, begins, bytes }) = Payload::of(packet) else { return };
        match id {
            0 if begins => self.table = programs(bytes).or(self.table),
            SERVICES if begins => self.service = service(bytes).or_else(|| self.service.take()),
            id if begins && self.table == Some(id) => self.sound = streams(bytes).or(self.sound),
            id if self.sound == Some(id) => {
                sound.extend_from_slice(if begins { unpacked(bytes) } else { bytes });
            }
            _ => {}
        }
    }
}

struct Payload<'a> {
    id: u16,
    /// Whether a table or a packet of a stream begins in it.
    begins: bool,
    bytes: &'a [u8],
}

impl<'a> Payload<'a> {
    fn of(packet: &'a [u8]) -> Option<Self> {
        let [SYNC, high, low, control, rest @ ..] = packet else { return None };
        let bytes = match control >> 4 & 3 {
            1 => rest,
            // Something else goes before it.
            3 => rest.get(1 + usize::from(*rest.first()?)..)?,
            _ => return None,
        };
        let id = u16::from_be_bytes([high & 0x1F, *low]);
        Some(Self { id, begins: high & 0x40 != 0, bytes })
    }
}

/// What a table holds between its header and its checksum.
fn section(bytes: &[u8], kind: u8) -> Option<&[u8]> {
    let section = bytes.get(1 + usize::from(*bytes.first()?)..)?;
    let [found, high, low, rest @ ..] = section else { return None };
    let length = usize::from(u16::from_be_bytes([high & 0x0F, *low]));
    let inside = rest.get(5..length.min(rest.len()).checked_sub(4)?)?;
    (*found == kind).then_some(inside)
}

/// The place of the first program's table of streams.
fn programs(bytes: &[u8]) -> Option<u16> {
    let (programs, _) = section(bytes, 0)?.as_chunks::<4>();
    let first = programs.iter().find(|program| program[..2] != [0, 0])?;
    Some(u16::from_be_bytes([first[2] & 0x1F, first[3]]))
}

/// The place of the first stream of ADTS.
fn streams(bytes: &[u8]) -> Option<u16> {
    let inside = section(bytes, 2)?;
    let length = |high: u8, low: u8| usize::from(u16::from_be_bytes([high & 0x0F, low]));
    let described = length(*inside.get(2)?, *inside.get(3)?);
    let mut rest = inside.get(4 + described..)?;
    while let [kind, high, low, description_high, description_low, after @ ..] = rest {
        if *kind == ADTS {
            return Some(u16::from_be_bytes([high & 0x1F, *low]));
        }
        rest = after.get(length(*description_high, *description_low)..)?;
    }
    None
}

/// The first service of a table, if its first description is of it.
fn service(bytes: &[u8]) -> Option<Service> {
    let inside = section(bytes, 0x42)?;
    // The network and a byte of its own, then the service: its number, flags, and how much is said.
    let described = inside.get(3 + 5..)?;
    let [SERVICE, _, _, texts @ ..] = described else { return None };
    let (provider, texts) = text(texts)?;
    let (name, _) = text(texts)?;
    Some(Service { provider, name })
}

/// A text that begins with its length, which is none if it is empty, and what follows it.
fn text(bytes: &[u8]) -> Option<(Option<String>, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked((*length).into())?;
    let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '\u{FFFD}' };
    let text = (!text.is_empty()).then(|| text.iter().map(ascii).collect());
    Some((text, rest))
}

/// What a packet of a stream holds.
fn unpacked(bytes: &[u8]) -> &[u8] {
    match bytes {
        [0, 0, 1, _, _, _, _, _, header, rest @ ..] => {
            rest.get(usize::from(*header)..).unwrap_or_default()
        }
        bytes => bytes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(name: &str) -> Vec<u8> {
        let path = format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).unwrap()
    }

    #[test]
    fn the_sound_of_a_segment_is_that_of_the_file_it_was_made_of() {
        let (segment, whole) = (file("tone.ts"), file("tone.aac"));
        for piece in [1, 100, 188, 5000, segment.len()] {
            let (mut demuxer, mut sound) = (Demuxer::default(), Vec::new());
            for bytes in segment.chunks(piece) {
                demuxer.take(bytes, &mut sound);
            }
            assert!(sound.len() > 3000, "{piece}: {}", sound.len());
            assert_eq!(sound, whole[..sound.len()], "{piece}");
        }
    }

    #[test]
    fn what_is_no_stream_holds_no_sound() {
        let mut sound = Vec::new();
        Demuxer::default().take(&file("tone.aac"), &mut sound);
        assert_eq!(sound, [0; 0]);
    }

    proptest! {
        #[test]
        fn damage_is_harmless(at in 0_usize..2000, value in any::<u8>(), cut in 0_usize..3000) {
            let mut segment = file("tone.ts");
            let last = segment.len() - 1;
            segment[at.min(last)] = value;
            Demuxer::default().take(&segment[cut.min(last)..], &mut Vec::new());
        }
    }
}
