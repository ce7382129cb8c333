//! Texts for reports: without passwords, and without what changes from run to run.

use std::cmp::Reverse;

use super::World;
use crate::client::{mask_text, with_variables};
use crate::failure::Failure;
use crate::printable::printable;
use crate::schema::Violation;

impl World {
    /// The failure without the password, without what changes from run to run, and without control
    /// characters that a terminal would obey.
    pub(crate) fn masked(&self, failure: Failure) -> Failure {
        let Ok(settings) = self.settings() else { return failure };
        let clean = |text: &String| {
            let masked = self.named(&mask_text(text, settings.password.reveal()));
            printable(&masked).into_owned()
        };
        Failure {
            message: clean(&failure.message),
            difference: failure.difference.iter().map(clean).collect(),
            reproduce: failure.reproduce.and_then(|line| self.again(&line)),
            ..failure
        }
    }

    /// The violation without what changes from run to run.
    pub(super) fn masked_violation(&self, violation: Violation) -> Violation {
        Violation {
            difference: violation.difference.iter().map(|line| self.named(line)).collect(),
            reproduce: violation.reproduce.and_then(|line| self.again(&line)),
            ..violation
        }
    }

    /// The text with `{session}`, `{guild}`, `{user}`, `{media}` and `{host}` in place of the values
    /// that they have in this scenario.
    fn named(&self, text: &str) -> String {
        let values = self.changing().into_iter();
        let named = values.map(|(name, value)| (format!("{{{name}}}"), value));
        named.fold(text.to_owned(), |text, (name, value)| text.replace(value, &name))
    }

    /// A line for a shell with variables for what is gone after the scenario; none if the line is too
    /// long to be pasted.
    fn again(&self, line: &str) -> Option<String> {
        /// The longest line that is kept, bytes.
        const LONGEST: usize = 4000;
        if line.len() > LONGEST {
            return None;
        }
        let values = self.changing().into_iter().filter_map(|(name, value)| {
            let variable = match name {
                "session" => "SESSION",
                "guild" => "GUILD",
                "media" => "MEDIA",
                _ => return None,
            };
            Some((value.to_owned(), variable))
        });
        let mut values: Vec<_> = values.collect();
        let encoded = self.settings().map(|settings| encoded(&settings.media_url));
        values.extend(encoded.map(|media| (media, "MEDIA_ENCODED")));
        Some(with_variables(line, &values))
    }

    /// The variables that change from run to run, each with its value, the longest value first.
    fn changing(&self) -> Vec<(&str, &str)> {
        /// The shortest value that stands in no other text by chance, bytes.
        const SHORTEST: usize = 6;
        let names = self.variables.iter().filter_map(|(name, value)| {
            let kind = name.split('.').next().unwrap_or_default();
            let changes =
                ["session", "nosession", "guild", "user", "media", "host"].contains(&kind);
            (changes && value.len() >= SHORTEST).then_some((name, value))
        });
        let mut names: Vec<_> = names.collect();
        // The plain name stands for the client or player without a name.
        names.sort_by_key(|(name, value)| (Reverse(value.len()), name.len()));
        names
    }
}

/// An address as a part of a query.
fn encoded(url: &str) -> String {
    url.replace(':', "%3A").replace('/', "%2F")
}
