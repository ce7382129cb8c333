//! Generated files: tones and silence at 48 kHz, made as they are read.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

/// Samples a second.
const RATE: u64 = 48_000;

/// Bytes of one sample: two channels of 16 bits.
const FRAME: u64 = 4;

/// The longest file, s.
const LONGEST_SECONDS: u64 = 3600;

/// Bytes of the header of a WAV file.
const HEADER: u64 = 44;

/// Bytes that are made at once.
pub(super) const BLOCK: u64 = 64 * 1024;

/// The tone of `tone-30s.wav`, Hz.
const USUAL_TONE: u32 = 440;

/// Tones are whole Hertz and have to fit twice into the rate.
const TONES: RangeInclusive<u32> = 20..=20_000;

/// A quarter of full scale.
const AMPLITUDE: f64 = 8192.0;

/// Nine tenths of full scale.
const LOUD_AMPLITUDE: f64 = 29_491.0;

/// A generated file: 48 kHz, stereo, 16 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wave {
    seconds: u64,
    kind: Kind,
}

/// What a generated file sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Silence,
    /// A tone on each side, Hz.
    Tones(u32, u32),
    /// Two tones together on both sides.
    Mix(u32, u32),
    /// A tone that is nearly as loud as can be.
    Loud(u32),
}

impl Wave {
    /// The file of that name: `tone-30s.wav`, `tone-1000hz-5s.wav`, `tone-440hz-1000hz-5s.wav` (left
    /// and right), `mix-100hz-4000hz-5s.wav`, `loud-1000hz-5s.wav`, `silence-5s.wav`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let mut words = name.strip_suffix("s.wav")?.split('-');
        let kind = words.next()?;
        let mut words: Vec<_> = words.collect();
        let seconds: u64 = words.pop()?.parse().ok()?;
        let tone = |word: &&str| {
            let frequency: u32 = word.strip_suffix("hz")?.parse().ok()?;
            TONES.contains(&frequency).then_some(frequency)
        };
        let tones: Vec<u32> = words.iter().map(tone).collect::<Option<_>>()?;
        let kind = match (kind, tones.as_slice()) {
            ("silence", []) => Kind::Silence,
            ("tone", []) => Kind::Tones(USUAL_TONE, USUAL_TONE),
            ("tone", [both]) => Kind::Tones(*both, *both),
            ("tone", [left, right]) => Kind::Tones(*left, *right),
            ("mix", [one, other]) => Kind::Mix(*one, *other),
            ("loud", [both]) => Kind::Loud(*both),
            _ => return None,
        };
        (1..=LONGEST_SECONDS).contains(&seconds).then_some(Self { seconds, kind })
    }

    /// Bytes of the whole file.
    pub(super) fn length(self) -> u64 {
        HEADER + self.seconds * RATE * FRAME
    }

    /// Where a second of the audio begins.
    pub(super) fn byte_at(self, second: u64) -> u64 {
        (HEADER + second * RATE * FRAME).min(self.length())
    }

    /// The file from a byte on up to another, block by block, made as it is read.
    pub(super) fn blocks(self, from: u64, to: u64) -> impl Iterator<Item = Vec<u8>> + Send {
        let mut at = from;
        let (header, second) = (self.header(), second_of(self.kind));
        std::iter::from_fn(move || {
            let end = to.min(at + BLOCK);
            let mut block = Vec::with_capacity(end.saturating_sub(at) as usize);
            while at < end {
                let rest = match at.checked_sub(HEADER) {
                    None => &header[at as usize..],
                    Some(data) => &second[(data % (RATE * FRAME)) as usize..],
                };
                let part = &rest[..rest.len().min((end - at) as usize)];
                block.extend_from_slice(part);
                at += part.len() as u64;
            }
            (!block.is_empty()).then_some(block)
        })
    }

    fn header(self) -> [u8; HEADER as usize] {
        let data = (self.length() - HEADER) as u32;
        let mut header = [0; HEADER as usize];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, b"RIFF");
        put(4, &(36 + data).to_le_bytes());
        put(8, b"WAVEfmt ");
        put(16, &16u32.to_le_bytes());
        put(20, &1u16.to_le_bytes());
        put(22, &2u16.to_le_bytes());
        put(24, &(RATE as u32).to_le_bytes());
        put(28, &((RATE * FRAME) as u32).to_le_bytes());
        put(32, &(FRAME as u16).to_le_bytes());
        put(34, &16u16.to_le_bytes());
        put(36, b"data");
        put(40, &data.to_le_bytes());
        header
    }
}

