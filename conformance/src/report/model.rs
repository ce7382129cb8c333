//! The result of a run; every report is made from it.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::alike::without_ids;
use super::{Asked, Cause, Extent};
use crate::failure::FailureKind;
use crate::lag::is_starved;
use crate::moment::Moment;
use crate::spec::{Level, Rule, Scenario};
use crate::target::Death;
use crate::timeline;
use crate::verdict::Status;

/// How many differences of a finding are told apart.
const MOST_DIFFERENCES: usize = 50;

/// The others.
const OTHER_DIFFERENCES: &str = "(others)";

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What people call the target: its name and version in the target file, or where it is.
    pub target_name: String,
    /// Where the target listened.
    pub target: String,
    /// What it said of its version.
    pub target_version: String,
    /// The program with the options that choose this target again.
    pub again: String,
    /// Whether its time was moved, or passed by itself.
    pub manual_time: bool,
    /// The identity of features and schemas.
    pub suite: String,
    /// How many scenarios that suite has, whatever was selected; older reports do not tell.
    pub suite_scenarios: Option<usize>,
    /// `file` or `random:SEED`.
    pub order: String,
    /// What it was asked for.
    pub asked: Asked,
    /// How much of that it is about.
    pub extent: Extent,
    /// When it began, of merged shards the first of them; older reports do not tell.
    pub began: Option<Moment>,
    /// From the first scenario to the last; of merged shards all of them together.
    pub duration: Duration,
    /// Whether the target stopped answering.
    pub target_died: bool,
    /// The end of the logs of servers that the run has started by a command, passwords masked.
    pub target_log: Vec<String>,
    /// How far the machine was behind at worst.
    pub lag: Duration,
    /// Whether somebody ended it before its end.
    pub interrupted: bool,
    /// What went wrong outside the scenarios. With any of it nothing is established.
    pub troubles: Vec<String>,
    /// Answers and messages that were not as they have to be, by rule and what was seen.
    pub findings: Vec<Finding>,
    /// By area and id.
    pub scenarios: Vec<ScenarioResult>,
}

/// Answers or messages of one kind that break the rule of their shape, whatever the scenarios were
/// about in which they were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// What it requires.
    pub rule_title: String,
    /// How binding the rule is.
    pub level: Level,
    /// The answer or the message, such as `the answer of GET /v4/info`.
    pub what: String,
    /// Each way in which they differ, a line with the JSON path, and how often it was seen.
    pub differences: BTreeMap<String, usize>,
    /// How many were seen.
    pub count: usize,
    /// The scenarios in which they were seen.
    pub scenarios: BTreeSet<String>,
    /// A `curl` line that asks for one.
    pub reproduce: Option<String>,
    /// Why it does not count: the baseline knows it.
    pub known: Option<String>,
}

/// What became of one scenario.
#[derive(Clone, Debug)]
pub struct ScenarioResult {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The id of its rule.
    pub rule: String,
    /// What the rule requires.
    pub rule_title: String,
    /// How binding the rule is.
    pub level: Level,
    /// The rule's area.
    pub area: String,
    /// File and line.
    pub place: String,
    /// Over all attempts.
    pub status: Status,
    /// Why it was not applicable or not run.
    pub reason: Option<String>,
    /// Of one that was not even tried: the rule without which it cannot be.
    pub blocked_by: Option<String>,
    /// Why its failure does not count: the baseline knows it.
    pub known: Option<String>,
    /// Every time that it ran and could be judged.
    pub attempts: Vec<Outcome>,
    /// Every time that it did not pass while the machine was starved, so that it ran again.
    pub starved: Vec<Outcome>,
    /// Every time that it did not pass while others that kept the target busy ran beside it, so that
    /// it ran again with fewer of them or with none.
    pub crowded: Vec<Outcome>,
}

