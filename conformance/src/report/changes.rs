//! What became better and worse from one run to another.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use super::{Cause, Run, ScenarioResult, Share, causes};
use crate::verdict::Status;

/// How many scenarios of a cause are named.
const MOST_NAMED: usize = 4;

/// How a scenario changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It passed and fails now.
    NewlyFailed,
    /// It passed and cannot be judged now.
    NoLongerHeld,
    /// It failed and cannot be judged now.
    NoLongerJudged,
    /// It failed and passes now.
    NewlyHeld,
    /// It could not be judged and passes now.
    JudgedAndHeld,
    /// It could not be judged and fails now.
    JudgedAndFailed,
}

impl Change {
    /// In the order in which they are told.
    const ALL: [Self; 6] = [
        Self::NewlyFailed,
        Self::NoLongerHeld,
        Self::NoLongerJudged,
        Self::NewlyHeld,
        Self::JudgedAndHeld,
        Self::JudgedAndFailed,
    ];

    fn of(old: Status, new: Status) -> Option<Self> {
        let judged = |status| matches!(status, Status::Passed | Status::Failed);
        match (old, new) {
            (Status::Passed, Status::Failed) => Some(Self::NewlyFailed),
            (Status::Failed, Status::Passed) => Some(Self::NewlyHeld),
            (Status::Passed, now) if !judged(now) => Some(Self::NoLongerHeld),
            (Status::Failed, now) if !judged(now) => Some(Self::NoLongerJudged),
            (before, Status::Passed) if !judged(before) => Some(Self::JudgedAndHeld),
            (before, Status::Failed) if !judged(before) => Some(Self::JudgedAndFailed),
            _ => None,
        }
    }

    /// Whether something is lost that held.
    fn is_worse(self) -> bool {
        matches!(self, Self::NewlyFailed | Self::NoLongerHeld)
    }

    /// Whether the older run tells the cause.
    fn is_of_old(self) -> bool {
        matches!(self, Self::NewlyHeld | Self::JudgedAndHeld | Self::JudgedAndFailed)
    }

    /// As JSON calls it.
    fn key(self) -> &'static str {
        match self {
            Self::NewlyFailed => "newlyFailed",
            Self::NoLongerHeld => "noLongerHeld",
            Self::NoLongerJudged => "noLongerJudged",
            Self::NewlyHeld => "newlyHeld",
            Self::JudgedAndHeld => "judgedAndHeld",
            Self::JudgedAndFailed => "judgedAndFailed",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NewlyFailed => "newly failed",
            Self::NoLongerHeld => "held before and no longer judged",
            Self::NoLongerJudged => "failed before and no longer judged",
            Self::NewlyHeld => "newly held",
            Self::JudgedAndHeld => "newly judged, and held",
            Self::JudgedAndFailed => "newly judged, and failed",
        }
    }
}

/// What became better and worse; shown for people.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// By how they changed and by cause: the ids of scenarios.
    found: BTreeMap<Change, BTreeMap<String, Vec<String>>>,
    /// What is not the same in both and matters to a reader.
    remarks: Vec<String>,
    before: Summary,
    now: Summary,
    /// How many scenarios both have.
    common: usize,
    only_old: usize,
    only_new: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Summary {
    passed: usize,
    failed: usize,
    blocked: usize,
    percent: usize,
}

impl Changes {
    /// From an older run to a newer one, scenario by scenario.
    pub fn between(old: &Run, new: &Run) -> Self {
        let before: BTreeMap<&str, &ScenarioResult> =
            old.scenarios.iter().map(|scenario| (scenario.id.as_str(), scenario)).collect();
        let (old_causes, new_causes) = (causes(old), causes(new));
        let mut changes = Self {
            remarks: remarks(old, new),
            before: Summary::of(old),
            now: Summary::of(new),
            ..Self::default()
        };
        for scenario in &new.scenarios {
            let Some(was) = before.get(scenario.id.as_str()) else {
                changes.only_new += 1;
                continue;
            };
            changes.common += 1;
            let Some(change) = Change::of(was.status, scenario.status) else { continue };
            let cause =
                if change.is_of_old() { why(was, &old_causes) } else { why(scenario, &new_causes) };
            let of_cause = changes.found.entry(change).or_default().entry(cause).or_default();
            of_cause.push(scenario.id.clone());
        }
        changes.only_old = before.len() - changes.common;
        changes
    }

