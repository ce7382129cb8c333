//! The arguments that select scenarios, of every subcommand that plays or lists some.

use clap::Args;
use gherkin::tagexpr::TagOperation;
use regex::Regex;

use crate::spec::{Level, Selection, Shard};

/// Which scenarios.
#[derive(Debug, Args)]
pub(super) struct SelectionArgs {
    /// Id of a rule or scenario; can be given again
    #[arg(long, value_name = "ID")]
    id: Vec<String>,
    /// Tag expression, such as "@slow and not @needs-http-source"
    #[arg(long, value_name = "EXPRESSION")]
    tags: Option<TagOperation>,
    /// Pattern for titles of rules and scenarios
    #[arg(long, value_name = "REGEX")]
    name: Option<Regex>,
    /// must, should or observed; can be given again
    #[arg(long)]
    level: Vec<Level>,
    /// Area, such as session; can be given again
    #[arg(long)]
    area: Vec<String>,
    /// Only the Kth of N parts of all scenarios that take about the same time, and of that what
    /// is selected. A scenario is in the same part whatever is selected; merge joins the reports
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
}

impl SelectionArgs {
    /// What they select.
    pub(super) fn selection(&self) -> Selection {
        Selection {
            ids: self.id.clone(),
            tags: self.tags.clone(),
            name: self.name.clone(),
            levels: self.level.clone(),
            areas: self.area.clone(),
            shard: self.shard,
        }
    }
}
