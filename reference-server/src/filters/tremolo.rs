//! The tremolo filter: loudness that swings.

use std::f64::consts::PI;

use super::fields::settings;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::pcm::SAMPLE_RATE;

settings! {
    /// Swings a second, and how far the loudness goes.
    Settings {
        frequency: f32 = "frequency" or 2.0,
        depth: f32 = "depth" or 0.5,
    }
}

/// Swings the loudness. Both channels swing alike, so one phase does for both.
#[derive(Clone, Debug)]
pub(super) struct Tremolo {
    depth: f32,
    /// Radians a sample.
    step: f64,
    /// Grows for ever in single precision, so that the swinging drifts and stops in the end, as
    /// it does in the real server (docs/observed/filters.md#tremolo).
    phase: f32,
}

impl Member for Tremolo {
    const NAME: &'static str = "tremolo";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        settings.depth != 0.0
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let Settings { frequency, depth } = *settings;
        FilterError::when(frequency <= 0.0, "Frequency <= 0")?;
        FilterError::when(depth <= 0.0, "Depth <= 0")?;
        FilterError::when(depth > 1.0, "Depth > 1")?;
        let step = 2.0 * PI / f64::from(SAMPLE_RATE) * f64::from(frequency);
        Ok(Self { depth: depth / 2.0, step, phase: 0.0 })
    }
}

impl InPlace for Tremolo {
    fn process(&mut self, samples: &mut [f32]) {
        let middle = 1.0 - self.depth;
        for frame in frames_mut(samples) {
            let gain = middle + self.depth * f64::from(self.phase).sin() as f32;
            self.phase = (f64::from(self.phase) + self.step) as f32;
            *frame = frame.map(|sample| gain * sample);
        }
    }
}