    /// Whether something that held does not any more.
    pub fn is_worse(&self) -> bool {
        self.found.keys().any(|change| change.is_worse())
    }

    /// For machines: `schemas/diff.schema.json`.
    pub fn to_json(&self) -> Value {
        let changes = Change::ALL.into_iter().map(|change| {
            let causes = self.causes_of(change).into_iter();
            let causes = causes.map(|(cause, ids)| json!({"cause": cause, "scenarios": ids}));
            (change.key().to_owned(), causes.collect())
        });
        json!({
            "schemaVersion": 1,
            "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
            "worse": self.is_worse(),
            "before": self.before.to_json(),
            "now": self.now.to_json(),
            "inBoth": self.common,
            "onlyBefore": self.only_old,
            "onlyNow": self.only_new,
            "remarks": self.remarks,
            "changes": changes.collect::<Map<_, _>>(),
        })
    }

    /// The causes of a kind of change, those of most scenarios first.
    fn causes_of(&self, change: Change) -> Vec<(&String, &Vec<String>)> {
        let mut causes: Vec<_> = self.found.get(&change).into_iter().flatten().collect();
        causes.sort_by_key(|(cause, ids)| (std::cmp::Reverse(ids.len()), *cause));
        causes
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.common == 0
    }
}

impl Summary {
    fn of(run: &Run) -> Self {
        Self {
            passed: run.count(Status::Passed),
            failed: run.count(Status::Failed),
            blocked: run.count(Status::Blocked),
            percent: Share::of(run).percent(),
        }
    }

    fn to_json(self) -> Value {
        json!({
            "passed": self.passed, "failed": self.failed, "blocked": self.blocked,
            "judgedPercent": self.percent,
        })
    }
}

/// The cause of what became of a scenario, or why it could not be judged.
fn why(scenario: &ScenarioResult, causes: &[Cause]) -> String {
    match causes.iter().find(|cause| cause.has(&scenario.id)) {
        Some(cause) => format!("{} {}", cause.rule, cause.in_one_line()),
        None => {
            let reason = scenario.reason.as_deref();
            let message = scenario.telling().and_then(|outcome| outcome.message.as_deref());
            let why = reason.or(message).unwrap_or("nothing is known of it");
            format!("{}: {why}", scenario.status.name())
        }
    }
}

