//! Brings sound of one sample rate to another, in chunks.

use std::fmt;

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, ResampleError, Resampler, ResamplerConstructionError};

/// Why sound cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConversionError {
    /// There is no way from the one rate to the other.
    #[error("the sample rate cannot be converted")]
    Construction(#[from] ResamplerConstructionError),
    /// A chunk was not converted.
    #[error("the conversion failed")]
    Conversion(#[from] ResampleError),
}

/// Converts interleaved samples, a chunk at a time.
pub struct Converter {
    fft: Fft<f32>,
    channels: usize,
}

impl Converter {
    /// From one rate to another, Hz, in chunks of as many frames of input.
    ///
    /// # Errors
    /// [`ConversionError`] if a rate is 0.
    pub fn new(from: u32, to: u32, chunk: usize, channels: usize) -> Result<Self, ConversionError> {
        let fft = Fft::new(from as usize, to as usize, chunk, channels, FixedSync::Input)?;
        Ok(Self { fft, channels })
    }

    /// Frames of output for a frame of input.
    pub fn ratio(&self) -> f64 {
        self.fft.resample_ratio()
    }

    /// Frames by which what comes out is late.
    pub fn delay(&self) -> usize {
        self.fft.output_delay()
    }

    /// Frames that the next conversion takes.
    pub fn wanted(&self) -> usize {
        self.fft.input_frames_next()
    }

    /// Frames that a conversion makes at most.
    pub fn most(&self) -> usize {
        self.fft.output_frames_max()
    }

    /// Converts as many frames as are [wanted](Self::wanted); after fewer than that silence is
    /// converted. `output` has room for the [most](Self::most) frames; gives back how many were made.
    ///
    /// # Errors
    /// [`ConversionError`] if `output` is too short.
    pub fn convert(&mut self, input: &[f32], output: &mut [f32]) -> Result<usize, ConversionError> {
        let frames = input.len() / self.channels;
        let partial = (frames < self.wanted())
            .then(|| Indexing { partial_len: Some(frames), ..Indexing::default() });
        let room = output.len() / self.channels;
        let input = InterleavedSlice::new(input, self.channels, frames);
        let output = InterleavedSlice::new_mut(output, self.channels, room);
        // As long as they are said to be.
        let (Ok(input), Ok(mut output)) = (input, output) else { return Ok(0) };
        let (_, made) = self.fft.process_into_buffer(&input, &mut output, partial.as_ref())?;
        Ok(made)
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Converter").field("ratio", &self.ratio()).finish_non_exhaustive()
    }
}
