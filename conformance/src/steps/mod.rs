//! The sentences that features are written in, and the rules that they stand on. STEPS.md lists
//! them for authors.

mod answers;
mod args;
mod bodies;
mod connecting;
pub mod ground;
mod headers;
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

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use regex::{Regex, RegexSet, RegexSetBuilder};

use args::Args;
use ground::Ground;

use crate::failure::{Failure, FailureKind};
use crate::spec::{Phase, Scenario, Step};
use crate::world::World;

/// No step takes longer, whatever the target does.
const STEP_LIMIT: Duration = Duration::from_secs(300);

/// What the automaton of all sentences may take, bytes.
const DFA_BYTES: usize = 64 * 1024 * 1024;

/// What is said of an answer or a message whose difference follows.
const DIFFERS: &str = "differs from what is expected";

/// What a sentence does.
type Action = for<'a> fn(&'a mut World, Args) -> Doing<'a>;
type Doing<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A sentence of features.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// What it matches.
    pub regex: Regex,
    /// The file that has its code.
    pub file: &'static str,
    ground: Ground,
    action: Action,
}

/// A step whose sentence is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// Its place in the catalogue.
    pub(crate) number: usize,
    sentence: &'static Sentence,
}

/// Why a step cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// No sentence is like that.
    #[error("no step says: {0}")]
    Unknown(String),
    /// It could be meant in more than one way.
    #[error("two steps say: {0} ({1})")]
    Ambiguous(String, String),
}

#[derive(Debug, Default)]
struct Steps {
    sentences: Vec<Sentence>,
}

/// All sentences, and one pattern for all of them.
struct All {
    sentences: Vec<Sentence>,
    set: RegexSet,
    /// The sentences of texts that were looked for before: a self-check asks hundreds of times.
    found: Mutex<HashMap<String, usize>>,
}

static ALL: LazyLock<All> = LazyLock::new(|| {
    let sentences = Steps::all().sentences;
    let mut set = RegexSetBuilder::new(sentences.iter().map(|sentence| sentence.regex.as_str()));
    // With less room every search for a sentence is a slow one.
    set.dfa_size_limit(DFA_BYTES);
    #[expect(clippy::expect_used, reason = "each of them is a pattern")]
    let set = set.build().expect("together they are patterns");
    All { sentences, set, found: Mutex::default() }
});

/// All sentences, for people and the lint.
pub fn catalogue() -> &'static [Sentence] {
    &ALL.sentences
}

/// The sentence of a step.
///
/// # Errors
/// There is none, or more than one.
pub(crate) fn find(step: &Step) -> Result<Found, FindError> {
    let text = &step.text;
    let mut known = ALL.found.lock().unwrap_or_else(PoisonError::into_inner);
    let number = match known.get(text) {
        Some(number) => *number,
        None => {
            let matching: Vec<_> = ALL.set.matches(text).into_iter().collect();
            let number = match matching.as_slice() {
                [number] => *number,
                [] => return Err(FindError::Unknown(text.clone())),
                several => {
                    let patterns = several.iter().map(|n| ALL.sentences[*n].regex.as_str());
                    let patterns = patterns.collect::<Vec<_>>().join(", ");
                    return Err(FindError::Ambiguous(text.clone(), patterns));
                }
            };
            known.insert(text.clone(), number);
            number
        }
    };
    Ok(Found { number, sentence: &ALL.sentences[number] })
}

/// The rules that a scenario stands on: without them what it is about cannot be tried. A step that
/// judges stands on nothing but the scenario's own rule.
pub(crate) fn grounds(scenario: &Scenario) -> Vec<&'static str> {
    let preparing = scenario.steps.iter().filter(|step| step.phase != Phase::Judge);
    let found = preparing.filter_map(|step| Some((step, find(step).ok()?)));
    found.filter_map(|(step, found)| found.static_ground(step, scenario)).collect()
}

