//! What is said in words of a run, whoever reads it and wherever.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Cause, Extent, Partial, Run, ScenarioResult, Share, without_ids};
use crate::spec::Level;
use crate::verdict::{Status, Verdict};

/// The verdict in a sentence, with how much could be judged.
pub(super) fn conclusion(run: &Run, verdict: Verdict, strict: bool) -> String {
    let text = verdict_of(run, verdict, strict);
    let partial = Partial::of(run).map(|partial| format!(" ({partial})")).unwrap_or_default();
    let ending = match run.count(Status::Error) {
        _ if verdict == Verdict::NotEstablished => String::new(),
        0 => String::new(),
        errors => {
            let errors = plural(errors, "scenario", "scenarios");
            format!("; {errors} could not be established")
        }
    };
    format!("{text}{partial}; {}{ending}", judged(run))
}

/// The verdict in words.
pub(super) fn verdict_of(run: &Run, verdict: Verdict, strict: bool) -> &'static str {
    let observed = run.scenarios.iter().any(|s| s.is_new_failure() && s.level == Level::Observed);
    let known = run.scenarios.iter().any(|s| s.known.is_some());
    let partial = Partial::of(run).is_some();
    match verdict {
        Verdict::Conformant if observed && !strict => {
            "conformant; what differs is undocumented (--strict counts it)"
        }
        Verdict::Conformant if known && partial => {
            "conformant in the part that was run, but for known failures"
        }
        Verdict::Conformant if partial => "conformant in the part that was run",
        Verdict::Conformant if known => "conformant but for known failures",
        Verdict::Conformant => "conformant",
        Verdict::StaleBaseline => {
            "the baseline is stale: something that it knows to fail holds now"
        }
        Verdict::NotConformant => "not conformant",
        Verdict::Usage => "the baseline cannot be used: it knows what does not exist",
        Verdict::NotEstablished if run.target_died => {
            "not established: the target died before the end"
        }
        Verdict::NotEstablished if run.interrupted => "not established: the run was cut short",
        Verdict::NotEstablished => "not established: not everything could be judged",
    }
}

/// How much of what was asked could be judged.
pub(super) fn judged(run: &Run) -> String {
    format!("{} % of what was asked could be judged", Share::of(run).percent())
}

/// What the run was, in a line.
pub(super) fn about(run: &Run) -> String {
    format!(
        "target {} {}, {} time, suite {}, order {}{}{}, {:.1} s",
        run.target,
        run.target_version,
        if run.manual_time { "manual" } else { "real" },
        run.suite,
        run.order,
        match &run.extent {
            Extent::Whole => String::new(),
            Extent::Part { shard, .. } => format!(", shard {shard}"),
            Extent::Merged(count) => format!(", merged from {count} shards"),
        },
        run.began.map(|began| format!(", {began}")).unwrap_or_default(),
        run.duration.as_secs_f64()
    )
}

/// How often nothing could be judged because the machine was too slow.
pub(super) fn starvation(run: &Run) -> Option<String> {
    let (scenarios, again, lost) = run.starved();
    let late = run.lag.as_secs_f64();
    (scenarios > 0).then(|| {
        format!(
            "starved: the machine was up to {late:.1} s late; {scenarios} scenarios that did not \
             pass meanwhile ran again, {again} times together; {lost} could not be established"
        )
    })
}

/// What failed only while others ran beside it: that is the target's or the machine's to bear, and
/// no failure of a rule.
pub(super) fn crowds(run: &Run, most: usize) -> Vec<String> {
    let crowded: Vec<_> = run.scenarios.iter().filter(|s| s.passed_alone()).collect();
    if crowded.is_empty() {
        return Vec::new();
    }
    let count = plural(crowded.len(), "scenario", "scenarios");
    let mut lines = vec![format!(
        "passed alone: {count} failed beside others and held when run again with fewer of them or \
         with none; so many at a time are too much for the target or for this machine (-j 4)"
    )];
    lines.extend(crowded.iter().take(most).map(|scenario| {
        let seen = scenario.crowded.first().and_then(|outcome| outcome.message.as_deref());
        format!("  {}: {}", scenario.id, cut(&without_ids(seen.unwrap_or_default()), 120))
    }));
    if crowded.len() > most {
        lines.push(format!("  and {} more (--verbose)", crowded.len() - most));
    }
    lines
}

