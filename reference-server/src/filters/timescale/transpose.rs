//! Faster and higher, or slower and lower: another rate, read between the samples.
//!
//! What would lie above half the rate of the result is filtered out: before reading when there
//! will be fewer samples, after it when there will be more.

use std::f64::consts::PI;

use super::Part;
use crate::deviations::switch::{self, deviates};

/// Taps of the filter.
const TAPS: usize = 64;

/// Points that a sample is read between.
const POINTS: usize = 4;

/// Samples that are made in one go.
const PIECE: usize = 1024;

/// Samples that are filtered side by side.
const LANES: usize = 16;

/// Changes the rate of one channel.
#[derive(Clone, Debug)]
pub(super) struct Transpose {
    rate: f64,
    /// The filter; at rate 1 it lets everything pass.
    taps: Option<Box<[f32; TAPS]>>,
    /// What is to be read and what is to be filtered next.
    unread: Vec<f32>,
    unfiltered: Vec<f32>,
    /// Between two samples of `unread`.
    place: f64,
}

impl Transpose {
    pub(super) fn new(rate: f64) -> Self {
        let filters = rate != 1.0 && !deviates(switch::FILTERS_144_UNFILTERED);
        let taps = filters.then(|| Box::new(taps(0.5 * rate.min(1.0 / rate))));
        Self { rate, taps, unread: Vec::new(), unfiltered: Vec::new(), place: 0.0 }
    }

    fn filters_first(&self) -> bool {
        self.rate > 1.0
    }

    /// Filters what can be.
    fn filter(&mut self, out: &mut Vec<f32>) {
        let count = (self.unfiltered.len() + 1).saturating_sub(TAPS);
        if count == 0 {
            return;
        }
        match &self.taps {
            Some(taps) => filter(taps, &self.unfiltered, count, out),
            None => out.extend_from_slice(&self.unfiltered[TAPS / 2..][..count]),
        }
        self.unfiltered.drain(..count);
    }

    /// Reads a piece.
    fn read(&mut self, out: &mut Vec<f32>) {
        let mut made = 0;
        while made < PIECE {
            let whole = self.place as usize;
            let Some(points) = self.unread.get(whole..).and_then(|rest| rest.first_chunk()) else {
                break;
            };
            out.push(between(points, (self.place - whole as f64) as f32));
            self.place += self.rate;
            made += 1;
        }
        let passed = (self.place as usize).min(self.unread.len());
        self.unread.drain(..passed);
        self.place -= passed as f64;
    }
}

impl Part<f32> for Transpose {
    fn push(&mut self, samples: &[f32]) {
        if self.filters_first() {
            self.unfiltered.extend_from_slice(samples);
            let mut filtered = std::mem::take(&mut self.unread);
            self.filter(&mut filtered);
            self.unread = filtered;
        } else {
            self.unread.extend_from_slice(samples);
        }
    }

    fn give(&mut self, out: &mut Vec<f32>) -> bool {
        let before = out.len();
        if self.filters_first() {
            self.read(out);
        } else {
            let mut read = std::mem::take(&mut self.unfiltered);
            self.read(&mut read);
            self.unfiltered = read;
            self.filter(out);
        }
        out.len() > before
    }
}

/// How many samples a [`Transpose`] makes of how many.
#[derive(Clone, Debug)]
pub(super) struct TransposedLength {
    rate: f64,
    /// Samples that are to be read and samples that are to be filtered next.
    unread: usize,
    unfiltered: usize,
    /// Between two samples of the unread ones.
    place: f64,
}

impl TransposedLength {
    pub(super) fn new(rate: f64) -> Self {
        Self { rate, unread: 0, unfiltered: 0, place: 0.0 }
    }

    /// Filters what can be; gives back how much.
    fn filter(&mut self) -> usize {
        let count = (self.unfiltered + 1).saturating_sub(TAPS);
        self.unfiltered -= count;
        count
    }

    /// Reads a piece; gives back how much it makes.
    fn read(&mut self) -> usize {
        let mut made = 0;
        // Added one by one, as they are where they are heard.
        while made < PIECE && self.place as usize + POINTS <= self.unread {
            self.place += self.rate;
            made += 1;
        }
        let passed = (self.place as usize).min(self.unread);
        self.unread -= passed;
        self.place -= passed as f64;
        made
    }
}

impl Part<()> for TransposedLength {
    fn push(&mut self, samples: &[()]) {
        if self.rate > 1.0 {
            self.unfiltered += samples.len();
            self.unread += self.filter();
        } else {
            self.unread += samples.len();
        }
    }

    fn give(&mut self, out: &mut Vec<()>) -> bool {
        let made = if self.rate > 1.0 {
            self.read()
        } else {
            self.unfiltered += self.read();
            self.filter()
        };
        out.resize(out.len() + made, ());
        made > 0
    }
}

/// A sinc in a Hamming window that passes what is below `cutoff`, in parts of the rate.
fn taps(cutoff: f64) -> [f32; TAPS] {
    let middle = (TAPS / 2) as f64;
    let tap = |index: usize| {
        let off = index as f64 - middle;
        let angle = 2.0 * PI * cutoff * off;
        let sinc = if off == 0.0 { 1.0 } else { angle.sin() / angle };
        sinc * (0.54 + 0.46 * (PI * off / middle).cos())
    };
    let exact: [f64; TAPS] = std::array::from_fn(tap);
    let sum: f64 = exact.iter().sum();
    exact.map(|tap| (tap / sum) as f32)
}

/// The first `count` sums of each tap with its sample.
fn filter(taps: &[f32; TAPS], samples: &[f32], count: usize, out: &mut Vec<f32>) {
    let mut made = 0;
    while made + LANES <= count {
        let mut lanes = [0.0; LANES];
        for (tap, samples) in taps.iter().zip(samples[made..].array_windows::<LANES>()) {
            for (lane, sample) in lanes.iter_mut().zip(samples) {
                *lane += tap * sample;
            }
        }
        out.extend_from_slice(&lanes);
        made += LANES;
    }
    for rest in made..count {
        out.push(taps.iter().zip(&samples[rest..]).map(|(tap, sample)| tap * sample).sum());
    }
}

/// Cubic interpolation between the second and the third of four points.
fn between([zero, one, two, three]: &[f32; POINTS], share: f32) -> f32 {
    let linear = two - zero;
    let square = 2.0 * zero - 5.0 * one + 4.0 * two - three;
    let cubic = 3.0 * (one - two) + three - zero;
    one + 0.5 * share * (linear + share * (square + share * cubic))
}
