//! Which deliberate breaks are on, for the code that asks.
//!
//! Most breaks are rows of tables elsewhere in `deviations`: protocol code has a [`Seam`] for each
//! kind of thing that passes there, and does not know what the rows do. Some fit no seam. They are
//! [`Switch`]es: constants that are named after the rule and the break, which the one place that
//! implements the rule asks for. A name that is none does not compile, and one that nobody asks for
//! is dead code.

/// Makes the switches of an area: a constant, the name, and what the server does wrong then.
macro_rules! switches {
    ($($constant:ident = $name:literal, $summary:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $summary, ".")]
            pub(crate) const $constant: super::Switch = super::Switch($name);
        )+

        /// All of them, with the names of their constants.
        pub(super) const ALL: &[(&str, super::Deviation)] = &[
            $((stringify!($constant), super::Deviation { name: $name, summary: $summary })),+
        ];
    };
}

mod chosen;
mod filters;
mod http;
mod playback;
mod player;
mod prerequisite;
mod routeplanner;
mod seam;
mod session;
mod stats;
mod tracks;
mod voice;

pub use chosen::UnknownDeviation;
pub(crate) use chosen::{Chosen, any, chosen, deviates, either};
pub(super) use chosen::{count, hold_for_process, is_chosen};
pub(crate) use filters::*;
pub(crate) use http::*;
pub(crate) use playback::*;
pub(crate) use player::*;
pub(crate) use prerequisite::*;
pub(crate) use routeplanner::*;
pub(crate) use seam::Seam;
pub(crate) use session::*;
pub(crate) use stats::*;
pub(crate) use tracks::*;
pub(crate) use voice::*;

/// A deliberate break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// `LL-<AREA>-<NNN>/<short-name>`.
    pub name: &'static str,
    /// What the server does wrong with it.
    pub summary: &'static str,
}

/// The name of a break that protocol code asks for where it would go wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Switch(&'static str);

/// Every switch, with the name of its constant.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Deviation)> {
    let areas = [
        filters::ALL,
        http::ALL,
        playback::ALL,
        player::ALL,
        prerequisite::ALL,
        routeplanner::ALL,
        session::ALL,
        stats::ALL,
        tracks::ALL,
        voice::ALL,
    ];
    areas.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn constants_are_named_after_their_breaks() {
        for (constant, deviation) in super::all() {
            let name = deviation.name.trim_start_matches("LL-").replace(['-', '/'], "_");
            assert_eq!(constant, name.to_uppercase());
        }
    }
}
