//! Scenarios and rules by area.

use std::collections::BTreeMap;

use super::super::words::plural;
use super::super::{Held, Run, Share};
use super::Terminal;
use crate::spec::Level;
use crate::verdict::Status;

/// What stands above the counts of scenarios; error and not run only if there are any.
const HEADS: [(&str, Status); 6] = [
    ("passed", Status::Passed),
    ("failed", Status::Failed),
    ("blocked", Status::Blocked),
    ("error", Status::Error),
    ("n/a", Status::NotApplicable),
    ("not run", Status::NotRun),
];

#[derive(Default)]
struct Row {
    counts: BTreeMap<Status, usize>,
    held: Held,
    share: Share,
}

/// A row for each area, one for all, and how many rules of each level hold, of those that were
/// tried.
pub(super) fn lines(terminal: &Terminal, run: &Run) -> Vec<String> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut total = Row { share: Share::of(run), ..Row::default() };
    for scenario in &run.scenarios {
        let row = rows.entry(&scenario.area).or_default();
        for row in [row, &mut total] {
            *row.counts.entry(scenario.status).or_default() += 1;
        }
    }
    let mut levels: BTreeMap<Level, Held> = BTreeMap::new();
    let (mut lacking, mut left) = (0, 0);
    for (area, level, _, status) in run.rules() {
        rows.entry(area).or_default().held.add(status);
        total.held.add(status);
        levels.entry(level).or_default().add(status);
        lacking += usize::from(status == Status::NotApplicable);
        left += usize::from(status == Status::NotRun);
    }
    for (area, share) in Share::by_area(run) {
        rows.entry(area).or_default().share = share;
    }
    let rare = [Status::Error, Status::NotRun];
    let heads: Vec<_> = HEADS
        .into_iter()
        .filter(|(_, status)| !rare.contains(status) || run.count(*status) > 0)
        .collect();
    let width = rows.keys().map(|area| area.len()).max().unwrap_or(0).max("total".len());
    let names: String = heads.iter().map(|(name, _)| format!("{name:>9}")).collect();
    let mut lines = vec![format!("{:width$}{names}   judged  rules held", "area")];
    let of = |name: &str, row: &Row| {
        let count = |status: &Status| row.counts.get(status).copied().unwrap_or_default();
        let counts: String =
            heads.iter().map(|(_, status)| format!("{:>9}", count(status))).collect();
        let held = match row.held {
            Held { of: 0, .. } => format!("{:>5}", "-"),
            Held { held, of } => format!("{held:>5}/{of}"),
        };
        let line = format!("{name:width$}{counts}  {:>5} %  {held}", row.share.percent());
        let bad = [Status::Failed, Status::Blocked, Status::Error, Status::NotRun];
        let is_bad = bad.iter().any(|status| count(status) > 0);
        if is_bad { terminal.paint("31", &line) } else { line }
    };
    lines.extend(rows.iter().map(|(area, row)| of(area, row)));
    lines.push(of("total", &total));
    let levels = levels.iter().filter(|(_, held)| held.of > 0);
    let levels = levels.map(|(level, Held { held, of })| format!("{level} {held}/{of}"));
    let levels: Vec<_> = levels.collect();
    let aside = [(lacking, "not applicable"), (left, "not run")];
    let aside = aside.iter().filter(|(count, _)| *count > 0);
    let aside = aside.map(|(count, what)| format!("; {} {what}", plural(*count, "rule", "rules")));
    let levels = if levels.is_empty() { "none".to_owned() } else { levels.join(", ") };
    lines.push(format!("rules held by level: {levels}{}", aside.collect::<String>()));
    lines
}
