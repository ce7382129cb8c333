//! What a comparison came to, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::difference::Difference;
use crate::verdict::Verdict;

/// Version of the form of the JSON report, `schemas/compare.schema.json`.
const SCHEMA_VERSION: u32 = 1;

/// One of the two servers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// For people.
    pub(crate) name: String,
    /// Where it listened.
    pub(crate) url: String,
    /// What it says of its version.
    pub(crate) version: String,
}

/// What a comparison came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) sides: [Side; 2],
    pub(crate) seed: u64,
    /// How many generated cases were played on both.
    pub(crate) cases: u64,
    /// How many scenarios ran on both.
    pub(crate) scenarios: u64,
    /// How many scenarios did not apply to one of them.
    pub(crate) not_on_both: u64,
    /// How many answers and messages were compared.
    pub(crate) compared: u64,
    /// Differences that did not come again.
    pub(crate) unsteady: u64,
    /// Differences that are known, and not told.
    pub(crate) known: u64,
    pub(crate) duration: Duration,
    /// Why it ended before its time, if it did.
    pub(crate) broken: Option<String>,
    /// How the program is called again, without what chooses a case or a scenario.
    pub(crate) command: String,
    groups: BTreeMap<(String, Kind), Group>,
}

type Kind = (String, String, String);

/// Differences that probably have one cause.
#[derive(Clone, Debug)]
struct Group {
    count: u64,
    example: Difference,
    origin: Origin,
    curl: Option<String>,
}

/// Where a difference showed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// In a generated case.
    Case(u64),
    /// In a scenario.
    Scenario(String),
}

/// A difference, where it was seen, and how to see it again.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Method and path, or the kind of message.
    pub(crate) place: String,
    pub(crate) difference: Difference,
    pub(crate) origin: Origin,
    /// A `curl` line for the first server.
    pub(crate) curl: Option<String>,
}

impl Found {
    /// The same for differences that probably have one cause.
    pub(crate) fn key(&self) -> (String, Kind) {
        (self.place.clone(), self.difference.kind())
    }
}

impl Summary {
    /// Of nothing so far.
    pub(crate) fn new(seed: u64, command: String) -> Self {
        Self { seed, command, ..Self::default() }
    }

    /// Counts a difference.
    pub(crate) fn find(&mut self, found: Found) {
        let group = self.groups.entry(found.key()).or_insert_with(|| Group {
            count: 0,
            example: found.difference.clone(),
            origin: found.origin.clone(),
            curl: found.curl.clone(),
        });
        group.count += 1;
        if found.origin < group.origin {
            (group.example, group.origin, group.curl) =
                (found.difference, found.origin, found.curl);
        }
    }

    /// How many kinds of difference there are.
    pub(crate) fn kinds(&self) -> usize {
        self.groups.len()
    }

    /// No difference, if anything was compared at all.
    pub(crate) fn verdict(&self) -> Verdict {
        if self.broken.is_some() || self.compared == 0 {
            Verdict::NotEstablished
        } else if self.groups.is_empty() {
            Verdict::Conformant
        } else {
            Verdict::NotConformant
        }
    }

    fn again(&self, origin: &Origin) -> String {
        match origin {
            Origin::Case(case) => format!("{} --seed {} --case {case}", self.command, self.seed),
            Origin::Scenario(id) => format!("{} --cases 0 --id '{id}'", self.command),
        }
    }

    /// For people: the most frequent kind first.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
        for ((place, _), group) in groups {
            let Difference { about, first, second } = &group.example;
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{} times: {place}: {about}", group.count);
            let _ = writeln!(text, "    first:  {}", visible(first));
            let _ = writeln!(text, "    second: {}", visible(second));
            let _ = writeln!(text, "  again: {}", self.again(&group.origin));
            if let Some(curl) = &group.curl {
                let _ = writeln!(text, "  {}", visible(curl));
            }
        }
        for (number, side) in ["first: ", "second:"].iter().zip(&self.sides) {
            let _ = writeln!(text, "{number} {} {} at {}", side.name, side.version, side.url);
        }
        let _ = writeln!(
            text,
            "{} cases of seed {}, {} scenarios ({} not on both), {} answers and messages compared, \
             {} differences that did not come again, {} that are known, {:.1} s",
            self.cases,
            self.seed,
            self.scenarios,
            self.not_on_both,
            self.compared,
            self.unsteady,
            self.known,
            self.duration.as_secs_f64()
        );
        if let Some(why) = &self.broken {
            let _ = writeln!(text, "not finished: {why}");
        }
        let _ = match self.kinds() {
            _ if self.compared == 0 => writeln!(text, "nothing was compared"),
            0 => writeln!(text, "no difference"),
            1 => writeln!(text, "1 kind of difference"),
            count => writeln!(text, "{count} kinds of difference"),
        };
        text
    }

    /// For programs; `complete` stands last, so that a report that was cut off has none.
    pub(crate) fn to_json(&self) -> Value {
        let sides: Vec<_> = self
            .sides
            .iter()
            .map(|side| json!({"name": side.name, "url": side.url, "version": side.version}))
            .collect();
        let differences: Vec<_> = self
            .groups
            .iter()
            .map(|((place, _), group)| {
                json!({
                    "place": place,
                    "about": group.example.about,
                    "count": group.count,
                    "first": group.example.first,
                    "second": group.example.second,
                    "case": match group.origin { Origin::Case(case) => Some(case), Origin::Scenario(_) => None },
                    "scenario": match &group.origin { Origin::Scenario(id) => Some(id), Origin::Case(_) => None },
                    "again": self.again(&group.origin),
                    "curl": group.curl,
                })
            })
            .collect();
        json!({
            "schemaVersion": SCHEMA_VERSION,
            "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
            "targets": sides,
            "seed": self.seed,
            "cases": self.cases,
            "scenarios": self.scenarios,
            "scenariosNotOnBoth": self.not_on_both,
            "compared": self.compared,
            "unsteady": self.unsteady,
            "known": self.known,
            "durationMs": u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX),
            "notFinished": self.broken,
            "differences": differences,
            "verdict": self.verdict(),
            "complete": true,
        })
    }
}

/// What a terminal can show without being told anything by it.
fn visible(text: &str) -> String {
    let shown =
        |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(case: u64, first: &str) -> Found {
        Found {
            place: "GET /v4/info".into(),
            difference: Difference::new("body /message", first, "other"),
            origin: Origin::Case(case),
            curl: Some("curl x".into()),
        }
    }

    #[test]
    fn differences_of_a_kind_are_counted_and_the_first_is_shown() {
        let mut summary =
            Summary { seed: 7, compared: 5, command: "compare".into(), ..Summary::default() };
        assert_eq!(summary.verdict(), Verdict::Conformant);
        for (case, first) in [(9, "at 9"), (4, "at 4"), (6, "at 6\u{1b}")] {
            summary.find(found(case, first));
        }
        assert_eq!(summary.verdict(), Verdict::NotConformant);
        let text = summary.to_text();
        assert!(
            text.contains("2 times: GET /v4/info: body /message\n    first:  at 4\n"),
            "{text}"
        );
        assert!(text.contains("again: compare --seed 7 --case 4\n  curl x\n"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn nothing_compared_and_a_run_that_broke_off_are_no_good_news() {
        assert_eq!(Summary::default().verdict(), Verdict::NotEstablished);
        let broken = Summary { compared: 1, broken: Some("x".into()), ..Summary::default() };
        assert_eq!(broken.verdict(), Verdict::NotEstablished);
        assert!(broken.to_text().contains("not finished: x"));
    }
}
