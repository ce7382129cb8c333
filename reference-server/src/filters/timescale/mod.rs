//! The timescale filter: speed, pitch and rate, each on its own.
//!
//! Two parts in a row: one changes how long the sound is and keeps its pitch ([`Stretch`]), one
//! changes both together ([`Transpose`]). Pitch alone is both of them against each other. Each
//! channel has its own (docs/observed/filters.md#timescale).

mod stretch;
mod transpose;

use stretch::{Plan, Stretch};
use transpose::{Transpose, TransposedLength};

use super::fields::settings;
use super::{FilterError, Member};

/// Factors beyond these are taken for these: one frame would be worth minutes of work.
const FACTORS: std::ops::RangeInclusive<f64> = 1e-3..=1e3;

/// Something that takes samples of one channel and gives others, in pieces. Samples that are only
/// counted are `()`.
trait Part<S> {
    /// Takes samples.
    fn push(&mut self, samples: &[S]);

    /// Appends a piece of what they become; says whether there was one.
    fn give(&mut self, out: &mut Vec<S>) -> bool;
}

settings! {
    /// Factors: of how fast it is at the same pitch, how high at the same speed, and both.
    Settings {
        speed: f64 = "speed" or 1.0,
        pitch: f64 = "pitch" or 1.0,
        rate: f64 = "rate" or 1.0,
    }
}

impl Settings {
    /// Seconds of a track that a second of sound is made of.
    pub(super) fn pace(&self) -> f64 {
        self.speed * self.rate
    }
}

/// Changes speed and pitch.
#[derive(Clone, Debug)]
pub(super) struct Timescale {
    tempo: f64,
    rate: f64,
    channels: [Channel<f32, Stretch, Transpose>; 2],
}

/// How many samples of a channel a [`Timescale`] makes of how many.
#[derive(Clone, Debug)]
pub(crate) struct ScaledLength {
    tempo: f64,
    rate: f64,
    channel: Channel<(), Plan, TransposedLength>,
}

impl Member for Timescale {
    const NAME: &'static str = "timescale";
    type Settings = Settings;

    fn is_enabled(settings: &Settings) -> bool {
        let Settings { speed, pitch, rate } = *settings;
        [speed, pitch, rate].iter().any(|factor| *factor != 1.0)
    }

    fn build(settings: &Settings) -> Result<Self, FilterError> {
        let Settings { speed, pitch, rate } = *settings;
        FilterError::when(speed <= 0.0, "speed <= 0")?;
        FilterError::when(pitch <= 0.0, "pitch <= 0")?;
        FilterError::when(rate <= 0.0, "rate <= 0")?;
        let (tempo, total) = (speed / pitch, pitch * rate);
        let inside = |factor: f64| factor.clamp(*FACTORS.start(), *FACTORS.end());
        let (tempo, rate) = (inside(tempo), inside(total));
        Ok(Self { tempo, rate, channels: channels(tempo, rate) })
    }
}

impl Timescale {
    /// Forgets everything that it holds.
    pub(super) fn seek(&mut self) {
        self.channels = channels(self.tempo, self.rate);
    }

    /// Takes interleaved stereo.
    pub(super) fn push(&mut self, samples: &[f32]) {
        let (frames, _) = samples.as_chunks::<2>();
        for (index, channel) in self.channels.iter_mut().enumerate() {
            channel.input.clear();
            channel.input.extend(frames.iter().map(|frame| frame[index]));
            channel.take_input();
        }
    }

    /// Appends what there is as interleaved stereo, about `most` frames of it; says whether there
    /// may be more.
    pub(super) fn pull(&mut self, out: &mut Vec<f32>, most: usize) -> bool {
        let mut more = false;
        for channel in &mut self.channels {
            channel.output.clear();
            more |= channel.give(most);
        }
        let [left, right] = &self.channels;
        let frames = left.output.iter().zip(&right.output);
        out.extend(frames.flat_map(|(left, right)| [*left, *right]));
        more
    }
}

impl ScaledLength {
    /// Of what a timescale makes.
    pub(super) fn of(timescale: &Timescale) -> Self {
        let Timescale { tempo, rate, .. } = *timescale;
        let channel = Channel::new(Plan::new(tempo), TransposedLength::new(rate), rate);
        Self { tempo, rate, channel }
    }

    /// How much more input it takes for a sample of output.
    pub(crate) fn pace(&self) -> f64 {
        self.tempo * self.rate
    }

    /// See [`Timescale::seek`].
    pub(crate) fn seek(&mut self) {
        let Self { tempo, rate, .. } = *self;
        self.channel = Channel::new(Plan::new(tempo), TransposedLength::new(rate), rate);
    }

    /// Takes so many samples.
    pub(crate) fn push(&mut self, count: usize) {
        self.channel.input.resize(count, ());
        self.channel.take_input();
    }

    /// So many come of them, about `most` at a time.
    pub(crate) fn pull(&mut self, most: usize) -> usize {
        self.channel.output.clear();
        self.channel.give(most);
        self.channel.output.len()
    }
}

fn channels(tempo: f64, rate: f64) -> [Channel<f32, Stretch, Transpose>; 2] {
    let channel = Channel::new(Stretch::new(tempo), Transpose::new(rate), rate);
    [channel.clone(), channel]
}

/// Both parts, in the order in which the one with less to do comes last.
#[derive(Clone, Debug)]
struct Channel<S, T, R> {
    stretch: T,
    transpose: R,
    /// Whether sound is transposed after it is stretched.
    rises_last: bool,
    input: Vec<S>,
    between: Vec<S>,
    output: Vec<S>,
}

impl<S, T: Part<S>, R: Part<S>> Channel<S, T, R> {
    fn new(stretch: T, transpose: R, rate: f64) -> Self {
        Self {
            stretch,
            transpose,
            rises_last: rate > 1.0,
            input: Vec::new(),
            between: Vec::new(),
            output: Vec::new(),
        }
    }

    fn take_input(&mut self) {
        match self.rises_last {
            true => self.stretch.push(&self.input),
            false => self.transpose.push(&self.input),
        }
    }

    fn give(&mut self, most: usize) -> bool {
        let Self { stretch, transpose, between, output, .. } = self;
        match self.rises_last {
            true => give_through(stretch, transpose, between, output, most),
            false => give_through(transpose, stretch, between, output, most),
        }
    }
}

fn give_through<S>(
    first: &mut impl Part<S>,
    second: &mut impl Part<S>,
    between: &mut Vec<S>,
    out: &mut Vec<S>,
    most: usize,
) -> bool {
    while out.len() < most {
        if second.give(out) {
            continue;
        }
        between.clear();
        if !first.give(between) {
            return false;
        }
        second.push(between);
    }
    true
}
