//! Work for a decoder: frames that are made ahead of time, in the background.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::frame::Frame;
use super::{Decoder, Making, PlaybackError};
use crate::clock::{Clock, Gate, Patience};
use crate::deviations::switch::{self, deviates, either};
use crate::filters::{FilterError, Filters, PlayerVolume};
use crate::tracks::{LoadFailure, Media, Sources, TrackInfo};

/// What the real server fails on if it is to begin an Ogg file elsewhere than at its beginning.
const NO_PIPELINE: &str = "java.lang.NullPointerException: Cannot invoke \"com.sedmelluq.discord.lavaplayer.filter.AudioPipeline.seekPerformed(long, long)\" because \"this.downstream\" is null";

/// Frames to be made of a track, and the decoder that makes them if the track is open.
#[derive(Debug)]
pub(crate) struct Work {
    pub(super) serial: u64,
    pub(super) generation: u64,
    pub(super) gate: Gate,
    pub(super) decoder: Option<Box<Decoder>>,
    pub(super) seek: Option<i64>,
    pub(super) filters: Option<Filters>,
    pub(super) volume: PlayerVolume,
    pub(super) count: usize,
    pub(super) made: Made,
}

/// The result of [`Work`].
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) serial: u64,
    pub(super) generation: u64,
    pub(super) decoder: Option<Box<Decoder>>,
    pub(super) ended: bool,
    /// Why it broke, for the TrackExceptionEvent.
    pub(crate) failure: Option<LoadFailure>,
}

/// Frames of the batch in progress. They are published one by one, because the source may stall in
/// the middle of a batch.
#[derive(Clone, Debug, Default)]
pub(super) struct Made(Arc<Mutex<Vec<Frame>>>);

impl Made {
    pub(super) fn push(&self, frame: Frame) {
        self.lock().push(frame);
    }

    pub(super) fn take(&self) -> Vec<Frame> {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Frame>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work {
    /// The gate that keeps time from moving on while this is done.
    pub(crate) fn gate(&self) -> Gate {
        self.gate.clone()
    }

    /// Makes the frames here and now if nothing has to be waited for; gives itself back otherwise.
    pub(crate) fn run_at_once(mut self) -> Result<Decoded, Box<Self>> {
        let known = |decoder: &mut Box<Decoder>| decoder.certain_frames().is_some();
        let Some(decoder) = self.decoder.take_if(known) else { return Err(Box::new(self)) };
        let Self { serial, generation, seek, filters, volume, count, made, .. } = self;
        let (decoder, ended, failure) = decode_on(decoder, filters, seek, count, volume, &made);
        Ok(Decoded { serial, generation, decoder, ended, failure })
    }

    /// Opens the source if need be, and decodes.
    pub(crate) async fn run(
        self,
        clock: &Clock,
        sources: &Sources,
        track: &TrackInfo,
        making: Making,
        quirks: bool,
    ) -> Decoded {
        // The real server has nothing to seek in before it has read of an Ogg file.
        let is_ogg = track.probe_info.as_deref() == Some("ogg");
        let fails_to_seek = is_ogg && self.decoder.is_none() && self.seek.is_some() && quirks;
        let patience = Patience::Clock(clock.clone(), self.gate.clone());
        let Self { serial, generation, decoder, seek, filters, volume, count, made, .. } = self;
        let nothing = |failure| Decoded {
            serial,
            generation,
            decoder: None,
            ended: true,
            failure: Some(failure),
        };
        let source = match decoder {
            Some(decoder) => Ok(Ready::Decoder(decoder)),
            None => sources.open(track, patience).await.map(Ready::Media),
        };
        let source = match source {
            Ok(source) => source,
            Err(failure) => return nothing(failure),
        };
        let decoding = move || match source {
            Ready::Decoder(decoder) => decode_on(decoder, filters, seek, count, volume, &made),
            Ready::Media(media) => match begin(media, filters, making) {
                Ok(decoder) if fails_to_seek => {
                    (Some(decoder), true, Some(LoadFailure::of_seeking(NO_PIPELINE)))
                }
                Ok(decoder) => decode(decoder, seek, count, volume, &made),
                Err(failure) => (None, true, Some(failure)),
            },
        };
        match tokio::task::spawn_blocking(decoding).await {
            Ok((decoder, ended, failure)) => {
                Decoded { serial, generation, decoder, ended, failure }
            }
            Err(error) => nothing(LoadFailure::of_decoding(&error)),
        }
    }
}

enum Ready {
    Decoder(Box<Decoder>),
    Media(Media),
}

/// A decoder with its first filters.
fn begin(
    media: Media,
    filters: Option<Filters>,
    making: Making,
) -> Result<Box<Decoder>, LoadFailure> {
    let opened = Decoder::open(media, making);
    let mut decoder = opened.map_err(|error| LoadFailure::of_opening(&error))?;
    if let Some(Err(error)) = filters.map(|filters| decoder.set_filters(filters))
        && !deviates(switch::FILTERS_117_IGNORED)
    {
        let failure = LoadFailure::of_opening(&error);
        let wrong = LoadFailure::of_decoding(&error);
        return Err(either(switch::FILTERS_117_MESSAGE, failure, wrong));
    }
    Ok(Box::new(decoder))
}

/// Other filters while a track plays.
fn refilter(decoder: &mut Decoder, filters: Filters) -> Result<(), FilterError> {
    let mute = || r#"{"volume":0}"#.parse().unwrap_or_default();
    let filters = match filters == Filters::default() && deviates(switch::FILTERS_120_MUTED) {
        true => mute(),
        false => filters,
    };
    match decoder.set_filters(filters) {
        Err(_) if deviates(switch::FILTERS_118_IGNORED) => Ok(()),
        result => result,
    }
}

type Batch = (Option<Box<Decoder>>, bool, Option<LoadFailure>);

/// Goes on with a decoder, and perhaps with other filters.
fn decode_on(
    mut decoder: Box<Decoder>,
    filters: Option<Filters>,
    seek: Option<i64>,
    count: usize,
    volume: PlayerVolume,
    made: &Made,
) -> Batch {
    if let Some(Err(error)) = filters.map(|filters| refilter(&mut decoder, filters)) {
        return (Some(decoder), true, Some(LoadFailure::of_decoding(&error)));
    }
    decode(decoder, seek, count, volume, made)
}

fn decode(
    mut decoder: Box<Decoder>,
    seek: Option<i64>,
    count: usize,
    volume: PlayerVolume,
    made: &Made,
) -> Batch {
    let broken = |error: &PlaybackError| Some(LoadFailure::of_decoding(error));
    if let Some(position) = seek
        && let Err(error) = decoder.seek(position)
    {
        return (Some(decoder), true, broken(&error));
    }
    for _ in 0..count {
        match decoder.next_frame(volume) {
            Ok(Some(frame)) => made.push(frame),
            Ok(None) => return (Some(decoder), true, None),
            Err(error) if error.is_truncation() && deviates(switch::PLAYBACK_058_SILENT) => {
                return (Some(decoder), true, None);
            }
            Err(error) => return (Some(decoder), true, broken(&error)),
        }
    }
    (Some(decoder), false, None)
}