/// What one attempt at a scenario saw.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Passed, failed or error.
    pub status: Status,
    /// The step that did not hold, and its line.
    pub step: Option<(String, usize)>,
    /// The rule that it stands on, if the scenario was blocked by it.
    pub blocked_by: Option<String>,
    /// Who is to blame for it.
    pub kind: Option<FailureKind>,
    /// What was wrong, in one sentence.
    pub message: Option<String>,
    /// Expected and seen.
    pub difference: Vec<String>,
    /// A `curl` line.
    pub reproduce: Option<String>,
    /// What that line cannot bring along, if it shows nothing without it.
    pub beyond: Option<Beyond>,
    /// Everything that crossed the wire; only of what did not pass.
    pub timeline: Vec<timeline::Entry>,
    /// Accepted outcomes that were seen: name, and whether it was the real server's quirk.
    pub quirks: Vec<(String, bool)>,
    /// Whether the target was found dead afterwards.
    pub target_died: bool,
    /// Information, such as fields that no schema knows.
    pub notes: Vec<String>,
    /// How far the machine was behind at worst meanwhile.
    pub lag: Duration,
    /// How long it took.
    pub duration: Duration,
}

/// What a scenario takes besides REST and a session, so that no `curl` line shows what it saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// A voice channel that the target joins.
    Voice,
    /// WebSockets of its own: several, or messages that a client sends.
    WebSocket,
}

impl Beyond {
    /// For people: why there is no line for a shell.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Voice => "curl alone cannot show it: it takes a voice connection",
            Self::WebSocket => {
                "curl alone cannot show it: it takes WebSocket connections of its own"
            }
        }
    }
}

impl Outcome {
    /// Of an attempt that held, in no time.
    pub(crate) fn passed() -> Self {
        Self {
            status: Status::Passed,
            step: None,
            blocked_by: None,
            kind: None,
            message: None,
            difference: Vec::new(),
            reproduce: None,
            beyond: None,
            timeline: Vec::new(),
            quirks: Vec::new(),
            target_died: false,
            notes: Vec::new(),
            lag: Duration::ZERO,
            duration: Duration::ZERO,
        }
    }

    /// Makes it the one that a target died of. Without another target nothing can be said.
    pub(crate) fn blame(&mut self, death: &Death, how: &str) {
        self.status = if death.replaced { Status::Failed } else { Status::Error };
        self.blocked_by = None;
        self.kind.get_or_insert(FailureKind::Transport);
        let what = &death.what;
        self.message = Some(match self.message.take() {
            Some(message) => format!("{how} ({what}): {message}"),
            None => format!("{how} ({what})"),
        });
        self.difference.extend(death.log.iter().cloned());
        self.target_died = true;
    }

    /// Whether it did not pass on a machine on which nothing about time can be judged. A target
    /// that died did so by itself.
    pub fn is_starved(&self) -> bool {
        self.status != Status::Passed && !self.target_died && is_starved(self.lag)
    }

    /// Of an attempt that did not pass on such a machine, or of one during which the target died of
    /// nobody knows whom, and is not made again.
    #[must_use]
    pub fn not_established(self) -> Self {
        let seen = self.message.unwrap_or_default();
        let late = self.lag.as_millis();
        let why = match self.target_died {
            true => "the run ended before it was known who is to blame".to_owned(),
            false => format!("the machine was {late} ms late"),
        };
        let message = format!("could not be established, as {why}: {seen}");
        Self { status: Status::Error, message: Some(message), ..self }
    }
}

