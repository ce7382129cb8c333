//! Looks into an mp3 file as lavaplayer does: tags before the audio, and a length that is measured
//! by the size of the file, unless a Xing header stands where lavaplayer looks for one.
//!
//! It looks at byte 36 of the first frame only, where stereo files of MPEG 1 have it; of other
//! files, and of an Info header, the length is an estimate. A frame counts as 1152 samples, which
//! makes files of MPEG 2 twice as long as they are.

mod id3;

use std::io::{self, ErrorKind, Read, SeekFrom};

use id3::read_tags;
use symphonia::core::io::MediaSource;

use crate::deviations::switch::{self, deviates, either};

/// A frame has to begin within these bytes if no tag says that it is an mp3.
const SCANNED: usize = 1000;

/// A frame has to begin within these bytes of the end of the tags.
const SCANNED_AFTER_TAGS: usize = 2048;

/// The largest frame: 320 kbit/s at 32 kHz, padded.
const LARGEST_FRAME: usize = 1441;

/// Where lavaplayer looks for a header in the first frame.
const HEADER_AT: usize = 36;

/// What a Xing header has to have: the number of frames, their size, a table for seeks.
const XING_FLAGS: u32 = 7;

/// Frames in a row that are skipped for having an Info header and no audio.
const MOST_META_FRAMES: usize = 2;

/// Samples of a frame, whatever its version.
const SAMPLES: i64 = 1152;

/// What there is to know of an mp3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mp3 {
    pub(super) title: Option<String>,
    pub(super) artist: Option<String>,
    pub(super) isrc: Option<String>,
    /// Milliseconds; `None` for a stream.
    pub(super) length: Option<i64>,
}

/// Whether these first bytes are of an mp3.
pub(super) fn is_mp3(head: &[u8]) -> bool {
    let head = &head[..head.len().min(SCANNED)];
    head.starts_with(b"ID3") || head.windows(4).any(|four| FrameHeader::read(four).is_some())
}

/// Reads the tags and the first frames.
///
/// # Errors
/// `InvalidData` if it is no mp3 after all.
pub(super) fn read(source: &mut dyn MediaSource) -> io::Result<Mp3> {
    let mut mp3 = Mp3::default();
    let size = source.byte_len();
    let mut file = File { source, position: 0 };
    let read_ahead = read_tags(&mut file, &mut mp3)?;
    let within = either(switch::TRACKS_220_ANYWHERE, SCANNED_AFTER_TAGS, usize::MAX);
    let first = find_frame(&mut file, &read_ahead, within)?;
    let begin = file.position - 4;
    // What a smaller frame does not overwrite stays, as in lavaplayer.
    let mut frame = vec![0; LARGEST_FRAME];
    fill(&mut file, &mut frame, &first)?;
    mp3.length = match (xing_frames(&frame), size) {
        (Some(frames), _) => Some(frames * SAMPLES * 1000 / i64::from(first.rate)),
        (None, None) => None,
        (None, Some(size)) => {
            let mut measured = first;
            for _ in 0..MOST_META_FRAMES {
                if !is_meta(&frame) {
                    break;
                }
                measured = find_frame(&mut file, &[], usize::MAX)?;
                fill(&mut file, &mut frame, &measured)?;
            }
            Some(measured.estimate(size as i64 - begin as i64))
        }
    };
    Ok(mp3)
}

struct File<'a> {
    source: &'a mut dyn MediaSource,
    position: u64,
}

impl File<'_> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.source.read_exact(bytes)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    /// Goes to a place, by reading if that is the only way.
    fn go_to(&mut self, position: u64) -> io::Result<()> {
        if self.source.is_seekable() {
            self.source.seek(SeekFrom::Start(position))?;
        } else {
            let forward = position.checked_sub(self.position).ok_or(ErrorKind::InvalidData)?;
            let skipped = io::copy(&mut (&mut *self.source).take(forward), &mut io::sink())?;
            if skipped < forward {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        self.position = position;
        Ok(())
    }
}

/// What the four bytes before each frame say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FrameHeader {
    bytes: [u8; 4],
    /// Hz.
    rate: u32,
    /// Bits per second.
    bit_rate: u32,
    /// Bytes a second of sound has for each bit per second and Hz.
    multiplier: u32,
}

