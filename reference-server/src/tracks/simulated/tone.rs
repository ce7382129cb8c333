//! A tone, made while it is read.

use std::error::Error;
use std::f64::consts::TAU;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::Duration;

use symphonia::core::io::MediaSource;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::clock::Patience;
use crate::tracks::Known;

/// Hz.
const RATE: u64 = 48_000;

/// Bytes of a moment: two channels of 16 bits.
const MOMENT: u64 = 4;

/// Bytes of the header.
const HEADER: u64 = 44;

/// How loud it is, of 1.
const LEVEL: f64 = 0.2;

/// A wav of a sine, 48 kHz stereo s16.
pub(in crate::tracks) struct Tone {
    hertz: u64,
    /// Bytes in all; what a header can say at most for a stream.
    length: u64,
    seekable: bool,
    position: u64,
    interruption: Option<Interruption>,
    /// The byte up to which nothing interrupts it.
    sure: u64,
}

enum Interruption {
    /// Reading fails, and says so.
    Break(Arc<dyn Error + Send + Sync>),
    /// Reading waits.
    Stall(Stall),
}

struct Stall {
    time: Duration,
    patience: Patience,
    stop: CancellationToken,
    runtime: Handle,
}

impl Tone {
    /// `number` picks its pitch; `length` in ms, `i64::MAX` for a stream.
    pub(in crate::tracks) fn new(number: u64, length: i64) -> Self {
        let endless = length == i64::MAX;
        let most = u64::from(u32::MAX) - HEADER;
        let data = u64::try_from(length).unwrap_or(0).saturating_mul(RATE / 1000 * MOMENT);
        let data = data.min(most - most % MOMENT);
        let hertz = 220 + number % 660;
        let length = HEADER + data;
        Self { hertz, length, seekable: !endless, position: 0, interruption: None, sure: 0 }
    }

    /// Reading it fails after so much of it.
    pub(in crate::tracks) fn breaking(
        self,
        after: Duration,
        why: impl Error + Send + Sync + 'static,
    ) -> Self {
        let interruption = Some(Interruption::Break(Arc::new(why)));
        Self { interruption, sure: place(after), ..self }
    }

    /// Reading it waits once, after so much of it.
    pub(in crate::tracks) fn stalling(
        self,
        after: Duration,
        time: Duration,
        patience: Patience,
        stop: CancellationToken,
    ) -> Self {
        let stall = Stall { time, patience, stop, runtime: Handle::current() };
        Self { interruption: Some(Interruption::Stall(stall)), sure: place(after), ..self }
    }

    /// What is in it; `None` if something interrupts it.
    pub(in crate::tracks) fn known(&self) -> Option<Known> {
        let known = Known { length: (self.length - HEADER) / MOMENT, seekable: self.seekable };
        self.interruption.is_none().then_some(known)
    }

    fn header(&self) -> [u8; HEADER as usize] {
        let mut header = [0; HEADER as usize];
        let data = (self.length - HEADER) as u32;
        let rate = RATE as u32;
        let parts: [&[u8]; 13] = [
            b"RIFF",
            &(data + 36).to_le_bytes(),
            b"WAVE",
            b"fmt ",
            &16_u32.to_le_bytes(),
            &1_u16.to_le_bytes(),
            &2_u16.to_le_bytes(),
            &rate.to_le_bytes(),
            &(rate * MOMENT as u32).to_le_bytes(),
            &(MOMENT as u16).to_le_bytes(),
            &16_u16.to_le_bytes(),
            b"data",
            &data.to_le_bytes(),
        ];
        header.copy_from_slice(&parts.concat());
        header
    }

    /// Both channels of a moment.
    fn moment(&self, number: u64) -> [u8; MOMENT as usize] {
        let turns = (number % RATE * self.hertz) as f64 / RATE as f64;
        let sample = ((turns * TAU).sin() * LEVEL * f64::from(i16::MAX)) as i16;
        let [low, high] = sample.to_le_bytes();
        [low, high, low, high]
    }
}

/// The byte at which a moment of sound begins.
fn place(after: Duration) -> u64 {
    let ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
    ms.saturating_mul(RATE / 1000 * MOMENT).saturating_add(HEADER)
}