impl ScenarioResult {
    /// Of a scenario that did not run.
    pub fn without_run(rule: &Rule, scenario: &Scenario, status: Status, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), status, ..Self::of(rule, scenario, Vec::new()) }
    }

    /// Of a scenario with all its attempts.
    pub fn of(rule: &Rule, scenario: &Scenario, attempts: Vec<Outcome>) -> Self {
        let status = Status::of_rule(attempts.iter().map(|attempt| attempt.status));
        Self {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            rule: rule.id.clone(),
            rule_title: rule.title.clone(),
            level: rule.level,
            area: rule.area.clone(),
            place: format!("{}:{}", rule.file, scenario.line),
            status,
            reason: None,
            blocked_by: None,
            known: None,
            attempts,
            starved: Vec::new(),
            crowded: Vec::new(),
        }
    }

    /// Of a scenario that needs what a rule is about that does not hold.
    pub fn without_ground(rule: &Rule, scenario: &Scenario, ground: &str) -> Self {
        let reason = format!("it stands on {ground}, which does not hold");
        let blocked_by = Some(ground.to_owned());
        Self { blocked_by, ..Self::without_run(rule, scenario, Status::Blocked, &reason) }
    }

    /// Whether it failed or was blocked, and nobody knew.
    pub fn is_new_failure(&self) -> bool {
        matches!(self.status, Status::Failed | Status::Blocked) && self.known.is_none()
    }

    /// The rule that it was blocked by.
    pub fn blocked_by(&self) -> Option<&str> {
        let attempt = self.telling().and_then(|attempt| attempt.blocked_by.as_deref());
        self.blocked_by.as_deref().or(attempt).filter(|_| self.status == Status::Blocked)
    }

    /// Whether nothing could be established about it because the machine was too slow.
    pub fn was_starved(&self) -> bool {
        let errors = self.attempts.iter().filter(|attempt| attempt.status == Status::Error);
        self.status == Status::Error && errors.clone().all(Outcome::is_starved)
    }

    /// Whether it passed, but only with fewer scenarios beside it or with none.
    pub fn passed_alone(&self) -> bool {
        self.status == Status::Passed && !self.crowded.is_empty()
    }

    /// Whether attempts disagree.
    pub fn is_flaky(&self) -> bool {
        self.attempts.windows(2).any(|pair| pair[0].status != pair[1].status)
    }

    /// The attempt that tells most: the first that did not pass.
    pub fn telling(&self) -> Option<&Outcome> {
        let bad = self.attempts.iter().find(|attempt| attempt.status != Status::Passed);
        bad.or(self.attempts.last())
    }
}

impl Finding {
    /// Joins what was seen in several places. Lines are told apart without ids and places in arrays.
    pub(crate) fn join(all: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut joined: BTreeMap<(String, String), Self> = BTreeMap::new();
        for mut finding in all {
            let differences = std::mem::take(&mut finding.differences);
            match joined.entry((finding.rule.clone(), finding.what.clone())) {
                Entry::Vacant(place) => place.insert(finding).count_differences(differences),
                Entry::Occupied(mut place) => {
                    place.get_mut().count_differences(differences);
                    place.get_mut().add(finding);
                }
            }
        }
        joined.into_values().collect()
    }

    fn count_differences(&mut self, differences: BTreeMap<String, usize>) {
        for (line, count) in differences {
            let line = without_ids(&line);
            let full = self.differences.len() >= MOST_DIFFERENCES;
            let line = match full && !self.differences.contains_key(&line) {
                true => OTHER_DIFFERENCES.to_owned(),
                false => line,
            };
            *self.differences.entry(line).or_default() += count;
        }
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.scenarios.extend(other.scenarios);
        self.reproduce = self.reproduce.take().or(other.reproduce);
    }

    /// What differs most often, and how often.
    pub fn main_difference(&self) -> Option<(&str, usize)> {
        let named = self.differences.iter().filter(|(line, _)| *line != OTHER_DIFFERENCES);
        let most = named.max_by_key(|(line, count)| (**count, Reverse(*line)));
        most.map(|(line, count)| (line.as_str(), *count))
    }
}

/// The line with a variable for the server's address, which stands in its last word.
fn with_address(line: &str) -> String {
    let Some((before, url)) = line.rsplit_once(' ') else { return line.to_owned() };
    let quoted =
        url.strip_prefix('\'').map(|rest| (rest, '\'')).or(url.strip_prefix('"').map(|r| (r, '"')));
    let Some((rest, quote)) = quoted else { return line.to_owned() };
    let Some((_, rest)) = rest.split_once("//") else { return line.to_owned() };
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    let path = path.strip_suffix(quote).unwrap_or(path);
    match quote {
        '"' => format!("{before} \"${{LAVALINK_URL}}{path}\""),
        _ if !path.contains(['"', '$', '`', '\\', '!', '\'']) => {
            format!("{before} \"${{LAVALINK_URL}}{path}\"")
        }
        _ => format!("{before} \"${{LAVALINK_URL}}\"'{path}'"),
    }
}

