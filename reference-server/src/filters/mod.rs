//! The filters of a player: how they are decoded, checked and echoed, and what they do to sound.
//!
//! A body names filters by key; each that is there and not null gets all its fields, with
//! defaults for those left out. Ranges are not checked there: the real server takes any finite
//! number, and fails when the audio is made. A [`Chain`] is built from them for each track.
//!
//! Samples are interleaved stereo at 48 kHz in single precision. The order of operations is the
//! real server's, so that results are equal to the last bit where the platform's `sin`, `cos`,
//! `tan` and `exp` are.

mod chain;
mod channel_mix;
mod distortion;
mod equalizer;
mod error;
mod fields;
mod karaoke;
mod low_pass;
mod player_volume;
mod rotation;
mod settings;
mod timescale;
mod tremolo;
mod vibrato;
mod volume;

pub use chain::Chain;
pub(crate) use chain::{MOST, SOUND};
pub use error::FilterError;
pub(crate) use player_volume::{PlayerVolume, to_whole};
pub use settings::{BandOutOfRange, Filters, Unreadable};
pub(crate) use timescale::ScaledLength;

use serde_json::Value;
use settings::NAMES;

use crate::json::{Json, Undecodable};

/// A filter of a [`Chain`].
trait Member: Sized {
    /// Its key in a body.
    const NAME: &'static str;

    /// What it is set to.
    type Settings: Settings;

    /// Whether it makes a chain of the filters that are set.
    fn is_enabled(settings: &Self::Settings) -> bool;

    /// With its state at the beginning.
    fn build(settings: &Self::Settings) -> Result<Self, FilterError>;
}

/// What a filter is set to.
trait Settings: Sized {
    /// `None` if it is null and may be.
    fn decode(given: &Json) -> Result<Option<Self>, Undecodable>;

    /// With every field.
    fn to_json(&self) -> Value;
}

/// A filter that gives as many samples as it takes.
trait InPlace {
    /// Changes interleaved stereo.
    fn process(&mut self, samples: &mut [f32]);
}

/// Those that the configuration leaves on, for `/v4/info`.
pub(crate) fn enabled(disabled: &[String]) -> Vec<&'static str> {
    let enabled = NAMES.iter().copied().filter(|name| !disabled.iter().any(|other| other == name));
    enabled.collect()
}

/// As full scale cuts it off; what is no number stays so.
fn clamp_to_one(sample: f32) -> f32 {
    sample.clamp(-1.0, 1.0)
}

/// Interleaved stereo by frames.
fn frames_mut(samples: &mut [f32]) -> &mut [[f32; 2]] {
    samples.as_chunks_mut().0
}
