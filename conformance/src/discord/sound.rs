//! What was heard in a room: frames counted, and the audio of them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::rtp::Packet;

/// Samples of one channel in a frame.
const FRAME_SAMPLES: u32 = 960;

/// How much audio is kept, frames; the oldest go first.
const KEPT_FRAMES: usize = 60 * 50;

/// What was heard. A frame is 20 ms.
#[derive(Clone, Debug, Default)]
pub struct Sound {
    /// Frames that are not silence.
    pub audio: u64,
    /// Frames of silence.
    pub silence: u64,
    /// Packets that are missing between others.
    pub lost: u64,
    /// Packets whose sequence number is not after the last one's.
    pub disordered: u64,
    /// Packets whose timestamp is not 960 after the last one's.
    pub timestamp_jumps: u64,
    /// Packets of another SSRC than the gateway gave.
    pub foreign: u64,
    /// Datagrams that are no packets, or that the key does not open.
    pub unreadable: u64,
    /// When the first packet came.
    first_at: Option<Instant>,
    /// When the last packet came.
    pub last_at: Option<Instant>,
    /// The Opus frames of the packets, silence among them.
    frames: VecDeque<Vec<u8>>,
    /// How many of the last ones came without a break.
    in_a_row: usize,
    /// Whether the last one was silence.
    is_silent: bool,
    last: Option<(u16, u32)>,
}

impl Sound {
    pub(super) fn clear(&mut self) {
        *self = Self { last: self.last, last_at: self.last_at, ..Self::default() };
    }

    pub(super) fn hear(&mut self, packet: Packet, ssrc: u32) {
        if packet.ssrc != ssrc {
            self.foreign += 1;
            return;
        }
        let faults = self.lost + self.disordered + self.timestamp_jumps;
        if let Some((sequence, timestamp)) = self.last {
            match packet.sequence.wrapping_sub(sequence) {
                0 | 0x8000.. => self.disordered += 1,
                step => self.lost += u64::from(step - 1),
            }
            let step = packet.timestamp.wrapping_sub(timestamp);
            self.timestamp_jumps += u64::from(step != FRAME_SAMPLES);
        }
        self.last = Some((packet.sequence, packet.timestamp));
        self.last_at = Some(Instant::now());
        self.first_at = self.first_at.or(self.last_at);
        let was_silent = std::mem::replace(&mut self.is_silent, packet.is_silence());
        match self.is_silent {
            true => self.silence += 1,
            false => self.audio += 1,
        }
        let is_break = faults != self.lost + self.disordered + self.timestamp_jumps
            || was_silent != self.is_silent;
        self.in_a_row = if is_break { 1 } else { self.in_a_row + 1 };
        self.frames.push_back(packet.opus);
        if self.frames.len() > KEPT_FRAMES {
            self.frames.pop_front();
        }
    }

    /// Frames of any kind.
    pub fn total(&self) -> u64 {
        self.audio + self.silence
    }

    /// From the first packet to the last.
    pub fn heard_for(&self) -> Duration {
        match (self.first_at, self.last_at) {
            (Some(first), Some(last)) => last.duration_since(first),
            _ => Duration::ZERO,
        }
    }

    /// How long nothing has come; `None` if nothing ever did.
    pub fn quiet_for(&self) -> Option<Duration> {
        self.last_at.map(|at| at.elapsed())
    }

    /// How many of the last frames came without a break: nothing lost or out of order, and no
    /// silence among sound.
    pub fn in_a_row(&self) -> usize {
        self.in_a_row.min(self.frames.len())
    }

    /// The audio of the first `count` frames in a row, as interleaved stereo at 48 kHz; an error
    /// if one cannot be decoded.
    ///
    /// # Errors
    /// If one of the frames is no Opus.
    pub fn decode(&self, count: usize) -> Result<Vec<f32>, opus_pure::Error> {
        let frames = self.frames.iter().skip(self.frames.len() - self.in_a_row()).take(count);
        let mut decoder = opus_pure::OpusDecoder::new(48_000, 2)?;
        let mut samples = Vec::with_capacity(frames.len() * FRAME_SAMPLES as usize * 2);
        // The longest frame that Opus has.
        let mut frame = vec![0.0; 5760 * 2];
        for packet in frames {
            let count = decoder.decode(packet, 5760, &mut frame)?;
            samples.extend_from_slice(&frame[..count * 2]);
        }
        Ok(samples)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rtp::SILENCE;
    use super::*;

    fn packet(sequence: u16, timestamp: u32, opus: &[u8]) -> Packet {
        Packet { sequence, timestamp, ssrc: 7, payload_type: 120, opus: opus.to_vec() }
    }

    #[test]
    fn what_is_missing_or_out_of_order_is_counted() {
        let mut sound = Sound::default();
        for (sequence, timestamp) in [(65_534, 0), (65_535, 960), (0, 1920), (3, 2880), (2, 9000)] {
            sound.hear(packet(sequence, timestamp, &[1]), 7);
        }
        sound.hear(packet(4, 9960, &SILENCE), 7);
        sound.hear(packet(5, 10_920, &SILENCE), 8);
        assert_eq!((sound.audio, sound.silence, sound.foreign), (5, 1, 1));
        assert_eq!((sound.lost, sound.disordered, sound.timestamp_jumps), (2 + 1, 1, 1));
        sound.clear();
        sound.hear(packet(5, 10_920, &[1]), 7);
        assert_eq!((sound.total(), sound.lost, sound.timestamp_jumps), (1, 0, 0));
    }

    #[test]
    fn a_row_is_broken_by_loss_and_by_silence_among_sound() {
        let mut sound = Sound::default();
        let mut row_after = |sequence: u16, opus: &[u8]| {
            sound.hear(packet(sequence, u32::from(sequence) * 960, opus), 7);
            sound.in_a_row()
        };
        assert_eq!([row_after(0, &[1]), row_after(1, &[1]), row_after(2, &[1])], [1, 2, 3]);
        assert_eq!([row_after(3, &SILENCE), row_after(4, &SILENCE)], [1, 2]);
        assert_eq!([row_after(5, &[1]), row_after(6, &[1])], [1, 2]);
        assert_eq!([row_after(8, &[1]), row_after(9, &[1]), row_after(7, &[1])], [1, 2, 1]);
        sound.clear();
        assert_eq!(sound.in_a_row(), 0);
    }

    #[test]
    fn frames_are_decoded_to_the_tone_that_was_encoded() {
        let mut encoder =
            opus_pure::OpusEncoder::new(48_000, 2, opus_pure::Application::Audio).unwrap();
        let mut sound = Sound::default();
        let tone = |n: usize| (n as f32 * 1000.0 * std::f32::consts::TAU / 48_000.0).sin() * 0.25;
        for frame in 0..50_u16 {
            let start = usize::from(frame) * 960;
            let samples: Vec<f32> = (start..start + 960).flat_map(|n| [tone(n), 0.0]).collect();
            let mut opus = vec![0; 1500];
            let length = encoder.encode(&samples, 960, &mut opus).unwrap();
            sound.hear(packet(frame, u32::from(frame) * 960, &opus[..length]), 7);
        }
        let decoded = sound.decode(50).unwrap();
        assert_eq!(decoded.len(), 50 * 1920);
        let level = |channel: usize| {
            let samples = decoded.chunks_exact(2).skip(24_000).map(|pair| pair[channel]);
            (samples.map(|s| s * s).sum::<f32>() / 24_000.0).sqrt()
        };
        assert!((level(0) - 0.25 / 2f32.sqrt()).abs() < 0.005, "{}", level(0));
        assert!(level(1) < 0.01, "{}", level(1));
    }
}
