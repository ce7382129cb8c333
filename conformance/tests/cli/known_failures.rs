//! Target files and baselines, as the author of another server uses them.

use std::path::PathBuf;

use crate::support::{Features, Output, Target, read, scenario};

/// The target passes `a` and `c`, and fails `b`.
fn features() -> Features {
    let asks = |path: &str| format!("When the client requests \"GET {path}\"");
    let steps = [asks("/v4/right"), asks("/v4/wrong"), asks("/v4/right")];
    let scenarios = ["a", "b", "c"].iter().zip(&steps);
    let scenarios = scenarios.map(|(letter, step)| scenario(letter, &[step, HOLDS]));
    Features::of("must", &scenarios.collect::<String>())
}

const HOLDS: &str = "Then the answer is 200";

const ERROR: &str = r#"{"timestamp": 1, "status": 500, "error": "Internal Server Error",
    "message": "no", "path": "/v4/wrong"}"#;

fn target() -> Target {
    Target::start(|_, request| {
        let wrong = request.starts_with("GET /v4/wrong");
        Some(if wrong { (500, ERROR.into()) } else { (200, "{}".into()) })
    })
}

/// Runs with a baseline of this text.
fn with_baseline(features: &Features, target: &Target, text: &str) -> Output {
    let path = features.file("known.toml");
    std::fs::write(&path, text).unwrap();
    features.run(&["--url", &target.url(), "--baseline", path.to_str().unwrap()])
}

fn entry(id: &str) -> String {
    format!("[[known]]\nid = \"{id}\"\nreason = \"not yet\"\n")
}

#[test]
fn a_known_failure_does_not_count_and_is_told() {
    let (features, target) = (features(), target());
    let output = with_baseline(&features, &target, &entry("LL-HTTP-001.b"));
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("1 known failure does not count"), "{}", output.text);
    assert!(!output.text.contains("LL-HTTP-001.b"), "{}", output.text);
    assert!(output.text.contains("conformant but for known failures"), "{}", output.text);
    // Another failure still counts.
    let output = with_baseline(&features, &target, "");
    assert_eq!(output.code, 1, "{}", output.text);
    let expired = entry("LL-HTTP-001.b") + "until = 2020-01-31\n";
    let output = with_baseline(&features, &target, &expired);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("was excused until 2020-01-31"), "{}", output.text);
}

#[test]
fn a_known_failure_that_holds_ends_with_4() {
    let known = entry("LL-HTTP-001.b") + &entry("LL-HTTP-001.c");
    let output = with_baseline(&features(), &target(), &known);
    assert_eq!(output.code, 4, "{}", output.text);
    assert!(output.text.contains("LL-HTTP-001.c is in the baseline"), "{}", output.text);
}

#[test]
fn a_baseline_that_knows_what_does_not_exist_ends_with_2() {
    let known = entry("LL-HTTP-001.b") + &entry("LL-HTTP-010.a");
    let (features, target) = (features(), target());
    let output = with_baseline(&features, &target, &known);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("LL-HTTP-010.a is in the baseline"), "{}", output.text);
    let output = with_baseline(&features, &target, "[[known]]\nid = \"LL-HTTP-001\"\nraeson = 1");
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("did you mean \"reason\"?"), "{}", output.text);
}

#[test]
fn a_baseline_is_written_and_pruned() {
    let (features, target) = (features(), target());
    let path = features.file("known.toml");
    let file = path.to_str().unwrap();
    let act = |what: &str, url: &str| {
        crate::support::run(&["baseline", what, file, "--features", features.path(), "--url", url])
    };
    let output = act("write", &target.url());
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("1 added, 0 kept, 0 dropped"), "{}", output.text);
    assert!(read(&path).contains("id = \"LL-HTTP-001.b\""), "{}", read(&path));
    let output = features.run(&["--url", &target.url(), "--baseline", file]);
    assert_eq!(output.code, 0, "{}", output.text);
    let mended = Target::start(|_, _| Some((200, "{}".into())));
    let output = features.run(&["--url", &mended.url(), "--baseline", file]);
    assert_eq!(output.code, 4, "{}", output.text);
    let output = act("prune", &mended.url());
    assert!(output.text.contains("0 added, 0 kept, 1 dropped"), "{}", output.text);
    assert!(!read(&path).contains("LL-HTTP-001"), "{}", read(&path));
    // Nothing is learnt from a server that is not there.
    let output = act("write", "http://127.0.0.1:1");
    assert_eq!(output.code, 3, "{}", output.text);
}

#[test]
fn a_baseline_that_cannot_be_changed_is_told_before_the_run() {
    let (features, target) = (features(), target());
    let act = |what: &str, file: &std::path::Path| {
        let file = file.to_str().unwrap();
        let url = &target.url();
        crate::support::run(&["baseline", what, file, "--features", features.path(), "--url", url])
    };
    let broken = features.file("broken.toml");
    std::fs::write(&broken, "known = 1").unwrap();
    for (what, file, told) in [
        ("write", features.file("none/known.toml"), "there is no folder"),
        ("write", broken.clone(), "broken.toml is left as it is"),
        ("prune", broken, "broken.toml is left as it is"),
        ("prune", features.file("none.toml"), "none.toml"),
    ] {
        let output = act(what, &file);
        assert_eq!(output.code, 2, "{}", output.text);
        assert!(output.text.contains(told), "{}", output.text);
        assert!(!output.text.contains("checking"), "{}", output.text);
    }
}

fn target_file(features: &Features, text: &str) -> PathBuf {
    let path = features.file("target.toml");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_target_file_says_where_the_target_is_and_what_it_has_not() {
    let (features, target) = (features(), target());
    let text = format!(
        "name = \"Mine\"\nversion = \"2\"\nurl = \"{}\"\nunsupported = [\"LL-HTTP-001.b\"]\n",
        target.url()
    );
    let path = target_file(&features, &text);
    let output = features.run(&["--target-file", path.to_str().unwrap()]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("checking Mine 2"), "{}", output.text);
    let reason = "1 not applicable: the target file has it as unsupported: LL-HTTP-001.b";
    assert!(output.text.contains(reason), "{}", output.text);
}

#[test]
fn a_target_file_that_cannot_be_used_ends_with_2() {
    for (text, told) in [
        ("nmae = \"x\"", "did you mean \"name\"?"),
        ("name = \"x\"", "give --url or --launch"),
        ("name = \"x\"\nurl = \"ftp://x\"", "http://127.0.0.1:2333"),
        ("name = \"x\"\nunsupported = [\"htpp\"]", "htpp"),
        ("name = \"x\"\nurl = \"http://127.0.0.1:1\"\nprofile = \"plian\"", "there are"),
    ] {
        let features = features();
        let path = target_file(&features, text);
        let output = features.run(&["--target-file", path.to_str().unwrap()]);
        assert_eq!(output.code, 2, "{text}: {}", output.text);
        assert!(output.text.contains(told), "{text}: {}", output.text);
    }
}