impl Run {
    /// The scenarios of rules about shapes fail if anything of that shape was wrong anywhere.
    pub fn settle_findings(&mut self) {
        for finding in &self.findings {
            let own = self.scenarios.iter_mut().filter(|scenario| scenario.rule == finding.rule);
            for scenario in own.filter(|scenario| scenario.status == Status::Passed).take(1) {
                scenario.status = Status::Failed;
                let Some(attempt) = scenario.attempts.last_mut() else { continue };
                attempt.status = Status::Failed;
                attempt.kind = Some(FailureKind::Assertion);
                let (seen, places) = (finding.count, finding.scenarios.len());
                attempt.message = Some(format!(
                    "{} is not as it has to be, {seen} times in {places} scenarios",
                    finding.what
                ));
                attempt.difference = finding.differences.keys().take(20).cloned().collect();
                attempt.reproduce.clone_from(&finding.reproduce);
            }
        }
    }

    /// A command that makes a session on this target, for the lines of `curl`.
    pub fn shell(&self) -> String {
        let ends = [" --profile ", " --vary ", " --clock "];
        let server = ends
            .iter()
            .fold(self.again.as_str(), |server, end| server.split(end).next().unwrap_or_default());
        let options = server.split_once(' ').map_or("", |(_, options)| options);
        format!("lavalink-conformance shell {options}").trim_end().to_owned()
    }

    /// The command that asks for the same again: the same target, selection and settings. A file of
    /// known failures is not part of it, as reports do not tell where it was.
    pub fn rerun(&self) -> String {
        let mut words = vec![self.program().to_owned()];
        let asked = &self.asked;
        words.extend(asked.selection.options());
        if let Extent::Part { shard, .. } = &self.extent {
            words.push(format!("--shard {shard}"));
        }
        if self.order.starts_with("random:") && !self.order.contains(' ') {
            words.push(format!("--order {}", self.order));
        }
        words.extend(asked.strict.then(|| "--strict".to_owned()));
        // Runs that tests make up were asked for nothing.
        if asked.repeat > 1 {
            words.push(format!("--repeat {}", asked.repeat));
        }
        if asked.time_scale > 0.0 && (asked.time_scale - 1.0).abs() > f64::EPSILON {
            words.push(format!("--time-scale {}", asked.time_scale));
        }
        words.join(" ")
    }

