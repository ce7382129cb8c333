//! What the suite notices of changes that nobody chose.
//!
//! `ci/mutants` builds a reference server that has all mutants of its code, each behind a switch. Here
//! each scenario is run once to see which of them it reaches, and then each mutant is switched on for
//! those that reach it, until one of them fails.

mod list;
mod reach;
mod trial;

use std::path::PathBuf;

use futures::StreamExt;

pub(crate) use list::{List, MutantsError};
use reach::Reach;
use trial::Trial;
pub(crate) use trial::{Fate, Tried};

use crate::settings::Settings;
use crate::spec::Spec;

/// What to try.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Which mutants.
    pub(crate) numbers: Vec<u32>,
    /// The file that says what each scenario reaches, as far as that is known.
    pub(crate) reached: PathBuf,
    /// How many of the scenarios that reach a mutant are tried at most.
    pub(crate) most: usize,
    /// Mutants side by side.
    pub(crate) jobs: usize,
}

/// Tries mutants one after the other. `told` hears how far it is.
///
/// # Errors
/// [`MutantsError`] if the server does not start or pass without a mutant, or if the file of what is
/// reached cannot be read or written.
pub(crate) async fn try_all(
    spec: &Spec,
    settings: &Settings,
    list: &List,
    plan: &Plan,
    mut told: impl FnMut(&str),
) -> Result<Vec<Tried>, MutantsError> {
    let reach = Reach::find(spec, settings, list, plan, &mut told).await?;
    let trial = Trial::new(spec, settings, list, &reach, plan.most);
    let mut attempts = futures::stream::iter(&plan.numbers)
        .map(|number| trial.attempt(*number))
        .buffer_unordered(plan.jobs);
    let mut all = Vec::new();
    while let Some(tried) = attempts.next().await {
        all.push(tried);
        let alive = all.iter().filter(|tried| tried.fate != Fate::Killed).count();
        told(&format!("{}/{} mutants, {alive} not killed", all.len(), plan.numbers.len()));
    }
    all.sort_by_key(|tried| tried.number);
    Ok(all)
}