/// A second of the sound, which is the same as every other second.
fn second_of(kind: Kind) -> Arc<Vec<u8>> {
    static SECONDS: Mutex<BTreeMap<Kind, Arc<Vec<u8>>>> = Mutex::new(BTreeMap::new());
    let mut seconds = SECONDS.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let tone = |frequency: u32, n: u64| {
            (n as f64 * f64::from(frequency) / RATE as f64 * std::f64::consts::TAU).sin()
        };
        let pair = |n: u64| match kind {
            Kind::Silence => (0.0, 0.0),
            Kind::Tones(left, right) => (AMPLITUDE * tone(left, n), AMPLITUDE * tone(right, n)),
            Kind::Mix(one, other) => {
                let both = AMPLITUDE * (tone(one, n) + tone(other, n));
                (both, both)
            }
            Kind::Loud(frequency) => {
                let both = LOUD_AMPLITUDE * tone(frequency, n);
                (both, both)
            }
        };
        let bytes = |(left, right): (f64, f64)| {
            let ([a, b], [c, d]) = ((left as i16).to_le_bytes(), (right as i16).to_le_bytes());
            [a, b, c, d]
        };
        Arc::new((0..RATE).map(pair).flat_map(bytes).collect::<Vec<u8>>())
    };
    Arc::clone(seconds.entry(kind).or_insert_with(make))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_made() {
        let named = |name| Wave::named(name).map(|wave| (wave.kind, wave.seconds));
        assert_eq!(named("tone-30s.wav"), Some((Kind::Tones(440, 440), 30)));
        assert_eq!(named("tone-1000hz-5s.wav"), Some((Kind::Tones(1000, 1000), 5)));
        assert_eq!(named("tone-440hz-1000hz-5s.wav"), Some((Kind::Tones(440, 1000), 5)));
        assert_eq!(named("mix-100hz-4000hz-5s.wav"), Some((Kind::Mix(100, 4000), 5)));
        assert_eq!(named("loud-1000hz-5s.wav"), Some((Kind::Loud(1000), 5)));
        assert_eq!(Wave::named("silence-1s.wav"), Some(Wave { seconds: 1, kind: Kind::Silence }));
        for unknown in [
            "tone-0s.wav",
            "tone-99999s.wav",
            "tone.wav",
            "x-1s.wav",
            "tone-1s.mp3",
            "tone-5hz-1s.wav",
            "tone-x-1s.wav",
            "mix-100hz-1s.wav",
            "loud-1s.wav",
        ] {
            assert_eq!(Wave::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_file_that_ends_early_is_short() {
        let wave = Wave { seconds: 3, kind: Kind::Tones(440, 440) };
        assert_eq!(wave.byte_at(1), 44 + 192_000);
        assert_eq!(wave.byte_at(99), wave.length());
        assert_eq!(wave.blocks(0, wave.byte_at(1)).flatten().count(), 44 + 192_000);
    }

    #[test]
    fn a_file_is_the_same_from_any_byte_on() {
        let wave = Wave { seconds: 1, kind: Kind::Tones(440, 440) };
        let whole: Vec<u8> = wave.blocks(0, wave.length()).flatten().collect();
        assert_eq!(whole.len() as u64, wave.length());
        assert_eq!(&whole[..4], b"RIFF");
        let part: Vec<u8> = wave.blocks(70_001, wave.length()).flatten().collect();
        assert_eq!(part, &whole[70_001..]);
        assert!(whole[44..].iter().any(|byte| *byte != 0));
    }
}
