//! The sentences that features are written in. STEPS.md lists them for authors.

mod answers;
mod args;
mod connecting;
mod messages;
mod metrics;
mod players;
mod requests;
mod routeplanner;
mod sound;
mod time;
mod tracks;
mod upstream;
mod voice;

use std::panic::panic_any;
use std::sync::LazyLock;
use std::time::Duration;

use cucumber::step::{Collection, Location};
use regex::Regex;

use crate::failure::Failure;
use crate::world::World;

/// No step takes longer, whatever the target does.
const STEP_LIMIT: Duration = Duration::from_secs(300);

/// A sentence and where its code is.
#[derive(Clone, Debug)]
pub struct StepInfo {
    /// What it matches.
    pub regex: Regex,
    /// The file that has it.
    pub file: &'static str,
    /// Tells sentences of a file apart, as the scheduler's location of a step does.
    pub(crate) number: u32,
}

/// Sentences on their way to the scheduler.
#[derive(Debug, Default)]
struct Steps {
    collection: Collection<World>,
    infos: Vec<StepInfo>,
}

/// A self-check asks for them hundreds of times.
static ALL: LazyLock<Steps> = LazyLock::new(Steps::all);

/// All sentences, for the scheduler.
pub fn collection() -> Collection<World> {
    ALL.collection.clone()
}

/// All sentences, for people and the lint.
pub fn catalogue() -> Vec<StepInfo> {
    ALL.infos.clone()
}

impl Steps {
    fn all() -> Self {
        let mut steps = Steps::default();
        connecting::register(&mut steps);
        messages::register(&mut steps);
        requests::register(&mut steps);
        answers::register(&mut steps);
        players::register(&mut steps);
        tracks::register(&mut steps);
        voice::register(&mut steps);
        metrics::register(&mut steps);
        time::register(&mut steps);
        upstream::register(&mut steps);
        routeplanner::register(&mut steps);
        sound::register(&mut steps);
        steps
    }

    /// The same sentence after Given, When and Then.
    fn add(&mut self, regex: &str, file: &'static str, step: cucumber::Step<World>) {
        #[expect(clippy::expect_used, reason = "every sentence is compiled by a test")]
        let regex = Regex::new(regex).expect("a sentence is a regular expression");
        let number = u32::try_from(self.infos.len() + 1).unwrap_or(u32::MAX);
        let location = Location { path: file, line: number, column: 1 };
        let collection = std::mem::take(&mut self.collection);
        self.collection = collection
            .given(Some(location), regex.clone(), step)
            .when(Some(location), regex.clone(), step)
            .then(Some(location), regex.clone(), step);
        self.infos.push(StepInfo { regex, file, number });
    }
}

/// Adds sentences: `"regex" => function`, where the function takes the world and the
/// [`args::Args`] and gives a `Result<(), Failure>`.
macro_rules! steps {
    ($steps:ident, $($regex:literal => $function:path,)+) => {
        $(
            $steps.add($regex, file!(), |world, context| {
                Box::pin(async move {
                    let limit = $crate::steps::STEP_LIMIT.min(world.time_left());
                    let holds = async {
                        let args = $crate::steps::args::Args::of(world, &context)?;
                        $function(&mut *world, args).await?;
                        world.step_ended();
                        world.check_traffic()
                    };
                    let outcome = tokio::time::timeout(limit, holds).await;
                    $crate::steps::settle(world, outcome);
                })
            });
        )+
    };
}
use steps;

/// Stops the scenario if the step did not hold. A panic is the only way that the scheduler knows.
fn settle(world: &World, outcome: Result<Result<(), Failure>, tokio::time::error::Elapsed>) {
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => panic_any(world.masked(failure)),
        Err(_) => panic_any(Failure::assertion("the step or its scenario took too long")),
    }
}

/// Seconds in a step, which may have a fraction.
fn parse_seconds(text: &str) -> Result<Duration, Failure> {
    let wrong = || Failure::harness(format!("not a time: {text}"));
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_a_regular_expression() {
        let infos = catalogue();
        assert!(infos.len() > 30, "{}", infos.len());
        for info in &infos {
            let regex = info.regex.as_str();
            assert!(regex.starts_with('^') && regex.ends_with('$'), "{regex}");
        }
    }

    /// The examples of STEPS.md, made into sentences.
    fn examples() -> Vec<String> {
        let page = include_str!("../../STEPS.md");
        let items = page.lines().filter(|line| line.starts_with("- "));
        let quoted = items.flat_map(|line| line.split('`').skip(1).step_by(2));
        quoted
            .map(|text| text.replace("{…}", "{}").replace("KIND", "ready").replace("VALUE", "1"))
            .collect()
    }

    #[test]
    fn authors_find_every_sentence_in_the_page() {
        let examples = examples();
        for info in catalogue() {
            let regex = &info.regex;
            assert!(
                examples.iter().any(|example| regex.is_match(example)),
                "STEPS.md has no example of {regex}"
            );
        }
    }

    #[test]
    fn the_page_has_no_sentence_that_is_none() {
        let page = include_str!("../../STEPS.md");
        for line in page.lines().filter(|line| line.starts_with("- `")) {
            let example = line.split('`').nth(1).unwrap_or_default();
            let example =
                example.replace("{…}", "{}").replace("KIND", "ready").replace("VALUE", "1");
            assert!(
                catalogue().iter().any(|info| info.regex.is_match(&example)),
                "no step says: {example}"
            );
        }
    }
}
