//! Whether all of the document is told, and every claim held or excused.

use std::collections::{BTreeMap, BTreeSet};

use super::{Coverage, FILE, Kind, Section};
use crate::nearest::nearest;
use crate::spec::{self, Problem, Spec};

/// Every problem of the file that is part of the program.
pub(crate) fn lint(spec: &Spec) -> Vec<Problem> {
    match Coverage::embedded() {
        Ok(coverage) => coverage.problems(spec),
        Err(error) => vec![Problem::new(FILE, 1, error.to_string())],
    }
}

impl Coverage {
    /// What is missing, unknown, or neither held nor excused.
    pub(super) fn problems(&self, spec: &Spec) -> Vec<Problem> {
        let mut problems = self.missing_sections();
        for section in &self.sections {
            problems.extend(section.problems());
        }
        problems.extend(self.unknown_rules(spec));
        problems.extend(self.differences_that_are_none());
        problems
    }

    /// Each section of the document has to be here once; the checklist may be here in parts.
    fn missing_sections(&self) -> Vec<Problem> {
        let mut here: BTreeMap<&str, usize> = BTreeMap::new();
        for section in &self.sections {
            *here.entry(&section.number).or_default() += 1;
        }
        let known = spec::sections();
        let is_part = |number: &str, of: &str| {
            number.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
        };
        let missing = known.iter().filter(|of| !here.keys().any(|number| is_part(number, of)));
        let missing = missing.map(|of| Problem::new(FILE, 1, format!("section {of} is missing")));
        let strange = self.sections.iter().filter_map(|section| {
            let number = section.number.as_str();
            let message = match known.iter().any(|of| is_part(number, of)) {
                false => format!("the document has no section {number}"),
                true if here[number] > 1 => format!("section {number} is here twice"),
                true => return None,
            };
            Some(Problem::new(FILE, section.line, message))
        });
        missing.chain(strange).collect()
    }

    fn unknown_rules(&self, spec: &Spec) -> Vec<Problem> {
        let known: BTreeSet<&str> = spec.rules.iter().map(|rule| rule.id.as_str()).collect();
        let entries = self.entries().map(|(_, entry)| (entry.line, &entry.rules));
        let differences = self.differences.iter().map(|d| (d.line, &d.rules));
        let named = entries.chain(differences);
        let unknown = named.flat_map(|(line, rules)| rules.iter().map(move |rule| (line, rule)));
        let unknown = unknown.filter(|(_, rule)| !known.contains(rule.as_str()));
        let problem = |(line, rule): (usize, &String)| {
            let nearest = nearest(rule, known.iter().copied());
            let nearest = nearest.map(|n| format!("; the nearest is {n}")).unwrap_or_default();
            Problem::new(FILE, line, format!("there is no rule {rule}{nearest}"))
        };
        unknown.map(problem).collect()
    }

    /// Differences that nothing names or that are named and not there, that are there twice, that
    /// nothing holds or excuses, or that were seen nowhere.
    fn differences_that_are_none(&self) -> Vec<Problem> {
        let named: BTreeMap<&str, usize> = self
            .entries()
            .filter_map(|(_, entry)| Some((entry.differs.as_deref()?, entry.line)))
            .collect();
        let unknown = named.iter().filter(|(name, _)| self.difference(name).is_none());
        let mut problems: Vec<_> = unknown
            .map(|(name, line)| Problem::new(FILE, *line, format!("there is no difference {name}")))
            .collect();
        for difference in &self.differences {
            let name = &difference.name;
            let mut problem = |message: String| {
                problems.push(Problem::new(FILE, difference.line, format!("{name}: {message}")));
            };
            if !named.contains_key(name.as_str()) {
                problem("no section names it".into());
            }
            if self.differences.iter().filter(|other| other.name == *name).count() > 1 {
                problem("it is here twice".into());
            }
            if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                problem("a name has small letters, digits and hyphens".into());
            }
            let excused = self
                .entries()
                .any(|(_, entry)| entry.differs.as_ref() == Some(name) && entry.reason.is_some());
            if difference.rules.is_empty() && !excused {
                problem("it has neither a rule nor an entry with a reason".into());
            }
            if let Err(message) = spec::look_up(&difference.observed) {
                problem(message);
            }
        }
        problems
    }
}