/// Which of two accepted outcomes this target shows.
pub(super) fn quirks(run: &Run, all: bool) -> Vec<String> {
    let mut quirks: BTreeMap<&str, (usize, usize)> = Default::default();
    for (name, seen) in run.scenarios.iter().flat_map(|s| &s.attempts).flat_map(|a| &a.quirks) {
        let counts = quirks.entry(name).or_default();
        if *seen { counts.0 += 1 } else { counts.1 += 1 }
    }
    let real = quirks.values().filter(|(_, sane)| *sane == 0).count();
    let sane = quirks.values().filter(|(seen, _)| *seen == 0).count();
    if !all && !quirks.is_empty() {
        let mixed = quirks.len() - real - sane;
        return vec![format!(
            "quirks: {real} as on the real server, {sane} without the real server's quirk, {mixed} \
             both ways (--verbose names them)"
        )];
    }
    let lines = quirks.into_iter().map(|(name, (seen, sane))| {
        let which = match (seen, sane) {
            (_, 0) => "as on the real server",
            (0, _) => "without the real server's quirk",
            _ => "sometimes as on the real server, sometimes not",
        };
        format!("quirk: {name}: {which}")
    });
    lines.collect()
}

/// `1 rule`, `2 rules`.
pub(super) fn plural(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// A line that is not longer than so many characters.
pub(super) fn cut(line: &str, most: usize) -> String {
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// What stands above causes.
pub(super) fn heading(causes: &[&Cause]) -> String {
    let new: usize = causes.iter().map(|cause| cause.holds_up().saturating_sub(cause.known)).sum();
    let scenarios = plural(
        new,
        "scenario that did not hold or could not be judged",
        "scenarios that did not hold or could not be judged",
    );
    let causes = plural(causes.len(), "cause", "causes");
    match new {
        0 => format!("what to fix first: {causes}"),
        _ => format!("what to fix first: {causes} for {scenarios}"),
    }
}

/// How much it holds up.
pub(super) fn weight(cause: &Cause) -> String {
    let seen = match (cause.seen, cause.seen_in) {
        (0, _) => None,
        (seen, places) => Some(format!(
            "seen {} in {}",
            plural(seen, "time", "times"),
            plural(places, "scenario", "scenarios")
        )),
    };
    let mut parts = Vec::new();
    if !cause.failed.is_empty() {
        parts.push(format!("{} failed", cause.failed.len()));
    }
    if !cause.blocked.is_empty() {
        parts.push(format!("{} blocked", cause.blocked.len()));
    }
    if cause.known > 0 {
        parts.push(format!("{} known", cause.known));
    }
    let mut areas: Vec<_> = cause.areas.iter().collect();
    areas.sort_by_key(|(area, count)| (Reverse(**count), *area));
    let areas: Vec<_> = areas.into_iter().map(|(area, count)| format!("{area} {count}")).collect();
    let held = (cause.holds_up() > 0).then(|| {
        let rules = plural(cause.rules.len(), "rule", "rules");
        format!("{} of {rules}: {}", parts.join(", "), areas.join(", "))
    });
    held.into_iter().chain(seen).collect::<Vec<_>>().join("; ")
}

/// The step that did not hold, and where it stands.
pub(super) fn place(scenario: &ScenarioResult) -> String {
    let file = scenario.place.split(':').next().unwrap_or_default();
    match scenario.telling().and_then(|outcome| outcome.step.as_ref()) {
        Some((step, line)) => format!("at {file}:{line}: {step}"),
        None => format!("at {}", scenario.place),
    }
}

/// How often it passed, if attempts disagree.
pub(super) fn flaky(scenario: &ScenarioResult) -> Option<String> {
    scenario.is_flaky().then(|| {
        let passed = scenario.attempts.iter().filter(|a| a.status == Status::Passed).count();
        format!("flaky: {passed} of {} attempts passed", scenario.attempts.len())
    })
}
