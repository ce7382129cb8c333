//! What a run found, and how it is told.

mod json;
mod junit;
mod model;
mod terminal;

pub use json::write as write_json;
pub use junit::write as write_junit;
pub use model::{Outcome, Run, ScenarioResult};
pub use terminal::{Progress, Terminal};
