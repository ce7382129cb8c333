//! How large a page may become, and what is told if there is much.

use std::borrow::Cow;

/// How large a page is at most, in bytes.
pub(super) const MOST: usize = 1_950_000;

/// How large it is at most without what crossed the wire, unless that is not possible.
pub(super) const WITHOUT_WIRE: usize = 1_500_000;

/// How much is told of each scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// All that people read.
    Full,
    /// The beginning of it.
    Lean,
    /// What says what it is about.
    Bare,
    /// Hardly more than names.
    Least,
}

impl Detail {
    /// The most first.
    pub(super) const ALL: [Self; 4] = [Self::Full, Self::Lean, Self::Bare, Self::Least];

    /// How many characters a text has.
    pub(super) fn line(self) -> usize {
        match self {
            Self::Full => 800,
            Self::Lean => 240,
            Self::Bare => 140,
            Self::Least => 50,
        }
    }

    /// How many lines there are of what differs, of a log, of notes.
    pub(super) fn lines(self) -> usize {
        match self {
            Self::Full => 24,
            Self::Lean => 4,
            Self::Bare => 2,
            Self::Least => 1,
        }
    }

    /// How many characters a title has.
    pub(super) fn title(self) -> usize {
        if self == Self::Least { 80 } else { 400 }
    }

    /// How many bytes a line for a shell has. One that is cut cannot be used.
    pub(super) fn command(self) -> usize {
        match self {
            Self::Full => 4000,
            Self::Lean => 1500,
            Self::Bare => 600,
            Self::Least => 0,
        }
    }

    /// How many causes are told of.
    pub(super) fn causes(self) -> usize {
        if self == Self::Least { 200 } else { usize::MAX }
    }
}

/// A text that is not longer than so many characters.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}