    /// A command that runs one scenario alone, on this target.
    pub fn alone(&self, scenario: &str) -> String {
        let program = self.program();
        match scenario.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c)) {
            true => format!("{program} --id '{scenario}'"),
            false => format!("{program} --id {scenario}"),
        }
    }

    /// The program with the options that choose this target.
    fn program(&self) -> &str {
        if self.again.is_empty() { "lavalink-conformance" } else { &self.again }
    }

    /// Keeps what crossed the wire for one scenario of each cause, and for what could not be
    /// established; the others of a cause look the same. Of long ones the beginning and the end
    /// are kept.
    pub fn keep_examples(&mut self, causes: &[Cause]) {
        for scenario in &mut self.scenarios {
            let of = causes.iter().find(|cause| cause.has(&scenario.id));
            let is_example = of.is_none_or(|cause| cause.example == scenario.id);
            let again = scenario.starved.iter_mut().chain(&mut scenario.crowded);
            for attempt in scenario.attempts.iter_mut().chain(again) {
                match is_example {
                    true => shorten(&mut attempt.timeline),
                    false => attempt.timeline = Vec::new(),
                }
            }
        }
    }

    /// Puts `${LAVALINK_URL}` into the lines for a shell: the servers of the run are gone.
    pub fn forget_addresses(&mut self) {
        let attempts = self
            .scenarios
            .iter_mut()
            .flat_map(|s| s.attempts.iter_mut().chain(&mut s.starved).chain(&mut s.crowded));
        let lines = attempts.map(|attempt| &mut attempt.reproduce);
        for line in lines.chain(self.findings.iter_mut().map(|f| &mut f.reproduce)).flatten() {
            *line = with_address(line);
        }
    }

    /// Whether every scenario that was asked for has ended.
    pub fn is_complete(&self) -> bool {
        !self.interrupted && !self.target_died
    }

    /// Puts the scenarios into the order of reports.
    pub fn sort(&mut self) {
        self.scenarios.sort_by(|a, b| (&a.area, &a.id).cmp(&(&b.area, &b.id)));
    }

    /// Every rule that was selected: area, level, id and verdict.
    pub fn rules(&self) -> Vec<(&str, Level, &str, Status)> {
        let mut rules: Vec<(&ScenarioResult, Vec<Status>)> = Vec::new();
        let mut places = BTreeMap::new();
        for scenario in &self.scenarios {
            let at = *places.entry(&scenario.rule).or_insert_with(|| {
                rules.push((scenario, Vec::new()));
                rules.len() - 1
            });
            rules[at].1.push(scenario.status);
        }
        rules
            .into_iter()
            .map(|(first, statuses)| {
                let status = Status::of_rule(statuses.into_iter());
                (first.area.as_str(), first.level, first.rule.as_str(), status)
            })
            .collect()
    }

    /// Scenarios that ran again because the machine was starved, how often they did so together,
    /// and how many of them could not be established all the same.
    pub fn starved(&self) -> (usize, usize, usize) {
        let starved = self.scenarios.iter().filter(|scenario| !scenario.starved.is_empty());
        let again = starved.clone().map(|scenario| scenario.starved.len()).sum();
        let lost = |scenario: &&ScenarioResult| scenario.attempts.iter().any(Outcome::is_starved);
        (starved.clone().count(), again, starved.filter(lost).count())
    }

    /// What was noted on the way, each once.
    pub fn notes(&self) -> BTreeSet<&str> {
        let attempts = self.scenarios.iter().flat_map(|scenario| &scenario.attempts);
        attempts.flat_map(|attempt| &attempt.notes).map(String::as_str).collect()
    }

    /// How many scenarios ended this way.
    pub fn count(&self, status: Status) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.status == status).count()
    }
}

/// How many entries of a timeline are kept at its beginning and at its end.
const BEGINNING: usize = 10;
const END: usize = 70;