impl FrameHeader {
    fn read(bytes: &[u8]) -> Option<Self> {
        const OF_1: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const OF_2: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        const RATES: [u32; 3] = [11_025, 12_000, 8_000];
        let bytes: [u8; 4] = bytes.try_into().ok()?;
        let (kbits, times, multiplier) = match bytes[1] >> 3 & 3 {
            0 => (OF_2, 1, 72),
            2 => (OF_2, 2, 72),
            3 => (OF_1, 4, 144),
            _ => return None,
        };
        let layer_3 = bytes[0] == 0xFF && bytes[1] & 0xE0 == 0xE0 && bytes[1] & 6 == 2;
        let index = usize::from(bytes[2] >> 4).checked_sub(1)?;
        let bit_rate = kbits.get(index).filter(|_| layer_3)? * 1000;
        let rate = RATES.get(usize::from(bytes[2] >> 2 & 3))? * times;
        Some(Self { bytes, rate, bit_rate, multiplier })
    }

    /// Bytes of the whole frame.
    fn size(&self) -> usize {
        let padding = u32::from(self.bytes[2] >> 1 & 1);
        (self.multiplier * self.bit_rate / self.rate + padding) as usize
    }

    /// Milliseconds of so many bytes, if all frames are as large as this one.
    fn estimate(&self, bytes: i64) -> i64 {
        let average = f64::from(self.multiplier * self.bit_rate) / f64::from(self.rate);
        let average = either(switch::TRACKS_220_WHOLE_BYTES, average, average.floor());
        let more = either(switch::TRACKS_220_EXACT_SIZE, 8, 0);
        let frames = ((bytes + more) as f64 / average) as i64;
        let samples = if self.multiplier == 72 && deviates(switch::TRACKS_220_MPEG_2_RIGHT) {
            SAMPLES / 2
        } else {
            SAMPLES
        };
        frames * samples * 1000 / i64::from(self.rate)
    }
}

/// The next header, within so many bytes. The first of them may have been read already.
fn find_frame(file: &mut File<'_>, ahead: &[u8], within: usize) -> io::Result<FrameHeader> {
    let mut four = [0; 4];
    let (known, rest) = four.split_at_mut(ahead.len());
    known.copy_from_slice(ahead);
    file.fill(rest)?;
    let mut read = 4;
    loop {
        if let Some(header) = FrameHeader::read(&four) {
            return Ok(header);
        }
        if read >= within {
            return Err(ErrorKind::InvalidData.into());
        }
        four.rotate_left(1);
        [four[3]] = file.take::<1>()?;
        read += 1;
    }
}

fn fill(file: &mut File<'_>, frame: &mut [u8], header: &FrameHeader) -> io::Result<()> {
    frame[..4].copy_from_slice(&header.bytes);
    file.fill(&mut frame[4..header.size()])
}

fn xing_frames(frame: &[u8]) -> Option<i64> {
    let at = if deviates(switch::TRACKS_221_ANYWHERE) {
        frame.windows(4).position(|four| four == b"Xing")?
    } else {
        HEADER_AT
    };
    let chunk = |at: usize| frame.get(at..).and_then(|rest| rest.first_chunk::<4>());
    let word = |at: usize| u32::from_be_bytes(chunk(at).copied().unwrap_or_default());
    let complete =
        word(at + 4) & XING_FLAGS == XING_FLAGS || deviates(switch::TRACKS_221_INCOMPLETE);
    let is_header = frame[at..].starts_with(b"Xing")
        || frame[at..].starts_with(b"Info") && deviates(switch::TRACKS_221_INFO_TOO);
    // A signed number in the real server.
    (is_header && complete && !deviates(switch::TRACKS_221_ESTIMATED))
        .then(|| i64::from(word(at + 8) as i32))
}

