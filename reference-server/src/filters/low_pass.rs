//! The low-pass filter: each sample moves a part of the way to the next.

use super::fields::settings;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::deviations::switch::{self, deviates};

settings! {
    /// How many samples a sample takes to be heard in full, about.
    Settings {
        smoothing: f32 = "smoothing" or 20.0,
    }
}

/// Takes away what is high.
#[derive(Clone, Debug)]
pub(super) struct LowPass {
    smoothing: f32,
    /// What was heard last; the first frame after the beginning or a seek passes as it is.
    heard: Option<[f32; 2]>,
    /// Whether what is low is taken away instead.
    reversed: bool,
}

impl Member for LowPass {
    const NAME: &'static str = "lowPass";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        settings.smoothing > 1.0
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let reversed = deviates(switch::FILTERS_110_HIGH_PASS);
        Ok(Self { smoothing: settings.smoothing, heard: None, reversed })
    }
}

impl InPlace for LowPass {
    fn process(&mut self, samples: &mut [f32]) {
        let frames = frames_mut(samples);
        let Some(first) = frames.first() else { return };
        let mut heard = self.heard.unwrap_or(*first);
        for frame in frames {
            for (heard, sample) in heard.iter_mut().zip(*frame) {
                *heard += (sample - *heard) / self.smoothing;
            }
            let [left, right] = *frame;
            *frame = if self.reversed { [left - heard[0], right - heard[1]] } else { heard };
        }
        self.heard = Some(heard);
    }
}

impl LowPass {
    pub(super) fn seek(&mut self) {
        self.heard = None;
    }
}
