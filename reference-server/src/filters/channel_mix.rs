//! The channel mix: how much of each channel goes into each.

use super::fields::settings;
use super::{FilterError, InPlace, Member, clamp_to_one, frames_mut};

settings! {
    /// How much of each channel goes into each.
    Settings {
        left_to_left: f32 = "leftToLeft" or 1.0,
        left_to_right: f32 = "leftToRight" or 0.0,
        right_to_left: f32 = "rightToLeft" or 0.0,
        right_to_right: f32 = "rightToRight" or 1.0,
    }
}

/// Mixes the channels.
#[derive(Clone, Debug)]
pub(super) struct ChannelMix(Settings);

impl Member for ChannelMix {
    const NAME: &'static str = "channelMix";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        let Settings { left_to_left, left_to_right, right_to_left, right_to_right } = *settings;
        left_to_left != 1.0 || left_to_right != 0.0 || right_to_left != 0.0 || right_to_right != 1.0
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        Ok(Self(*settings))
    }
}

impl InPlace for ChannelMix {
    fn process(&mut self, samples: &mut [f32]) {
        let Settings { left_to_left, left_to_right, right_to_left, right_to_right } = self.0;
        for frame in frames_mut(samples) {
            let [left, right] = *frame;
            *frame = [
                clamp_to_one(left_to_left * left + right_to_left * right),
                clamp_to_one(left_to_right * left + right_to_right * right),
            ];
        }
    }
}
