//! What the program says: results on stdout, everything else on stderr.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

use super::CliError;

/// A line of the result, or an error if it cannot be printed.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::out::result(format_args!("{}\n", format_args!($($text)*))) };
}

/// A line that is no result. Nobody to tell is no reason to stop.
macro_rules! tell {
    ($($text:tt)*) => { $crate::cli::out::aside(format_args!("{}\n", format_args!($($text)*))) };
}

pub(super) use {say, tell};

/// Prints a part of the result as it is.
pub(super) fn result(text: Arguments<'_>) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_fmt(text).and_then(|()| out.flush()).map_err(CliError::Print)
}

/// Prints what is no result as it is.
pub(super) fn aside(text: Arguments<'_>) {
    // There is nowhere to complain.
    let _ = io::stderr().lock().write_fmt(text);
}

/// Whether a reader has had enough, as `head` has. It knows.
pub(super) fn is_closed(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}
