//! Files before and after a run.

use std::fs;

use super::super::tests::{entry, file, run};
use super::*;
use Status::{Error, Failed, NotApplicable, NotRun, Passed};

const COMMENTED: &str = "# Ours.
# Ask us.

# about b
[[known]]
id = \"LL-B-001\" # a rule
reason = 'ours'
until = 2027-01-31

# about a
[[known]]
id = \"LL-A-001.a\"
issue = \"https://x/1\"
reason = \"not yet\"

# about c
[[known]]
id = \"LL-C-001\"
reason = \"c\"
# the end
";

fn written(before: &str, scenarios: &[(&str, Status)], full: bool) -> (String, Changes) {
    let (_folder, path) = file(before);
    let changes = Baseline::write(&path, &run(scenarios), full).unwrap();
    (fs::read_to_string(path).unwrap(), changes)
}

fn pruned(before: &str, scenarios: &[(&str, Status)], full: bool) -> (String, Changes) {
    let (_folder, path) = file(before);
    let changes = Baseline::prune(&path, &run(scenarios), full).unwrap();
    (fs::read_to_string(path).unwrap(), changes)
}

fn new_ids(scenarios: &[(&str, Status)], full: bool) -> Vec<String> {
    written("", scenarios, full).1.added
}

#[test]
fn failures_become_entries_in_order_and_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.toml");
    let all = [
        ("LL-B-001.a", Failed),
        ("LL-A-001.b", Failed),
        ("LL-A-001.a", Passed),
        ("LL-A-001.c", Error),
        ("LL-A-001.d", NotRun),
    ];
    let changes = Baseline::write(&path, &run(&all), true).unwrap();
    assert_eq!(changes.added, ["LL-A-001.b", "LL-B-001.a"]);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "# Failures that are known. They do not count until the day of `until`, if there is one.

[[known]]
id = \"LL-A-001.b\"
reason = \"LL-A-001.b is wrong\"

[[known]]
id = \"LL-B-001.a\"
reason = \"LL-B-001.a is wrong\"
"
    );
    let before = fs::read_to_string(&path).unwrap();
    let changes = Baseline::write(&path, &run(&all), true).unwrap();
    assert_eq!((changes.added.len(), changes.kept.len()), (0, 2));
    assert_eq!(fs::read_to_string(&path).unwrap(), before, "the same run, the same file");
    let judged = Baseline::read(&path).unwrap().judge(&run(&all), true, super::super::today());
    assert_eq!(judged.excused.len(), 2);
}

#[test]
fn what_fails_as_a_whole_gets_one_entry() {
    let (a, b, x, y) = ("LL-A-001.a", "LL-A-001.b", "LL-A-001.c[x]", "LL-A-001.c[y]");
    assert_eq!(new_ids(&[(a, Failed), (b, Failed), (x, NotApplicable)], true), ["LL-A-001"]);
    assert_eq!(new_ids(&[(a, Passed), (x, Failed), (y, Failed)], true), ["LL-A-001.c"]);
    for other in [Passed, Error, NotRun] {
        assert_eq!(new_ids(&[(a, other), (b, Failed), (x, Failed)], true), [b, x], "{other:?}");
        assert_eq!(new_ids(&[(x, other), (y, Failed)], true), [y], "{other:?}");
    }
    assert_eq!(new_ids(&[(a, Failed)], true), [a], "of one nothing can be concluded");
    assert_eq!(new_ids(&[(a, Failed), (b, Failed)], false), [a, b], "others were not selected");
}

#[test]
fn reasons_are_one_line_and_not_too_long() {
    let mut long = run(&[("LL-A-001.a", Failed), ("LL-A-001.b", Failed), ("LL-A-001.c", Passed)]);
    long.scenarios[0].attempts[0].message = Some("ü\n\t\"x\" ".repeat(100));
    long.scenarios[1].attempts[0].message = None;
    long.scenarios[1].attempts[0].step = Some(("Then it is".into(), 3));
    let (_folder, path) = file("");
    Baseline::write(&path, &long, true).unwrap();
    let known = Baseline::read(&path).unwrap().known;
    assert_eq!(known[0].reason.chars().count(), LONGEST_REASON + 1);
    assert!(known[0].reason.starts_with("ü \"x\" ü"), "{}", known[0].reason);
    assert_eq!(known[1].reason, "Then it is");
}

#[test]
fn what_people_have_written_stays() {
    let all = [
        ("LL-A-001.a", Failed),
        ("LL-B-001.a", Failed),
        ("LL-B-001.b", Passed),
        ("LL-C-001.a", NotApplicable),
        ("LL-AB-001.a", Failed),
    ];
    let (text, changes) = written(COMMENTED, &all, true);
    assert_eq!(changes.added, ["LL-AB-001.a"]);
    assert_eq!(changes.kept, ["LL-B-001", "LL-A-001.a", "LL-C-001"]);
    assert_eq!(
        text,
        "# Ours.
# Ask us.

# about a
[[known]]
id = \"LL-A-001.a\"
issue = \"https://x/1\"
reason = \"not yet\"

[[known]]
id = \"LL-AB-001.a\"
reason = \"LL-AB-001.a is wrong\"

# about b
[[known]]
id = \"LL-B-001\" # a rule
reason = 'ours'
until = 2027-01-31

# about c
[[known]]
id = \"LL-C-001\"
reason = \"c\"
# the end
"
    );
}

