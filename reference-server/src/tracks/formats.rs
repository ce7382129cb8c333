//! The containers that are recognised.

use std::sync::LazyLock;

use symphonia::core::formats::probe::Probe;
use symphonia::default::formats::WavReader;
#[cfg(feature = "audio")]
use symphonia::default::{
    formats::{AdtsReader, FlacReader, IsoMp4Reader, MkvReader, MpaReader, OggReader},
    meta::Id3v2Reader,
};

/// Recognises what lavaplayer plays. Tags at the end of a file are not looked for: lavaplayer does
/// not read them either, and a source may break before it gets there.
pub(crate) fn formats() -> &'static Probe {
    static FORMATS: LazyLock<Probe> = LazyLock::new(|| {
        let mut probe = Probe::default();
        #[cfg(feature = "audio")]
        {
            probe.register_format::<AdtsReader<'_>>();
            probe.register_format::<FlacReader<'_>>();
            probe.register_format::<IsoMp4Reader<'_>>();
            probe.register_format::<MpaReader<'_>>();
        }
        probe.register_format::<WavReader<'_>>();
        #[cfg(feature = "audio")]
        {
            probe.register_format::<OggReader<'_>>();
            probe.register_format::<MkvReader<'_>>();
            probe.register_metadata::<Id3v2Reader<'_>>();
        }
        probe
    });
    &FORMATS
}
