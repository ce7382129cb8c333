//! The volume of a player: the last stage before sound is encoded, in whole numbers.

use crate::deviations::either;

/// What a multiplier of 1 is written as.
const UNIT: i32 = 10_000;

/// Louder or quieter, as a player's `volume` of 0 to 1000 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlayerVolume {
    /// Ten-thousandths.
    multiplier: i32,
    /// Whether a product that is too big wraps as it does in the real server, instead of being
    /// cut off.
    wraps: bool,
}

impl PlayerVolume {
    /// `wraps`: with `--quirks`.
    pub(crate) fn new(volume: i32, wraps: bool) -> Self {
        let volume = either("LL-FILTERS-119/never-louder", volume, volume.min(100));
        let multiplier = either("LL-FILTERS-119/linear", multiplier(volume), volume * 100);
        Self { multiplier, wraps }
    }

    /// Changes samples.
    pub(crate) fn apply(self, samples: &mut [i16]) {
        if self.multiplier == UNIT {
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
}

/// filters.md 2, in ten-thousandths.
fn multiplier(volume: i32) -> i32 {
    match volume {
        100 => UNIT,
        ..=150 => (f64::from(volume as f32 * 0.0079).tan() as f32 * UNIT as f32) as i32,
        _ => 24_621 * volume / 150,
    }
}

/// Samples as the encoder gets them: truncated towards zero, and what is no number is silence.
pub(crate) fn to_whole(samples: &[f32], out: &mut Vec<i16>) {
    out.extend(samples.iter().map(|sample| saturated((sample * 32_768.0) as i32)));
}

fn saturated(sample: i32) -> i16 {
    sample.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}
