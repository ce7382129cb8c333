//! The states of a player.

use crate::site::diagram::{Arrow, Diagram, Node};

pub(super) const PLAYER: Diagram = Diagram {
    page: "states-of-a-player.html",
    title: "States of a player",
    says: "How a player comes into being, plays, pauses and goes.",
    notes: &[
        "A player has no field for its state: it is idle without a track, and plays or is paused with one. An idle player may be paused as well (LL-PLAYER-023).",
        "A track that is stuck stays (LL-PLAYBACK-094), and a paused track does not come to its end time by itself (LL-PLAYBACK-010).",
    ],
    size: (1060, 620),
    nodes: &[
        Node { name: "none", about: "no such player", at: (110, 300), rules: &["LL-PLAYER-002"] },
        Node { name: "idle", about: "no track", at: (400, 300), rules: &["LL-PLAYER-004"] },
        Node { name: "playing", about: "a track", at: (890, 130), rules: &["LL-PREREQUISITE-008"] },
        Node {
            name: "paused",
            about: "a track, paused",
            at: (890, 490),
            rules: &["LL-PLAYBACK-010"],
        },
        Node {
            name: "destroyed",
            about: "no such player any more",
            at: (250, 560),
            rules: &["LL-PLAYER-005"],
        },
    ],
    arrows: &[
        Arrow {
            from: "none",
            to: "idle",
            way: [(190, 300), (255, 300), (319, 300)],
            label: (255, 286),
            labels: &[("first PATCH", "LL-PLAYER-003")],
        },
        Arrow {
            from: "idle",
            to: "playing",
            way: [(385, 271), (420, 70), (809, 112)],
            label: (480, 58),
            labels: &[
                ("an encoded track", "LL-PLAYER-040"),
                ("an identifier", "LL-PLAYER-041"),
                ("noReplace, too", "LL-PLAYER-071"),
            ],
        },
        Arrow {
            from: "playing",
            to: "idle",
            way: [(810, 148), (590, 190), (470, 271)],
            label: (715, 212),
            labels: &[
                ("played to its end: finished", "LL-PLAYBACK-001"),
                ("end time: finished", "LL-PLAYBACK-030"),
                ("null track: stopped", "LL-PLAYER-050"),
                ("cannot be opened: loadFailed", "LL-PLAYBACK-042"),
                ("nobody listens: cleanup", "LL-PLAYER-108"),
            ],
        },
        Arrow {
            from: "playing",
            to: "playing",
            way: [(850, 101), (20, 20), (935, 101)],
            label: (893, 22),
            labels: &[
                ("another track: replaced", "LL-PLAYER-101"),
                ("stuck: it stays", "LL-PLAYBACK-094"),
            ],
        },
        Arrow {
            from: "playing",
            to: "paused",
            way: [(940, 159), (985, 310), (940, 460)],
            label: (1000, 300),
            labels: &[("paused: true", "LL-PLAYBACK-010")],
        },
        Arrow {
            from: "paused",
            to: "playing",
            way: [(850, 461), (815, 310), (850, 160)],
            label: (762, 318),
            labels: &[("paused: false", "LL-PLAYBACK-015"), ("another track", "LL-PLAYER-133")],
        },
        Arrow {
            from: "paused",
            to: "idle",
            way: [(810, 490), (560, 470), (450, 330)],
            label: (690, 390),
            labels: &[
                ("null track", "LL-PLAYER-051"),
                ("seek across the end time", "LL-PLAYBACK-037"),
                ("nobody listens: cleanup", "LL-PLAYER-108"),
            ],
        },
        Arrow {
            from: "idle",
            to: "idle",
            way: [(340, 271), (200, 200), (375, 271)],
            label: (300, 214),
            labels: &[("paused: true, and stays idle", "LL-PLAYER-023")],
        },
        Arrow {
            from: "idle",
            to: "destroyed",
            way: [(370, 330), (330, 450), (275, 530)],
            label: (408, 440),
            labels: &[("DELETE", "LL-PLAYER-005"), ("its session ends", "LL-SESSION-020")],
        },
        Arrow {
            from: "paused",
            to: "destroyed",
            way: [(840, 520), (600, 590), (331, 570)],
            label: (580, 530),
            labels: &[
                ("DELETE, with a track: stopped", "LL-PLAYER-137"),
                ("in a voice channel: it is left", "LL-VOICE-006"),
            ],
        },
        Arrow {
            from: "destroyed",
            to: "idle",
            way: [(200, 530), (190, 380), (330, 327)],
            label: (118, 410),
            labels: &[("PATCH: a new player", "LL-PLAYER-006")],
        },
    ],
};
