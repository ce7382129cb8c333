//! A run as JUnit XML: one case for every scenario, whatever the number of its attempts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::words::conclusion;
use super::{Cause, Partial, Run, ScenarioResult, Share};
use crate::verdict::{Status, Verdict};

/// The suite that has no cases, and tells what to fix first.
const CAUSES: &str = "what to fix first";

/// Writes the report.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, run: &Run, causes: &[Cause], verdict: Verdict) -> io::Result<()> {
    let text = report(run, causes, verdict).to_string().map_err(io::Error::other)?;
    super::replace_file(path, text.as_bytes())
}

fn report(run: &Run, causes: &[Cause], verdict: Verdict) -> Report {
    let partial = Partial::of(run).map(|partial| format!(" ({partial})")).unwrap_or_default();
    let mut report = Report::new(format!("lavalink-conformance{partial}"));
    report.set_time(run.duration);
    report.add_test_suite(what_to_fix(run, causes, verdict));
    let by_scenario: BTreeMap<&str, &Cause> = causes
        .iter()
        .flat_map(|cause| cause.blocked.iter().map(move |id| (id.as_str(), cause)))
        .collect();
    let mut areas: Vec<&str> = run.scenarios.iter().map(|s| s.area.as_str()).collect();
    areas.dedup();
    areas.sort_unstable();
    areas.dedup();
    let shares = Share::by_area(run);
    for area in areas {
        let mut suite = TestSuite::new(area);
        for scenario in run.scenarios.iter().filter(|s| s.area == area) {
            suite.add_test_case(case(scenario, by_scenario.get(scenario.id.as_str()).copied()));
        }
        let share = shares.get(area).copied().unwrap_or_default();
        suite.add_property(Property::new("judged percent", share.percent().to_string()));
        report.add_test_suite(suite);
    }
    report
}

/// Causes as properties, and with all that there is to say as its output.
fn what_to_fix(run: &Run, causes: &[Cause], verdict: Verdict) -> TestSuite {
    let mut suite = TestSuite::new(CAUSES);
    let sentence = conclusion(run, verdict, run.asked.strict);
    suite.add_property(Property::new("verdict", sentence));
    let partial = Partial::of(run).map(|partial| partial.to_string());
    suite.properties.extend(partial.map(|partial| Property::new("partial", partial)));
    let began = run.began.map(|began| began.to_string());
    suite.properties.extend(began.map(|began| Property::new("began", began)));
    let share = Share::of(run);
    suite.add_property(Property::new("judged percent", share.percent().to_string()));
    let mut text = String::new();
    for (at, cause) in causes.iter().enumerate() {
        let number = at + 1;
        let known = if cause.is_known() { " (known)" } else { "" };
        let line = format!(
            "{} ({}){known}: {} failed, {} blocked: {}",
            cause.rule,
            cause.level,
            cause.failed.len(),
            cause.blocked.len(),
            cause.in_one_line()
        );
        suite.add_property(Property::new(format!("cause {number}"), line.clone()));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{number}. {line}\n   {}\n   {}",
            cause.rule_title,
            run.alone(&cause.example)
        );
        if let Some(curl) = cause.curl() {
            let _ = writeln!(text, "   {curl}");
        }
    }
    suite.set_system_out(text);
    suite
}

fn case(scenario: &ScenarioResult, cause: Option<&Cause>) -> TestCase {
    let outcome = scenario.telling();
    let message = outcome.and_then(|outcome| outcome.message.clone());
    let status = match scenario.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed | Status::Blocked if scenario.known.is_some() => {
            let mut skipped = TestCaseStatus::skipped();
            let known = scenario.known.as_deref().unwrap_or_default();
            skipped.set_message(format!("known failure: {known}"));
            skipped
        }
        Status::Failed => unsuccessful(NonSuccessKind::Failure, message, outcome),
        Status::Blocked => {
            let mut failure = unsuccessful(NonSuccessKind::Failure, message, outcome);
            failure.set_type("blocked");
            let by = scenario.blocked_by().unwrap_or("what it stands on");
            failure.set_message(match cause {
                Some(cause) if cause.rule == by => {
                    format!("blocked by {by}: {}", cause.in_one_line())
                }
                Some(cause) => {
                    format!("blocked by {by}, and that by {}: {}", cause.rule, cause.in_one_line())
                }
                None => format!("blocked by {by}"),
            });
            failure
        }
        Status::Error => unsuccessful(NonSuccessKind::Error, message, outcome),
        Status::NotRun => unsuccessful(NonSuccessKind::Error, scenario.reason.clone(), None),
        Status::NotApplicable => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(scenario.reason.clone().unwrap_or_default());
            skipped
        }
    };
    let mut case = TestCase::new(format!("{} {}", scenario.id, scenario.title), status);
    case.set_classname(scenario.rule.clone());
    if let Some(outcome) = outcome {
        case.set_time(outcome.duration);
    }
    case.add_property(Property::new("rule", scenario.rule.clone()));
    case.add_property(Property::new("level", scenario.level.name()));
    case.add_property(Property::new("place", scenario.place.clone()));
    case
}

fn unsuccessful(
    kind: NonSuccessKind,
    message: Option<String>,
    outcome: Option<&super::Outcome>,
) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message.unwrap_or_default());
    if let Some(outcome) = outcome {
        status.set_description(outcome.difference.join("\n"));
    }
    status
}
