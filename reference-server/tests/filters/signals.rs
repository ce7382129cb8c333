//! The sounds that the recordings were made from.

use std::f64::consts::PI;

/// Hz.
const RATE: f64 = 48_000.0;

/// Interleaved stereo of that name; `fixtures/dsp/README.md` has the formulas.
pub(crate) fn signal(name: &str, frames: usize) -> Vec<f32> {
    let tone = |hz: f64, n: usize| (0.5 * (2.0 * PI * hz * n as f64 / RATE).sin()) as f32;
    match name {
        "impulse" => stereo(frames, |n| [if n == 0 { 1.0 } else { 0.0 }; 2]),
        "impulse100" => stereo(frames, |n| [if n == 100 { 1.0 } else { 0.0 }; 2]),
        "sine440" => stereo(frames, |n| [tone(440.0, n); 2]),
        "sine1k" => stereo(frames, |n| [tone(1000.0, n); 2]),
        "sine1kL" => stereo(frames, |n| [tone(1000.0, n), 0.0]),
        "sweep" => stereo(frames, |n| [sweep(n); 2]),
        "noise" => noise(frames, 0.5),
        "noise1" => noise(frames, 1.0),
        "dc" => stereo(frames, |_| [0.25; 2]),
        "silence" => stereo(frames, |_| [0.0; 2]),
        other => panic!("there is no signal {other}"),
    }
}

fn stereo(frames: usize, frame: impl Fn(usize) -> [f32; 2]) -> Vec<f32> {
    (0..frames).flat_map(frame).collect()
}

/// 20 Hz to 20 kHz within a second.
fn sweep(n: usize) -> f32 {
    let t = n as f64 / RATE;
    let turns = 20.0 * t + (20_000.0 - 20.0) / 2.0 * t * t;
    (0.5 * (2.0 * PI * turns).sin()) as f32
}

fn noise(frames: usize, amplitude: f32) -> Vec<f32> {
    let mut state = 0x1234_5678_u32;
    let draw = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as i32 - 8_388_608) as f32 / 8_388_608.0 * amplitude
    };
    (0..2 * frames).map(draw).collect()
}
