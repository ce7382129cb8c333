//! Scenarios, run on both servers: the answers and messages that they get.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::difference::{Difference, differences};
use super::observed::{Observed, normal_text};
use super::summary::{Found, Origin, Summary};
use crate::engine::{self, Options};
use crate::report::{Outcome, Progress, ScenarioResult};
use crate::spec::{Rule, Scenario, Spec};
use crate::target::{Fleet, FleetError};
use crate::timeline::Entry;
use crate::verdict::Status;

/// How often a scenario is repeated in which something differs: what differs each time counts.
const REPEATS: usize = 2;

/// Messages that come by the clock: how many there are says nothing.
const BY_THE_CLOCK: &[&str] = &["playerUpdate", "stats"];

type FoundByKey = BTreeMap<(String, (String, String, String)), Found>;

/// Runs scenarios on both servers and adds what differs to the summary.
///
/// # Errors
/// There is no server for the first of them.
pub(crate) async fn compare_scenarios(
    chosen: &[(&Rule, &Scenario)],
    fleets: [Arc<Fleet>; 2],
    jobs: usize,
    summary: &mut Summary,
) -> Result<(), FleetError> {
    let (compared, mut found) = once(chosen, &fleets, jobs, Some(&mut *summary)).await?;
    summary.compared += compared;
    for _ in 0..REPEATS {
        let again: Vec<_> = chosen
            .iter()
            .filter(|(_, scenario)| found.contains_key(&scenario.id))
            .copied()
            .collect();
        if again.is_empty() {
            break;
        }
        let (_, later) = once(&again, &fleets, jobs, None).await?;
        for (id, found) in &mut found {
            let before = found.len();
            let later = later.get(id);
            found.retain(|key, _| later.is_some_and(|later| later.contains_key(key)));
            summary.unsteady += (before - found.len()) as u64;
        }
        found.retain(|_, found| !found.is_empty());
    }
    found.into_values().flat_map(BTreeMap::into_values).for_each(|found| summary.find(found));
    Ok(())
}

/// Runs them once on each; gives back how much was compared, and what differs by scenario.
async fn once(
    chosen: &[(&Rule, &Scenario)],
    fleets: &[Arc<Fleet>; 2],
    jobs: usize,
    summary: Option<&mut Summary>,
) -> Result<(u64, BTreeMap<String, FoundByKey>), FleetError> {
    let options = Options { jobs, repeat: 1, keep_timelines: true, ..Options::default() };
    let progress = Progress::new(chosen.len() * 2);
    let spec = Spec::default();
    let run = |fleet: &Arc<Fleet>| {
        let never = std::future::pending();
        engine::run(&spec, chosen, Arc::clone(fleet), &options, progress.clone(), never)
    };
    // One after the other: side by side each would disturb the times of the other.
    let first = run(&fleets[0]).await;
    let second = match &first {
        Ok(_) => Some(run(&fleets[1]).await),
        Err(_) => None,
    };
    progress.close();
    let (first, Some(second)) = (first?, second) else { return Ok(Default::default()) };
    let second = second?;
    let mut compared = 0;
    let mut found = BTreeMap::new();
    let (mut both, mut not_on_both, mut known) = (0, 0, 0);
    for (one, other) in first.scenarios.iter().zip(&second.scenarios) {
        let (Some(outcome), Some(other_outcome)) = (one.attempts.first(), other.attempts.first())
        else {
            not_on_both += 1;
            continue;
        };
        both += 1;
        let (count, differing) = compare(one, outcome, other_outcome);
        compared += count;
        if took_different_quirks(outcome, other_outcome) {
            known += differing.len() as u64;
        } else if !differing.is_empty() {
            found.insert(one.id.clone(), differing);
        }
    }
    if let Some(summary) = summary {
        summary.scenarios += both;
        summary.not_on_both += not_on_both;
        summary.known += known;
        let died = [("first", first.target_died), ("second", second.target_died)];
        let died = died.iter().find(|(_, died)| *died);
        let died = died.map(|(which, _)| format!("the {which} server does not serve any more"));
        summary.broken = summary.broken.take().or(died);
    }
    Ok((compared, found))
}

/// Whether a scenario saw a defect of the real server on one and the sane behaviour on the other, and
/// takes both.
fn took_different_quirks(one: &Outcome, other: &Outcome) -> bool {
    let passed = [one, other].iter().all(|outcome| outcome.status == Status::Passed);
    passed && one.quirks != other.quirks
}