/// Leaves the middle of a long timeline out, and says so.
fn shorten(timeline: &mut Vec<timeline::Entry>) {
    let left_out = timeline.len().saturating_sub(BEGINNING + END);
    // One that has been shortened is as long as that with its note.
    if left_out <= 1 {
        return;
    }
    let note = timeline::Entry {
        at: timeline[BEGINNING].at,
        kind: "note".into(),
        summary: format!("{left_out} entries are left out here"),
        detail: None,
        answer: None,
        times: 1,
    };
    timeline.splice(BEGINNING..BEGINNING + left_out, [note]);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A run of these scenarios.
    pub(crate) fn run(scenarios: Vec<ScenarioResult>) -> Run {
        Run { scenarios, ..Run::default() }
    }

    /// One that passed; its rule and area are those of its id.
    pub(crate) fn passed(id: &str) -> ScenarioResult {
        let rule = id.split('.').next().unwrap().to_owned();
        ScenarioResult {
            id: id.to_owned(),
            title: format!("the title of {id}"),
            area: rule.split('-').nth(1).unwrap().to_lowercase(),
            rule_title: format!("the title of {rule}"),
            rule,
            level: Level::Must,
            place: "a/b.feature:3".into(),
            status: Status::Passed,
            reason: None,
            blocked_by: None,
            known: None,
            attempts: vec![Outcome::passed()],
            starved: Vec::new(),
            crowded: Vec::new(),
        }
    }

    /// One that failed with this message and difference.
    pub(crate) fn failed(id: &str, message: &str, difference: &[&str]) -> ScenarioResult {
        let outcome = Outcome {
            status: Status::Failed,
            step: Some(("Then it holds".into(), 7)),
            kind: Some(FailureKind::Assertion),
            message: Some(message.into()),
            difference: difference.iter().map(|line| (*line).to_owned()).collect(),
            ..Outcome::passed()
        };
        ScenarioResult { status: Status::Failed, attempts: vec![outcome], ..passed(id) }
    }

    /// One that was not tried, as a rule does not hold.
    pub(crate) fn blocked(id: &str, by: &str) -> ScenarioResult {
        ScenarioResult {
            status: Status::Blocked,
            reason: Some(format!("it stands on {by}, which does not hold")),
            blocked_by: Some(by.into()),
            attempts: Vec::new(),
            ..passed(id)
        }
    }

    /// A shape that is wrong in two scenarios.
    pub(crate) fn finding(rule: &str, differences: &[(&str, usize)]) -> Finding {
        Finding {
            rule: rule.to_owned(),
            rule_title: format!("the title of {rule}"),
            level: Level::Must,
            what: "the answer of GET /x".into(),
            differences: differences.iter().map(|(l, n)| ((*l).to_owned(), *n)).collect(),
            count: differences.iter().map(|(_, count)| count).sum(),
            scenarios: ["LL-A-001.a".to_owned(), "LL-A-002.a".to_owned()].into(),
            reproduce: Some("curl -i -X GET 'http://127.0.0.1:1/x'".into()),
            known: None,
        }
    }

    #[test]
    fn a_line_for_a_shell_asks_whatever_server_there_is() {
        let of = |line: &str| with_address(line);
        assert_eq!(
            of("curl -i -X GET 'http://127.0.0.1:1/x'"),
            "curl -i -X GET \"${LAVALINK_URL}/x\""
        );
        assert_eq!(of("curl \"http://h:1/s/${SESSION}\""), "curl \"${LAVALINK_URL}/s/${SESSION}\"");
        assert_eq!(of("curl 'http://h:1/a\"b'"), "curl \"${LAVALINK_URL}\"'/a\"b'");
        assert_eq!(of("nothing"), "nothing");
    }

    #[test]
    fn only_the_example_of_a_cause_keeps_what_crossed_the_wire() {
        let mut run = run(vec![
            failed("LL-A-001.a", "no", &[]),
            failed("LL-A-001.b", "no", &[]),
            passed("LL-A-001.c"),
        ]);
        let entry = || timeline::Entry {
            at: Duration::ZERO,
            kind: "note".into(),
            summary: "x".into(),
            detail: None,
            answer: None,
            times: 1,
        };
        run.scenarios.iter_mut().for_each(|s| s.attempts[0].timeline.push(entry()));
        let causes = crate::report::causes(&run);
        run.keep_examples(&causes);
        let kept: Vec<_> = run.scenarios.iter().map(|s| s.attempts[0].timeline.len()).collect();
        assert_eq!(kept, [1, 0, 1]);
    }

    #[test]
    fn differences_of_a_finding_are_told_apart_up_to_a_number() {
        let many = (0..200).map(|n| finding("LL-SHAPE-001", &[(&format!("/f{n}: is missing"), 1)]));
        let joined = Finding::join(many);
        assert_eq!(joined[0].differences.len(), MOST_DIFFERENCES + 1);
        assert_eq!(joined[0].differences.values().sum::<usize>(), 200);
        assert_ne!(joined[0].main_difference().unwrap().0, OTHER_DIFFERENCES);
    }

    #[test]
    fn a_long_timeline_keeps_its_beginning_and_its_end() {
        let entry = |number: usize| timeline::Entry {
            at: Duration::from_secs(number as u64),
            kind: "note".into(),
            summary: number.to_string(),
            detail: None,
            answer: None,
            times: 1,
        };
        let mut long: Vec<_> = (0..100).map(entry).collect();
        shorten(&mut long);
        assert_eq!(long.len(), BEGINNING + END + 1);
        assert_eq!(long[BEGINNING].summary, "20 entries are left out here");
        assert_eq!((long[9].summary.as_str(), long[11].summary.as_str()), ("9", "30"));
        shorten(&mut long);
        assert_eq!(long[BEGINNING].summary, "20 entries are left out here");
        let mut short: Vec<_> = (0..80).map(entry).collect();
        shorten(&mut short);
        assert_eq!(short.len(), 80);
    }
}
