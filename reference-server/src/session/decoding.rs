//! Frames that are made in the background, for the players of a session.

use super::{Call, Session};
use crate::playback::Work;
use crate::player::Command;
use crate::tracks::TrackInfo;

impl Session {
    /// Makes frames of a player's track: at once if nothing has to be waited for, or else on
    /// another thread.
    pub(super) fn decode(&mut self, guild: i64, work: Work, info: TrackInfo) {
        let work = match work.run_at_once() {
            Ok(decoded) => {
                self.command(guild, Command::Decoded(decoded));
                return;
            }
            Err(work) => work,
        };
        let (shared, handle) = (self.shared.clone(), self.handle.clone());
        let gate = work.gate();
        gate.close(self.shared.clock.hold());
        self.shared.tasks.spawn(async move {
            let decoded = {
                let (making, quirks) = (shared.making(), shared.config.quirks);
                work.run(&shared.clock, &shared.sources, &info, making, quirks).await
            };
            // The gate is closed again by whatever is decoded next.
            let hold = shared.clock.hold();
            gate.open();
            // Nobody wants it if the session is over.
            let decoded = Box::new(Command::Decoded(decoded));
            handle.call(|reply| Call::Tell(guild, decoded, reply)).await;
            drop(hold);
        });
    }
}
