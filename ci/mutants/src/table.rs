//! What became of all mutants, as a page and as a verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

use crate::accepted::{AcceptedList, Ground};

/// What `build` wrote.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Built {
    mutants: Vec<Listed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    number: u32,
    module: String,
    file: String,
    line: usize,
    change: String,
    left_out: Option<String>,
}

/// What the runner wrote about some of them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Fates {
    mutants: Vec<Fate>,
}

#[derive(Clone, Debug, Deserialize)]
struct Fate {
    number: u32,
    fate: String,
    scenario: Option<String>,
}

/// The least share of viable mutants that the suite has to kill, in hundredths.
const LEAST_SHARE: f64 = 95.0;

/// Numbers of a module, or of all.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    constant: usize,
    breaks: usize,
    unviable: usize,
    killed: usize,
    accepted: usize,
    open: usize,
    untried: usize,
}

impl Row {
    fn viable(&self) -> usize {
        self.killed + self.accepted + self.open + self.untried
    }

    fn tried(&self) -> usize {
        self.viable() - self.untried
    }

    /// How many of those that were tried are killed, in hundredths.
    fn share(&self) -> f64 {
        100.0 * self.killed as f64 / self.tried().max(1) as f64
    }

    fn add(&mut self, other: &Self) {
        self.constant += other.constant;
        self.breaks += other.breaks;
        self.unviable += other.unviable;
        self.killed += other.killed;
        self.accepted += other.accepted;
        self.open += other.open;
        self.untried += other.untried;
    }
}

/// What became of all.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<String, Row>,
    grounds: BTreeMap<Ground, usize>,
    /// Those that survive without a reason.
    open: Vec<String>,
    /// Accepted ones that do not survive.
    needless: Vec<String>,
}

impl Table {
    /// Counts. Of two fates of a mutant the later counts.
    pub(crate) fn of(built: &Built, fates: &[Fates], accepted: &AcceptedList) -> Self {
        let all = fates.iter().flat_map(|fates| &fates.mutants);
        let fates: BTreeMap<u32, &Fate> = all.map(|fate| (fate.number, fate)).collect();
        let mut table = Self::default();
        let mut left: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for one in accepted.all() {
            left.insert((&one.file, &one.change), one.times);
        }
        let of_protocol =
            built.mutants.iter().filter(|m| m.left_out.as_deref() != Some("elsewhere"));
        for mutant in of_protocol {
            let row = table.rows.entry(mutant.module.clone()).or_default();
            match mutant.left_out.as_deref() {
                Some("unviable") => row.unviable += 1,
                Some("deviation") => row.breaks += 1,
                Some(_) => row.constant += 1,
                None => {
                    let Some(fate) = fates.get(&mutant.number) else {
                        row.untried += 1;
                        continue;
                    };
                    if fate.fate == "killed" {
                        row.killed += 1;
                        continue;
                    }
                    let key = (mutant.file.as_str(), mutant.change.as_str());
                    let entry = accepted.find(key.0, key.1);
                    match left.get_mut(&key).filter(|left| **left > 0).zip(entry) {
                        Some((left, entry)) => {
                            *left -= 1;
                            row.accepted += 1;
                            *table.grounds.entry(entry.ground).or_default() += 1;
                        }
                        None => {
                            row.open += 1;
                            let by = fate.scenario.as_deref().map(|id| format!(" by {id}"));
                            table.open.push(format!(
                                "{} {}:{}: {} ({}{})",
                                mutant.number,
                                mutant.file,
                                mutant.line,
                                mutant.change,
                                fate.fate,
                                by.unwrap_or_default()
                            ));
                        }
                    }
                }
            }
        }
        let files: BTreeSet<_> = built.mutants.iter().map(|m| m.file.as_str()).collect();
        for ((file, change), times) in left.into_iter().filter(|(_, times)| *times > 0) {
            let gone = if files.contains(file) { "" } else { ", a file without mutants" };
            table.needless.push(format!("{file}{gone}: {change} ({times})"));
        }
        table
    }

    fn total(&self) -> Row {
        let mut total = Row::default();
        self.rows.values().for_each(|row| total.add(row));
        total
    }

