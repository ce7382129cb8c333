//! The karaoke filter: takes out what both channels share, and gives one band of it back.

use std::f64::consts::PI;

use super::fields::settings;
use super::{FilterError, InPlace, Member, frames_mut};
use crate::deviations::switch::{self, deviates};
use crate::pcm::SAMPLE_RATE;

settings! {
    /// How much of the middle is taken out, and which band of it is given back, Hz.
    Settings {
        level: f32 = "level" or 1.0,
        mono_level: f32 = "monoLevel" or 1.0,
        filter_band: f32 = "filterBand" or 220.0,
        filter_width: f32 = "filterWidth" or 100.0,
    }
}

/// Takes out the middle of the stereo image.
#[derive(Clone, Debug)]
pub(super) struct Karaoke {
    level: f32,
    mono_level: f32,
    a: f32,
    b: f32,
    c: f32,
    /// What the band-pass gave for the last frame and for the one before.
    last: f32,
    before: f32,
}

impl Member for Karaoke {
    const NAME: &'static str = "karaoke";
    type Settings = Settings;

    /// Always, once it is there.
    fn is_enabled(_: &Settings) -> bool {
        true
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let rate = f64::from(SAMPLE_RATE);
        let Settings { level, mono_level, filter_band, filter_width } = *settings;
        let c = (-2.0 * PI * f64::from(filter_width) / rate).exp() as f32;
        let b = f64::from(-4.0 * c / (1.0 + c)) * (2.0 * PI * f64::from(filter_band) / rate).cos();
        let b = b as f32;
        let a = f64::from(1.0 - b * b / (4.0 * c)).sqrt() * f64::from(1.0 - c);
        Ok(Self { level, mono_level, a: a as f32, b, c, last: 0.0, before: 0.0 })
    }
}

impl InPlace for Karaoke {
    fn process(&mut self, samples: &mut [f32]) {
        let Self { level, mono_level, a, b, c, mut last, mut before } = *self;
        for frame in frames_mut(samples) {
            let [left, right] = *frame;
            let band = (a * ((left + right) / 2.0) - b * last) - c * before;
            (before, last) = (last, band);
            let back = band * mono_level * level;
            *frame = [left - right * level + back, right - left * level + back];
            if deviates(switch::FILTERS_124_BAND_ONLY) {
                *frame = [back; 2];
            }
        }
        (self.last, self.before) = (last, before);
    }
}