#[test]
fn pruning_drops_what_is_stale_or_about_nothing() {
    let all = [("LL-A-001.a", Failed), ("LL-B-001.a", Passed)];
    let (text, changes) = pruned(COMMENTED, &all, true);
    let dropped: Vec<_> = changes.dropped.iter().map(|d| (d.known.id.as_str(), d.why)).collect();
    assert_eq!(dropped, [("LL-B-001", "it holds now"), ("LL-C-001", "there is no such scenario")]);
    assert_eq!(changes.kept, ["LL-A-001.a"]);
    assert_eq!(
        text,
        "# Ours.
# Ask us.

# about a
[[known]]
id = \"LL-A-001.a\"
issue = \"https://x/1\"
reason = \"not yet\"
# the end
"
    );
    let (text, changes) = pruned(COMMENTED, &[("LL-B-001.a", Passed)], false);
    assert_eq!((text.as_str(), changes.dropped.len()), (COMMENTED, 0), "only a part was run");
    let (text, changes) = pruned(COMMENTED, &[("LL-D-001.a", Passed)], true);
    assert_eq!((text.as_str(), changes.dropped.len()), ("# Ours.\n# Ask us.\n\n# the end\n", 3));
}

#[test]
fn writing_drops_what_pruning_drops() {
    let before = entry("LL-A-001.a") + &entry("LL-B-001");
    let (_, changes) = written(&before, &[("LL-A-001.a", Passed), ("LL-B-001.a", Failed)], true);
    assert_eq!(changes.dropped[0].known.id, "LL-A-001.a");
    assert_eq!((changes.kept, changes.added.len()), (vec!["LL-B-001".to_owned()], 0));
}

#[test]
fn a_file_that_is_no_baseline_is_left_as_it_is() {
    let foreign = "[package]\nname = \"x\"\n";
    for text in [foreign, "not TOML", "[[known]]\nid = \"LL-A-001\"\n"] {
        let (_folder, path) = file(text);
        let failed = run(&[("LL-A-001.a", Failed)]);
        let error = Baseline::write(&path, &failed, true).unwrap_err();
        assert!(error.to_string().contains("b.toml is left as it is, as it is no baseline"));
        assert!(Baseline::prune(&path, &failed, true).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(Baseline::write(folder.path(), &run(&[]), true).is_err(), "a folder is none");
    let error = Baseline::write(&folder.path().join("no/b.toml"), &run(&[]), true).unwrap_err();
    assert!(error.to_string().starts_with("failed to write"), "{error}");
}

#[test]
fn what_is_blocked_needs_no_entry_of_its_own_unless_its_cause_has_none() {
    let mut run = run(&[("LL-A-001.a", Status::Failed), ("LL-D-001.a", Status::Passed)]);
    for (id, by) in
        [("LL-B-001.a", "LL-A-001"), ("LL-C-001.a", "LL-B-001"), ("LL-E-001.a", "LL-D-001")]
    {
        run.scenarios.push(crate::report::tests::blocked(id, by));
    }
    run.findings.push(crate::report::tests::finding("LL-SHAPE-001", &[("/a: is missing", 3)]));
    let (_folder, path) = file("");
    let changes = Baseline::write(&path, &run, true).unwrap();
    assert_eq!(changes.added, ["LL-A-001.a", "LL-D-001", "LL-SHAPE-001"]);
    let judged = Baseline::read(&path).unwrap().judge(&run, true, super::super::today());
    assert_eq!(judged.excused.len(), 4);
    assert!(judged.stale.is_empty() && judged.unmatched.is_empty(), "{judged:?}");
    assert!(judged.excuse_shape(&run.findings[0]).is_some());
    assert!(Baseline::write(&path, &run, true).unwrap().added.is_empty());
}

#[test]
fn what_fails_alike_in_several_rules_gets_one_entry() {
    let failed = |id: &str| crate::report::tests::failed(id, "the answer is another", &["/x: no"]);
    let mut run = run(&[("LL-D-001.a", Status::Failed)]);
    run.scenarios.extend(["LL-A-001.a", "LL-B-001.a", "LL-B-001.b"].map(failed));
    let (_folder, path) = file("");
    let changes = Baseline::write(&path, &run, true).unwrap();
    assert_eq!(changes.added, ["LL-D-001.a", "the answer is another: /x: no"]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("cause = \"the answer is another: /x: no\""), "{text}");
    assert!(text.contains("reason = \"3 scenarios of 2 rules\""), "{text}");
    let judged = Baseline::read(&path).unwrap().judge(&run, true, super::super::today());
    assert_eq!((judged.excused.len(), judged.stale.len(), judged.unmatched.len()), (4, 0, 0));
    run.scenarios.retain(|scenario| scenario.rule == "LL-D-001");
    let changes = Baseline::prune(&path, &run, true).unwrap();
    assert_eq!(changes.dropped[0].why, "nothing fails like that now");
}
