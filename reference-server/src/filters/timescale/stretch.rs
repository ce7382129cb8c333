//! Longer or shorter at the same pitch: waveform similarity overlap-add.
//!
//! Sound is cut into sequences. Each begins where the last one would have gone on, give or take
//! the seek window, at the place that continues it best, and is faded in over it. How far the
//! beginnings lie apart in the input and in the output makes the tempo.

use super::Part;
use crate::pcm::SAMPLE_RATE;

/// Samples over which one sequence fades into the next: 8 ms.
const OVERLAP: usize = 384;

/// Places that are compared first; then those around the best of them.
const STRIDE: usize = 4;

/// What a place at the edge of the seek window loses against one in its middle, so that sound
/// that is alike everywhere stays where it is. Similarities are -1 to 1.
const PREFERENCE: f64 = 0.02;

/// Samples that are multiplied side by side.
const LANES: usize = 8;

/// Changes the tempo of one channel.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    plan: Plan,
    /// What was pushed since the beginning of the window, without what will be skipped anyway.
    input: Vec<f32>,
    /// How the last sequence would have gone on; nothing before the first one.
    going_on: Option<Box<[f32; OVERLAP]>>,
}

/// How sound is cut into sequences, whatever it sounds like: as a [`Part`] of samples that are
/// nothing but counted it tells how many a [`Stretch`] makes of how many.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    tempo: f64,
    /// Samples of a sequence, with the overlaps on both sides.
    sequence: usize,
    /// Places that are looked at.
    window: usize,
    /// How much was pushed since the beginning of the window.
    received: usize,
    /// How far the window is to move with the next sequence.
    skip: usize,
    /// The part of a sample that is left from that.
    fraction: f64,
    /// Whether there was a sequence.
    begun: bool,
}

impl Plan {
    pub(super) fn new(tempo: f64) -> Self {
        let samples = |ms: f64| ms.round() as usize * SAMPLE_RATE as usize / 1000;
        let sequence = samples((106.67 - 33.33 * tempo).clamp(40.0, 90.0));
        let window = samples((21.67 - 3.33 * tempo).clamp(15.0, 20.0));
        let (received, skip, fraction) = (0, 0, 0.0);
        let mut plan = Self { tempo, sequence, window, received, skip, fraction, begun: false };
        // The first sequence has nothing to fade from, and is shorter by that.
        plan.plan(OVERLAP as f64);
        plan
    }

    /// Plans how far to move after a sequence, `shortened` by samples of output.
    fn plan(&mut self, shortened: f64) {
        let whole = (self.sequence - OVERLAP) as f64;
        let exact = self.tempo * (whole - shortened) + self.fraction;
        self.skip = exact as usize;
        self.fraction = exact - self.skip as f64;
    }

    /// Samples that a sequence can be found in.
    fn reach(&self) -> usize {
        self.sequence + self.window
    }

    /// Samples that have to be there before a sequence is made. More than it takes, so that the
    /// next one is near when tempo is high.
    fn wanted(&self) -> usize {
        let nominal = (self.tempo * (self.sequence - OVERLAP) as f64 + 0.5) as usize;
        self.sequence.max(nominal + OVERLAP) + self.window
    }

    /// Samples in the middle of a sequence, which nothing fades into.
    fn middle(&self) -> usize {
        self.sequence - 2 * OVERLAP
    }

    /// Moves on by a sequence; gives back by how many samples.
    fn step(&mut self) -> usize {
        let skipped = self.skip;
        self.received -= skipped;
        self.begun = true;
        self.plan(0.0);
        skipped
    }
}

impl Part<()> for Plan {
    fn push(&mut self, samples: &[()]) {
        self.received += samples.len();
    }

    fn give(&mut self, out: &mut Vec<()>) -> bool {
        if self.received < self.wanted() {
            return false;
        }
        let faded = if self.begun { OVERLAP } else { 0 };
        out.resize(out.len() + faded + self.middle(), ());
        self.step();
        true
    }
}

impl Stretch {
    pub(super) fn new(tempo: f64) -> Self {
        Self { plan: Plan::new(tempo), input: Vec::new(), going_on: None }
    }