    /// Whether every survivor has a reason, and few enough do survive.
    pub(crate) fn is_fine(&self) -> bool {
        let total = self.total();
        total.open == 0 && total.untried == 0 && total.share() >= LEAST_SHARE
    }

    /// What is not as it should be, for a terminal.
    pub(crate) fn problems(&self) -> String {
        let mut out = String::new();
        for open in &self.open {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "survives: {open}");
        }
        for needless in &self.needless {
            let _ = writeln!(out, "accepted, but does not survive: {needless}");
        }
        let total = self.total();
        let _ = writeln!(
            out,
            "{} viable: {} killed ({:.1} %), {} accepted, {} open, {} not tried",
            total.viable(),
            total.killed,
            total.share(),
            total.accepted,
            total.open,
            total.untried
        );
        out
    }

    /// The table by module, and the reasons of those that are accepted.
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::from(
            "| module | mutants | constant | in breaks | unviable | viable | tried | killed | | accepted | open |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        let total = self.total();
        let rows = self.rows.iter().map(|(name, row)| (format!("`{name}`"), row));
        for (name, row) in rows.chain([("**all**".to_owned(), &total)]) {
            let all = row.constant + row.breaks + row.unviable + row.viable();
            let _ = writeln!(
                out,
                "| {name} | {all} | {} | {} | {} | {} | {} | {} | {:.1} % | {} | {} |",
                row.constant,
                row.breaks,
                row.unviable,
                row.viable(),
                row.tried(),
                row.killed,
                row.share(),
                row.accepted,
                row.open,
            );
        }
        if !self.grounds.is_empty() {
            out.push_str("\n| survivors are accepted because | |\n|---|---:|\n");
        }
        for (ground, count) in &self.grounds {
            let _ = writeln!(out, "| {} | {count} |", ground.name());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = r#"{"mutants": [
        {"number": 1, "module": "json", "file": "a.rs", "line": 1, "change": "x", "leftOut": null},
        {"number": 2, "module": "json", "file": "a.rs", "line": 2, "change": "y", "leftOut": null},
        {"number": 3, "module": "json", "file": "a.rs", "line": 3, "change": "y", "leftOut": null},
        {"number": 4, "module": "json", "file": "a.rs", "line": 4, "change": "z", "leftOut": "unviable"},
        {"number": 5, "module": "json", "file": "a.rs", "line": 5, "change": "z", "leftOut": "elsewhere"}
    ]}"#;

    fn table(fates: &[(u32, &str)], accepted: &str) -> Table {
        let fates = fates.iter().map(|(number, fate)| Fate {
            number: *number,
            fate: (*fate).into(),
            scenario: None,
        });
        let fates = Fates { mutants: fates.collect() };
        let accepted = AcceptedList::of_text(accepted).unwrap();
        Table::of(&serde_json::from_str(BUILT).unwrap(), &[fates], &accepted)
    }

    const ACCEPTED: &str = r#"[[survivor]]
file = "a.rs"
change = "y"
ground = "log"
why = "It is logged."
"#;

    #[test]
    fn a_survivor_without_a_reason_is_open() {
        let table = table(&[(1, "killed"), (2, "survived"), (3, "unreached")], ACCEPTED);
        assert!(!table.is_fine());
        assert_eq!(table.open, ["3 a.rs:3: y (unreached)"]);
        assert!(
            table.markdown().contains("| `json` | 4 | 0 | 0 | 1 | 3 | 3 | 1 | 33.3 % | 1 | 1 |")
        );
    }

    #[test]
    fn what_is_killed_needs_no_reason_and_what_was_not_tried_is_not_fine() {
        let all = table(&[(1, "killed"), (2, "killed"), (3, "killed")], ACCEPTED);
        assert!(all.is_fine());
        assert_eq!(all.needless, ["a.rs: y (1)"]);
        assert!(!table(&[(1, "killed"), (2, "killed")], "").is_fine());
    }

    #[test]
    fn the_later_of_two_results_counts() {
        assert!(
            table(&[(1, "survived"), (1, "killed"), (2, "killed"), (3, "killed")], "").is_fine()
        );
    }
}
