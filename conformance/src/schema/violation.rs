//! An answer or a message that is not as its schema says.

use crate::failure::Failure;

/// An answer or a message that is not as its schema says. That breaks a rule of its own, and says
/// nothing about the rule of the scenario in which it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule that the schema makes.
    pub rule: &'static str,
    /// The answer or the message, such as `GET /v4/info` or `the message ready`.
    pub what: String,
    /// In which way it differs, a line each, with the JSON path; never empty.
    pub difference: Vec<String>,
    /// A `curl` line that asks for the answer again.
    pub reproduce: Option<String>,
}

impl Violation {
    /// The failure of a scenario that is about the shape.
    pub(crate) fn into_failure(self) -> Failure {
        let failure = Failure::assertion(format!("{} is not as it has to be", self.what));
        Failure { difference: self.difference, reproduce: self.reproduce, ..failure }
    }
}