    /// Where the sequence begins that goes on best.
    fn best_place(&self, going_on: &[f32; OVERLAP]) -> usize {
        let own = f64::from(product(going_on, going_on));
        let mut best = (self.plan.window / 2, f64::NEG_INFINITY);
        let mut look = |place, power| {
            let score = self.score(going_on, place, power * own);
            if score > best.1 {
                best = (place, score);
            }
            best.0
        };
        let mut power = self.power(0);
        let mut coarse = 0;
        for place in (0..self.plan.window).step_by(STRIDE) {
            coarse = look(place, power);
            for passed in place..place + STRIDE {
                let square = |sample: f32| f64::from(sample) * f64::from(sample);
                power += square(self.input[passed + OVERLAP]) - square(self.input[passed]);
            }
        }
        for place in coarse.saturating_sub(STRIDE - 1)..(coarse + STRIDE).min(self.plan.window) {
            look(place, self.power(place));
        }
        best.0
    }

    fn power(&self, place: usize) -> f64 {
        let candidate = &self.input[place..place + OVERLAP];
        f64::from(product(candidate, candidate))
    }

    /// How well sound goes on at a place. `power`: that of both sides, multiplied.
    fn score(&self, going_on: &[f32; OVERLAP], place: usize, power: f64) -> f64 {
        let middle = self.plan.window as f64 / 2.0;
        let off = (place as f64 - middle) / middle;
        let both = f64::from(product(going_on, &self.input[place..place + OVERLAP]));
        let similarity = both / power.max(f64::from(f32::MIN_POSITIVE)).sqrt();
        similarity - PREFERENCE * off * off
    }
}

impl Part<f32> for Stretch {
    fn push(&mut self, samples: &[f32]) {
        // What lies between the reach of this sequence and the next window is never looked at.
        let received = self.plan.received;
        let (near, far) =
            samples.split_at(self.plan.reach().saturating_sub(received).min(samples.len()));
        let skipped = self.plan.skip.saturating_sub(received + near.len()).min(far.len());
        self.input.extend_from_slice(near);
        self.input.extend_from_slice(&far[skipped..]);
        self.plan.received += samples.len();
    }

    fn give(&mut self, out: &mut Vec<f32>) -> bool {
        if self.plan.received < self.plan.wanted() {
            return false;
        }
        let begins = match self.going_on.take() {
            Some(going_on) => {
                let place = self.best_place(&going_on);
                let coming = &self.input[place..place + OVERLAP];
                out.extend(going_on.iter().zip(coming).enumerate().map(|(index, (old, new))| {
                    let share = index as f32 / OVERLAP as f32;
                    old * (1.0 - share) + new * share
                }));
                place + OVERLAP
            }
            None => 0,
        };
        let ends = begins + self.plan.middle();
        out.extend_from_slice(&self.input[begins..ends]);
        self.going_on = self.input[ends..].first_chunk().map(|chunk| Box::new(*chunk));
        let reach = self.plan.reach();
        let skipped = self.plan.step();
        // Of a long way only what lies within reach was kept.
        self.input.drain(..skipped.min(reach));
        let passed = reach..self.plan.skip.min(self.plan.received);
        if !passed.is_empty() {
            self.input.drain(passed);
        }
        true
    }
}

/// The sum of products, in lanes that do not wait for each other.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_reach_is_whole() {
        for tempo in [0.3, 1.0, 1.7, 3.0, 10.0, 30.0] {
            for block in [100, 960, 5_000] {
                let mut stretch = Stretch::new(tempo);
                let mut out = Vec::new();
                let ramp: Vec<_> = (0..400_000).map(|n| n as f32).collect();
                let mut begin = 0;
                for pushed in ramp.chunks(block) {
                    stretch.push(pushed);
                    while stretch.plan.received >= stretch.plan.wanted() {
                        let skip = stretch.plan.skip;
                        stretch.give(&mut out);
                        begin += skip;
                    }
                    let near = stretch.input.len().min(stretch.plan.reach());
                    let expected = ramp[begin.min(ramp.len())..].iter().take(near);
                    assert!(stretch.input.iter().take(near).eq(expected), "{tempo} {block}");
                }
            }
        }
    }
}
