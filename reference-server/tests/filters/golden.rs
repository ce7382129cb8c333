//! Everything but the timescale, sample by sample.
//!
//! With glibc results have to be equal to the last bit, as `sin` and its like are; elsewhere they
//! may differ by 1e-6, and by 1e-3 where a distortion multiplies by a thousand.

use lavalink_reference_server::filters::{Chain, Filters};
use serde::Deserialize;

use crate::signals::signal;

/// Whether the platform's mathematics is that of the recordings.
const EXACT: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

/// Frames of a block of the recordings.
const BLOCK: usize = 960;

#[derive(Deserialize)]
struct Recorded {
    inputs: Vec<Input>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Input {
    input: String,
    frames: usize,
    left: String,
    right: String,
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    /// As the body of a request had them.
    pub(crate) filters: String,
    input: String,
    frames: usize,
    /// Frame before which there was a seek.
    seek: Option<usize>,
    enabled: Option<bool>,
    left: Option<Channel>,
    right: Option<Channel>,
    /// All samples, interleaved.
    file: Option<String>,
    pub(crate) build_error: Option<String>,
    pub(crate) parse_error: Option<String>,
}

#[derive(Deserialize)]
struct Channel {
    fnv1a64: String,
    /// Missing if not all samples are numbers.
    rms: Option<f64>,
    first16_bits: String,
    not_finite: Option<usize>,
}

fn recorded() -> Recorded {
    serde_json::from_slice(&fixture("cases.json")).unwrap()
}

pub(crate) fn cases() -> Vec<Case> {
    recorded().cases
}

/// Those whose samples can be compared: of a timescale only what it sounds like can be.
fn comparable() -> impl Iterator<Item = Case> {
    cases().into_iter().filter(|case| case.left.is_some() && !case.filters.contains("timescale"))
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/../fixtures/dsp/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn samples(name: &str) -> Vec<f32> {
    let bytes = fixture(name);
    bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn chain(filters: &str) -> Chain {
    let filters: Filters = filters.parse().unwrap();
    Chain::build(&filters).unwrap().unwrap()
}

fn channel(samples: &[f32], channel: usize) -> Vec<f32> {
    samples.iter().skip(channel).step_by(2).copied().collect()
}

/// FNV-1a of the bytes.
fn hash(samples: &[f32]) -> String {
    let bytes = samples.iter().flat_map(|sample| sample.to_le_bytes());
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.fold(0xcbf2_9ce4_8422_2325, step))
}

impl Case {
    /// The sound of the case in blocks of so many frames.
    fn run(&self, block: usize) -> Vec<f32> {
        // What is not enabled on its own was recorded as a member of a chain.
        let mut chain = match self.enabled {
            Some(false) => chain(&joined(&self.filters)),
            _ => chain(&self.filters),
        };
        let input = signal(&self.input, self.frames);
        let mut out = Vec::new();
        let parts = match self.seek {
            Some(frame) => vec![&input[..frame * 2], &input[frame * 2..]],
            None => vec![&input[..]],
        };
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                chain.seek();
            }
            for block in part.chunks(block * 2) {
                chain.process(block, &mut out);
            }
        }
        out
    }
}

/// Filters that are not enabled, with one that is and changes nothing.
pub(crate) fn joined(filters: &str) -> String {
    let idle = match filters.contains("volume") {
        true => r#""karaoke":{"level":0.0}"#,
        false => r#""volume":1.01"#,
    };
    let inner = filters.strip_prefix('{').unwrap();
    let separator = if inner.starts_with('}') { "" } else { "," };
    format!("{{{idle}{separator}{inner}")
}

#[test]
fn the_signals_are_those_of_the_recordings() {
    if !EXACT {
        return;
    }
    for Input { input, frames, left, right } in recorded().inputs {
        let samples = signal(&input, frames);
        assert_eq!(hash(&channel(&samples, 0)), left, "{input} of {frames}");
        assert_eq!(hash(&channel(&samples, 1)), right, "{input} of {frames}");
    }
}

#[test]
fn every_recorded_output_is_made_again() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in comparable() {
        let (Some(left), Some(right)) = (&case.left, &case.right) else { continue };
        let out = case.run(BLOCK);
        compared += 1;
        for (index, expected) in [left, right].into_iter().enumerate() {
            if let Err(why) = compare(&case, expected, &channel(&out, index)) {
                wrong.push(format!("{} channel {index}: {why}", case.id));
            }
        }
        if let Some(file) = &case.file {
            let tolerance = if case.id == "distortion_extreme" { 1e-3 } else { 1e-6 };
            let expected = samples(file);
            let worst = out.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            if out.len() != expected.len() || worst > tolerance {
                wrong.push(format!("{}: off by {worst} in {file}", case.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(compared, 165);
}

fn compare(case: &Case, expected: &Channel, samples: &[f32]) -> Result<(), String> {
    let found = samples.iter().filter(|sample| !sample.is_finite()).count();
    if found != expected.not_finite.unwrap_or(0) {
        return Err(format!("{found} samples are no numbers"));
    }
    let first = expected.first16_bits.split(' ').map(|bits| u32::from_str_radix(bits, 16).unwrap());
    for (index, (sample, bits)) in samples.iter().zip(first).enumerate() {
        let recorded = f32::from_bits(bits);
        let equal = match EXACT {
            true => sample.to_bits() == bits,
            false => (sample - recorded).abs() <= 1e-6 * recorded.abs().max(1.0),
        };
        if !(equal || sample.is_nan() && recorded.is_nan()) {
            return Err(format!("sample {index} is {sample}, was {recorded}"));
        }
    }
    match expected.rms {
        Some(_) if EXACT && hash(samples) != expected.fnv1a64 => Err("the hash is another".into()),
        Some(rms) if !case.id.contains("extreme") => {
            let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
            let found = (power / samples.len() as f64).sqrt();
            let near = (found - rms).abs() <= 1e-5 * rms.max(1e-3);
            if near { Ok(()) } else { Err(format!("its loudness is {found}, was {rms}")) }
        }
        _ => Ok(()),
    }
}

#[test]
fn blocks_of_any_size_give_the_same() {
    for case in comparable().filter(|case| case.seek.is_none()) {
        let bits = |block| -> Vec<u32> {
            let out = case.run(block);
            out.into_iter().map(|s| if s.is_nan() { u32::MAX } else { s.to_bits() }).collect()
        };
        let expected = bits(BLOCK);
        for block in [1, 37, 480, 4096] {
            assert!(bits(block) == expected, "{} in blocks of {block}", case.id);
        }
    }
}

#[test]
fn a_tremolo_slows_down_and_stops() {
    for (second, file) in [
        (331, "tremolo_long_2hz_depth1_dc_at_331s.mono.f32"),
        (700, "tremolo_long_2hz_depth1_dc_at_700s.mono.f32"),
    ] {
        let mut chain = chain(r#"{"tremolo":{"frequency":2,"depth":1}}"#);
        let block = vec![0.25; 2 * BLOCK];
        let mut out = Vec::new();
        for _ in 0..second * 50 {
            out.clear();
            chain.process(&block, &mut out);
        }
        let (found, expected) = (channel(&out, 0), samples(file));
        let worst = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= if EXACT { 0.0 } else { 1e-6 }, "{second} s: off by {worst}");
        assert_eq!(found.len(), expected.len());
    }
}
