//! The kill matrix: what became of each deviation.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::target::Deviation;

/// What became of every deviation.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// By name.
    pub entries: Vec<Entry>,
    /// Scenarios of the broken rules that noticed nothing.
    pub idle: Vec<String>,
    /// Whether these are all deviations there are.
    pub is_whole: bool,
}

/// What became of a deviation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was broken.
    pub deviation: Deviation,
    /// Whether it was noticed.
    pub fate: Fate,
    /// How often the broken code ran.
    pub reached: u64,
    /// Scenarios of the rule that failed on an assertion.
    pub caught_by: Vec<String>,
    /// Others that failed; they do not count.
    pub also: Vec<String>,
}

/// Whether a deviation was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// By a scenario of its rule.
    Caught,
    /// By none, although the broken code ran.
    Survived,
    /// The broken code did not run.
    Unreached,
    /// By none, but some of them need what is not there, and why.
    NotApplicable(String),
    /// Nothing can be said, and why.
    Broken(String),
}

impl Entry {
    pub(super) fn without_run(deviation: Deviation, fate: Fate) -> Self {
        Self { deviation, fate, reached: 0, caught_by: Vec::new(), also: Vec::new() }
    }

    /// The id of the broken rule.
    pub fn rule(&self) -> &str {
        self.deviation.rule()
    }
}

impl Fate {
    /// For people.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Survived => "SURVIVED",
            Self::Unreached => "UNREACHED",
            Self::NotApplicable(_) => "n/a",
            Self::Broken(_) => "BROKEN",
        }
    }

    /// Why there is no more to say, if there is not.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::NotApplicable(why) | Self::Broken(why) => Some(why),
            Self::Caught | Self::Survived | Self::Unreached => None,
        }
    }

    /// Whether it says nothing against the suite.
    pub fn is_fine(&self) -> bool {
        matches!(self, Self::Caught | Self::NotApplicable(_))
    }
}

impl Matrix {
    /// Whether every deviation was caught that could be, and there was one. If all of them were
    /// tried, every scenario has to have noticed something: one that never fails checks nothing.
    pub fn is_complete(&self) -> bool {
        let is_fine = self.entries.iter().all(|entry| entry.fate.is_fine());
        let all_notice = !self.is_whole || self.idle.is_empty();
        self.count("caught") > 0 && is_fine && all_notice
    }

    /// How many ended this way; the reason of a broken one does not matter.
    pub fn count(&self, name: &str) -> usize {
        self.entries.iter().filter(|entry| entry.fate.name() == name).count()
    }

    /// For a terminal: a line for every deviation, or only for those not caught, and a summary.
    pub fn to_text(&self, every: bool) -> String {
        let mut out = String::new();
        let width = self.entries.iter().map(|e| e.deviation.name.len()).max().unwrap_or(0);
        for entry in self.entries.iter().filter(|entry| every || entry.fate != Fate::Caught) {
            let what = match &entry.fate {
                Fate::Caught => entry.caught_by.join(" "),
                Fate::Broken(why) | Fate::NotApplicable(why) => why.clone(),
                Fate::Survived | Fate::Unreached => entry.deviation.summary.clone(),
            };
            // Writing to a String cannot fail.
            let (name, fate) = (&entry.deviation.name, entry.fate.name());
            let _ = writeln!(out, "{name:width$}  {fate:9}  {what}");
        }
        if !self.idle.is_empty() {
            let _ = writeln!(out, "noticed nothing: {}", self.idle.join(" "));
            if self.is_whole {
                let why = "nothing shows that they can fail: their rules need deviations for them";
                let _ = writeln!(out, "{why}");
            }
        }
        let rules: std::collections::BTreeSet<_> = self.entries.iter().map(Entry::rule).collect();
        let _ = writeln!(
            out,
            "{} deviations of {} rules: {} caught, {} survived, {} unreached, {} broken, {} not applicable",
            self.entries.len(),
            rules.len(),
            self.count("caught"),
            self.count("SURVIVED"),
            self.count("UNREACHED"),
            self.count("BROKEN"),
            self.count("n/a"),
        );
        out
    }

    /// `schemas/kill-matrix.schema.json`.
    pub fn to_json(&self) -> Value {
        let entries = self.entries.iter().map(|entry| {
            json!({
                "deviation": entry.deviation.name,
                "summary": entry.deviation.summary,
                "rule": entry.rule(),
                "fate": entry.fate.name().to_lowercase(),
                "why": entry.fate.reason(),
                "reached": entry.reached,
                "caughtBy": entry.caught_by,
                "alsoFailed": entry.also,
            })
        });
        json!({
            "schemaVersion": 1,
            "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
            "deviations": entries.collect::<Vec<_>>(),
            "idleScenarios": self.idle,
            "complete": true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(fates: &[Fate]) -> Matrix {
        let deviation = Deviation { name: "LL-HTTP-001/x".into(), summary: String::new() };
        let entry = |fate: &Fate| Entry::without_run(deviation.clone(), fate.clone());
        let entries = fates.iter().map(entry).collect();
        Matrix { entries, idle: Vec::new(), is_whole: true }
    }

    #[test]
    fn a_deviation_that_nobody_notices_makes_it_incomplete() {
        let elsewhere = Fate::NotApplicable("not here".into());
        assert!(matrix(&[Fate::Caught, elsewhere.clone()]).is_complete());
        assert!(!matrix(&[elsewhere]).is_complete());
        assert!(!matrix(&[]).is_complete());
        for fate in [Fate::Survived, Fate::Unreached, Fate::Broken("it died".into())] {
            assert!(!matrix(&[Fate::Caught, fate]).is_complete());
        }
    }

    #[test]
    fn a_scenario_that_notices_none_of_all_deviations_makes_it_incomplete() {
        let idle = vec!["LL-HTTP-001.b".to_owned()];
        let whole = Matrix { idle, ..matrix(&[Fate::Caught]) };
        assert!(!whole.is_complete());
        assert!(Matrix { is_whole: false, ..whole }.is_complete());
    }
}
