//! What a run of cases came to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::case::Kind;
use super::drive::Played;
use super::finding::{Fault, Finding};
use super::growth::Use;
use crate::verdict::Verdict;

/// Version of the form of the JSON report, `schemas/fuzz.schema.json`.
const SCHEMA_VERSION: u32 = 1;

/// How many lines of detail are shown of a finding.
const SHOWN_LINES: usize = 12;

/// What a run of cases came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    /// Where the server is.
    pub(crate) target: String,
    /// What it says of its version.
    pub(crate) version: String,
    pub(crate) seed: u64,
    pub(crate) cases: u64,
    pub(crate) duration: Duration,
    /// How the program is called to fuzz this target, without seed and case.
    pub(crate) command: String,
    /// The most memory and files in the first half, and those at the end, where they are known.
    pub(crate) used: Option<(Use, Use)>,
    /// The last lines of the server's log, if it died.
    pub(crate) log: Vec<String>,
    kinds: BTreeMap<Kind, u64>,
    /// By status; `None` is no answer.
    statuses: BTreeMap<Option<u16>, u64>,
    groups: BTreeMap<(Fault, String), Group>,
}

/// Findings that probably have one cause.
#[derive(Clone, Debug)]
struct Group {
    count: u64,
    /// The example of the lowest number; `None` for what no single case did.
    case: Option<u64>,
    example: Finding,
}

impl Summary {
    /// Of no case so far.
    pub(crate) fn new(target: String, version: String, seed: u64, command: String) -> Self {
        Self { target, version, seed, command, ..Self::default() }
    }

    /// Counts a case and what came of it.
    pub(crate) fn add(&mut self, number: u64, kind: Kind, played: Played) {
        self.cases += 1;
        *self.kinds.entry(kind).or_default() += 1;
        for status in played.statuses {
            *self.statuses.entry(status).or_default() += 1;
        }
        for finding in played.findings {
            self.find(Some(number), finding);
        }
    }

    /// Adds a finding, of a case or of the run.
    pub(crate) fn find(&mut self, case: Option<u64>, finding: Finding) {
        let key = (finding.fault, finding.what.clone());
        let group = self.groups.entry(key).or_insert_with(|| Group {
            count: 0,
            case,
            example: finding.clone(),
        });
        group.count += 1;
        if case < group.case {
            (group.case, group.example) = (case, finding);
        }
    }

    /// How many findings there are, those of one cause counted once.
    pub(crate) fn findings(&self) -> usize {
        self.groups.len()
    }

    /// What was found wrong.
    #[cfg(test)]
    pub(crate) fn faults(&self) -> impl Iterator<Item = Fault> {
        self.groups.keys().map(|(fault, _)| *fault)
    }

    /// Nothing found, if anything was tried at all.
    pub(crate) fn verdict(&self) -> Verdict {
        if !self.groups.is_empty() {
            Verdict::NotConformant
        } else if self.cases == 0 {
            Verdict::NotEstablished
        } else {
            Verdict::Conformant
        }
    }

    fn rate(&self) -> f64 {
        self.cases as f64 / self.duration.as_secs_f64().max(0.001)
    }

    /// A line for a shell that plays a case again.
    fn again(&self, case: u64) -> String {
        format!("{} --seed {} --case {case}", self.command, self.seed)
    }