impl Found {
    /// Does what the step says, within the time that its scenario has left.
    pub(crate) async fn play(&self, world: &mut World, step: &Step) -> Result<(), Failure> {
        let limit = STEP_LIMIT.min(world.time_left());
        let holds = async {
            let args = Args::of(world, &self.sentence.regex, step)?;
            (self.sentence.action)(&mut *world, args).await?;
            let requests = matches!(self.sentence.ground, Ground::Request | Ground::RequestOn(_));
            if step.phase == Phase::Prepare && requests {
                answers::check_success(world)?;
            }
            world.step_ended();
            Ok(())
        };
        let outcome = tokio::time::timeout(limit, holds).await;
        outcome
            .unwrap_or_else(|_| Err(Failure::assertion("the step or its scenario took too long")))
            .map_err(|failure| world.masked(failure))
    }

    /// The rule that a step which did not hold stands on; none if that is the scenario's own.
    pub(crate) fn ground(
        &self,
        step: &Step,
        failure: &Failure,
        world: &World,
    ) -> Option<&'static str> {
        if self.sentence.ground == Ground::Body
            && failure.kind == FailureKind::Assertion
            && let Ok(checker) = world.checker()
            && let Some(rule) = checker.unreadable()
        {
            return Some(rule);
        }
        match (step.phase, self.sentence.ground) {
            (Phase::Judge, _) | (_, Ground::Runner) => None,
            // A request that breaks the connection breaks the rule that it is made for.
            (Phase::Act, _) if failure.kind == FailureKind::Transport => None,
            // What is done is what the rule is about, unless it is known to need another.
            (Phase::Act, ground) if !matches!(ground, Ground::Rule(_)) => None,
            (_, Ground::Rule(rule)) => Some(rule),
            (_, Ground::Request | Ground::RequestOn(_) | Ground::Answer | Ground::Body) => {
                let request = &world.answer().ok()?.request;
                let body = request.body.as_deref();
                Some(ground::of_request(&request.method, &request.path, body))
            }
            (_, Ground::Message(part)) => {
                let parts = self.sentence.regex.captures(&step.text)?;
                let named = parts.get(part + 1).map(|kind| kind.as_str());
                let in_table = step.rows.get(1).and_then(|row| row.first()).map(String::as_str);
                Some(ground::of_message(named.or(in_table).unwrap_or_default(), &step.text))
            }
        }
    }

    /// Whether it counts what comes in a voice channel, which a busy target does not keep up with.
    pub(crate) fn counts_frames(&self) -> bool {
        self.sentence.ground == Ground::Rule(ground::HEARD)
    }

    /// The rule without which the step need not be tried.
    fn static_ground(&self, step: &Step, scenario: &Scenario) -> Option<&'static str> {
        match self.sentence.ground {
            Ground::Rule(rule) | Ground::RequestOn(rule) => Some(rule),
            Ground::Request => {
                let parts = self.sentence.regex.captures(&step.text)?;
                let part = |number| parts.get(number).map_or("", |part| part.as_str());
                let rule = match part(2).starts_with('/') {
                    true => ground::before_request(part(1), part(2)),
                    false => step.text.contains("${media}").then_some(ground::LOADED),
                };
                // A server without a planner answers there as well.
                rule.filter(|rule| *rule != ground::ROUTE_PLANNER || scenario.has_route_planner())
            }
            _ => None,
        }
    }
}

impl Steps {
    fn all() -> Self {
        let mut steps = Steps::default();
        connecting::register(&mut steps);
        messages::register(&mut steps);
        requests::register(&mut steps);
        answers::register(&mut steps);
        headers::register(&mut steps);
        bodies::register(&mut steps);
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

    fn add(&mut self, regex: &str, file: &'static str, ground: Ground, action: Action) {
        #[expect(clippy::expect_used, reason = "every sentence is compiled by a test")]
        let regex = Regex::new(regex).expect("a sentence is a regular expression");
        self.sentences.push(Sentence { regex, file, ground, action });
    }
}

/// Adds sentences that stand on the same ground: `"regex" => function`, where the function takes the
/// world and the [`Args`] and gives a `Result<(), Failure>`.
macro_rules! steps {
    ($steps:ident, $ground:expr, $($regex:literal => $function:path,)+) => {
        $($steps.add($regex, file!(), $ground, |world, args| Box::pin($function(world, args)));)+
    };
}
use steps;

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
        for info in infos {
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
