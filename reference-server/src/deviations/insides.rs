//! What rows do to the insides of the protocol's types, and nobody else does.

use serde_json::Value;

use crate::playback::{Stage, Stream};
use crate::player::{PlayerUpdate, Voice};
use crate::session::Connection;
use crate::voice::Outgoing;

impl Outgoing {
    /// Leaves sequence numbers out, as if packets were lost.
    pub(super) fn lose_packets(&mut self) {
        #[cfg(feature = "voice")]
        if let Some(stream) = &mut self.stream {
            stream.sequence = stream.sequence.wrapping_add(5);
        }
    }

    /// Forgets what has not left yet.
    pub(super) fn forget(&mut self) {
        self.queue.clear();
    }
}

impl Connection {
    /// Leaves the gateway open as long as the server runs.
    pub(super) fn hold_for_ever(&mut self) {
        std::mem::forget(self.link.take());
    }
}

impl Stream {
    /// Whether its decoder is at work.
    pub(super) fn is_at_work(&self) -> bool {
        matches!(self.stage, Stage::Working)
    }
}

impl Voice {
    /// Whether the voice server that was asked last has not answered yet.
    pub(super) fn is_awaited(&self) -> bool {
        self.serial > 0 && self.ping.is_none()
    }
}

impl PlayerUpdate {
    /// Replaces userData. A track that is named in the older form is then named in the newer.
    pub(super) fn set_user_data(&mut self, data: Option<Value>) {
        let older = || std::mem::take(&mut self.old_track);
        self.track.get_or_insert_with(older).user_data = data;
    }
}