    /// For people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for ((fault, what), group) in &self.groups {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{} ({} times): {what}", fault.name(), group.count);
            let lines = group.example.detail.iter().flat_map(|detail| detail.lines());
            for line in lines.take(SHOWN_LINES) {
                let _ = writeln!(text, "    {line}");
            }
            if let Some(case) = group.case {
                let _ = writeln!(text, "  again: {}", self.again(case));
            }
            if let Some(curl) = &group.example.curl {
                let _ = writeln!(text, "  {curl}");
            }
        }
        for line in &self.log {
            let _ = writeln!(text, "  | {line}");
        }
        let kinds: Vec<_> =
            self.kinds.iter().map(|(kind, count)| format!("{} {count}", kind.name())).collect();
        let statuses: Vec<_> = self
            .statuses
            .iter()
            .map(|(status, count)| format!("{} {count}", name(*status)))
            .collect();
        let _ = writeln!(text, "cases: {}", kinds.join(", "));
        let _ = writeln!(text, "answers: {}", statuses.join(", "));
        if let Some((warm, end)) = self.used {
            let _ = writeln!(
                text,
                "memory: at most {} MiB in the first half, {} MiB at the end; files: {}, {}",
                warm.memory / 1024,
                end.memory / 1024,
                warm.files,
                end.files
            );
        }
        let _ = writeln!(
            text,
            "target {} {}, seed {}, {} cases in {:.1} s ({:.0}/s)",
            self.target,
            self.version,
            self.seed,
            self.cases,
            self.duration.as_secs_f64(),
            self.rate()
        );
        let _ = match self.findings() {
            _ if self.verdict() == Verdict::NotEstablished => writeln!(text, "no case was run"),
            0 => writeln!(text, "no findings"),
            1 => writeln!(text, "1 finding"),
            count => writeln!(text, "{count} findings"),
        };
        text
    }

    /// For programs; `complete` stands last, so that a report that was cut off has none.
    pub(crate) fn to_json(&self) -> Value {
        let kinds: serde_json::Map<_, _> =
            self.kinds.iter().map(|(kind, count)| (kind.name().into(), json!(count))).collect();
        let statuses: serde_json::Map<_, _> =
            self.statuses.iter().map(|(status, count)| (name(*status), json!(count))).collect();
        let findings = self.groups.iter().map(|((fault, what), group)| {
            json!({
                "fault": fault,
                "what": what,
                "count": group.count,
                "case": group.case,
                "detail": group.example.detail,
                "again": group.case.map(|case| self.again(case)),
                "curl": group.example.curl,
            })
        });
        let used = self.used.map(|(warm, end)| {
            json!({
                "warm": {"memoryKiB": warm.memory, "files": warm.files},
                "end": {"memoryKiB": end.memory, "files": end.files},
            })
        });
        json!({
            "schemaVersion": SCHEMA_VERSION,
            "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
            "target": {"url": self.target, "version": self.version, "log": self.log},
            "seed": self.seed,
            "cases": self.cases,
            "durationMs": u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX),
            "kinds": kinds,
            "statuses": statuses,
            "used": used,
            "findings": findings.collect::<Vec<_>>(),
            "verdict": self.verdict(),
            "complete": true,
        })
    }
}

fn name(status: Option<u16>) -> String {
    status.map_or_else(|| "none".to_owned(), |status| status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_in_no_case_is_no_good_news() {
        let mut summary = Summary::default();
        assert_eq!(summary.verdict(), Verdict::NotEstablished);
        summary.add(0, Kind::Bodies, Played::default());
        assert_eq!(summary.verdict(), Verdict::Conformant);
        summary.find(None, Finding::new(Fault::Growth, "x"));
        assert_eq!(summary.verdict(), Verdict::NotConformant);
    }

    #[test]
    fn findings_of_one_cause_are_one_with_the_first_case() {
        let mut summary = Summary { command: "fuzz".into(), seed: 7, ..Summary::default() };
        let finding = |detail: &str| Finding {
            detail: vec![detail.into()],
            ..Finding::new(Fault::Hang, "GET /version: no answer")
        };
        for (case, detail) in [(9, "nine"), (4, "four"), (6, "six")] {
            let findings = vec![finding(detail)];
            summary.add(case, Kind::Paths, Played { findings, ..Played::default() });
        }
        assert_eq!(summary.findings(), 1);
        let text = summary.to_text();
        assert!(text.contains("hang (3 times): GET /version: no answer\n    four\n"), "{text}");
        assert!(text.contains("again: fuzz --seed 7 --case 4\n"), "{text}");
    }
}
