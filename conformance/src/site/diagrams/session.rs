//! The life of a session.

use crate::site::diagram::{Arrow, Diagram, Node};

pub(super) const SESSION: Diagram = Diagram {
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