impl Section {
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (kind, wanted) in Kind::ALL.into_iter().zip(self.counts) {
            let found = self.entries.iter().filter(|entry| entry.kind == kind).count();
            if found != wanted {
                let (number, plural) = (&self.number, kind.plural());
                let message =
                    format!("section {number} has {wanted} {plural}, and {found} are here");
                problems.push(Problem::new(FILE, self.line, message));
            }
        }
        if self.counts.iter().sum::<usize>() == 0 {
            let message = format!("section {} says how many of nothing there are", self.number);
            problems.push(Problem::new(FILE, self.line, message));
        }
        for entry in &self.entries {
            if entry.rules.is_empty() && entry.reason.is_none() {
                let message = format!("{:?} has neither rules nor a reason", entry.says);
                problems.push(Problem::new(FILE, entry.line, message));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets;
    use crate::spec::{Source, headings};

    fn messages(change: &str, with: &str) -> Vec<String> {
        let text = assets::COVERAGE.replacen(change, with, 1);
        assert_ne!(text, assets::COVERAGE, "{change}");
        let spec = Source::embedded().read().unwrap();
        let problems = Coverage::parse(&text).unwrap().problems(&spec);
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn all_of_the_document_is_told_and_held_or_excused() {
        let spec = Source::embedded().read().unwrap();
        assert_eq!(lint(&spec), []);
        let coverage = Coverage::embedded().unwrap();
        assert_eq!(coverage.count(Kind::Box), 75);
        assert!(coverage.count(Kind::Row) > 100 && coverage.count(Kind::Claim) > 150);
    }

    #[test]
    fn what_is_lost_or_wrong_is_found() {
        for (change, with, expected) in [
            ("number = \"1.4\"", "number = \"1.3\"", "section 1.4 is missing"),
            ("number = \"1.4\"", "number = \"1.3\"", "section 1.3 is here twice"),
            ("number = \"1.4\"", "number = \"9.4\"", "the document has no section 9.4"),
            ("boxes = 14", "boxes = 15", "section 6, players has 15 boxes, and 14 are here"),
            ("boxes = 14", "", "has 0 boxes, and 14 are here"),
            ("rules = [\"LL-PLAYER-005\"]", "", "has neither rules nor a reason"),
            ("\"LL-PLAYER-005\"", "\"LL-PLAYER-905\"", "there is no rule LL-PLAYER-905; the near"),
            ("differs = \"stuck-track\"", "differs = \"stuck\"", "there is no difference stuck"),
            ("differs = \"stuck-track\"", "", "stuck-track: no section names it"),
            ("name = \"metric-help\"", "name = \"stuck-track\"", "stuck-track: it is here twice"),
            ("http.md#version\"", "http.md#versions\"", "the nearest is"),
        ] {
            let found = messages(change, with);
            assert!(found.iter().any(|m| m.contains(expected)), "{expected}: {found:?}");
        }
    }

    #[test]
    fn what_was_observed_against_the_document_is_a_difference() {
        let coverage = Coverage::embedded().unwrap();
        for (path, text) in assets::DOCS.iter().filter(|(path, _)| path.contains("/observed/")) {
            let mut anchors = headings::anchors(text).into_iter();
            let mut section = String::new();
            for line in text.lines() {
                if line.starts_with('#') {
                    section = format!("{path}#{}", anchors.next().unwrap());
                }
                let is_named = || coverage.differences.iter().any(|d| d.observed == section);
                let is_against = line.contains("gainst ") && line.contains("document §");
                let is_legend = section.ends_with("#evidence");
                assert!(!is_against || is_legend || is_named(), "{section}: {line}");
            }
        }
    }

    #[test]
    fn a_rule_that_contradicts_the_document_holds_a_difference() {
        let coverage = Coverage::embedded().unwrap();
        let agrees =
            ["The document does not tell", "The document has it on the track, and so it is"];
        for rule in Source::embedded().read().unwrap().rules {
            let told = rule.description.contains("document's ")
                || rule.description.contains("The document ")
                || rule.description.contains("the document;");
            let is_named = coverage.differences.iter().any(|d| d.rules.contains(&rule.id));
            let is_agreed = agrees.iter().any(|words| rule.description.contains(words));
            assert!(!told || is_named || is_agreed, "{}: {}", rule.id, rule.description);
        }
    }

    #[test]
    fn a_difference_that_nothing_holds_needs_a_reason() {
        let reason = "reason = \"A server that does not start cannot be judged; docs/observed tells what was seen.\"\n";
        let found = messages(reason, "");
        assert!(found.iter().any(|m| m.contains("nor an entry with a reason")), "{found:?}");
    }
}
