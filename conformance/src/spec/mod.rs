//! The spec: features read into rules and scenarios, chosen and checked.

mod citations;
mod durations;
pub(crate) mod headings;
mod lint;
mod model;
mod read;
mod select;
mod shard;
mod tags;
mod used_filters;

pub(crate) use citations::{look_up, sections};
pub use durations::Durations;
pub use lint::{Problem, lint, lint_deviations};
pub use model::{Level, Phase, Rule, Scenario, Spec, Step};
pub use read::{Source, SpecError};
pub use select::{Order, SelectError, Selection};
pub use shard::Shard;
