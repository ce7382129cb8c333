//! What the benches share.

use std::path::{Path, PathBuf};

/// The file of five seconds of synthetic music in `format`: `mp3`, `m4a`, `ogg` or `webm`.
pub fn music(format: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bench");
    fixtures.join("music").with_extension(format)
}
