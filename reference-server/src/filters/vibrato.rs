//! The vibrato filter: a delay that swings, and with it the pitch.

use std::f32::consts::PI as PI_SINGLE;
use std::f64::consts::PI;

use super::fields::settings;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::pcm::SAMPLE_RATE;

/// Frames that are remembered.
const LENGTH: usize = 192;

/// The first ones once more behind the last, so that four neighbours are always there.
const GUARD: usize = 3;

/// Frames between the shortest and the longest delay at depth 1: 2 ms.
const SWING: f32 = 96.0;

/// Frames of the shortest delay.
const SHORTEST: f32 = 3.0;

settings! {
    /// Swings a second, and how far the pitch goes.
    Settings {
        frequency: f32 = "frequency" or 2.0,
        depth: f32 = "depth" or 0.5,
    }
}

/// Swings the pitch. Both channels swing alike.
#[derive(Clone, Debug)]
pub(super) struct Vibrato {
    depth: f32,
    /// Radians a sample.
    step: f32,
    phase: f32,
    remembered: Box<[[f32; 2]; LENGTH + GUARD]>,
    /// Where the next frame is written.
    next: usize,
}

impl Member for Vibrato {
    const NAME: &'static str = "vibrato";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        settings.depth != 0.0
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let Settings { frequency, depth } = *settings;
        FilterError::when(frequency <= 0.0, "Frequency <= 0")?;
        FilterError::when(frequency > 14.0, "Frequency > max (14.0)")?;
        FilterError::when(depth <= 0.0, "Depth <= 0")?;
        FilterError::when(depth > 1.0, "Depth > 1")?;
        Ok(Self {
            depth,
            step: 2.0 * PI_SINGLE * frequency / SAMPLE_RATE as f32,
            phase: 0.0,
            remembered: Box::new([[0.0; 2]; LENGTH + GUARD]),
            next: 0,
        })
    }
}

impl InPlace for Vibrato {
    fn process(&mut self, samples: &mut [f32]) {
        for frame in frames_mut(samples) {
            let delay = self.delay();
            let delayed = self.read(delay);
            self.write(*frame);
            *frame = delayed;
        }
    }
}

impl Vibrato {
    /// Frames; the swing goes on.
    fn delay(&mut self) -> f32 {
        let swing = ((f64::from(self.phase).sin() + 1.0) * 0.5) as f32;
        self.phase += self.step;
        while f64::from(self.phase) > 2.0 * PI {
            self.phase = (f64::from(self.phase) - 2.0 * PI) as f32;
        }
        swing * self.depth * SWING + SHORTEST
    }

    /// Between the frames that lie that far back.
    fn read(&self, delay: f32) -> [f32; 2] {
        let mut place = self.next as f32 - 1.0 - delay;
        while place < 0.0 {
            place += LENGTH as f32;
        }
        while place >= LENGTH as f32 {
            place -= LENGTH as f32;
        }
        let whole = place as usize;
        let between = place - whole as f32;
        let [zero, one, two, three] =
            *self.remembered[whole..].first_chunk().unwrap_or(&[[0.0; 2]; 4]);
        let channel = |channel: usize| {
            hermite([zero[channel], one[channel], two[channel], three[channel]], between)
        };
        [channel(0), channel(1)]
    }

    fn write(&mut self, frame: [f32; 2]) {
        self.remembered[self.next] = frame;
        if self.next < GUARD {
            self.remembered[self.next + LENGTH] = frame;
        }
        self.next = (self.next + 1) % LENGTH;
    }
}

/// Third-order Hermite interpolation between the second and the third of four points.
fn hermite([zero, one, two, three]: [f32; 4], between: f32) -> f32 {
    let linear = 0.5 * (two - zero);
    let square = (zero - 2.5 * one) + (2.0 * two - 0.5 * three);
    let cubic = 0.5 * (three - zero) + 1.5 * (one - two);
    ((cubic * between + square) * between + linear) * between + one
}
