//! The states of a player, the life of a session, and the way of sound through the filters.

use super::diagram::{Arrow, Diagram, Node};
use super::{File, Site};

/// All of them.
pub(super) const ALL: &[Diagram] = &[PLAYER, SESSION, FILTERS];

impl Site<'_> {
    pub(super) fn diagrams(&self) -> Vec<File> {
        ALL.iter().map(|diagram| self.diagram_page(diagram)).collect()
    }
}

const PLAYER: Diagram = Diagram {
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

const SESSION: Diagram = Diagram {
    page: "life-of-a-session.html",
    title: "Life of a session",
    says: "How a session begins, waits for its client, goes on, and ends.",
    notes: &[
        "Stats of the time in which the client is away are kept like events (LL-SESSION-034), and its players are not counted meanwhile (LL-SESSION-036).",
        "Whoever knows the id may resume a session (LL-SESSION-043); of several one does (LL-SESSION-045).",
    ],
    size: (1060, 560),
    nodes: &[
        Node {
            name: "handshake",
            about: "Authorization, User-Id",
            at: (120, 130),
            rules: &["LL-WEBSOCKET-001"],
        },
        Node {
            name: "open",
            about: "a client is there",
            at: (510, 130),
            rules: &["LL-PREREQUISITE-005"],
        },
        Node {
            name: "resumable",
            about: "the client is away",
            at: (900, 130),
            rules: &["LL-SESSION-035"],
        },
        Node {
            name: "ended",
            about: "with all its players",
            at: (510, 460),
            rules: &["LL-SESSION-021"],
        },
    ],
    arrows: &[
        Arrow {
            from: "handshake",
            to: "open",
            way: [(200, 130), (315, 130), (429, 130)],
            label: (315, 84),
            labels: &[
                ("ready, resumed: false", "LL-WEBSOCKET-020"),
                ("stats at once", "LL-WEBSOCKET-021"),
            ],
        },
        Arrow {
            from: "open",
            to: "open",
            way: [(455, 101), (20, 20), (545, 101)],
            label: (500, 18),
            labels: &[
                ("PATCH: resuming, timeout", "LL-SESSION-002"),
                ("another socket with its id", "LL-SESSION-044"),
            ],
        },
        Arrow {
            from: "open",
            to: "resumable",
            way: [(590, 120), (705, 90), (819, 120)],
            label: (705, 74),
            labels: &[("socket closes, resuming on", "LL-SESSION-030")],
        },
        Arrow {
            from: "resumable",
            to: "open",
            way: [(820, 140), (705, 175), (591, 140)],
            label: (705, 182),
            labels: &[
                ("Session-Id in time", "LL-SESSION-030"),
                ("ready, resumed: true", "LL-WEBSOCKET-007"),
                ("then what was missed", "LL-SESSION-032"),
                ("then a playerUpdate each", "LL-SESSION-051"),
            ],
        },
        Arrow {
            from: "resumable",
            to: "resumable",
            way: [(860, 101), (20, 20), (950, 101)],
            label: (905, 16),
            labels: &[
                ("events are kept", "LL-SESSION-031"),
                ("playerUpdates are not", "LL-SESSION-033"),
                ("tracks play on", "LL-SESSION-038"),
            ],
        },
        Arrow {
            from: "open",
            to: "ended",
            way: [(510, 159), (510, 300), (510, 430)],
            label: (510, 300),
            labels: &[
                ("socket closes, resuming off", "LL-SESSION-020"),
                ("its voice channels are left", "LL-VOICE-032"),
            ],
        },
        Arrow {
            from: "resumable",
            to: "ended",
            way: [(890, 159), (850, 400), (591, 455)],
            label: (850, 360),
            labels: &[
                ("the timeout passes", "LL-SESSION-040"),
                ("a timeout of 0: at once", "LL-SESSION-041"),
            ],
        },
        Arrow {
            from: "ended",
            to: "handshake",
            way: [(430, 455), (160, 400), (125, 160)],
            label: (190, 350),
            labels: &[
                ("back too late: a new session", "LL-SESSION-022"),
                ("with another id", "LL-SESSION-052"),
            ],
        },
    ],
};

const FILTERS: Diagram = Diagram {
    page: "way-through-the-filters.html",
    title: "The way through the filters",
    says: "In which order sound passes the filters of a player, from the decoder to the voice channel.",
    notes: &[
        "Each filter that is there runs as soon as one of them is on (LL-FILTERS-112). A PATCH replaces all of them (LL-FILTERS-030) and begins them anew (LL-FILTERS-114); it is heard after what is decoded already (LL-FILTERS-115).",
        "LL-FILTERS-111 holds the order where it can be heard: equalizer before volume, distortion before volume. The rest of it stands in docs/observed.",
    ],
    size: (1060, 420),
    nodes: &[
        Node { name: "decoder", about: "the track", at: (110, 80), rules: &["LL-PLAYBACK-001"] },
        Node {
            name: "lowPass",
            about: "smoothing",
            at: (320, 80),
            rules: &["LL-FILTERS-110", "LL-FILTERS-126"],
        },
        Node {
            name: "channelMix",
            about: "shares of both sides",
            at: (530, 80),
            rules: &["LL-FILTERS-109"],
        },
        Node {
            name: "rotation",
            about: "round the listener",
            at: (740, 80),
            rules: &["LL-FILTERS-108"],
        },
        Node {
            name: "distortion",
            about: "sin · cos · tan",
            at: (950, 80),
            rules: &["LL-FILTERS-107"],
        },
        Node {
            name: "vibrato",
            about: "pitch swings",
            at: (950, 220),
            rules: &["LL-FILTERS-106", "LL-FILTERS-125"],
        },
        Node { name: "tremolo", about: "level swings", at: (740, 220), rules: &["LL-FILTERS-105"] },
        Node {
            name: "timescale",
            about: "speed, pitch, rate",
            at: (530, 220),
            rules: &["LL-FILTERS-104", "LL-FILTERS-116"],
        },
        Node {
            name: "karaoke",
            about: "takes the middle away",
            at: (320, 220),
            rules: &["LL-FILTERS-124", "LL-FILTERS-103"],
        },
        Node {
            name: "equalizer",
            about: "15 bands",
            at: (110, 220),
            rules: &["LL-FILTERS-102", "LL-FILTERS-123"],
        },
        Node {
            name: "volume",
            about: "of the filters",
            at: (110, 360),
            rules: &["LL-FILTERS-101", "LL-FILTERS-122"],
        },
        Node {
            name: "player volume",
            about: "heard soon",
            at: (320, 360),
            rules: &["LL-FILTERS-119", "LL-FILTERS-127"],
        },
        Node {
            name: "voice channel",
            about: "Opus, every 20 ms",
            at: (530, 360),
            rules: &["LL-PREREQUISITE-010", "LL-PLAYBACK-006"],
        },
    ],
    arrows: &[
        Arrow {
            from: "decoder",
            to: "lowPass",
            way: [(190, 80), (215, 80), (239, 80)],
            label: (215, 42),
            labels: &[("on or off", "LL-FILTERS-112")],
        },
        Arrow {
            from: "lowPass",
            to: "channelMix",
            way: [(400, 80), (425, 80), (449, 80)],
            label: (425, 42),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "channelMix",
            to: "rotation",
            way: [(610, 80), (635, 80), (659, 80)],
            label: (635, 42),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "rotation",
            to: "distortion",
            way: [(820, 80), (845, 80), (869, 80)],
            label: (845, 42),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "distortion",
            to: "vibrato",
            way: [(950, 109), (950, 150), (950, 190)],
            label: (985, 154),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "vibrato",
            to: "tremolo",
            way: [(870, 220), (845, 220), (821, 220)],
            label: (845, 182),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "tremolo",
            to: "timescale",
            way: [(660, 220), (635, 220), (611, 220)],
            label: (635, 182),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "timescale",
            to: "karaoke",
            way: [(450, 220), (425, 220), (401, 220)],
            label: (425, 182),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "karaoke",
            to: "equalizer",
            way: [(240, 220), (215, 220), (191, 220)],
            label: (215, 182),
            labels: &[("order", "LL-FILTERS-111")],
        },
        Arrow {
            from: "equalizer",
            to: "volume",
            way: [(110, 249), (110, 290), (110, 330)],
            label: (150, 294),
            labels: &[("measured", "LL-FILTERS-111")],
        },
        Arrow {
            from: "volume",
            to: "player volume",
            way: [(190, 360), (215, 360), (239, 360)],
            label: (215, 322),
            labels: &[("then", "LL-FILTERS-119")],
        },
        Arrow {
            from: "player volume",
            to: "voice channel",
            way: [(400, 360), (425, 360), (449, 360)],
            label: (425, 322),
            labels: &[("heard", "LL-FILTERS-115")],
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Source;

    #[test]
    fn every_arrow_joins_states_and_is_held_by_rules_that_there_are() {
        let spec = Source::embedded().read().unwrap();
        let known = |id: &str| spec.rules.iter().any(|rule| rule.id == id);
        for diagram in ALL {
            let node = |name: &str| diagram.nodes.iter().any(|node| node.name == name);
            for arrow in diagram.arrows {
                assert!(node(arrow.from) && node(arrow.to), "{arrow:?}");
                assert!(!arrow.labels.is_empty(), "{arrow:?}");
                assert!(arrow.labels.iter().all(|(_, rule)| known(rule)), "{arrow:?}");
            }
            for rule in diagram.nodes.iter().flat_map(|node| node.rules) {
                assert!(known(rule), "{rule}");
            }
        }
    }

    #[test]
    fn everything_is_within_its_picture() {
        for diagram in ALL {
            let (width, height) = diagram.size;
            let inside = |(x, y): (i32, i32)| (0..=width).contains(&x) && (0..=height).contains(&y);
            let is_loop = |arrow: &Arrow| arrow.from == arrow.to;
            for arrow in diagram.arrows {
                assert!(inside(arrow.label), "{arrow:?}");
                assert!(inside(arrow.way[0]) && inside(arrow.way[2]), "{arrow:?}");
                assert!(is_loop(arrow) || inside(arrow.way[1]), "{arrow:?}");
            }
            assert!(diagram.nodes.iter().all(|node| inside(node.at)), "{}", diagram.title);
        }
    }
}
