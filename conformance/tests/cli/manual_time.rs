//! Time that is moved: the bundled server's, and that of a server elsewhere.

use std::time::Instant;

use crate::support::{Features, Output, Served, run, scenario, scenario_with};

/// Takes two minutes where time passes by itself.
const SLOW: &[&str] = &[
    "Given a connected client",
    "When the client receives \"stats\"",
    "Then no \"stats\" follows within 55 seconds",
    "And the client receives \"stats\" within 6 seconds",
    "When 55 seconds pass",
    "Then the client receives \"stats\" within 6 seconds",
];

/// The second stats come a minute after the first, so this does not hold.
const TOO_EARLY: &[&str] = &[
    "Given a connected client",
    "When the client receives \"stats\"",
    "Then the client receives \"stats\" within 59.9 seconds",
];

/// Holds only if the minute is counted to the millisecond.
const UNWANTED: &[&str] = &[
    "Given a connected client",
    "When the client receives \"stats\"",
    "Then no \"stats\" follows within 60 seconds",
];

fn quickly(work: impl FnOnce() -> Output) -> Output {
    let began = Instant::now();
    let output = work();
    assert!(began.elapsed().as_secs() < 30, "time was waited for: {}", output.text);
    output
}

#[test]
fn the_bundled_servers_time_is_moved() {
    let features = Features::of("must", &scenario("a", SLOW));
    let output = quickly(|| features.run(&[]));
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("in manual time"), "{}", output.text);
}

#[test]
fn moved_time_is_exact() {
    let scenarios = scenario("a", TOO_EARLY) + &scenario("b", UNWANTED);
    let output = quickly(|| Features::of("must", &scenarios).run(&["--verbose"]));
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("no \"stats\" within 59.9s"), "{}", output.text);
    assert!(output.text.contains("came that must not"), "{}", output.text);
}

#[test]
fn a_server_elsewhere_lets_its_time_be_moved_with_its_token() {
    let server = Served::start(&["--clock", "manual", "--control-token", "hunter2"]);
    let features = Features::of("must", &scenario("a", SLOW));
    let args = ["--url", &server.url, "--control-token", "hunter2"];
    let output = quickly(|| features.run(&args));
    assert_eq!(output.code, 0, "{}", output.text);
    let output = features.run(&["--url", &server.url, "--control-token", "hunter3"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("control API"), "{}", output.text);
    assert!(!output.text.contains("hunter3"), "{}", output.text);
}

#[test]
fn a_clock_that_cannot_be_moved_is_told() {
    let server = Served::start(&["--control-token", "token"]);
    let output = run(&["--url", &server.url, "--control-token", "token", "--id", "LL-HTTP-070"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("--clock manual"), "{}", output.text);
}

#[test]
fn real_and_manual_time_give_the_same_verdicts() {
    for clock in ["real", "manual"] {
        // What takes ten seconds of real time says no more than what takes five.
        let tags = "not @slow and not @LL-SESSION-031.b and not @LL-SESSION-032.a";
        let output = run(&["--clock", clock, "--area", "session", "--tags", tags]);
        assert_eq!(output.code, 0, "{}", output.text);
        assert!(output.text.contains(&format!("in {clock} time")), "{}", output.text);
    }
}

#[test]
fn a_scenario_that_needs_manual_time_is_left_out_without_and_the_clock_can_be_set_with_it() {
    let minutes = &[
        "Given the clock is 59 seconds past the minute",
        "When 2 seconds pass",
        "Then the clock is 1 seconds past the minute",
        "Given a connected client",
        "And the client receives \"stats\"",
        "When the clock is 0 seconds past the minute",
        "Then no \"stats\" follows within 0.9 seconds",
        "And the client receives \"stats\" within 0.1 seconds",
    ];
    let scenario = scenario_with("a", "@needs-manual-time", minutes);
    let output = quickly(|| Features::of("must", &scenario).run(&[]));
    assert_eq!(output.code, 0, "{}", output.text);
    let output = quickly(|| Features::of("must", &scenario).run(&["--clock", "real"]));
    assert!(
        output.text.contains("not applicable: the target's time cannot be moved"),
        "{}",
        output.text
    );
}
