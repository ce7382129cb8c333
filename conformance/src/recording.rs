//! What a client heard for a while, and what can be measured in it.
//!
//! Levels are relative to the tones that the media server makes, whose amplitude is a quarter of
//! full scale: 0 dB is a tone as it was served. Opus at 96 kbit/s and more changes such tones by
//! less than 0.3 dB and puts what else it makes 40 dB below them; steps leave at least twice that.

use std::f64::consts::TAU;

/// Samples of a channel in a second.
const RATE: f64 = 48_000.0;

/// Amplitude of the generated tones.
pub(crate) const AMPLITUDE: f64 = 0.25;

/// Below everything that could be heard, dB.
const SILENT: f64 = -120.0;

/// Samples over which a level is taken, and how far the next one is: 10 ms.
const WINDOW: usize = 480;

/// Samples that a tone is taken away from at a time: 40 ms, whole periods of every 25 Hz.
const PIECE: usize = 1920;

/// Tones that are measured at a time.
const SIDE_BY_SIDE: usize = 8;

/// Audio of both channels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recording {
    left: Vec<f64>,
    right: Vec<f64>,
}

/// Which side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Something that goes up and down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Swing {
    /// How often in a second.
    pub(crate) frequency: f64,
    /// The lowest that it is for more than a moment.
    pub(crate) least: f64,
    /// The highest.
    pub(crate) most: f64,
}

impl Recording {
    /// Of interleaved samples, without those before `skipped` (of a channel).
    pub(crate) fn new(interleaved: &[f32], skipped: usize) -> Self {
        let pairs = interleaved.chunks_exact(2).skip(skipped);
        let (left, right) = pairs.map(|pair| (f64::from(pair[0]), f64::from(pair[1]))).unzip();
        Self { left, right }
    }

    /// Seconds.
    pub(crate) fn length(&self) -> f64 {
        self.left.len() as f64 / RATE
    }

