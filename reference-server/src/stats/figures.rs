//! Statistics that are made up.

use serde_json::Value;

/// Figures that are made up; the others are the server's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) players: Option<u64>,
    pub(crate) playing: Option<u64>,
    pub(crate) uptime: Option<u64>,
    pub(crate) free: Option<u64>,
    pub(crate) used: Option<u64>,
    pub(crate) allocated: Option<u64>,
    pub(crate) reservable: Option<u64>,
    pub(crate) cores: Option<u64>,
    pub(crate) system_load: Option<f64>,
    pub(crate) lavalink_load: Option<f64>,
    /// Null is a value.
    pub(crate) frames: Option<Value>,
}
