//! The channel mix: how much of each channel goes into each.

use super::settings::Given;
use super::{FilterError, InPlace, Member, clamp_to_one, frames_mut};

/// Mixes the channels.
#[derive(Clone, Debug)]
pub(super) struct ChannelMix {
    left_to_left: f32,
    left_to_right: f32,
    right_to_left: f32,
    right_to_right: f32,
}

impl Member for ChannelMix {
    const NAME: &'static str = "channelMix";

    fn is_enabled(given: &Given) -> bool {
        given.single("leftToLeft") != 1.0
            || given.single("leftToRight") != 0.0
            || given.single("rightToLeft") != 0.0
            || given.single("rightToRight") != 1.0
    }

    fn build(given: &Given) -> Result<Self, FilterError> {
        Ok(Self {
            left_to_left: given.single("leftToLeft"),
            left_to_right: given.single("leftToRight"),
            right_to_left: given.single("rightToLeft"),
            right_to_right: given.single("rightToRight"),
        })
    }
}

impl InPlace for ChannelMix {
    fn process(&mut self, samples: &mut [f32]) {
        let Self { left_to_left, left_to_right, right_to_left, right_to_right } = *self;
        for frame in frames_mut(samples) {
            let [left, right] = *frame;
            *frame = [
                clamp_to_one(left_to_left * left + right_to_left * right),
                clamp_to_one(left_to_right * left + right_to_right * right),
            ];
        }
    }
}
