//! A cause in the JSON report.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::report::{self, Beyond, Run};
use crate::spec::Level;

/// What to fix first. A cause is made from the rest of the report, and so not read again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cause {
    rule: String,
    rule_title: String,
    level: Level,
    headline: String,
    difference: Option<String>,
    endpoint: Option<String>,
    holds_up: usize,
    known: usize,
    rules: BTreeSet<String>,
    areas: BTreeMap<String, usize>,
    seen: usize,
    seen_in: usize,
    example: Example,
    failed: BTreeSet<String>,
    blocked: BTreeSet<String>,
}

impl Cause {
    /// A cause of that run.
    pub(super) fn of(cause: report::Cause, run: &Run) -> Self {
        Self {
            holds_up: cause.holds_up(),
            example: Example {
                again: run.alone(&cause.example),
                curl: cause.curl().map(str::to_owned),
                scenario: cause.example,
                beyond: cause.beyond,
            },
            rule: cause.rule,
            rule_title: cause.rule_title,
            level: cause.level,
            headline: cause.headline,
            difference: cause.difference,
            endpoint: cause.endpoint,
            known: cause.known,
            rules: cause.rules,
            areas: cause.areas,
            seen: cause.seen,
            seen_in: cause.seen_in,
            failed: cause.failed,
            blocked: cause.blocked,
        }
    }
}

/// The scenario of a cause that shows it best.
#[derive(Debug, Serialize, Deserialize)]
struct Example {
    scenario: String,
    again: String,
    curl: Option<String>,
    #[serde(default)]
    beyond: Option<Beyond>,
}
