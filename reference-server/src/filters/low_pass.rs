//! The low-pass filter: each sample moves a part of the way to the next.

use super::settings::Given;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::deviations::switch::{self, deviates};

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

    fn is_enabled(given: &Given) -> bool {
        given.single("smoothing") > 1.0
    }

    fn build(given: &Given) -> Result<Self, FilterError> {
        let smoothing = given.single("smoothing");
        Ok(Self { smoothing, heard: None, reversed: deviates(switch::FILTERS_110_HIGH_PASS) })
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
