//! Something that can be read as media, and how much of it was read for nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use symphonia::core::io::MediaSource;

use crate::deviations::switch::{self, deviates};

/// Bytes that may be read before something comes of them: a header that promises gigabytes, or a
/// stream without anything in it, is not read without end.
const LIMIT: i64 = 16 * 1024 * 1024;

/// Media to look into or to play.
pub(crate) struct Media {
    pub(crate) source: Box<dyn MediaSource>,
    pub(crate) unproductive: Unproductive,
    /// What is in it, if that is known without reading.
    pub(crate) known: Option<Known>,
}

/// Sound at 48 kHz in a wav, which nothing interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// Samples of a channel.
    pub(crate) length: u64,
    /// Whether it can be read again.
    pub(crate) seekable: bool,
}

/// Bytes that were read and nothing came of yet. Clones count the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unproductive(Arc<AtomicI64>);

impl Media {
    /// Of a source that ends by itself, such as a file.
    pub(crate) fn finite(source: Box<dyn MediaSource>) -> Self {
        Self { source, unproductive: Unproductive::default(), known: None }
    }
}

impl Unproductive {
    /// So many bytes more were read.
    pub(crate) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as i64, Ordering::Relaxed);
    }

    /// Something came of them.
    pub(crate) fn clear(&self) {
        if !deviates(switch::PLAYBACK_400_ONLY_16_MIB) {
            self.0.store(0, Ordering::Relaxed);
        }
    }

    /// Whatever is read until the next [`Self::clear`] is fine: a seek may look through a whole file.
    pub(crate) fn forgive(&self) {
        self.0.store(i64::MIN / 2, Ordering::Relaxed);
    }

    /// Whether it is too much to go on.
    pub(crate) fn is_too_much(&self) -> bool {
        self.0.load(Ordering::Relaxed) > LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_to_nothing_is_too_much_in_the_end() {
        let unproductive = Unproductive::default();
        unproductive.add(LIMIT as usize);
        assert!(!unproductive.is_too_much());
        unproductive.add(1);
        assert!(unproductive.clone().is_too_much());
        unproductive.clear();
        assert!(!unproductive.is_too_much());
        unproductive.forgive();
        unproductive.add(100 * LIMIT as usize);
        assert!(!unproductive.is_too_much());
        unproductive.clear();
        unproductive.add(1 + LIMIT as usize);
        assert!(unproductive.is_too_much());
    }
}
