//! One run after another.

use std::path::{Path, PathBuf};

use crate::support::{Features, Output, Target, read, run, scenario};

fn features() -> Features {
    let asks = |path: &str| format!("When the client requests \"GET {path}\"");
    let steps = ["/v4/one", "/v4/two", "/v4/three"].map(asks);
    let scenarios = ["a", "b", "c"].iter().zip(&steps);
    let scenarios =
        scenarios.map(|(letter, step)| scenario(letter, &[step, "Then the answer is 200"]));
    Features::of("must", &scenarios.collect::<String>())
}

/// The report of a run against a server that answers this path with 500.
fn report(features: &Features, name: &str, wrong: &'static str) -> PathBuf {
    let target = Target::start(move |_, request| {
        let wrong = request.starts_with(&format!("GET {wrong} "));
        Some((if wrong { 500 } else { 200 }, "{}".into()))
    });
    let file = features.file(name);
    features.run(&["--url", &target.url(), "--json", file.to_str().unwrap()]);
    file
}

fn diff(old: &Path, new: &Path) -> Output {
    run(&["diff", old.to_str().unwrap(), new.to_str().unwrap()])
}

#[test]
fn what_became_better_and_worse_is_told_by_cause() {
    let features = features();
    let old = report(&features, "old.json", "/v4/one");
    let new = report(&features, "new.json", "/v4/two");
    let mended = report(&features, "mended.json", "/v4/nothing");
    let worse = diff(&old, &new);
    assert_eq!(worse.code, 1, "{}", worse.text);
    for part in [
        "newly failed: 1\n     1  LL-HTTP-001 the answer to GET /v4/two has another status than expected: status: expected 200",
        "LL-HTTP-001.b",
        "newly held: 1\n",
        "LL-HTTP-001.a",
        "something is worse",
    ] {
        assert!(worse.text.contains(part), "{part}: {}", worse.text);
    }
    let better = diff(&old, &mended);
    assert_eq!(better.code, 0, "{}", better.text);
    assert!(better.text.contains("passed 2 -> 3, failed 1 -> 0"), "{}", better.text);
    assert!(better.text.contains("nothing is worse"), "{}", better.text);
    assert_eq!(diff(&old, &old).code, 0);
    let before = read(&old);
    let (new, name) = (mended.to_str().unwrap(), old.to_str().unwrap());
    let output = run(&["diff", name, new, "--json", name]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("would be replaced"), "{}", output.text);
    assert_eq!(read(&old), before);
}

#[test]
fn what_cannot_be_compared_ends_with_3() {
    let features = features();
    let old = report(&features, "old.json", "/v4/one");
    let other = features.file("other.json");
    std::fs::write(&other, read(&old).replace("\"schemaVersion\": 3", "\"schemaVersion\": 2"))
        .unwrap();
    let output = diff(&old, &other);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("other.json has schemaVersion 2"), "{}", output.text);
    std::fs::write(&other, read(&old).replace("LL-HTTP-001.", "LL-HTTP-009.")).unwrap();
    let output = diff(&old, &other);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("no scenario in common"), "{}", output.text);
    // Another suite, and a run that was interrupted, can be.
    let text = read(&old).replace("\"suite\": \"", "\"suite\": \"x");
    std::fs::write(&other, text.replace("\"complete\": true", "\"complete\": false")).unwrap();
    let output = diff(&old, &other);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("the suites are different"), "{}", output.text);
    assert!(output.text.contains("the newer run did not come to its end"), "{}", output.text);
}
