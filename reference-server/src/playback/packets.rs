//! From packets of a container to samples.

#[cfg(feature = "audio")]
use opus_pure::OpusDecoder;
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
#[cfg(feature = "audio")]
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as MediaError;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

#[cfg(feature = "audio")]
use crate::pcm::CHANNELS;
use crate::pcm::SAMPLE_RATE;

/// Samples of one channel in the longest packet of Opus.
const LONGEST_OPUS_PACKET: usize = 5760;

/// Decodes packets of one kind. The media library knows all but Opus.
pub(super) enum PacketDecoder {
    Library(Box<dyn AudioDecoder>),
    #[cfg(feature = "audio")]
    Opus(Box<OpusDecoder>),
}

impl PacketDecoder {
    pub(super) fn new(parameters: &AudioCodecParameters) -> Result<Self, MediaError> {
        #[cfg(feature = "audio")]
        if parameters.codec == CODEC_ID_OPUS {
            return opus_decoder().map(Self::Opus);
        }
        let options = AudioDecoderOptions::default();
        let codecs = symphonia::default::get_codecs();
        codecs.make_audio_decoder(parameters, &options).map(Self::Library)
    }

    /// Hz.
    pub(super) fn sample_rate(&self) -> u32 {
        match self {
            Self::Library(decoder) => decoder.codec_params().sample_rate.unwrap_or(SAMPLE_RATE),
            #[cfg(feature = "audio")]
            Self::Opus(_) => SAMPLE_RATE,
        }
    }

    /// Whether its packets say how many samples come of them, on this scale, and that to the sample:
    /// those of other codecs leave out what is trimmed at either end, or not.
    pub(super) fn tells_length(&self, scale: Option<TimeBase>) -> bool {
        let decoder = match self {
            Self::Library(decoder) => decoder,
            #[cfg(feature = "audio")]
            Self::Opus(_) => return false,
        };
        let known = decoder.codec_params().codec == CODEC_ID_FLAC
            || decoder.codec_info().short_name.starts_with("pcm_");
        let exact =
            |base: TimeBase| (base.numer.get(), base.denom.get()) == (1, self.sample_rate());
        known && scale.is_some_and(exact)
    }

    /// Samples of a channel in a packet that says so.
    pub(super) fn length(packet: &Packet) -> usize {
        usize::try_from(packet.dur.get()).unwrap_or(usize::MAX)
    }

    /// After a seek.
    pub(super) fn reset(&mut self) {
        match self {
            Self::Library(decoder) => decoder.reset(),
            #[cfg(feature = "audio")]
            Self::Opus(decoder) => {
                // It could be made before.
                if let Ok(fresh) = opus_decoder() {
                    *decoder = fresh;
                }
            }
        }
    }

    /// Interleaved stereo. An error of kind `DecodeError` is about this packet only.
    pub(super) fn decode(&mut self, packet: &Packet) -> Result<Vec<f32>, MediaError> {
        match self {
            Self::Library(decoder) => {
                let decoded = decoder.decode(packet)?;
                let mut interleaved = Vec::new();
                decoded.copy_to_vec_interleaved(&mut interleaved);
                Ok(to_stereo(interleaved, decoded.num_planes()))
            }
            #[cfg(feature = "audio")]
            Self::Opus(decoder) => {
                let mut samples = vec![0.0; LONGEST_OPUS_PACKET * CHANNELS];
                let count = decoder
                    .decode(&packet.data, LONGEST_OPUS_PACKET, &mut samples)
                    .map_err(|_| MediaError::DecodeError("a damaged Opus packet"))?;
                samples.truncate(count * CHANNELS);
                Ok(samples)
            }
        }
    }
}

#[cfg(feature = "audio")]
fn opus_decoder() -> Result<Box<OpusDecoder>, MediaError> {
    let decoder = OpusDecoder::new(SAMPLE_RATE as i32, CHANNELS);
    decoder.map(Box::new).map_err(|_| MediaError::Unsupported("Opus in stereo at 48 kHz"))
}

/// One channel becomes both; of more than two the first two are taken.
fn to_stereo(interleaved: Vec<f32>, channels: usize) -> Vec<f32> {
    match channels {
        0 => Vec::new(),
        1 => interleaved.iter().flat_map(|sample| [*sample; 2]).collect(),
        2 => interleaved,
        more => interleaved.chunks_exact(more).flat_map(|frame| [frame[0], frame[1]]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_channels_becomes_two() {
        assert_eq!(to_stereo(vec![1.0, 2.0], 1), [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(to_stereo(vec![1.0, 2.0], 2), [1.0, 2.0]);
        assert_eq!(to_stereo(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3), [1.0, 2.0, 4.0, 5.0]);
        assert_eq!(to_stereo(vec![1.0], 0), [0.0; 0]);
    }
}
