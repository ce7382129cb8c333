//! The distortion filter: the product of a sine, a cosine and a tangent of the sound.

use super::fields::settings;
use super::{FilterError, InPlace, Member, clamp_to_one};
use crate::deviations::switch::{self, deviates};

settings! {
    /// An offset and a scale for each of the three functions, and for what they make together.
    Settings {
        sin_offset: f32 = "sinOffset" or 0.0,
        sin_scale: f32 = "sinScale" or 1.0,
        cos_offset: f32 = "cosOffset" or 0.0,
        cos_scale: f32 = "cosScale" or 1.0,
        tan_offset: f32 = "tanOffset" or 0.0,
        tan_scale: f32 = "tanScale" or 1.0,
        offset: f32 = "offset" or 0.0,
        scale: f32 = "scale" or 1.0,
    }
}

/// Bends the waveform.
#[derive(Clone, Debug)]
pub(super) struct Distortion {
    sin: Term,
    cos: Term,
    tan: Term,
    offset: f32,
    scale: f32,
    /// Whether the three are added up instead.
    sums: bool,
    /// Whether their offsets go into the functions instead.
    inside: bool,
}

/// One of the three factors: `offset + f(sample * scale)`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Term {
    offset: f32,
    scale: f32,
}

impl Member for Distortion {
    const NAME: &'static str = "distortion";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        let Settings { offset, scale, .. } = *settings;
        let all = [settings.sin(), settings.cos(), settings.tan(), Term { offset, scale }];
        all.iter().any(|term| *term != Term { offset: 0.0, scale: 1.0 })
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        Ok(Self {
            sin: settings.sin(),
            cos: settings.cos(),
            tan: settings.tan(),
            offset: settings.offset,
            scale: settings.scale,
            sums: deviates(switch::FILTERS_107_SUM),
            inside: deviates(switch::FILTERS_107_OFFSET_INSIDE),
        })
    }
}

impl InPlace for Distortion {
    fn process(&mut self, samples: &mut [f32]) {
        if self.sums || self.inside {
            samples.iter_mut().for_each(|sample| *sample = self.deviating(*sample));
            return;
        }
        for sample in samples {
            let sin = self.sin.offset + f64::from(*sample * self.sin.scale).sin() as f32;
            let cos = self.cos.offset + f64::from(*sample * self.cos.scale).cos() as f32;
            let tan = self.tan.offset + f64::from(*sample * self.tan.scale).tan() as f32;
            *sample = clamp_to_one(self.offset + self.scale * sin * cos * tan);
        }
    }
}

impl Settings {
    fn sin(&self) -> Term {
        Term { offset: self.sin_offset, scale: self.sin_scale }
    }

    fn cos(&self) -> Term {
        Term { offset: self.cos_offset, scale: self.cos_scale }
    }

    fn tan(&self) -> Term {
        Term { offset: self.tan_offset, scale: self.tan_scale }
    }
}

impl Distortion {
    fn deviating(&self, sample: f32) -> f32 {
        let factor = |term: Term, function: fn(f64) -> f64| match self.inside {
            true => function(f64::from(sample * term.scale + term.offset)) as f32,
            false => term.offset + function(f64::from(sample * term.scale)) as f32,
        };
        let [sin, cos, tan] =
            [factor(self.sin, f64::sin), factor(self.cos, f64::cos), factor(self.tan, f64::tan)];
        let bent = if self.sums { sin + cos + tan } else { sin * cos * tan };
        clamp_to_one(self.offset + self.scale * bent)
    }
}
