//! The volume filter: a curve that is steeper than linear, and a line above 1.5.

use serde_json::Value;

use super::fields::{self, Field};
use super::{FilterError, InPlace, Member, clamp_to_one};
use crate::deviations::switch::{self, either};
use crate::json::{Json, Undecodable};

/// Volumes nearer to 1 than this leave the sound as it is.
const UNTOUCHED: f64 = 0.02;

/// What a multiplier of 1 is written as.
const UNIT: f32 = 10_000.0;

/// How loud the sound is made; 1 leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Settings(f32);

impl super::Settings for Settings {
    /// Null is no number.
    fn decode(given: &Json) -> Result<Option<Self>, Undecodable> {
        f32::decode(given).map(Self).map(Some)
    }

    fn to_json(&self) -> Value {
        fields::value(self.0)
    }
}

/// Makes sound louder or quieter, and cuts it off at full scale.
#[derive(Clone, Debug)]
pub(super) struct Volume {
    /// Ten-thousandths; `None` if nothing is done.
    multiplier: Option<f32>,
}

impl Member for Volume {
    const NAME: &'static str = "volume";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        settings.0 != 1.0
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let volume = settings.0;
        FilterError::when(volume < 0.0, "Volume < 0.0")?;
        FilterError::when(volume > 5.0, "Volume > 5.0")?;
        let acts = (1.0 - f64::from(volume)).abs() >= UNTOUCHED;
        let linear = volume * UNIT;
        let multiplier = either(switch::FILTERS_122_LINEAR, multiplier(volume), linear);
        Ok(Self { multiplier: acts.then_some(multiplier) })
    }
}

impl InPlace for Volume {
    fn process(&mut self, samples: &mut [f32]) {
        let Some(multiplier) = self.multiplier else { return };
        for sample in samples {
            *sample = clamp_to_one(*sample * multiplier / UNIT);
        }
    }
}

/// docs/observed/filters.md#volume-filter, in ten-thousandths.
fn multiplier(volume: f32) -> f32 {
    match volume <= 1.5 {
        true => (f64::from(volume * 0.79).tan() * f64::from(UNIT)) as f32,
        false => 24_612.0 * (volume * 100.0) / 150.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_the_one_recorded() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/dsp/numbers.json");
        let recorded: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for point in recorded["volume_filter"].as_array().unwrap() {
            let settings = Settings(point["volume"].as_f64().unwrap() as f32);
            let mut volume = Volume::build(&settings).unwrap();
            assert_eq!(volume.multiplier.is_none(), point["bypass"].as_bool().unwrap());
            let mut samples = [1e-5, 0.1, -0.3];
            volume.process(&mut samples);
            for (sample, bits) in samples.iter().zip(point["out_bits"].as_array().unwrap()) {
                let bits = u32::from_str_radix(bits.as_str().unwrap(), 16).unwrap();
                assert!((sample - f32::from_bits(bits)).abs() <= 1e-7, "{point}");
            }
        }
    }
}
