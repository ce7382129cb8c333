//! Runs, scenarios and findings that tests make up.

use super::{Finding, Outcome, Run, ScenarioResult};
use crate::failure::FailureKind;
use crate::spec::Level;
use crate::verdict::Status;

/// A run of these scenarios.
pub(crate) fn run(scenarios: Vec<ScenarioResult>) -> Run {
    Run { scenarios, ..Run::default() }
}

/// A scenario that passed; its rule and area are those of its id.
pub(crate) fn passed(id: &str) -> ScenarioResult {
    let rule = id.split('.').next().unwrap().to_owned();
    ScenarioResult {
        id: id.to_owned(),
        title: format!("the title of {id}"),
        area: rule.split('-').nth(1).unwrap().to_lowercase(),
        rule_title: format!("the title of {rule}"),
        rule,
        level: Level::Must,
        place: "a/b.feature:3".into(),
        status: Status::Passed,
        reason: None,
        blocked_by: None,
        known: None,
        attempts: vec![Outcome::passed()],
        starved: Vec::new(),
        crowded: Vec::new(),
    }
}

/// A scenario that failed with this message and difference.
pub(crate) fn failed(id: &str, message: &str, difference: &[&str]) -> ScenarioResult {
    let outcome = Outcome {
        status: Status::Failed,
        step: Some(("Then it holds".into(), 7)),
        kind: Some(FailureKind::Assertion),
        message: Some(message.into()),
        difference: difference.iter().map(|line| (*line).to_owned()).collect(),
        ..Outcome::passed()
    };
    ScenarioResult { status: Status::Failed, attempts: vec![outcome], ..passed(id) }
}

/// A scenario that was not tried, as a rule does not hold.
pub(crate) fn blocked(id: &str, by: &str) -> ScenarioResult {
    ScenarioResult {
        status: Status::Blocked,
        reason: Some(format!("it stands on {by}, which does not hold")),
        blocked_by: Some(by.into()),
        attempts: Vec::new(),
        ..passed(id)
    }
}

/// A shape that is wrong in two scenarios.
pub(crate) fn finding(rule: &str, differences: &[(&str, usize)]) -> Finding {
    Finding {
        rule: rule.to_owned(),
        rule_title: format!("the title of {rule}"),
        level: Level::Must,
        what: "the answer of GET /x".into(),
        differences: differences.iter().map(|(l, n)| ((*l).to_owned(), *n)).collect(),
        count: differences.iter().map(|(_, count)| count).sum(),
        scenarios: ["LL-A-001.a".to_owned(), "LL-A-002.a".to_owned()].into(),
        reproduce: Some("curl -i -X GET 'http://127.0.0.1:1/x'".into()),
        known: None,
    }
}