fn remarks(old: &Run, new: &Run) -> Vec<String> {
    let mut remarks = Vec::new();
    if old.suite != new.suite {
        remarks.push(format!(
            "the suites are different ({} and {}): rules may have changed; scenarios are compared \
             by their ids",
            old.suite, new.suite
        ));
    }
    if old.target_name != new.target_name {
        let (a, b) = (&old.target_name, &new.target_name);
        remarks.push(format!("the targets are different: {a} and {b}"));
    }
    if old.manual_time != new.manual_time {
        remarks.push("one ran in moved time, the other in real time".into());
    }
    for (run, which) in [(old, "older"), (new, "newer")] {
        if !run.is_complete() {
            remarks.push(format!("the {which} run did not come to its end"));
        }
    }
    remarks
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for remark in &self.remarks {
            writeln!(f, "{remark}")?;
        }
        let (a, b) = (&self.before, &self.now);
        writeln!(
            f,
            "passed {} -> {}, failed {} -> {}, blocked {} -> {}, judged {} % -> {} %",
            a.passed, b.passed, a.failed, b.failed, a.blocked, b.blocked, a.percent, b.percent
        )?;
        if self.only_old + self.only_new > 0 {
            let (old, new) = (self.only_old, self.only_new);
            writeln!(f, "{old} scenarios are only in the older report, {new} only in the newer")?;
        }
        for change in Change::ALL {
            let causes = self.causes_of(change);
            let count: usize = causes.iter().map(|(_, ids)| ids.len()).sum();
            if count == 0 {
                continue;
            }
            writeln!(f, "{}: {count}", change.words())?;
            for (cause, ids) in causes {
                let named = ids.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>();
                let more = ids.len().saturating_sub(MOST_NAMED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(f, "  {:>4}  {cause}\n        {}{more}", ids.len(), named.join(", "))?;
            }
        }
        let worse = if self.is_worse() { "something is worse" } else { "nothing is worse" };
        writeln!(f, "{worse}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{blocked, failed, passed, run};

    #[test]
    fn scenarios_are_told_by_how_they_changed_and_by_cause() {
        let old = run(vec![
            failed("LL-A-001.a", "no socket", &[]),
            blocked("LL-B-001.a", "LL-A-001"),
            blocked("LL-B-002.a", "LL-A-001"),
            passed("LL-C-001.a"),
            passed("LL-C-002.a"),
            passed("LL-D-001.a"),
        ]);
        let new = run(vec![
            passed("LL-A-001.a"),
            passed("LL-B-001.a"),
            failed("LL-B-002.a", "too late", &[]),
            failed("LL-C-001.a", "broken", &["/x: expected 1, got 2"]),
            blocked("LL-C-002.a", "LL-C-001"),
            passed("LL-E-001.a"),
        ]);
        let changes = Changes::between(&old, &new);
        assert!(changes.is_worse() && !changes.is_empty());
        let json = changes.to_json();
        let schema = include_str!("../../../schemas/diff.schema.json");
        let schema = serde_json::from_str(schema).unwrap();
        assert_eq!(lavalink_validator::differences(&schema, &json).unwrap(), []);
        assert_eq!(
            json["changes"]["newlyFailed"],
            json!([{"cause": "LL-C-001 broken: /x: expected 1, got 2", "scenarios": ["LL-C-001.a"]}])
        );
        assert_eq!(json["changes"]["noLongerJudged"], json!([]));
        assert_eq!((&json["worse"], &json["now"]["judgedPercent"]), (&json!(true), &json!(83)));
        let text = changes.to_string();
        for part in [
            "passed 3 -> 3, failed 1 -> 2, blocked 2 -> 1, judged 66 % -> 83 %\n",
            "1 scenarios are only in the older report, 1 only in the newer\n",
            "newly failed: 1\n     1  LL-C-001 broken: /x: expected 1, got 2\n        LL-C-001.a\n",
            "held before and no longer judged: 1\n     1  LL-C-001 broken",
            "newly held: 1\n     1  LL-A-001 no socket\n",
            "newly judged, and held: 1\n     1  LL-A-001 no socket\n        LL-B-001.a\n",
            "newly judged, and failed: 1\n     1  LL-A-001 no socket\n        LL-B-002.a\n",
            "something is worse\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn what_failed_and_fails_or_is_blocked_is_not_worse() {
        let old = run(vec![failed("LL-A-001.a", "no", &[]), failed("LL-A-002.a", "no", &[])]);
        let new = run(vec![failed("LL-A-001.a", "yes", &[]), blocked("LL-A-002.a", "LL-A-001")]);
        let changes = Changes::between(&old, &new);
        assert!(!changes.is_worse());
        assert!(changes.to_string().ends_with("nothing is worse\n"));
        assert!(Changes::between(&old, &run(Vec::new())).is_empty());
        let other = Run { suite: "x".into(), interrupted: true, ..old.clone() };
        let text = Changes::between(&old, &other).to_string();
        assert!(text.contains("the suites are different"), "{text}");
        assert!(text.contains("the newer run did not come to its end"), "{text}");
    }
}
