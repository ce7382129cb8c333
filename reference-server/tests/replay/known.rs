//! Where this server means to differ from the recorded one, and why.

/// A difference that has a reason.
struct Reason {
    /// How the difference's line begins.
    begins: &'static str,
    /// What else must stand in it.
    holds: &'static str,
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
    used: bool,
}

fn reason(begins: &'static str, holds: &'static str, why: &'static str) -> Reason {
    Reason { begins, holds, why, used: false }
}

/// The differences that have a reason.
pub(crate) struct Known(Vec<Reason>);

impl Known {
    /// Those of the recordings of players that are heard.
    pub(crate) fn of_voice() -> Self {
        Self(vec![
            reason(
                "voice_gateway_closed voice",
                "/12: ",
                "of four resumed connections one was told that nobody speaks any more as it went",
            ),
            reason(
                "voice_play_to_the_end[20]",
                "/state/position: 0, recorded 2800",
                "the recorded server took 0.4 s until the first frame of its life",
            ),
            reason("voice_play_to_the_end[22]", "recorded 130, 0", "the same"),
            reason(
                "voice_playing_cadence[20]",
                "/playingPlayers: 1, recorded 2",
                "a player of the recording before was not gone yet",
            ),
            reason(
                "voice_seek_past_end_time messages a",
                "/3/state/position: 15000, recorded 0",
                "the update of a seek that ends the track comes before or after that end: voice.md 4",
            ),
            reason(
                "04_endtime messages a",
                "/state/position: 25000, recorded 3380",
                "the update of a seek tells the old position or the new one: voice.md 6",
            ),
            reason(
                "15_which_patch_sends_playerUpdate messages a",
                "/state/position: 4000, recorded 5080",
                "the same",
            ),
            reason(
                "01_voice_and_track_in_one_patch messages a",
                "/1/3/state/position: 0, recorded 1000",
                "no frame was taken at that moment here",
            ),
            reason(
                "12_framestats_pause_50ms messages a",
                "/1/4/state/position: 10360, recorded 9860",
                "the recorded server lost half a second at the beginning",
            ),
            reason(
                "12_framestats_pause_50ms",
                "silent; recorded",
                "a pause of 50 ms looks like late frames",
            ),
            reason("12_framestats_pause_50ms voice", "speaking", "the same"),
            reason(
                "12_framestats",
                "/playingPlayers: ",
                "players of other sessions were recorded at the same time",
            ),
            reason(
                "07_stop_replace_noreplace",
                "silent; recorded",
                "a pause of 20 ms looks like late frames",
            ),
            reason("07_stop_replace_noreplace voice", "speaking", "the same"),
            reason(
                "14_drop_without_resuming",
                "0 silent; recorded 120, 1",
                "of a session that is gone the recorded server sent one frame of silence",
            ),
            reason(
                "14_drop_without_resuming voice",
                "speaking",
                "and told that nobody speaks any more as it left",
            ),
        ])
    }

    /// Those of the recordings of REST and WebSocket.
    pub(crate) fn of_rest() -> Self {
        Self(vec![
            reason(
                "ws_handshake",
                "user-garbage",
                "a User-Id that is no number is refused with 400 unless --quirks is given",
            ),
            reason(
                "ws_handshake",
                "user-too-big",
                "a User-Id that is no number is refused with 400 unless --quirks is given",
            ),
            reason(
                "resume_basic[20]",
                "/0/guildId",
                "the order of a list of players is no promise",
            ),
            reason(
                "resume_queue_order messages a",
                "/3: ",
                "the recorder dropped its connection before the last update arrived",
            ),
        ])
    }

    /// Whether a reason is known for this line; remembers that it was needed.
    pub(crate) fn covers(&mut self, difference: &str) -> bool {
        let mut covered = false;
        for reason in &mut self.0 {
            if difference.starts_with(reason.begins) && difference.contains(reason.holds) {
                reason.used = true;
                covered = true;
            }
        }
        covered
    }

    /// Reasons that no difference needed.
    pub(crate) fn unused(&self) -> Vec<&'static str> {
        self.0.iter().filter(|reason| !reason.used).map(|reason| reason.holds).collect()
    }
}
