//! `coverage`.

use super::CliError;
use super::out;
use crate::coverage::Coverage;

/// Prints what became of the document, as Markdown.
pub(super) fn print() -> Result<(), CliError> {
    out::result(format_args!("{}", Coverage::embedded()?))
}
