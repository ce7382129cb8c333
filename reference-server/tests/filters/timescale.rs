//! What a timescale has to sound like (docs/observed/filters.md#timescale): its samples depend on
//! the machine even in the real server, so lengths, levels, frequencies and times are compared.

use std::f64::consts::PI;

use lavalink_reference_server::filters::Chain;
use serde::Deserialize;

use crate::golden::fixture;
use crate::signals::signal;

/// Samples of a spectrum.
const SPECTRUM: usize = 65_536;

/// A setting, and what was measured with 10 s of input in blocks of 960 frames.
#[derive(Deserialize)]
struct Setting {
    speed: f64,
    pitch: f64,
    rate: f64,
    input_frames: usize,
    output_frames: usize,
    input_frames_before_first_output_960_blocks: usize,
    noise_rms_db: f64,
}

fn settings() -> Vec<Setting> {
    let settings: Vec<Setting> = serde_json::from_slice(&fixture("timescale.json")).unwrap();
    assert_eq!(settings.len(), 35);
    settings
}

impl Setting {
    fn new(speed: f64, pitch: f64, rate: f64) -> Self {
        Self {
            speed,
            pitch,
            rate,
            input_frames: 0,
            output_frames: 0,
            input_frames_before_first_output_960_blocks: 0,
            noise_rms_db: 0.0,
        }
    }

