//! The volume of a player: the last stage before sound is encoded, in whole numbers.

use crate::deviations::switch::{self, either};

/// What a multiplier of 1 is written as.
const UNIT: i32 = 10_000;

/// The volume that changes nothing, though the curve would.
const UNTOUCHED: i32 = 100;

/// Louder or quieter, as a player's `volume` of 0 to 1000 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlayerVolume {
    /// Ten-thousandths.
    multiplier: i32,
    /// Whether a product that is too big wraps as it does in the real server, instead of being
    /// cut off.
    wraps: bool,
}

impl Default for PlayerVolume {
    /// As sound is.
    fn default() -> Self {
        Self { multiplier: UNIT, wraps: false }
    }
}

impl PlayerVolume {
    /// Of a player's `volume`. `wraps`: with `--quirks`.
    pub(crate) fn new(volume: i32, wraps: bool) -> Self {
        let volume = either(switch::FILTERS_119_NEVER_LOUDER, volume, volume.min(100));
        let volume = either(switch::FILTERS_119_NEVER_MUTE, volume, volume.max(1));
        let curve = if volume == UNTOUCHED { UNIT } else { multiplier(volume) };
        let multiplier = either(switch::FILTERS_127_LINEAR, curve, volume * 100);
        Self { multiplier, wraps }
    }

    /// Whether nothing is heard. Sound that nobody hears is kept as it is, so that it can be
    /// heard again.
    pub(crate) fn is_mute(self) -> bool {
        self.multiplier == 0
    }

    /// Changes samples, unless it is mute.
    pub(crate) fn apply(self, samples: &mut [i16]) {
        if self.multiplier == UNIT || self.is_mute() {
            return;
        }
        for sample in samples {
            let wide = i32::from(*sample);
            let product = match self.wraps {
                true => wide.wrapping_mul(self.multiplier),
                false => wide.saturating_mul(self.multiplier),
            };
            *sample = saturated(product / UNIT);
        }
    }

    /// Brings samples back to what they were before; what was cut off stays so.
    pub(crate) fn undo(self, samples: &mut [i16]) {
        if self.multiplier == UNIT || self.is_mute() {
            return;
        }
        for sample in samples {
            *sample = saturated(i32::from(*sample) * UNIT / self.multiplier);
        }
    }
}

/// docs/observed/filters.md#volume-of-the-player, in ten-thousandths.
fn multiplier(volume: i32) -> i32 {
    match volume <= 150 {
        true => (f64::from(volume as f32 * 0.0079).tan() as f32 * UNIT as f32) as i32,
        false => 24_621 * volume / 150,
    }
}

/// Samples as the encoder gets them: truncated towards zero, and what is no number is silence.
pub(crate) fn to_whole(samples: &[f32], out: &mut Vec<i16>) {
    out.extend(samples.iter().map(|sample| saturated((sample * 32_768.0) as i32)));
}

fn saturated(sample: i32) -> i16 {
    sample.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn numbers() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/dsp/numbers.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    #[test]
    fn multipliers_are_those_recorded() {
        let recorded = numbers();
        let recorded = recorded["player_volume_multipliers"].as_array().unwrap();
        assert_eq!(recorded.len(), 1001);
        for (volume, expected) in recorded.iter().enumerate() {
            let expected = expected.as_i64().unwrap();
            assert_eq!(i64::from(multiplier(volume as i32)), expected, "{volume}");
        }
    }

    #[test]
    fn with_quirks_products_are_those_recorded() {
        let recorded = numbers();
        for (volume, expected) in recorded["player_volume_applied"].as_object().unwrap() {
            let volume = PlayerVolume::new(volume.parse().unwrap(), true);
            let mut samples = [0, 1, -1, 100, -100, 12_345, -12_345, 32_767, -32_768];
            volume.apply(&mut samples);
            assert_eq!(serde_json::to_value(samples).unwrap(), *expected, "{volume:?}");
        }
    }

    #[test]
    fn without_quirks_what_is_too_loud_is_cut_off() {
        let mut samples = [32_767, -32_768, 100, 0];
        PlayerVolume::new(500, false).apply(&mut samples);
        assert_eq!(samples, [32_767, -32_768, 820, 0]);
    }

    #[test]
    fn a_volume_can_be_taken_back() {
        for volume in [50, 100, 150, 200] {
            let volume = PlayerVolume::new(volume, false);
            let mut samples = [0, 1_000, -1_000, 7_000];
            volume.apply(&mut samples);
            volume.undo(&mut samples);
            for (found, expected) in samples.into_iter().zip([0, 1_000, -1_000, 7_000]) {
                assert!((i32::from(found) - expected).abs() <= 3, "{volume:?}: {found}");
            }
        }
    }

    #[test]
    fn samples_become_the_whole_numbers_recorded() {
        for (sample, expected) in numbers()["float_to_s16"].as_object().unwrap() {
            let sample: f32 = sample.parse().unwrap();
            let mut out = Vec::new();
            to_whole(&[sample], &mut out);
            assert_eq!(i64::from(out[0]), expected.as_i64().unwrap(), "{sample}");
        }
    }
}
