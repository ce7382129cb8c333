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

use settings::Given;

/// A filter of a [`Chain`].
trait Member: Sized {
    /// Its key in a body.
    const NAME: &'static str;

    /// Whether it makes a chain of the filters that are set.
    fn is_enabled(given: &Given) -> bool;

    /// With its state at the beginning.
    fn build(given: &Given) -> Result<Self, FilterError>;
}

/// A filter that gives as many samples as it takes.
trait InPlace {
    /// Changes interleaved stereo.
    fn process(&mut self, samples: &mut [f32]);
}

/// The filters in the order in which they are declared, echoed and listed.
const NAMES: [&str; 10] = [
    "volume",
    "equalizer",
    "karaoke",
    "timescale",
    "tremolo",
    "vibrato",
    "distortion",
    "rotation",
    "channelMix",
    "lowPass",
];

/// Those that the configuration leaves on, for `/v4/info`.
pub(crate) fn enabled(disabled: &[String]) -> Vec<&'static str> {
    let enabled = NAMES.into_iter().filter(|name| !disabled.iter().any(|other| other == name));
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
