//! What makes sound of a source: to 48 kHz, through filters, at a volume, to Opus.

use opus_pure::OpusEncoder;

use super::PlaybackError;
use super::decoder::ConversionErrorBox;
use super::frame::Sound;
use super::opus::{encode, encoder};
use super::reader::Reader;
use super::resample::Resampler;
use crate::deviations::switch::{self, deviates};
use crate::filters::{Chain, Filters, PlayerVolume, to_whole};
use crate::pcm::{CHANNELS, FRAME_SAMPLES};
use crate::tracks::Media;

/// From a source to Opus.
pub(super) struct SoundLine {
    reader: Reader,
    resampler: Resampler,
    /// `None` if frames are encoded when they are taken.
    encoder: Option<OpusEncoder>,
    /// Stereo at 48 kHz on its way to the filters.
    converted: Vec<f32>,
    pub(super) chain: Option<Chain>,
    /// What has passed them and is no whole frame yet.
    samples: Vec<f32>,
    /// A frame in whole numbers.
    whole: Vec<i16>,
}

impl SoundLine {
    /// `complexity`: how hard Opus tries, 0 to 10; `None` if it is not to be tried here.
    pub(super) fn open(media: Media, complexity: Option<u8>) -> Result<Self, PlaybackError> {
        let reader = Reader::open(media)?;
        Ok(Self {
            resampler: resampler(&reader)?,
            reader,
            encoder: complexity.map(encoder).transpose()?,
            converted: Vec::new(),
            chain: None,
            samples: Vec::new(),
            whole: Vec::new(),
        })
    }

    /// Begins anew at another place of the source, ms; `false` beyond its end. The filters, but for
    /// some of them, go on.
    pub(super) fn seek(&mut self, position: i64, filters: &Filters) -> Result<bool, PlaybackError> {
        self.samples.clear();
        if let Some(chain) = &mut self.chain {
            chain.seek();
        }
        if self.chain.is_some() && deviates(switch::FILTERS_114_FRESH_ON_SEEK) {
            self.chain = Chain::build(filters).ok().flatten();
        }
        self.resampler = resampler(&self.reader)?;
        self.reader.seek(position)
    }

    /// The next frame, if there is a whole one.
    pub(super) fn take_frame(
        &mut self,
        volume: PlayerVolume,
    ) -> Result<Option<Sound>, PlaybackError> {
        let Some(frame) = self.samples.get(..FRAME_SAMPLES * CHANNELS) else { return Ok(None) };
        self.whole.clear();
        to_whole(frame, &mut self.whole);
        self.samples.drain(..FRAME_SAMPLES * CHANNELS);
        let Some(encoder) = &mut self.encoder else {
            return Ok(Some(Sound::Plain(self.whole.as_slice().into())));
        };
        volume.apply(&mut self.whole);
        Ok(Some(Sound::Encoded(encode(encoder, &self.whole)?, volume)))
    }

    /// Lets the filters give more of what they have; says whether there was anything.
    pub(super) fn drain(&mut self) -> bool {
        self.chain.as_mut().is_some_and(|chain| chain.drain(&mut self.samples))
    }

    /// Lets more of the source pass; says whether there was more.
    pub(super) fn read_more(&mut self) -> Result<bool, PlaybackError> {
        self.converted.clear();
        let read = self.reader.read()?;
        let converted = match &read {
            Some(stereo) => self.resampler.feed(stereo, &mut self.converted),
            None => self.resampler.finish(&mut self.converted),
        };
        converted.map_err(ConversionErrorBox::from)?;
        match &mut self.chain {
            Some(chain) => chain.process(&self.converted, &mut self.samples),
            None => self.samples.extend_from_slice(&self.converted),
        }
        Ok(read.is_some())
    }
}

fn resampler(reader: &Reader) -> Result<Resampler, PlaybackError> {
    Ok(Resampler::new(reader.sample_rate()).map_err(ConversionErrorBox::from)?)
}
