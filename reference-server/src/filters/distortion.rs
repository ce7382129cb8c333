//! The distortion filter: the product of a sine, a cosine and a tangent of the sound.

use super::settings::Given;
use super::{FilterError, InPlace, Member, clamp_to_one};
use crate::deviations::switch::{self, deviates};

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
#[derive(Clone, Copy, Debug)]
struct Term {
    offset: f32,
    scale: f32,
}

impl Member for Distortion {
    const NAME: &'static str = "distortion";

    fn is_enabled(given: &Given) -> bool {
        let differs = |offset, scale| given.single(offset) != 0.0 || given.single(scale) != 1.0;
        differs("sinOffset", "sinScale")
            || differs("cosOffset", "cosScale")
            || differs("tanOffset", "tanScale")
            || differs("offset", "scale")
    }

    fn build(given: &Given) -> Result<Self, FilterError> {
        let term =
            |offset, scale| Term { offset: given.single(offset), scale: given.single(scale) };
        Ok(Self {
            sin: term("sinOffset", "sinScale"),
            cos: term("cosOffset", "cosScale"),
            tan: term("tanOffset", "tanScale"),
            offset: given.single("offset"),
            scale: given.single("scale"),
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
