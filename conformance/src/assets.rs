//! What is embedded into the program: features, schemas, media.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// An embedded audio file by its name.
pub(crate) fn media(name: &str) -> Option<&'static [u8]> {
    MEDIA.iter().find(|(path, _)| *path == name).map(|(_, bytes)| *bytes)
}
