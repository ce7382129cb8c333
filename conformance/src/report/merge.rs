//! From the shards of a run to the whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::{Asked, Extent, Finding, Run};
use crate::spec::Shard;

/// How many refusals are told.
const MOST_TOLD: usize = 20;

/// Why shards make no whole: one line or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeError(Vec<String>);

impl MergeError {
    /// For reasons that were found elsewhere.
    pub fn new(reasons: Vec<String>) -> Self {
        Self(reasons)
    }
}

impl std::error::Error for MergeError {}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these reports make no whole run")?;
        for reason in self.0.iter().take(MOST_TOLD) {
            write!(f, "\n  {reason}")?;
        }
        match self.0.len().saturating_sub(MOST_TOLD) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Joins the shards of a run, each with the file that it comes from.
///
/// # Errors
/// A shard or a scenario is missing or double, or the shards are not of one run: of another suite,
/// target, selection or setting. All that is wrong of one kind is told.
pub fn merge(parts: Vec<(PathBuf, Run)>) -> Result<Run, MergeError> {
    let parts = parts.into_iter().map(Part::of).collect::<Result<Vec<_>, _>>();
    let parts = parts.map_err(|reason| MergeError(vec![reason]))?;
    for check in [one_run, all_shards, all_scenarios] {
        let reasons = check(&parts);
        if !reasons.is_empty() {
            return Err(MergeError(reasons));
        }
    }
    join(parts).ok_or_else(|| MergeError(vec!["there is no report".into()]))
}

/// A report of a shard.
struct Part {
    file: String,
    shard: Shard,
    whole: BTreeSet<String>,
    run: Run,
}

impl Part {
    fn of((path, mut run): (PathBuf, Run)) -> Result<Self, String> {
        let file = path.display().to_string();
        match std::mem::take(&mut run.extent) {
            Extent::Part { shard, whole } => Ok(Self { file, shard, whole, run }),
            Extent::Whole => Err(format!("{file} is of no shard; only shards are merged")),
            Extent::Merged(count) => Err(format!("{file} is merged from {count} shards already")),
        }
    }
}

/// What differs between parts that have to be of one run.
fn one_run(parts: &[Part]) -> Vec<String> {
    let Some((first, others)) = parts.split_first() else { return Vec::new() };
    let mut reasons = Vec::new();
    for other in others {
        for (what, of_first, of_other) in identity(&first.run, &other.run) {
            if of_first != of_other {
                let (a, b) = (&first.file, &other.file);
                reasons.push(format!("{what}: {of_other} in {b}, {of_first} in {a}"));
            }
        }
        if first.shard.count() != other.shard.count() {
            reasons.push(format!(
                "number of shards: {} is {}, {} is {}",
                other.file, other.shard, first.file, first.shard
            ));
        }
        if reasons.is_empty() && first.whole != other.whole {
            let id = first.whole.symmetric_difference(&other.whole).next();
            reasons.push(format!(
                "the whole: {} and {} do not agree whether it has {}",
                first.file,
                other.file,
                id.map_or("", String::as_str)
            ));
        }
    }
    reasons
}

/// What has to be the same in all parts: what it is, of one and of another.
fn identity(a: &Run, b: &Run) -> Vec<(&'static str, String, String)> {
    let time = |run: &Run| if run.manual_time { "manual" } else { "real" }.to_owned();
    let both = |what, of: &dyn Fn(&Run) -> String| (what, of(a), of(b));
    let asked = |what, of: &dyn Fn(&Asked) -> serde_json::Value| {
        (what, of(&a.asked).to_string(), of(&b.asked).to_string())
    };
    vec![
        both("suite", &|run| run.suite.clone()),
        both("target", &|run| format!("{:?}", run.target_name)),
        both("version of the target", &|run| format!("{:?}", run.target_version)),
        both("time", &time),
        asked("--id", &|asked| json!(asked.selection.ids)),
        asked("--tags", &|asked| json!(asked.selection.tags)),
        asked("--name", &|asked| json!(asked.selection.name)),
        asked("--level", &|asked| json!(asked.selection.levels)),
        asked("--area", &|asked| json!(asked.selection.areas)),
        asked("--strict", &|asked| json!(asked.strict)),
        asked("--time-scale", &|asked| json!(asked.time_scale)),
        asked("--repeat", &|asked| json!(asked.repeat)),
        asked("profile", &|asked| json!(asked.declared.profile)),
        asked("unsupported", &|asked| json!(asked.declared.unsupported)),
        asked("sources", &|asked| json!(asked.declared.sources)),
        asked("filters", &|asked| json!(asked.declared.filters)),
        asked("--baseline", &|asked| json!(asked.baseline)),
    ]
}

