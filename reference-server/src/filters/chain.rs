//! All filters of a player in a row.

use super::channel_mix::ChannelMix;
use super::distortion::Distortion;
use super::equalizer::Equalizer;
use super::karaoke::Karaoke;
use super::low_pass::LowPass;
use super::rotation::Rotation;
use super::settings::Filters;
use super::timescale::{ScaledLength, Timescale};
use super::tremolo::Tremolo;
use super::vibrato::Vibrato;
use super::volume::Volume;
use super::{FilterError, InPlace, Member};
use crate::deviations::switch::{self, Seam, deviates};

/// Samples that go through all filters before the next ones do, so that they stay at hand.
const BLOCK: usize = 2048;

/// Frames that are given in one go, or a few more: a timescale can make any number of one.
pub(crate) const MOST: usize = 48_000;

/// Where deviations have a chain made of other filters than those that are set.
pub(crate) static SOUND: Seam<fn(&Filters) -> Filters> = Seam::new();

/// The filters of a player that are set, in the order in which sound passes them
/// (docs/observed/filters.md#the-way-through-the-filters).
#[derive(Clone, Debug)]
pub struct Chain {
    before: BeforeTimescale,
    timescale: Option<Timescale>,
    after: AfterTimescale,
    /// Samples on their way to the timescale.
    block: Vec<f32>,
    /// Whether the timescale has more to give.
    more: bool,
}

#[derive(Clone, Debug)]
struct BeforeTimescale {
    /// Only in a wrong order.
    volume: Option<Volume>,
    low_pass: Option<LowPass>,
    channel_mix: Option<ChannelMix>,
    rotation: Option<Rotation>,
    distortion: Option<Distortion>,
    vibrato: Option<Vibrato>,
    tremolo: Option<Tremolo>,
}

#[derive(Clone, Debug)]
struct AfterTimescale {
    karaoke: Option<Karaoke>,
    equalizer: Option<Equalizer>,
    volume: Option<Volume>,
    /// Only in a wrong order.
    distortion: Option<Distortion>,
}

impl Chain {
    /// `None` if no filter is enabled. Once any is, all that are set take part, those too that
    /// would change nothing on their own.
    ///
    /// # Errors
    ///
    /// The first filter, in the order of their names in a body, that refuses its parameters.
    pub fn build(filters: &Filters) -> Result<Option<Self>, FilterError> {
        let any_set = || filters.any_set() && deviates(switch::FILTERS_112_ANY_PRESENT);
        if !filters.any_enabled() && !any_set() {
            return Ok(None);
        }
        let chain = Self::of(filters)?;
        Ok(Some(match SOUND.get() {
            Some(change) => Self::of(&change(filters)).unwrap_or(chain),
            None => chain,
        }))
    }

    /// Of all filters that are set.
    fn of(filters: &Filters) -> Result<Self, FilterError> {
        let mut volume = member(&filters.volume)?;
        let equalizer = member(&filters.equalizer)?;
        let karaoke = member(&filters.karaoke)?;
        let timescale = member(&filters.timescale)?;
        let tremolo = member(&filters.tremolo)?;
        let vibrato = member(&filters.vibrato)?;
        let mut distortion = member(&filters.distortion)?;
        let rotation = member(&filters.rotation)?;
        let channel_mix = member(&filters.channel_mix)?;
        let low_pass = member(&filters.low_pass)?;
        let (mut volume_first, mut distortion_last) = (None, None);
        if deviates(switch::FILTERS_111_VOLUME_FIRST) {
            volume_first = volume.take();
        }
        if deviates(switch::FILTERS_111_DISTORTION_LAST) {
            distortion_last = distortion.take();
        }
        Ok(Self {
            before: BeforeTimescale {
                volume: volume_first,
                low_pass,
                channel_mix,
                rotation,
                distortion,
                vibrato,
                tremolo,
            },
            timescale,
            after: AfterTimescale { karaoke, equalizer, volume, distortion: distortion_last },
            block: Vec::new(),
            more: false,
        })
    }

    /// Takes interleaved stereo at 48 kHz and appends what it becomes. If that is more than about
    /// a second [`drain`](Self::drain) has the rest, and is to be asked before more is put in.
    pub fn process(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        for samples in samples.chunks(BLOCK) {
            match &mut self.timescale {
                Some(timescale) => {
                    self.block.clear();
                    self.block.extend_from_slice(samples);
                    self.before.process(&mut self.block);
                    timescale.push(&self.block);
                }
                None => {
                    let begin = out.len();
                    out.extend_from_slice(samples);
                    self.before.process(&mut out[begin..]);
                    self.after.process(&mut out[begin..]);
                }
            }
        }
        self.more = self.timescale.is_some();
        self.drain(out);
    }

    /// Appends what is left of the samples that were put in; says whether there was anything.
    pub fn drain(&mut self, out: &mut Vec<f32>) -> bool {
        let Some(timescale) = self.timescale.as_mut().filter(|_| self.more) else { return false };
        let begin = out.len();
        self.more = timescale.pull(out, MOST);
        for samples in out[begin..].chunks_mut(BLOCK) {
            self.after.process(samples);
        }
        out.len() > begin
    }

    /// What it does to how long sound is; `None` if nothing.
    pub(crate) fn length(&self) -> Option<ScaledLength> {
        self.timescale.as_ref().map(ScaledLength::of)
    }

    /// What a seek does: equalizer, low-pass and timescale begin anew, the others go on.
    pub fn seek(&mut self) {
        if let Some(low_pass) = &mut self.before.low_pass {
            low_pass.seek();
        }
        if let Some(timescale) = &mut self.timescale {
            timescale.seek();
        }
        if let Some(equalizer) = &mut self.after.equalizer {
            equalizer.seek();
        }
        self.more = false;
    }
}

impl BeforeTimescale {
    fn process(&mut self, samples: &mut [f32]) {
        pass(&mut self.volume, samples);
        pass(&mut self.low_pass, samples);
        pass(&mut self.channel_mix, samples);
        pass(&mut self.rotation, samples);
        pass(&mut self.distortion, samples);
        pass(&mut self.vibrato, samples);
        pass(&mut self.tremolo, samples);
    }
}

impl AfterTimescale {
    fn process(&mut self, samples: &mut [f32]) {
        pass(&mut self.karaoke, samples);
        pass(&mut self.equalizer, samples);
        pass(&mut self.volume, samples);
        pass(&mut self.distortion, samples);
    }
}

/// A filter of the chain, if it is set.
fn member<M: Member>(settings: &Option<M::Settings>) -> Result<Option<M>, FilterError> {
    let Some(settings) = settings else { return Ok(None) };
    if !M::is_enabled(settings) && deviates(switch::FILTERS_112_DISABLED_SKIPPED) {
        return Ok(None);
    }
    M::build(settings).map(Some)
}

fn pass(filter: &mut Option<impl InPlace>, samples: &mut [f32]) {
    if let Some(filter) = filter {
        filter.process(samples);
    }
}
