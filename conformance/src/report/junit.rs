//! A run as JUnit XML: one case for every scenario, whatever the number of its attempts.

use std::io;
use std::path::Path;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Run, ScenarioResult};
use crate::verdict::Status;

/// Writes the report.
pub fn write(path: &Path, run: &Run) -> io::Result<()> {
    let text = report(run).to_string().map_err(io::Error::other)?;
    super::replace_file(path, text.as_bytes())
}

fn report(run: &Run) -> Report {
    let mut report = Report::new("lavalink-conformance");
    report.set_time(run.duration);
    let mut areas: Vec<&str> = run.scenarios.iter().map(|s| s.area.as_str()).collect();
    areas.dedup();
    areas.sort_unstable();
    areas.dedup();
    for area in areas {
        let mut suite = TestSuite::new(area);
        for scenario in run.scenarios.iter().filter(|s| s.area == area) {
            suite.add_test_case(case(scenario));
        }
        report.add_test_suite(suite);
    }
    report
}

fn case(scenario: &ScenarioResult) -> TestCase {
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
            failure.set_message(format!(
                "blocked by {}",
                scenario.blocked_by().unwrap_or("what it stands on")
            ));
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