/// Shards that are double or missing.
fn all_shards(parts: &[Part]) -> Vec<String> {
    let mut files: BTreeMap<Shard, Vec<&str>> = BTreeMap::new();
    for part in parts {
        files.entry(part.shard).or_default().push(&part.file);
    }
    let double = files.iter().filter(|(_, files)| files.len() > 1);
    let mut reasons: Vec<_> = double
        .map(|(shard, files)| format!("shard {shard} is there twice: {}", files.join(", ")))
        .collect();
    let count = parts.first().map_or(0, |part| part.shard.count());
    let there: BTreeSet<_> = files.keys().map(|shard| shard.number()).collect();
    let missing = (1..=count).filter(|number| !there.contains(number));
    reasons.extend(missing.map(|number| format!("shard {number}/{count} is missing")));
    reasons
}

/// Scenarios that are double, missing, or none of the whole.
fn all_scenarios(parts: &[Part]) -> Vec<String> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for part in parts {
        for scenario in &part.run.scenarios {
            files.entry(&scenario.id).or_default().push(&part.file);
        }
    }
    let whole = parts.first().map(|part| &part.whole);
    let mut reasons = Vec::new();
    for (id, files) in &files {
        if files.len() > 1 {
            reasons.push(format!("{id} is there twice: {}", files.join(", ")));
        }
        if whole.is_some_and(|whole| !whole.contains(*id)) {
            reasons.push(format!("{id} is in {} and not selected", files.join(", ")));
        }
    }
    let missing = whole.into_iter().flatten().filter(|id| !files.contains_key(id.as_str()));
    reasons.extend(missing.map(|id| format!("{id} is missing")));
    reasons
}