impl Read for Tone {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut end = self.length;
        if self.interruption.is_some() && self.position < self.sure {
            end = end.min(self.sure);
        } else {
            match self.interruption.take() {
                Some(Interruption::Break(why)) => {
                    let error = io::Error::other(Arc::clone(&why));
                    self.interruption = Some(Interruption::Break(why));
                    return Err(error);
                }
                Some(Interruption::Stall(stall)) => stall.wait(),
                None => {}
            }
        }
        let count = end.saturating_sub(self.position).min(buffer.len() as u64) as usize;
        let mut rest = &mut buffer[..count];
        while !rest.is_empty() {
            let header;
            let moment;
            let bytes = match self.position.checked_sub(HEADER) {
                None => {
                    header = self.header();
                    &header[self.position as usize..]
                }
                Some(at) => {
                    moment = self.moment(at / MOMENT);
                    &moment[(at % MOMENT) as usize..]
                }
            };
            let some = bytes.len().min(rest.len());
            rest[..some].copy_from_slice(&bytes[..some]);
            rest = &mut rest[some..];
            self.position += some as u64;
        }
        Ok(count)
    }
}

impl Stall {
    fn wait(self) {
        let Self { time, patience, stop, runtime } = self;
        // It ends early with the server.
        runtime.block_on(stop.run_until_cancelled(patience.pass(time)));
    }
}

impl Seek for Tone {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(position) => (position, 0),
            SeekFrom::Current(offset) => (self.position, offset),
            SeekFrom::End(offset) => (self.length, offset),
        };
        let position = base.checked_add_signed(offset);
        self.position = position.ok_or_else(|| io::Error::other("before the beginning"))?;
        Ok(self.position)
    }
}

impl MediaSource for Tone {
    fn is_seekable(&self) -> bool {
        self.seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.seekable.then_some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracks::http_media::Described;
    use crate::tracks::lookup::Reference;
    use crate::tracks::probe::{Found, probe};

    #[test]
    fn it_is_a_wav_of_its_length() {
        let reference = Reference { identifier: "x".to_owned(), title: None };
        let tone = Box::new(Tone::new(0, 5000));
        let found = probe(tone, &reference, &Described::default(), "local");
        let Ok(Found::Track(info)) = found else { panic!("{found:?}") };
        assert_eq!((info.length, info.probe_info.as_deref()), (5000, Some("wav")));
    }

    #[test]
    fn a_part_is_the_same_as_in_the_whole() {
        let mut whole = Vec::new();
        Tone::new(220, 100).read_to_end(&mut whole).unwrap();
        assert_eq!(whole.len() as u64, HEADER + 100 * RATE / 1000 * MOMENT);
        let mut tone = Tone::new(220, 100);
        tone.seek(SeekFrom::Start(1001)).unwrap();
        let mut part = [0; 500];
        tone.read_exact(&mut part).unwrap();
        assert_eq!(part, whole[1001..1501]);
        tone.seek(SeekFrom::End(10)).unwrap();
        assert_eq!(tone.read(&mut part).unwrap(), 0);
        assert!(
            tone.seek(SeekFrom::Start(0)).and_then(|_| tone.seek(SeekFrom::Current(-1))).is_err()
        );
    }

    #[test]
    fn a_breaking_one_breaks_after_two_seconds() {
        let mut data = Vec::new();
        let why = io::Error::other("it breaks");
        let mut tone = Tone::new(0, 5000).breaking(Duration::from_secs(2), why);
        let error = tone.read_to_end(&mut data).unwrap_err();
        assert_eq!(data.len() as u64, HEADER + 2 * RATE * MOMENT);
        assert!(error.to_string().contains("breaks"), "{error}");
    }

    #[test]
    fn lengths_that_no_header_can_say_are_cut() {
        for length in [i64::MAX, i64::MIN, -1, 0, i64::from(u32::MAX)] {
            let tone = Tone::new(0, length);
            assert!(tone.length <= u64::from(u32::MAX), "{length}");
            assert_eq!((tone.length - HEADER) % MOMENT, 0, "{length}");
        }
    }
}
