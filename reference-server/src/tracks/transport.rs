//! The sound of an MPEG transport stream, as a source of its own.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

use super::mpeg_ts::Demuxer;

/// Bytes that are read in one go.
const PIECE: usize = 188 * 32;

/// A transport stream of which only its raw AAC is read, from front to back.
pub(super) struct TransportStream {
    source: Box<dyn MediaSource>,
    demuxer: Demuxer,
    sound: Vec<u8>,
    /// How much of `sound` was read.
    taken: usize,
}

impl TransportStream {
    /// Of this source.
    pub(super) fn new(source: Box<dyn MediaSource>) -> Self {
        Self { source, demuxer: Demuxer::default(), sound: Vec::new(), taken: 0 }
    }
}

impl Read for TransportStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.sound.len() {
            self.sound.clear();
            self.taken = 0;
            let mut piece = [0; PIECE];
            let count = self.source.read(&mut piece)?;
            if count == 0 {
                return Ok(0);
            }
            self.demuxer.take(&piece[..count], &mut self.sound);
        }
        let rest = &self.sound[self.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}

impl Seek for TransportStream {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }
}

impl MediaSource for TransportStream {
    fn is_seekable(&self) -> bool {
        false
    }

    fn byte_len(&self) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn the_sound_of_a_file_is_that_of_its_stream() {
        let media = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/media");
        let (stream, whole) = (format!("{media}/tone.ts"), format!("{media}/tone.aac"));
        let bytes = std::fs::read(stream).unwrap();
        let mut sound = Vec::new();
        TransportStream::new(Box::new(Cursor::new(bytes))).read_to_end(&mut sound).unwrap();
        assert!(sound.len() > 3000, "{}", sound.len());
        assert_eq!(sound, std::fs::read(whole).unwrap()[..sound.len()]);
    }
}
