//! Tabs where none may be.

use super::{Covered, SyntaxError, error_at};

/// Tabs may stand within scalars and comments and after plain scalars, but not where a token would
/// begin.
pub(super) struct Tabs<'a> {
    pub(super) text: &'a str,
    pub(super) covered: &'a [Covered],
}

impl<'a> Tabs<'a> {
    pub(super) fn of(text: &'a str, covered: &'a [Covered]) -> Self {
        Self { text, covered }
    }

    pub(super) fn refuse(&self) -> Result<(), SyntaxError> {
        let mut parts = self.covered.iter().peekable();
        let mut last: Option<&Covered> = None;
        for (at, _) in self.text.match_indices('\t') {
            while let Some(part) = parts.next_if(|part| part.start <= at) {
                last = Some(part);
            }
            let allowed = last.is_some_and(|part| {
                let follows =
                    || self.text[part.end..at].bytes().all(|byte| matches!(byte, b' ' | b'\t'));
                at < part.end || (part.plain && part.start < part.end && follows())
            });
            if !allowed {
                return Err(error_at(self.text, at, "a tab, where only blanks may stand,"));
            }
        }
        Ok(())
    }
}
