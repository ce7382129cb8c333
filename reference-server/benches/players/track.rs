//! Something to play.

use std::io::{Error, ErrorKind, Result, Write};

use tempfile::NamedTempFile;

/// Length of the music in the repository, seconds.
const SECONDS: usize = 5;

/// Of a frame of MPEG audio at 192 kbit/s and 44.1 kHz, without its padding.
const FRAME_BYTES: usize = 626;

/// The synthetic music again and again, as one mp3.
pub(crate) fn of_minutes(minutes: usize) -> Result<NamedTempFile> {
    let music = std::fs::read(lavalink_benches::music("mp3"))?;
    let frames = music.windows(2).position(|two| two == [0xff, 0xfb]);
    let first = frames.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no mp3"))?;
    let padded = music[first + 2] & 2 != 0;
    // The first frame tells the length of one piece, which is not that of the whole.
    let rest = &music[first + FRAME_BYTES + usize::from(padded)..];
    let mut file = tempfile::Builder::new().suffix(".mp3").tempfile()?;
    for _ in 0..minutes * 60 / SECONDS {
        file.write_all(rest)?;
    }
    Ok(file)
}
