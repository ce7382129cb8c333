//! A finding in the JSON report.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::report;
use crate::spec::Level;

/// Answers or messages of one kind that are not as they have to be.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    rule: String,
    rule_title: String,
    level: Level,
    what: String,
    count: usize,
    differences: BTreeMap<String, usize>,
    scenarios: BTreeSet<String>,
    reproduce: Option<String>,
    known: Option<String>,
}

impl Finding {
    pub(super) fn of(finding: &report::Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            rule_title: finding.rule_title.clone(),
            level: finding.level,
            what: finding.what.clone(),
            count: finding.count,
            differences: finding.differences.clone(),
            scenarios: finding.scenarios.clone(),
            reproduce: finding.reproduce.clone(),
            known: finding.known.clone(),
        }
    }

    /// The finding that the report tells of.
    pub(super) fn into_model(self) -> report::Finding {
        report::Finding {
            rule: self.rule,
            rule_title: self.rule_title,
            level: self.level,
            what: self.what,
            differences: self.differences,
            count: self.count,
            scenarios: self.scenarios,
            reproduce: self.reproduce,
            known: self.known,
        }
    }
}