fn compare(scenario: &ScenarioResult, one: &Outcome, other: &Outcome) -> (u64, FoundByKey) {
    let origin = Origin::Scenario(scenario.id.clone());
    let (first, second) = (Heard::of(&one.timeline), Heard::of(&other.timeline));
    let mut found = BTreeMap::new();
    let mut add = |place: &str, difference: Difference, curl: Option<String>| {
        // As the places of generated cases.
        let place = place.split('?').next().unwrap_or_default();
        let place = place.replace("(session)", "*").replace("(id)", "*");
        let found_here = Found { place, difference, origin: origin.clone(), curl };
        found.insert(found_here.key(), found_here);
    };
    let mut compared = 0;
    for (place, things) in &first.0 {
        let others = second.0.get(place).map(Vec::as_slice).unwrap_or_default();
        for (thing, (observed, _)) in things.iter().zip(others) {
            compared += 1;
            for difference in differences(&thing.0, observed) {
                add(place, difference, thing.1.clone());
            }
        }
    }
    for (place, first, second) in first.only_one(&second) {
        add(&place, Difference::new("whether it comes", first, second), None);
    }
    if one.status != other.status {
        let what = |outcome: &Outcome| match (outcome.status, &outcome.message) {
            (Status::Passed, _) | (_, None) => "passes".to_owned(),
            (_, Some(message)) => normal_text(message),
        };
        add("scenario", Difference::new(&*scenario.id, &what(one), &what(other)), None);
    }
    (compared, found)
}

/// How a socket ended. What breaks the protocol is told in the words of some library.
fn without_words(how: &str) -> &str {
    let broken = ["closed with 1002", "closed with 1007", "closed with 1009"];
    broken.into_iter().find(|code| how.starts_with(code)).unwrap_or(how)
}

/// Answers and messages of a scenario by what they answer and whose they are, in order.
#[derive(Debug, Default)]
struct Heard(BTreeMap<String, Vec<(Observed, Option<String>)>>);

impl Heard {
    fn of(timeline: &[Entry]) -> Self {
        let mut heard = Self::default();
        let mut last = String::new();
        for entry in timeline {
            let detail = entry.detail.as_deref().unwrap_or_default();
            let (place, observed, curl) = match (&entry.answer, &*entry.kind) {
                (Some(answer), _) => {
                    let place = normal_text(&format!("{} {}", answer.method, answer.path));
                    let observed = Observed::answer(answer.status, &answer.headers, &answer.body);
                    (place, observed, answer.curl.clone())
                }
                (None, "ws") => {
                    let Some((_, kind)) = entry.summary.split_once(" <- ") else { continue };
                    let Ok(message) = serde_json::from_str(detail) else { continue };
                    (format!("message {kind}"), Observed::message(&message), None)
                }
                (None, "ws-closed") => {
                    let how = entry.summary.split_once(": ").map_or("", |(_, how)| how);
                    ("end of a socket".to_owned(), Observed::other(without_words(how)), None)
                }
                _ => continue,
            };
            let list = heard.0.entry(place.clone()).or_default();
            // Who waits for something asks again and again; the last answer counts.
            let asked_again = place == last && entry.kind == "http" && place.starts_with("GET ");
            if asked_again {
                list.pop();
            }
            let by_the_clock = BY_THE_CLOCK.iter().any(|kind| place == format!("message {kind}"));
            if !by_the_clock || list.is_empty() {
                list.push((observed, curl));
            }
            last = place;
        }
        heard
    }

    /// Events that came on one of them only.
    fn only_one(&self, other: &Self) -> Vec<(String, &'static str, &'static str)> {
        let there = |heard: &Self, place: &str| heard.0.contains_key(place);
        let places = self.0.keys().chain(other.0.keys());
        let events =
            places.filter(|place| place.starts_with("message ") && place.ends_with("Event"));
        let mut only: Vec<_> = events
            .filter_map(|place| match (there(self, place), there(other, place)) {
                (true, false) => Some((place.clone(), "it comes", "it does not")),
                (false, true) => Some((place.clone(), "it does not", "it comes")),
                _ => None,
            })
            .collect();
        only.dedup();
        only
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn message(kind: &str, detail: &str) -> Entry {
        Entry {
            at: Duration::ZERO,
            kind: "ws".into(),
            summary: format!("A <- {kind}"),
            detail: Some(detail.to_owned()),
            answer: None,
            times: 1,
        }
    }

    #[test]
    fn the_words_of_a_close_count_unless_a_library_chose_them() {
        assert_eq!(without_words(r#"closed with 1007 "no UTF-8""#), "closed with 1007");
        assert_eq!(without_words(r#"closed with 1003 "no text""#), r#"closed with 1003 "no text""#);
    }

    #[test]
    fn messages_are_heard_by_kind_and_those_of_the_clock_once() {
        let heard = Heard::of(&[
            message("stats", r#"{"op":"stats"}"#),
            message("TrackEndEvent", r#"{"reason":"finished"}"#),
            message("stats", r#"{"op":"stats"}"#),
            message("TrackEndEvent", r#"{"reason":"stopped"}"#),
        ]);
        assert_eq!(heard.0["message stats"].len(), 1);
        assert_eq!(heard.0["message TrackEndEvent"].len(), 2);
        let only = heard.only_one(&Heard::default());
        assert_eq!(only, [("message TrackEndEvent".to_owned(), "it comes", "it does not")]);
    }
}