    fn side(&self, side: Side) -> &[f64] {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    /// Level of a tone, dB.
    pub(crate) fn tone(&self, side: Side, frequency: f64) -> f64 {
        decibel(Windowed::new(self.side(side)).amplitude(frequency) / AMPLITUDE)
    }

    /// Level of all that is heard besides a tone, dB: what is left of short pieces when the tone that
    /// fits best is taken away. A tone that swings or is put together from parts leaves more.
    pub(crate) fn besides(&self, side: Side, frequency: f64) -> f64 {
        let left = self.side(side).chunks_exact(PIECE).map(|piece| left_of(piece, frequency));
        let pieces = (self.side(side).len() / PIECE).max(1);
        // That of a tone is the half of its square.
        decibel((2.0 * left.sum::<f64>() / pieces as f64).sqrt() / AMPLITUDE)
    }

    /// Frequency of the loudest tone, Hz, from 50 to 10,000.
    pub(crate) fn pitch(&self, side: Side) -> f64 {
        let samples = self.side(side);
        let first = |count: usize| Windowed::new(&samples[..samples.len().min(count)]);
        // Coarsely where in a tenth of a second; a whole one tells tones apart to the Hertz.
        let about = first(RATE as usize / 10).loudest(50.0, 10_000.0, 10.0);
        let second = first(RATE as usize);
        let nearer = second.loudest(about - 30.0, about + 30.0, 1.0);
        second.loudest(nearer - 2.0, nearer + 2.0, 0.25)
    }

    /// How its level goes up and down; 1 is the level of a tone as it was served.
    pub(crate) fn level_swing(&self, side: Side) -> Swing {
        swing(&envelope(self.side(side)))
    }

    /// How the pitch of a tone goes up and down, Hz away from it.
    pub(crate) fn pitch_swing(&self, side: Side, frequency: f64) -> Swing {
        let samples = self.side(side);
        let phase = |window: usize| {
            let start = window * WINDOW;
            let (mut real, mut imaginary) = (0.0, 0.0);
            for (n, sample) in samples[start..start + WINDOW].iter().enumerate() {
                let angle = TAU * frequency * (start + n) as f64 / RATE;
                real += sample * angle.cos();
                imaginary -= sample * angle.sin();
            }
            f64::atan2(imaginary, real)
        };
        let phases: Vec<f64> = (0..samples.len() / WINDOW).map(phase).collect();
        let step = WINDOW as f64 / RATE;
        let away = |pair: &[f64]| {
            let turn = (pair[1] - pair[0] + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0;
            turn / TAU / step
        };
        swing(&phases.windows(2).map(away).collect::<Vec<_>>())
    }

    /// Whether one side is loud when the other is not: 1 if they go together, −1 if against each
    /// other.
    pub(crate) fn togetherness(&self) -> f64 {
        let (left, right) = (envelope(&self.left), envelope(&self.right));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let (left_mean, right_mean) = (mean(&left), mean(&right));
        let pairs = left.iter().zip(&right).map(|(l, r)| (l - left_mean, r - right_mean));
        let (both, lefts, rights) = pairs
            .fold((0.0, 0.0, 0.0), |(both, ls, rs), (l, r)| (both + l * r, ls + l * l, rs + r * r));
        if lefts * rights == 0.0 { 0.0 } else { both / (lefts * rights).sqrt() }
    }
}

/// 20 times the logarithm, but not endlessly low.
fn decibel(ratio: f64) -> f64 {
    (20.0 * ratio.log10()).max(SILENT)
}

/// Mean power of a piece without a tone of whole periods in it.
fn left_of(piece: &[f64], frequency: f64) -> f64 {
    let count = piece.len() as f64;
    let (mut power, mut real, mut imaginary) = (0.0, 0.0, 0.0);
    for (n, sample) in piece.iter().enumerate() {
        let angle = TAU * frequency * n as f64 / RATE;
        power += sample * sample;
        real += sample * angle.cos();
        imaginary += sample * angle.sin();
    }
    ((power - 2.0 * (real * real + imaginary * imaginary) / count) / count).max(0.0)
}

/// Samples under a Hann window.
struct Windowed(Vec<f64>);

impl Windowed {
    fn new(samples: &[f64]) -> Self {
        let turn = TAU / samples.len() as f64;
        let window = (0..samples.len()).map(|n| 0.5 - 0.5 * (turn * n as f64).cos());
        Self(samples.iter().zip(window).map(|(sample, window)| sample * window).collect())
    }

    /// Amplitude of a tone.
    fn amplitude(&self, frequency: f64) -> f64 {
        self.amplitudes([frequency])[0]
    }

    /// Amplitudes of tones: Goertzel's sums, side by side, as each step of one waits for the step
    /// before.
    fn amplitudes<const COUNT: usize>(&self, frequencies: [f64; COUNT]) -> [f64; COUNT] {
        if self.0.is_empty() {
            return [0.0; COUNT];
        }
        let coefficients = frequencies.map(|frequency| 2.0 * (TAU * frequency / RATE).cos());
        let (mut before, mut last) = ([0.0; COUNT], [0.0; COUNT]);
        for sample in &self.0 {
            let next = std::array::from_fn(|n| sample + coefficients[n] * last[n] - before[n]);
            (before, last) = (last, next);
        }
        std::array::from_fn(|n| {
            let (before, last) = (before[n], last[n]);
            let power = before * before + last * last - coefficients[n] * before * last;
            // The window takes half of it.
            4.0 * power.max(0.0).sqrt() / self.0.len() as f64
        })
    }

    /// The loudest of frequencies that far apart, Hz.
    fn loudest(&self, from: f64, to: f64, step: f64) -> f64 {
        let count = ((to - from) / step).round() as usize;
        let levels = (0..=count).step_by(SIDE_BY_SIDE).flat_map(|first| {
            // Those beyond the last one are the last one again.
            let frequency = |n: usize| from + (first + n).min(count) as f64 * step;
            let frequencies: [f64; SIDE_BY_SIDE] = std::array::from_fn(frequency);
            self.amplitudes(frequencies).into_iter().zip(frequencies)
        });
        levels.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(from, |(_, frequency)| frequency)
    }
}

/// Levels of windows of 10 ms.
fn envelope(samples: &[f64]) -> Vec<f64> {
    let level = |window: &[f64]| {
        let power = window.iter().map(|sample| sample * sample).sum::<f64>() / WINDOW as f64;
        (2.0 * power).sqrt() / AMPLITUDE
    };
    samples.chunks_exact(WINDOW).map(level).collect()
}

/// Of values 10 ms apart.
fn swing(values: &[f64]) -> Swing {
    if values.is_empty() {
        return Swing { frequency: 0.0, least: 0.0, most: 0.0 };
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // A click or two are no swing.
    let at = |part: f64| sorted[((sorted.len() - 1) as f64 * part).round() as usize];
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let period = WINDOW as f64 / RATE;
    let strength = |frequency: f64| {
        let turn = TAU / values.len() as f64;
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (n, value) in values.iter().enumerate() {
            let window = 0.5 - 0.5 * (turn * n as f64).cos();
            let angle = TAU * frequency * n as f64 * period;
            real += (value - mean) * window * angle.cos();
            imaginary += (value - mean) * window * angle.sin();
        }
        real.hypot(imaginary)
    };
    let frequencies = (2..=400).map(|n| f64::from(n) * 0.05);
    let strengths = frequencies.map(|frequency| (strength(frequency), frequency));
    let strongest = strengths.max_by(|a, b| a.0.total_cmp(&b.0));
    let frequency = strongest.map_or(0.0, |(_, frequency)| frequency);
    Swing { frequency, least: at(0.02), most: at(0.98) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Through Opus and back, as it comes from a target.
    fn heard(seconds: f64, sample: impl Fn(f64) -> (f64, f64)) -> Recording {
        let mut encoder =
            opus_pure::OpusEncoder::new(48_000, 2, opus_pure::Application::Audio).unwrap();
        encoder.bitrate_bps = 128_000;
        let mut decoder = opus_pure::OpusDecoder::new(48_000, 2).unwrap();
        let (mut opus, mut out) = (vec![0; 1500], vec![0.0; 1920]);
        let mut samples = Vec::new();
        for frame in 0..(seconds * 50.0) as usize {
            let times = (frame * 960..(frame + 1) * 960).map(|n| n as f64 / RATE);
            let input: Vec<f32> =
                times.map(&sample).flat_map(|(left, right)| [left as f32, right as f32]).collect();
            let length = encoder.encode(&input, 960, &mut opus).unwrap();
            let count = decoder.decode(&opus[..length], 960, &mut out).unwrap();
            samples.extend_from_slice(&out[..count * 2]);
        }
        Recording::new(&samples, 9600)
    }

    fn tone(frequency: f64, time: f64) -> f64 {
        AMPLITUDE * (TAU * frequency * time).sin()
    }

    fn near(seen: f64, expected: f64, by: f64) {
        assert!((seen - expected).abs() <= by, "{seen} is not {expected} ± {by}");
    }

    #[test]
    fn tones_have_their_level_and_their_pitch() {
        let sound = heard(1.4, |t| (tone(440.0, t), 0.5 * tone(1000.0, t)));
        near(sound.tone(Side::Left, 440.0), 0.0, 0.2);
        near(sound.tone(Side::Right, 1000.0), -6.02, 0.3);
        assert!(sound.tone(Side::Left, 1000.0) < -40.0);
        assert!(sound.tone(Side::Right, 440.0) < -40.0);
        near(sound.pitch(Side::Left), 440.0, 1.0);
        near(sound.pitch(Side::Right), 1000.0, 1.0);
        near(sound.length(), 1.2, 0.001);
    }

    #[test]
    fn what_is_there_besides_a_tone_is_measured() {
        let sound = heard(1.4, |t| {
            (tone(1000.0, t) + 0.1 * tone(4000.0, t), tone(2000.0, t).signum() * 0.1)
        });
        near(sound.besides(Side::Left, 1000.0), -20.0, 0.6);
        assert!(sound.besides(Side::Left, 4000.0) > -1.0);
        // A rectangle has 0.48 of its power outside of its first tone, which is 4/pi as high.
        near(sound.besides(Side::Right, 2000.0), -11.0, 1.5);
        let sound = heard(1.4, |t| (tone(1000.0, t), 0.0));
        assert!(sound.besides(Side::Left, 1000.0) < -38.0);
        assert!(sound.besides(Side::Right, 1000.0) < -60.0);
    }

    #[test]
    fn two_tones_at_a_time_are_told_apart() {
        let sound = heard(1.4, |t| {
            let both = tone(100.0, t) + 0.1 * tone(4000.0, t);
            (both, both)
        });
        near(sound.tone(Side::Left, 100.0), 0.0, 0.3);
        near(sound.tone(Side::Left, 4000.0), -20.0, 0.6);
    }

    #[test]
    fn levels_and_pitches_swing() {
        let sound = heard(2.4, |t| {
            let level = 0.75 + 0.25 * (TAU * 2.0 * t).sin();
            (level * tone(1000.0, t), (1.0 - level) * 2.0 * tone(1000.0, t))
        });
        let swing = sound.level_swing(Side::Left);
        near(swing.frequency, 2.0, 0.15);
        near(swing.least, 0.5, 0.03);
        near(swing.most, 1.0, 0.03);
        assert!(sound.togetherness() < -0.9, "{}", sound.togetherness());

        // A phase that swings by a/f swings the pitch by a.
        let shaken =
            |t: f64| AMPLITUDE * (TAU * 1000.0 * t + 31.0 / 5.0 * (TAU * 5.0 * t).sin()).sin();
        let sound = heard(2.4, |t| (shaken(t), shaken(t)));
        let swing = sound.pitch_swing(Side::Left, 1000.0);
        near(swing.frequency, 5.0, 0.2);
        near(swing.most, 31.0, 3.0);
        near(swing.least, -31.0, 3.0);
        assert!(sound.togetherness() > -0.5);
    }

    #[test]
    fn silence_is_far_below_everything() {
        let sound = heard(0.5, |_| (0.0, 0.0));
        assert!(sound.tone(Side::Left, 1000.0) < -80.0);
        let nothing = Recording::default();
        assert!(nothing.tone(Side::Right, 440.0) < -80.0);
        assert_eq!(nothing.togetherness(), 0.0);
    }
}
