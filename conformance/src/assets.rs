//! What is embedded into the program: features, schemas, media, documentation.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// An embedded audio file by its name.
pub(crate) fn media(name: &str) -> Option<&'static [u8]> {
    MEDIA.iter().find(|(path, _)| *path == name).map(|(_, bytes)| *bytes)
}

/// An embedded page of documentation by its path, such as `docs/observed/http.md`.
pub(crate) fn doc(path: &str) -> Option<&'static str> {
    DOCS.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}
