//! A source whose first bytes were looked at, and that is read from its beginning all the same.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// A source and its first bytes.
pub(super) struct Peeked {
    head: Vec<u8>,
    source: Box<dyn MediaSource>,
    /// Where `source` stands.
    reached: u64,
    position: u64,
}

impl Peeked {
    /// Reads up to so many bytes.
    pub(super) fn new(mut source: Box<dyn MediaSource>, bytes: u64) -> io::Result<Self> {
        let mut head = Vec::new();
        (&mut *source).take(bytes).read_to_end(&mut head)?;
        let reached = head.len() as u64;
        Ok(Self { head, source, reached, position: 0 })
    }

    /// The first bytes.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }
}

impl Read for Peeked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let known = usize::try_from(self.position).ok().and_then(|at| self.head.get(at..));
        let count = match known {
            Some(known) if !known.is_empty() => {
                let count = known.len().min(buffer.len());
                buffer[..count].copy_from_slice(&known[..count]);
                count
            }
            _ => {
                if self.reached != self.position {
                    self.reached = self.source.seek(SeekFrom::Start(self.position))?;
                }
                let count = self.source.read(buffer)?;
                self.reached += count as u64;
                count
            }
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Peeked {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(position) => (position, 0),
            SeekFrom::Current(offset) => (self.position, offset),
            SeekFrom::End(offset) => {
                let length = self.source.byte_len();
                (length.ok_or_else(|| io::Error::other("unknown length"))?, offset)
            }
        };
        let position = base.checked_add_signed(offset);
        self.position =
            position.ok_or_else(|| io::Error::other("position before the beginning"))?;
        Ok(self.position)
    }
}

impl MediaSource for Peeked {
    fn is_seekable(&self) -> bool {
        self.source.is_seekable()
    }

    fn byte_len(&self) -> Option<u64> {
        self.source.byte_len()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn it_is_read_from_the_beginning() {
        let bytes: Vec<u8> = (0..100).collect();
        let mut peeked = Peeked::new(Box::new(Cursor::new(bytes.clone())), 10).unwrap();
        assert_eq!(peeked.head(), &bytes[..10]);
        let mut read = Vec::new();
        peeked.read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
        for at in [3, 50, 9, 10, 99] {
            peeked.seek(SeekFrom::Start(at)).unwrap();
            let mut byte = [0];
            peeked.read_exact(&mut byte).unwrap();
            assert_eq!(u64::from(byte[0]), at);
        }
    }
}