fn is_meta(frame: &[u8]) -> bool {
    let header = &frame[HEADER_AT..];
    (header.starts_with(b"Info") || header.starts_with(b"LAME"))
        && !deviates(switch::TRACKS_222_NOT_SKIPPED)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// 128 kbit/s, 44.1 kHz, stereo, MPEG 1: 417 bytes.
    const USUAL: [u8; 4] = [0xFF, 0xFB, 0x90, 0];

    fn frame(header: [u8; 4], at: usize, text: &[u8]) -> Vec<u8> {
        let mut frame = vec![0; FrameHeader::read(&header).unwrap().size()];
        frame[..4].copy_from_slice(&header);
        frame[at..at + text.len()].copy_from_slice(text);
        frame
    }

    fn length(bytes: Vec<u8>) -> Option<i64> {
        let mut source: Box<dyn MediaSource> = Box::new(Cursor::new(bytes));
        read(&mut *source).ok()?.length
    }

    /// Every length is the one that a real Lavalink 4.2.2 gave for the same bytes.
    #[test]
    fn lengths_are_those_of_the_real_server() {
        let usual = frame(USUAL, 0, &USUAL);
        let cases = [
            (usual.repeat(60), 1541),
            (usual.clone(), 26),
            ([vec![0; 900], usual.repeat(60)].concat(), 1541),
            ([usual.repeat(60), vec![0; 128]].concat(), 1567),
            (frame([0xFF, 0xF3, 0x10, 0], 0, &[0xFF]).repeat(60), 3134),
            (frame([0xFF, 0xE3, 0x10, 0], 0, &[0xFF]).repeat(60), 6164),
            (
                [frame(USUAL, 36, b"Info"), frame([0xFF, 0xFB, 0xE0, 0], 0, &[0xFF]).repeat(100)]
                    .concat(),
                2612,
            ),
            (
                [frame(USUAL, 36, b"VBRI"), frame([0xFF, 0xFB, 0xE0, 0], 0, &[0xFF]).repeat(100)]
                    .concat(),
                6530,
            ),
            (
                [
                    frame(USUAL, 36, b"Info").repeat(3),
                    frame([0xFF, 0xFB, 0xE0, 0], 0, &[0xFF]).repeat(100),
                ]
                .concat(),
                6582,
            ),
        ];
        for (bytes, expected) in cases {
            let size = bytes.len();
            assert_eq!(length(bytes), Some(expected), "{size}");
        }
        let xing = |flags: u8, frames: u8| {
            let header = [b"Xing\0\0\0", &[flags][..], &[0, 0, 0, frames]].concat();
            [frame(USUAL, 36, &header), usual.repeat(99)].concat()
        };
        assert_eq!(length(xing(7, 50)), Some(1306));
        assert_eq!(length(xing(3, 50)), length(usual.repeat(100)));
        assert_eq!(length(usual[..200].to_vec()), None);
    }

    #[test]
    fn the_files_of_the_recordings_have_their_lengths() {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures");
        for (name, expected) in [
            ("media/tone.mp3", 2612),
            ("media/tagged.mp3", 2612),
            ("recordings/media/tone_5s.mp3", 2899),
            ("recordings/media/s5.mp3", 5064),
            ("bench/music.mp3", 5067),
        ] {
            let bytes = std::fs::read(format!("{fixtures}/{name}")).unwrap();
            assert_eq!(length(bytes), Some(expected), "{name}");
        }
    }

    #[test]
    fn what_is_no_mp3_is_told_by_its_first_bytes() {
        assert!(is_mp3(b"ID3"));
        assert!(is_mp3(&[vec![0; 996], USUAL.to_vec()].concat()));
        assert!(!is_mp3(&[vec![0; 997], USUAL.to_vec()].concat()));
        // Layer 2, no bit rate, no sampling rate.
        for header in [[0xFF, 0xFD, 0x90, 0], [0xFF, 0xFB, 0, 0], [0xFF, 0xFB, 0x9C, 0]] {
            assert!(!is_mp3(&header), "{header:?}");
        }
    }
}
