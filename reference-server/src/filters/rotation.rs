//! The rotation filter: sound that goes round, from one ear to the other.

use std::f64::consts::PI;

use super::fields::settings;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::deviations::switch::{self, deviates};
use crate::pcm::SAMPLE_RATE;

settings! {
    /// Rounds a second.
    Settings {
        hz: f64 = "rotationHz" or 0.0,
    }
}

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
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        settings.hz != 0.0
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let hz = settings.hz;
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
