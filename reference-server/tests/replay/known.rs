//! Where this server means to differ from the recorded one, and why.

/// A difference that has a reason.
struct Reason {
    /// How the name of what differs begins.
    begins: &'static str,
    /// What must stand in the difference.
    holds: &'static str,
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
    used: bool,
}

/// Every one of `holds` has to be needed.
fn because(
    why: &'static str,
    begins: &'static str,
    holds: &[&'static str],
) -> impl Iterator<Item = Reason> {
    holds.iter().map(move |holds| Reason { begins, holds, why, used: false })
}

/// The differences that have a reason.
pub(crate) struct Known(Vec<Reason>);

impl Known {
    /// Those of the recordings of players that are heard.
    pub(crate) fn of_voice() -> Self {
        let late = "the recorded server took 0.4 s until the first frame of its life";
        let lost = "the recorded server lost half a second at the beginning";
        let shared = "players of other sessions were recorded at the same time";
        let sought = "the update of a seek tells the old position or the new one";
        let paused = "a pause of some milliseconds looks like late frames";
        let gone = "of a session that is gone the recorded server sent one frame of silence, and told \
                    that nobody speaks any more";
        let resumed = "of four resumed connections one was told that nobody speaks as it went";
        let at_once = "no frame was taken at that moment here";
        let ended = "the update of a seek that ends the track comes before or after that end";
        let players = ["/players: ", "/playingPlayers: "];
        let all = [
            because(resumed, "voice_gateway_closed voice", &["/12: "]),
            because(late, "voice_play_to_the_end[20]", &["/track: null", "/state/position: 0"]),
            because(late, "voice_play_to_the_end[22]", &["recorded 130, 0"]),
            because(shared, "voice_playing_cadence[20]", &players),
            because(ended, "voice_seek_past_end_time messages a", &["/3/state/position: 15000"]),
            because(
                at_once,
                "01_voice_and_track_in_one_patch messages a",
                &["/state/position: 0, recorded 1000"],
            ),
            because(sought, "04_endtime messages a", &["/9/6/state/position: 25000"]),
            because(
                sought,
                "15_which_patch_sends_playerUpdate messages a",
                &["/1/6/state/position: 3000", "/1/10/state/position: 4000"],
            ),
            because(paused, "07_stop_replace_noreplace[", &["silent; recorded"]),
            because(paused, "07_stop_replace_noreplace voice", &["speaking"]),
            because(paused, "12_framestats_pause_50ms[88]", &["silent; recorded"]),
            because(paused, "12_framestats_pause_50ms voice", &["speaking"]),
            because(lost, "12_framestats_pause_50ms messages a", &["/state/position: "]),
            because(shared, "12_framestats", &players),
            because(gone, "14_drop_without_resuming[", &["0 silent; recorded 120, 1"]),
            because(gone, "14_drop_without_resuming voice", &["speaking"]),
        ];
        Self(all.into_iter().flatten().collect())
    }

    /// Those of the recordings of REST and WebSocket.
    pub(crate) fn of_rest() -> Self {
        let refused = "a User-Id that is no number is refused with 400 unless --quirks is given";
        let dropped = "the recorder dropped its connection before the last update arrived";
        let another = "the mp3 of the recording was another; of this one the real server says 2899";
        let lengths = ["/encoded: ", "/info/length: 2899"];
        let handshake = ["status 400 Bad Request, recorded 101", "header Session-Resumed None"];
        let all = [
            because(refused, "ws_handshake[5] handshake user-garbage", &handshake),
            because(refused, "ws_handshake[6] close user-garbage", &["never open"]),
            because(refused, "ws_handshake[11] handshake user-too-big", &handshake),
            because(refused, "ws_handshake[12] close user-too-big", &["never open"]),
            because(another, "load_tracks[0]", &lengths),
            because(another, "player_patch_validation[3]", &lengths),
            because(another, "player_replace_and_noreplace", &lengths),
            because(dropped, "resume_queue_order messages a", &["/3: "]),
        ];
        Self(all.into_iter().flatten().collect())
    }

    /// The reasons for a difference, by their places.
    pub(crate) fn reasons(&self, name: &str, difference: &str) -> impl Iterator<Item = usize> {
        let is_one =
            |reason: &Reason| name.starts_with(reason.begins) && difference.contains(reason.holds);
        let places = self.0.iter().enumerate().filter(move |(_, reason)| is_one(reason));
        places.map(|(place, _)| place)
    }

    /// Whether a reason is known for a difference; remembers that it was needed.
    pub(crate) fn covers(&mut self, name: &str, difference: &str) -> bool {
        let reasons: Vec<_> = self.reasons(name, difference).collect();
        for place in &reasons {
            self.0[*place].used = true;
        }
        !reasons.is_empty()
    }

    /// Reasons that no difference needed.
    pub(crate) fn unused(&self) -> Vec<&'static str> {
        self.0.iter().filter(|reason| !reason.used).map(|reason| reason.holds).collect()
    }
}
