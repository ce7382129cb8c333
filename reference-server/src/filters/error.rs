//! What is wrong with the parameters of a chain.

/// Parameters that a filter refuses when it is built. The text is what a TrackExceptionEvent
/// shows as the cause (docs/observed/filters.md#filters-that-cannot-be-made).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("java.lang.IllegalArgumentException: {0}")]
pub struct FilterError(pub(super) &'static str);

impl FilterError {
    /// Refuses if `wrong`.
    pub(super) fn when(wrong: bool, message: &'static str) -> Result<(), Self> {
        if wrong { Err(Self(message)) } else { Ok(()) }
    }
}