/// Parts that make a whole, as that.
fn join(mut parts: Vec<Part>) -> Option<Run> {
    parts.sort_by_key(|part| part.shard);
    let shards = parts.iter().map(|part| part.shard);
    let troubles = parts.iter().zip(shards).flat_map(|(part, shard)| {
        part.run.troubles.iter().map(move |trouble| format!("shard {shard}: {trouble}"))
    });
    let (troubles, count) = (troubles.collect(), parts.len());
    let runs: Vec<_> = parts.into_iter().map(|part| part.run).collect();
    let first = runs.first()?.clone();
    let all = |of: fn(&Run) -> &String| {
        let different: BTreeSet<_> = runs.iter().map(of).collect();
        let different: Vec<_> = different.into_iter().map(String::as_str).collect();
        match different.as_slice() {
            [one] => (*one).to_owned(),
            more => format!("{} and {} more", of(&first), more.len() - 1),
        }
    };
    let (target, order) = (all(|run| &run.target), all(|run| &run.order));
    let mut merged = Run {
        target,
        order,
        troubles,
        extent: Extent::Merged(count),
        began: runs.iter().filter_map(|run| run.began).min(),
        duration: runs.iter().map(|run| run.duration).sum::<Duration>(),
        lag: runs.iter().map(|run| run.lag).max().unwrap_or_default(),
        target_died: runs.iter().any(|run| run.target_died),
        target_log: runs.iter().flat_map(|run| run.target_log.clone()).collect(),
        findings: Finding::join(runs.iter().flat_map(|run| run.findings.clone())),
        scenarios: Vec::new(),
        ..first
    };
    merged.scenarios = runs.into_iter().flat_map(|run| run.scenarios).collect();
    merged.sort();
    // What was seen in one part breaks a rule whose scenario may be in another.
    merged.settle_findings();
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ScenarioResult;
    use crate::spec::Level;
    use crate::verdict::Status;

    /// A shard with these scenarios, of a whole with those.
    fn part(shard: &str, has: &[&str], whole: &[&str]) -> (PathBuf, Run) {
        let scenarios = has.iter().map(|id| ScenarioResult {
            id: (*id).to_owned(),
            title: String::new(),
            rule: String::new(),
            rule_title: String::new(),
            level: Level::Must,
            area: String::new(),
            place: String::new(),
            status: Status::NotRun,
            reason: None,
            blocked_by: None,
            known: None,
            attempts: Vec::new(),
            starved: Vec::new(),
            crowded: Vec::new(),
        });
        let extent = Extent::Part {
            shard: shard.parse().unwrap(),
            whole: whole.iter().map(|id| (*id).to_owned()).collect(),
        };
        let run = Run {
            scenarios: scenarios.collect(),
            target: format!("http://{shard}"),
            order: "file".into(),
            duration: Duration::from_secs(2),
            extent,
            ..Run::default()
        };
        (PathBuf::from(shard), run)
    }

    fn refusal(parts: Vec<(PathBuf, Run)>) -> Vec<String> {
        merge(parts).unwrap_err().0
    }

    #[test]
    fn parts_in_any_order_make_the_whole() {
        let mut first = part("1/2", &["b"], &["a", "b", "c"]);
        first.1.target_died = true;
        first.1.troubles.push("x".into());
        let run = merge(vec![part("2/2", &["c", "a"], &["a", "b", "c"]), first]).unwrap();
        let ids: Vec<_> = run.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        assert_eq!(run.extent, Extent::Merged(2));
        assert_eq!(run.target, "http://1/2 and 1 more");
        assert_eq!(run.order, "file");
        assert_eq!(run.duration, Duration::from_secs(4));
        assert!(run.target_died);
        assert_eq!(run.troubles, ["shard 1/2: x"]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let all = &["a", "b"];
        let wholes = vec![part("1/2", &["a"], all), part("2/2", &["b"], &["b"])];
        assert_eq!(refusal(wholes), ["the whole: 1/2 and 2/2 do not agree whether it has a"]);
        let foreign = vec![part("1/1", &["a", "b", "c"], all)];
        assert_eq!(refusal(foreign), ["c is in 1/1 and not selected"]);
        let counts = vec![part("1/2", &["a"], all), part("2/3", &["b"], all)];
        assert_eq!(refusal(counts), ["number of shards: 2/3 is 2/3, 1/2 is 1/2"]);
        let lost = vec![part("3/3", &["a"], all)];
        assert_eq!(refusal(lost), ["shard 1/3 is missing", "shard 2/3 is missing"]);
        let mut merged = part("1/1", &["a", "b"], all);
        merged.1.extent = Extent::Merged(3);
        assert_eq!(refusal(vec![merged]), ["1/1 is merged from 3 shards already"]);
        let mut real = part("2/2", &["b"], all);
        real.1.manual_time = true;
        let times = vec![part("1/2", &["a"], all), real];
        assert_eq!(refusal(times), ["time: manual in 2/2, real in 1/2"]);
        assert_eq!(refusal(Vec::new()), ["there is no report"]);
    }

    #[test]
    fn not_everything_is_told() {
        let reasons = (0..30).map(|at| format!("reason {at}")).collect();
        let text = MergeError::new(reasons).to_string();
        assert!(text.contains("reason 19\n  and 10 more"), "{text}");
    }
}