    fn chain(&self) -> Chain {
        let Self { speed, pitch, rate, .. } = self;
        let scale = format!(r#""speed":{speed},"pitch":{pitch},"rate":{rate}"#);
        // With nothing to do it takes part only if another one has, such as this one that passes.
        let filters = format!(r#"{{"volume":1.01,"timescale":{{{scale}}}}}"#).parse().unwrap();
        Chain::build(&filters).unwrap().unwrap()
    }

    /// The left channel of what becomes of interleaved stereo.
    fn run(&self, input: &[f32]) -> Vec<f32> {
        let mut chain = self.chain();
        let mut out = Vec::new();
        for block in input.chunks(2 * 960) {
            chain.process(block, &mut out);
            while chain.drain(&mut out) {}
        }
        out.into_iter().step_by(2).collect()
    }

    /// Frames of input for one of output.
    fn total(&self) -> f64 {
        self.speed * self.rate
    }

    fn name(&self) -> String {
        format!("speed {} pitch {} rate {}", self.speed, self.pitch, self.rate)
    }
}

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

fn loudness(samples: &[f32]) -> f64 {
    let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (power / samples.len() as f64).sqrt()
}

/// Without both ends.
fn inner(samples: &[f32]) -> &[f32] {
    let edge = (samples.len() / 10).min(4_800);
    &samples[edge..samples.len() - edge]
}

#[test]
fn lengths_and_first_output_are_those_recorded() {
    for setting in settings() {
        let silence = signal("silence", setting.input_frames);
        let mut chain = setting.chain();
        let (mut frames, mut first) = (0, None);
        let mut out = Vec::new();
        for (index, block) in silence.chunks(2 * 960).enumerate() {
            chain.process(block, &mut out);
            while chain.drain(&mut out) {}
            assert!(out.iter().all(|sample| *sample == 0.0), "{}", setting.name());
            frames += out.len() / 2;
            if frames > 0 {
                first.get_or_insert((index + 1) * 960);
            }
            out.clear();
        }
        let total = setting.total();
        let ideal = setting.input_frames as f64 / total;
        let least = ideal - (5300.0 / total).max(1600.0);
        assert!((least..=ideal).contains(&(frames as f64)), "{}: {frames}", setting.name());
        let off = frames.abs_diff(setting.output_frames);
        assert!(off <= 2, "{}: {frames}, was {}", setting.name(), setting.output_frames);
        let recorded = setting.input_frames_before_first_output_960_blocks;
        assert_eq!(first, Some(recorded), "{}", setting.name());
    }
}

#[test]
fn a_tone_keeps_its_loudness_and_gets_its_pitch() {
    let input = signal("sine440", 144_000);
    for setting in settings() {
        if setting.speed >= 100.0 {
            continue;
        }
        let name = setting.name();
        let out = setting.run(&input);
        let heard = inner(&out);
        let level = decibels(loudness(heard) / 0.5 * 2f64.sqrt());
        assert!(level.abs() <= 0.1, "{name}: {level} dB");
        let peak = heard.iter().fold(0.0, |peak: f32, sample| peak.max(sample.abs()));
        assert!(peak <= 0.505, "{name}: {peak}");
        let expected = 440.0 * setting.pitch * setting.rate;
        let found = frequency(heard);
        // What is short cannot be measured better.
        let tolerance = (expected * 0.0015).max(48_000.0 / heard.len() as f64);
        assert!((found - expected).abs() <= tolerance, "{name}: {found} Hz, not {expected}");
        let (low, high) = envelope(heard, expected);
        assert!(low >= -0.5 && high <= 0.5, "{name}: {low} to {high} dB");
        let purity = purity(heard, expected);
        // Nothing is cut and joined then; the window of the spectrum is what remains.
        let wanted = if setting.speed == setting.pitch { 90.0 } else { 30.0 };
        assert!(purity >= wanted, "{name}: {purity} dB");
    }
}

/// Of whole turns, between the first and the last time it rises through zero.
fn frequency(samples: &[f32]) -> f64 {
    let rising = samples.windows(2).enumerate().filter(|(_, pair)| pair[0] < 0.0 && pair[1] >= 0.0);
    let times: Vec<_> = rising
        .map(|(index, pair)| index as f64 + f64::from(pair[0] / (pair[0] - pair[1])))
        .collect();
    (times.len() - 1) as f64 * 48_000.0 / (times[times.len() - 1] - times[0])
}

/// Lowest and highest loudness of pieces of about 10 ms, in whole turns, against that of the tone.
fn envelope(samples: &[f32], hz: f64) -> (f64, f64) {
    let turns = (hz / 100.0).round().max(1.0);
    let piece = (turns * 48_000.0 / hz).round() as usize;
    let levels =
        samples.chunks_exact(piece).map(|piece| decibels(loudness(piece) / 0.5 * 2f64.sqrt()));
    levels.fold((f64::MAX, f64::MIN), |(low, high), level| (low.min(level), high.max(level)))
}

/// How much louder the tone is than everything that is not within 3 % of it, dB.
fn purity(samples: &[f32], hz: f64) -> f64 {
    let count = samples.len().min(SPECTRUM);
    let mut spectrum = vec![(0.0, 0.0); SPECTRUM];
    for (index, (bin, sample)) in spectrum.iter_mut().zip(samples).enumerate() {
        let angle = 2.0 * PI * index as f64 / count as f64;
        let window = 0.358_75 - 0.488_29 * angle.cos() + 0.141_28 * (2.0 * angle).cos()
            - 0.011_68 * (3.0 * angle).cos();
        bin.0 = window * f64::from(*sample);
    }
    transform(&mut spectrum);
    let (mut line, mut rest) = (0.0, 0.0);
    for (index, (re, im)) in spectrum.iter().enumerate().take(SPECTRUM / 2) {
        let off = (index as f64 * 48_000.0 / SPECTRUM as f64 - hz).abs();
        // A short piece cannot be seen sharper than its window.
        let near = (hz * 0.03).max(4.0 * 48_000.0 / count as f64);
        *(if off <= near { &mut line } else { &mut rest }) += re * re + im * im;
    }
    10.0 * (line / rest).log10()
}

/// Fast Fourier transform in place; the length is a power of two.
fn transform(bins: &mut [(f64, f64)]) {
    let count = bins.len();
    for index in 0..count {
        let mirrored = index.reverse_bits() >> (usize::BITS - count.trailing_zeros());
        if mirrored > index {
            bins.swap(index, mirrored);
        }
    }
    let mut half = 1;
    while half < count {
        for start in (0..count).step_by(2 * half) {
            for index in 0..half {
                let angle = -PI * index as f64 / half as f64;
                let ((sin, cos), (a, b)) = (angle.sin_cos(), bins[start + index + half]);
                let turned = (a * cos - b * sin, a * sin + b * cos);
                let (re, im) = bins[start + index];
                bins[start + index] = (re + turned.0, im + turned.1);
                bins[start + index + half] = (re - turned.0, im - turned.1);
            }
        }
        half *= 2;
    }
}

#[test]
fn noise_loses_what_the_real_one_loses() {
    let input = signal("noise", 96_000);
    let before = loudness(&input);
    for setting in settings() {
        let out = setting.run(&input);
        if out.len() < 19_200 {
            continue;
        }
        let lost = decibels(loudness(inner(&out)) / before);
        assert!((lost - setting.noise_rms_db).abs() <= 0.25, "{}: {lost} dB", setting.name());
    }
}

#[test]
fn things_happen_when_they_should() {
    // Tones of 300 ms, one a second.
    const SECONDS: usize = 4;
    let frames = SECONDS * 48_000;
    let tone = signal("sine440", frames);
    let sounds = |frame: usize| (9_600..24_000).contains(&(frame % 48_000));
    let gated = |(index, sample): (usize, &f32)| if sounds(index / 2) { *sample } else { 0.0 };
    let input: Vec<_> = tone.iter().enumerate().map(gated).collect();
    for setting in settings().iter().filter(|setting| (0.5..=4.0).contains(&setting.speed)) {
        let out = setting.run(&input);
        let total = setting.total();
        for second in 0..SECONDS - 1 {
            let edge = |frame: usize, begins| {
                let ideal = (second * 48_000 + frame) as f64 / total;
                edge_near(&out, ideal, 9_000.0 / total, begins) - ideal
            };
            // An edge may be heard twice when sound gets longer; their middle stays.
            let late = (edge(9_600, true) + edge(24_000, false)) / 2.0 / 48.0;
            let name = setting.name();
            assert!((-85.0..=25.0).contains(&late), "{name}: second {second}: {late} ms");
        }
    }
}

/// Where the loudness crosses half of a tone's nearest to a frame.
fn edge_near(samples: &[f32], ideal: f64, reach: f64, begins: bool) -> f64 {
    let from = (ideal - reach).max(0.0) as usize;
    let to = ((ideal + reach) as usize).min(samples.len());
    let loud: Vec<_> = (from..to).filter(|index| samples[*index].abs() > 0.2).collect();
    let edge = if begins { loud.first() } else { loud.last() };
    edge.map_or(f64::INFINITY, |index| *index as f64)
}

#[test]
fn what_stands_still_stays() {
    for setting in settings().iter().filter(|setting| setting.speed < 100.0) {
        let out = setting.run(&signal("dc", 96_000));
        let off = out.iter().map(|sample| (sample - 0.25).abs()).fold(0.0, f32::max);
        assert!(off < 2e-4, "{}: {off}", setting.name());
    }
}

#[test]
fn the_end_of_a_track_is_lost() {
    for (speed, rate, frames) in [(2.0, 1.0, 73), (0.5, 1.0, 290), (1.0, 1.5, 97)] {
        let setting = Setting::new(speed, 1.0, rate);
        let out = setting.run(&signal("sine440", 144_000));
        assert_eq!(out.len() / 960, frames, "{}", setting.name());
    }
}

#[test]
fn both_channels_are_as_long_and_a_seek_begins_anew() {
    let mut chain = Setting::new(1.25, 1.1, 0.9).chain();
    let input = signal("noise", 48_000);
    let run = |chain: &mut Chain| {
        let mut out = Vec::new();
        input.chunks(1_000).for_each(|block| chain.process(block, &mut out));
        out
    };
    let first = run(&mut chain);
    chain.seek();
    assert!(!first.is_empty() && run(&mut chain) == first);
}

#[test]
fn extreme_factors_neither_hang_nor_hoard() {
    let input = signal("noise", 4_800);
    for (speed, pitch, rate) in [
        (1e-300, 1.0, 1.0),
        (1e300, 1.0, 1.0),
        (1.0, 1e300, 1.0),
        (1.0, 1e-300, 1.0),
        (1.0, 1.0, 1e-300),
        (1.0, 1.0, 1e300),
        (1e300, 1e-300, 1.0),
        (1e-300, 1e300, 1e300),
    ] {
        let mut chain = Setting::new(speed, pitch, rate).chain();
        let mut out = Vec::new();
        for block in input.chunks(1_920) {
            chain.process(block, &mut out);
            chain.drain(&mut out);
        }
        assert!(out.len() < 2 * 2 * 6 * 60_000, "{speed} {pitch} {rate}: {}", out.len());
    }
}
