//! Scenarios and rules by area.

use std::collections::BTreeMap;

use super::super::{Run, Share};
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
    held: usize,
    rules: usize,
    share: Share,
}

/// A row for each area, one for all, and how many rules of each level hold.
pub(super) fn lines(terminal: &Terminal, run: &Run) -> Vec<String> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut total = Row { share: Share::of(run), ..Row::default() };
    for scenario in &run.scenarios {
        let row = rows.entry(&scenario.area).or_default();
        for row in [row, &mut total] {
            *row.counts.entry(scenario.status).or_default() += 1;
        }
    }
    let mut levels: BTreeMap<Level, (usize, usize)> = BTreeMap::new();
    for (area, level, _, status) in run.rules() {
        let held = usize::from(status == Status::Passed);
        for row in [rows.entry(area).or_default(), &mut total] {
            row.held += held;
            row.rules += 1;
        }
        let of_level = levels.entry(level).or_default();
        *of_level = (of_level.0 + held, of_level.1 + 1);
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
        let line = format!(
            "{name:width$}{counts}  {:>5} %  {:>5}/{}",
            row.share.percent(),
            row.held,
            row.rules
        );
        let bad = [Status::Failed, Status::Blocked, Status::Error, Status::NotRun];
        let is_bad = bad.iter().any(|status| count(status) > 0);
        if is_bad { terminal.paint("31", &line) } else { line }
    };
    lines.extend(rows.iter().map(|(area, row)| of(area, row)));
    lines.push(of("total", &total));
    let levels = levels.iter().map(|(level, (held, of))| format!("{level} {held}/{of}"));
    let levels: Vec<_> = levels.collect();
    lines.push(format!("rules held by level: {}", levels.join(", ")));
    lines
}
