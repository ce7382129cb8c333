//! The rotation filter: sound that goes round, from one ear to the other.

use std::f64::consts::PI;

use super::settings::Given;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::deviations::switch::{self, deviates};
use crate::pcm::SAMPLE_RATE;

/// Moves the sound round the listener.
#[derive(Clone, Debug)]
pub(super) struct Rotation {
    /// Radians a sample.
    step: f64,
    angle: f64,
    /// Whether both channels go the same way instead.
    together: bool,
}

impl Member for Rotation {
    const NAME: &'static str = "rotation";

    fn is_enabled(given: &Given) -> bool {
        given.double("rotationHz") != 0.0
    }

    fn build(given: &Given) -> Result<Self, FilterError> {
        let hz = given.double("rotationHz");
        let step = if hz == 0.0 { 0.0 } else { 1.0 / (f64::from(SAMPLE_RATE) / (hz * 2.0 * PI)) };
        Ok(Self { step, angle: 0.0, together: deviates(switch::FILTERS_108_TOGETHER) })
    }
}

impl InPlace for Rotation {
    fn process(&mut self, samples: &mut [f32]) {
        for frame in frames_mut(samples) {
            let side = self.angle.sin();
            self.angle += self.step;
            let other = if self.together { side } else { -side };
            let [left, right] = *frame;
            *frame = [left * (side + 1.0) as f32 / 2.0, right * (other + 1.0) as f32 / 2.0];
        }
    }
}
