//! Which mutants each scenario reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::time::Instant;

use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::trial::{play, problems};
use super::{List, MutantsError, Plan};
use crate::report::replace_file;
use crate::settings::Settings;
use crate::spec::{Rule, Scenario, Spec};

/// How many scenarios are found out about until the file is written.
const BATCH: usize = 200;

/// How often a scenario is tried that does not pass, as it may have been the machine.
const ATTEMPTS: usize = 3;

/// What scenarios reach, by their ids.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Reach(BTreeMap<String, Reached>);

/// What one scenario reaches.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Reached {
    /// How long it took, in milliseconds, with the start of a server.
    pub(super) ms: u64,
    /// The numbers of mutants.
    pub(super) mutants: BTreeSet<u32>,
}

impl Reach {
    /// Reads what is known, and finds out about the scenarios of the spec that are not.
    pub(super) async fn find(
        spec: &Spec,
        settings: &Settings,
        list: &List,
        plan: &Plan,
        told: &mut impl FnMut(&str),
    ) -> Result<Self, MutantsError> {
        let path = plan.reached.as_path();
        let mut reach = Self::read(path)?;
        let unknown = spec.scenarios().filter(|(_, s)| !reach.0.contains_key(&s.id));
        let unknown: Vec<_> = unknown.collect();
        for batch in unknown.chunks(BATCH) {
            let found: Vec<_> = futures::stream::iter(batch)
                .map(|(rule, scenario)| one(spec, settings, list, rule, scenario))
                .buffer_unordered(plan.jobs)
                .try_collect()
                .await?;
            reach.0.extend(found);
            reach.write(path)?;
            told(&format!("{} scenarios", reach.0.len()));
        }
        // One that is not in the features any more reaches nothing.
        let known: BTreeSet<_> = spec.scenarios().map(|(_, scenario)| &scenario.id).collect();
        reach.0.retain(|id, _| known.contains(id));
        Ok(reach)
    }

    /// The scenarios that reach a mutant, with how long each takes in milliseconds.
    pub(super) fn of(&self, number: u32) -> impl Iterator<Item = (&str, u64)> {
        let reaching = self.0.iter().filter(move |(_, reached)| reached.mutants.contains(&number));
        reaching.map(|(id, reached)| (id.as_str(), reached.ms))
    }

    fn read(path: &Path) -> Result<Self, MutantsError> {
        match std::fs::read(path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|error| MutantsError::Read(path.to_owned(), error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(MutantsError::Io(format!("read {}", path.display()), error)),
        }
    }

    fn write(&self, path: &Path) -> Result<(), MutantsError> {
        let failed = |error| MutantsError::Io(format!("write {}", path.display()), error);
        let text = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        replace_file(path, &text).map_err(failed)
    }
}

/// Runs a scenario on servers of its own, again if it does not pass.
async fn one(
    spec: &Spec,
    settings: &Settings,
    list: &List,
    rule: &Rule,
    scenario: &Scenario,
) -> Result<(String, Reached), MutantsError> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error| MutantsError::Io(what, error)
    };
    let mut seen = Vec::new();
    for _ in 0..ATTEMPTS {
        let folder = tempfile::tempdir().map_err(failed("make a folder"))?;
        let began = Instant::now();
        let run = play(spec, settings, list.watched(folder.path()), &[(rule, scenario)]).await?;
        seen = problems(&run);
        if seen.is_empty() {
            let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let mutants = written(folder.path()).map_err(failed("read what was reached"))?;
            return Ok((scenario.id.clone(), Reached { ms, mutants }));
        }
    }
    let problems = seen.iter().map(|problem| format!("{}: {}", problem.scenario, problem.what));
    Err(MutantsError::NotGreen(problems.collect::<Vec<_>>().join("; ")))
}

/// The numbers that the servers of a scenario have written, a file each.
fn written(folder: &Path) -> io::Result<BTreeSet<u32>> {
    let mut mutants = BTreeSet::new();
    for file in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(file?.path())?;
        mutants.extend(text.lines().filter_map(|line| line.parse::<u32>().ok()));
    }
    Ok(mutants)
}
