//! The equalizer: fifteen band-passes whose outputs are added to the sound, each with its gain.

use serde_json::{Value, json};

use super::fields;
use super::{FilterError, InPlace, Member, clamp_to_one, frames_mut};
use crate::json::{Json, Undecodable};

/// Bands of the equalizer.
const BANDS: usize = 15;

/// Numbers that are computed together: two bands of both channels.
const LANES: usize = 4;

/// Enough of them for all bands.
const PAIRS: usize = BANDS.div_ceil(2);

/// What the dry sound counts, before everything is brought back to its level.
const DRY: f32 = 0.25;

/// alpha, beta and gamma of each band at 48 kHz (docs/observed/filters.md#equalizer):
/// second-order band-passes of unity gain at 25, 40, 63, 100, 160, 250, 400, 630, 1000, 1600,
/// 2500, 4000, 6300, 10000 and 16000 Hz.
const COEFFICIENTS: [[f32; 3]; BANDS] = [
    [0.000_762_266_7, 0.998_475_5, 1.998_464_8],
    [0.001_219_076_7, 0.997_561_9, 1.997_534_5],
    [0.001_918_693_1, 0.996_162_6, 1.996_094_7],
    [0.003_042_107_2, 0.993_915_8, 1.993_745],
    [0.004_858_464, 0.990_283_1, 1.989_846_6],
    [0.007_570_513_5, 0.984_859, 1.983_796_2],
    [0.012_057_437, 0.975_885_15, 1.973_177_2],
    [0.018_857_392, 0.962_285_2, 1.955_616_5],
    [0.029_595_334, 0.940_809_3, 1.924_205_4],
    [0.046_489_704, 0.907_020_57, 1.865_347_6],
    [0.070_659_98, 0.858_680_07, 1.760_040_2],
    [0.107_951_95, 0.784_096_1, 1.545_072_6],
    [0.158_335_7, 0.683_328_6, 1.142_644_8],
    [0.223_662_4, 0.552_675_2, 0.401_861_9],
    [0.290_940_55, 0.418_118_9, -0.709_059_4],
];

type Lanes = [f32; LANES];

/// Both channels of two bands that stand beside each other.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    alpha: Lanes,
    beta: Lanes,
    gamma: Lanes,
    gain: Lanes,
    /// What the bands gave for the last sample and for the one before.
    last: Lanes,
    before: Lanes,
}

/// The bands that are named, as they were sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settings(Vec<Band>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Band {
    band: i32,
    gain: f32,
}

impl super::Settings for Settings {
    /// Null is no list.
    fn decode(given: &Json) -> Result<Option<Self>, Undecodable> {
        let bands = given.list()?.iter().map(Band::decode).collect::<Result<_, _>>()?;
        Ok(Some(Self(bands)))
    }

    fn to_json(&self) -> Value {
        let shown = |entry: &Band| json!({"band": entry.band, "gain": fields::value(entry.gain)});
        Value::Array(self.0.iter().map(shown).collect())
    }
}

impl Settings {
    /// The first band that does not exist.
    pub(super) fn first_missing(&self) -> Option<i32> {
        self.0.iter().find(|entry| entry.index().is_none()).map(|entry| entry.band)
    }

    /// The gain of each band. The last entry of a band counts.
    fn gains(&self) -> [f32; BANDS] {
        let mut gains = [0.0; BANDS];
        for entry in &self.0 {
            if let Some(index) = entry.index() {
                gains[index] = entry.gain;
            }
        }
        gains
    }
}

impl Band {
    fn decode(given: &Json) -> Result<Self, Undecodable> {
        given.object()?;
        let band = given.required("band", Json::int)?;
        Ok(Self { band, gain: fields::decode(given, "gain", 1.0)? })
    }

    /// Its place in the equalizer, if it exists.
    fn index(&self) -> Option<usize> {
        usize::try_from(self.band).ok().filter(|index| *index < BANDS)
    }
}

/// Raises and lowers bands.
#[derive(Clone, Debug)]
pub(super) struct Equalizer {
    pairs: [Pair; PAIRS],
    /// The last two frames.
    heard: [[f32; 2]; 2],
}

impl Member for Equalizer {
    const NAME: &'static str = "equalizer";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        settings.gains().iter().any(|gain| *gain != 0.0)
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let gains = settings.gains();
        let mut pairs = [Pair::default(); PAIRS];
        for (band, ([alpha, beta, gamma], gain)) in COEFFICIENTS.into_iter().zip(gains).enumerate()
        {
            let pair = &mut pairs[band / 2];
            for lane in [band % 2 * 2, band % 2 * 2 + 1] {
                pair.alpha[lane] = alpha;
                pair.beta[lane] = beta;
                pair.gamma[lane] = gamma;
                pair.gain[lane] = gain;
            }
        }
        Ok(Self { pairs, heard: [[0.0; 2]; 2] })
    }
}

impl InPlace for Equalizer {
    fn process(&mut self, samples: &mut [f32]) {
        for frame in frames_mut(samples) {
            let [left, right] = *frame;
            let risen = [left - self.heard[1][0], right - self.heard[1][1]];
            let risen = [risen[0], risen[1], risen[0], risen[1]];
            let mut sum = [left * DRY, right * DRY];
            for pair in &mut self.pairs {
                let mut weighed = [0.0; LANES];
                for lane in 0..LANES {
                    let band = pair.alpha[lane] * risen[lane] + pair.gamma[lane] * pair.last[lane]
                        - pair.beta[lane] * pair.before[lane];
                    pair.before[lane] = pair.last[lane];
                    pair.last[lane] = band;
                    weighed[lane] = band * pair.gain[lane];
                }
                // One after the other, as the order of additions is heard in the last bit.
                sum = [sum[0] + weighed[0], sum[1] + weighed[1]];
                sum = [sum[0] + weighed[2], sum[1] + weighed[3]];
            }
            self.heard = [[left, right], self.heard[0]];
            *frame = sum.map(|sum| clamp_to_one(sum / DRY));
        }
    }
}

impl Equalizer {
    pub(super) fn seek(&mut self) {
        self.heard = [[0.0; 2]; 2];
        for pair in &mut self.pairs {
            (pair.last, pair.before) = ([0.0; LANES], [0.0; LANES]);
        }
    }
}
