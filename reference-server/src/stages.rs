//! The way of a track to its listener in pieces, so that benches can tell what each of them costs.

use std::error::Error;
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;

use opus_pure::OpusEncoder;
use tokio::net::UdpSocket;

use crate::filters::{PlayerVolume, to_whole};
use crate::pcm::FRAME_SAMPLES;
use crate::playback::{Decoder, Making as Wanted, Reader, Resampler, Sound, encode, encoder};
use crate::tracks::Media;
use crate::voice::{Mode, RtpStream};

/// Why a stage did not do its work.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StageError(#[from] Box<dyn Error + Send + Sync>);

impl StageError {
    fn of(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }
}

/// From a file to samples at its own rate.
pub struct Reading(Reader);

impl Reading {
    /// A file in any of the formats that are played.
    ///
    /// # Errors
    /// If it cannot be read or is none of them.
    pub fn open(path: &Path) -> Result<Self, StageError> {
        let file = File::open(path).map_err(StageError::of)?;
        Reader::open(Media::finite(Box::new(file))).map(Self).map_err(StageError::of)
    }

    /// Hz.
    pub fn sample_rate(&self) -> u32 {
        self.0.sample_rate()
    }

    /// Interleaved stereo of the next packet; `None` at the end.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn read(&mut self) -> Result<Option<Vec<f32>>, StageError> {
        self.0.read().map_err(StageError::of)
    }
}

/// From any rate to 48 kHz.
pub struct Resampling(Resampler);

impl Resampling {
    /// `rate` in Hz.
    ///
    /// # Errors
    /// If the rate cannot be converted.
    pub fn new(rate: u32) -> Result<Self, StageError> {
        Resampler::new(rate).map(Self).map_err(StageError::of)
    }

    /// Takes interleaved stereo and appends what it becomes so far.
    ///
    /// # Errors
    /// If the conversion fails.
    pub fn feed(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), StageError> {
        self.0.feed(samples, out).map_err(StageError::of)
    }
}

/// From samples to Opus.
pub struct Encoding {
    encoder: OpusEncoder,
    whole: Vec<i16>,
}

impl Encoding {
    /// Samples of both channels in a frame of 20 ms.
    pub const FRAME: usize = 2 * FRAME_SAMPLES;

    /// `complexity` is Lavalink's `opusEncodingQuality`, 0 to 10.
    ///
    /// # Errors
    /// If there is no such encoder.
    pub fn new(complexity: u8) -> Result<Self, StageError> {
        let encoder = encoder(complexity).map_err(StageError::of)?;
        Ok(Self { encoder, whole: Vec::new() })
    }

    /// Of [`Self::FRAME`] samples, interleaved.
    ///
    /// # Errors
    /// If there are more or fewer.
    pub fn encode(&mut self, samples: &[f32]) -> Result<Box<[u8]>, StageError> {
        self.whole.clear();
        to_whole(samples, &mut self.whole);
        encode(&mut self.encoder, &self.whole).map_err(StageError::of)
    }
}

/// From Opus to the network.
pub struct Sending(RtpStream);

impl Sending {
    /// To a voice server, in the first of these encryption modes that is known.
    ///
    /// # Errors
    /// If there is no socket, or no such mode.
    pub async fn new(to: SocketAddr, mode: &str) -> Result<Self, StageError> {
        let socket = UdpSocket::bind("127.0.0.1:0").await.map_err(StageError::of)?;
        socket.connect(to).await.map_err(StageError::of)?;
        socket.writable().await.map_err(StageError::of)?;
        let mode = Mode::choose([mode]).ok_or("no such encryption mode").map_err(Box::from)?;
        Ok(Self(RtpStream::new(socket, mode, &[7; 32], 1)))
    }

    /// One frame, encrypted, in one packet.
    ///
    /// # Errors
    /// If the system refuses it.
    pub fn send(&mut self, opus: &[u8]) -> Result<(), StageError> {
        self.0.send(opus).map_err(StageError::of)
    }
}

/// All of it but the sending, as a player does it.
pub struct Making(Decoder);

impl Making {
    /// Of a file, from its beginning; `complexity` as in [`Encoding::new`].
    ///
    /// # Errors
    /// If it cannot be played.
    pub fn open(path: &Path, complexity: u8) -> Result<Self, StageError> {
        let file = File::open(path).map_err(StageError::of)?;
        let media = Media::finite(Box::new(file));
        Decoder::open(media, Wanted::Sound { complexity }).map(Self).map_err(StageError::of)
    }

    /// The next frame of 20 ms in Opus; `None` at the end.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn next_frame(&mut self) -> Result<Option<Box<[u8]>>, StageError> {
        let frame = self.0.next_frame(PlayerVolume::default()).map_err(StageError::of)?;
        Ok(frame.and_then(|frame| match frame.sound {
            Sound::Encoded(opus, _) => Some(opus),
            Sound::Unmade | Sound::Plain(_) => None,
        }))
    }
}
