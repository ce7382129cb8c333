//! What features have to be besides readable.

use std::collections::BTreeSet;
use std::fmt;

use super::{Level, Rule, Source, Spec};
use super::{citations, tags, used_filters};
use crate::coverage;
use crate::schema;
use crate::steps::{self, ground};
use crate::target::profiles;

/// Something wrong with a feature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file below `features/`, or another one of the project.
    pub file: String,
    /// Line in it.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Media types after the quotes of a docstring, which the parser would take for its text.
const MEDIA_TYPES: [&str; 3] = ["json", "xml", "text"];

/// Every problem of these features, in the order of files and lines.
pub fn lint(source: &Source) -> Vec<Problem> {
    let (spec, mut problems) = source.read_all();
    if spec.rules.is_empty() && problems.is_empty() {
        problems.push(Problem::new(
            "features",
            1,
            "there is no feature (FOLDER/AREA/NAME.feature)",
        ));
    }
    let mut used = BTreeSet::new();
    for rule in &spec.rules {
        check_rule(rule, &mut problems);
        citations::check(rule, source, &mut problems);
        for step in rule.scenarios.iter().flat_map(|scenario| &scenario.steps) {
            let problem = |message: String| Problem::new(&rule.file, step.line, message);
            match steps::find(step) {
                Ok(found) => _ = used.insert(found.number),
                Err(error) => problems.push(problem(error.to_string())),
            }
            let first = step.docstring.as_deref().and_then(|text| text.lines().next());
            if first.is_some_and(|line| MEDIA_TYPES.contains(&line.trim())) {
                problems.push(problem("a docstring has no media type".into()));
            }
        }
    }
    // A folder of somebody's own need not use every step.
    if source.is_embedded() {
        for (number, sentence) in steps::catalogue().iter().enumerate() {
            if !used.contains(&number) {
                let message = format!("no scenario uses the step {}", sentence.regex.as_str());
                problems.push(Problem::new(sentence.file, 1, message));
            }
        }
        problems.extend(lint_grounds(&spec));
        problems.extend(coverage::lint(&spec));
    }
    problems.sort();
    problems.dedup();
    problems
}

/// A rule that a step or a schema names, and that there is not.
fn lint_grounds(spec: &Spec) -> Vec<Problem> {
    let known: BTreeSet<&str> = spec.rules.iter().map(|rule| rule.id.as_str()).collect();
    let steps = ground::all_rules().map(|rule| ("conformance/src/steps/ground.rs", rule));
    let schemas = schema::rules().map(|rule| ("conformance/src/schema/shapes.rs", rule));
    let named = steps.chain(schemas).filter(|(_, rule)| !known.contains(rule));
    named.map(|(file, rule)| Problem::new(file, 1, format!("there is no rule {rule}"))).collect()
}

/// A rule that nothing breaks on purpose, and a deviation of no rule. `deviations` are names such as
/// `LL-HTTP-001/missing`.
pub fn lint_deviations(spec: &Spec, deviations: &[String]) -> Vec<Problem> {
    let broken: BTreeSet<&str> =
        deviations.iter().filter_map(|name| name.split('/').next()).collect();
    let known: BTreeSet<&str> = spec.rules.iter().map(|rule| rule.id.as_str()).collect();
    let unbroken = spec.rules.iter().filter(|rule| !broken.contains(rule.id.as_str()));
    let unbroken = unbroken.map(|rule| {
        let message = format!(
            "{} has no deviation, so nobody knows whether its scenarios notice anything; \
             CONTRIBUTING.md shows how to add one",
            rule.id
        );
        Problem::new(&rule.file, rule.line, message)
    });
    let strange = deviations
        .iter()
        .filter(|name| !known.contains(name.split('/').next().unwrap_or_default()));
    let strange =
        strange.map(|name| Problem::new("--list-deviations", 1, format!("{name} is of no rule")));
    unbroken.chain(strange).collect()
}

fn check_rule(rule: &Rule, problems: &mut Vec<Problem>) {
    let mut problem = |message: String| problems.push(Problem::new(&rule.file, rule.line, message));
    let area = rule.area.to_uppercase();
    let number = rule.id.strip_prefix("LL-").and_then(|rest| rest.strip_prefix(area.as_str()));
    let number = number.and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
    if number.len() != 3 || !number.bytes().all(|b| b.is_ascii_digit()) {
        problem(format!("{} should be LL-{area}-NNN, as its file is in {}/", rule.id, rule.area));
    }
    if rule.scenarios.is_empty() {
        problem(format!("{} has no scenario", rule.id));
    }
    for scenario in &rule.scenarios {
        let profile = scenario.profile();
        if !profiles::names().any(|known| known == profile) {
            let known = profiles::names().collect::<Vec<_>>().join(", ");
            problem(format!("{}: no profile {profile}; there are {known}", scenario.id));
        }
        let needs: BTreeSet<_> = scenario.needs().collect();
        let names_upstream = profiles::text(profile).is_some_and(|text| text.contains("{upstream"));
        if needs.contains("upstream") && !names_upstream {
            problem(format!("{}: the profile {profile} has no {{upstream}}", scenario.id));
        }
        if needs.contains("watch") && !needs.contains("upstream") {
            problem(format!("{}: @needs-watch without @needs-upstream", scenario.id));
        }
        tags::problems(scenario).into_iter().for_each(&mut problem);
        for filter in used_filters::unsaid(scenario) {
            problem(format!("{} uses a filter without @needs-filter-{filter}", scenario.id));
        }
    }
    let levels = Level::ALL.iter().filter(|level| {
        rule.scenarios.first().is_some_and(|scenario| scenario.has_tag(level.name()))
    });
    if levels.count() > 1 {
        problem(format!("{} has two levels", rule.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let problems = lint(&Source::texts(&[("http/a.feature", text)]));
        let of_feature = problems.into_iter().filter(|problem| problem.file == "http/a.feature");
        of_feature.map(|problem| problem.message).collect()
    }

    const GOOD: &str = "Feature: F
  @LL-HTTP-001 @must
  Rule: R
    Why.
    Sources: docs/observed/http.md#info

    @LL-HTTP-001.a
    Scenario Outline: S
      When the client requests \"GET <path>\"

      Examples:
        | path     |
        | /v4/info |
        | /version |
";

    #[test]
    fn a_sound_feature_has_no_problems() {
        assert_eq!(messages(GOOD), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_problem_is_found() {
        for (change, with, expected) in [
            ("@LL-HTTP-001 @must", "@must", "without an id"),
            ("@LL-HTTP-001 @must", "@LL-HTTP-001", "without a level"),
            ("Sources:", "Source:", "has no line"),
            ("    @LL-HTTP-001.a\n", "", "scenario without an id"),
            ("@LL-HTTP-001.a", "@LL-HTTP-002.a", "is not an id of rule"),
            ("| /version |", "| /v4/info |", "is an id already"),
            ("When the client requests", "When nobody says", "no step says"),
            ("<path>", "<pat>", "pat"),
            ("Rule: R", "Rool: R", "rror at"),
            ("@must", "@must @profile-nope", "no profile nope"),
            ("@must", "@must @profile-plain @profile-nano", "has two profiles"),
            ("@must", "@must @slwo", "no tag @slwo; did you mean \"@slow\"?"),
            ("@must", "@must @needs-htp-source", "did you mean \"@needs-http-source\"?"),
            ("@must", "@must @needs-own-servr", "did you mean \"@needs-own-server\"?"),
            ("@must", "@must @needs-upstream", "the profile plain has no {upstream}"),
            ("@must", "@must @needs-watch", "@needs-watch without @needs-upstream"),
        ] {
            let text = GOOD.replace(change, with);
            assert_ne!(text, GOOD, "{change}");
            let found = messages(&text);
            assert!(
                found.iter().any(|message| message.contains(expected)),
                "{expected}: {found:?}"
            );
        }
        let elsewhere = lint(&Source::texts(&[("stats/a.feature", GOOD)]));
        assert!(elsewhere.iter().any(|p| p.message.contains("should be LL-STATS-NNN")));
    }

    #[test]
    fn a_folder_without_features_is_found() {
        assert_eq!(lint(&Source::texts(&[])).len(), 1);
    }

    #[test]
    fn what_would_vanish_or_pass_for_nothing_is_found() {
        let rows = "        | path     |\n        | /v4/info |\n        | /version |\n";
        let without_rows = GOOD.replace(rows, "        | path     |\n");
        assert!(messages(&without_rows)[0].contains("outline without rows"));
        let step = "      When the client requests \"GET <path>\"\n";
        assert!(messages(&GOOD.replace(step, ""))[0].contains("scenario without steps"));
        let background = "Feature: F\n  Background:\n    Given nobody says this\n";
        let found = messages(&GOOD.replace("Feature: F\n", background));
        assert!(found[0].contains("no step says"), "{found:?}");
    }

    #[test]
    fn a_filter_that_is_used_without_saying_so_is_found() {
        let request = "When the client requests \"GET <path>\"";
        let sends = "When the client updates the player with {\"filters\": {\"volume\": 1}}";
        let text = GOOD.replace(request, sends).replace("/v4/info", "info");
        assert!(messages(&text)[0].contains("uses a filter without @needs-filter-volume"));
        let tagged =
            |text: &str, tag: &str| messages(&text.replace("@must", &format!("@must {tag}")));
        assert!(!tagged(&text, "@needs-filter-karaoke").is_empty());
        assert_eq!(tagged(&text, "@needs-filter-volume"), Vec::<String>::new());
        // What the profile has switched off is named to be refused.
        let off = text.replace("volume", "karaoke");
        assert!(!tagged(&off, "@profile-plain").is_empty());
        assert_eq!(tagged(&off, "@profile-filters-disabled"), Vec::<String>::new());
        // Only the row that uses it has to say so.
        let row = text.replace("volume", "<path>").replace("/version", "volume");
        let found = messages(&row);
        assert_eq!(found, ["LL-HTTP-001.a[volume] uses a filter without @needs-filter-volume"]);
    }

    #[test]
    fn a_scenario_outside_a_rule_is_found() {
        let text = "Feature: F\n  Scenario: S\n    When the client requests \"GET /\"\n";
        assert!(messages(text)[0].contains("outside a rule"));
    }

    #[test]
    fn a_rule_without_a_deviation_is_found_and_a_deviation_without_a_rule() {
        let spec = Source::texts(&[("http/a.feature", GOOD)]).read().unwrap();
        let lint = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            lint_deviations(&spec, &names).into_iter().map(|p| p.message).collect::<Vec<_>>()
        };
        assert_eq!(lint(&["LL-HTTP-001/x"]), Vec::<String>::new());
        assert!(lint(&[])[0].contains("LL-HTTP-001 has no deviation"));
        assert_eq!(lint(&["LL-HTTP-001/x", "LL-HTTP-002/y"]), ["LL-HTTP-002/y is of no rule"]);
    }

    #[test]
    fn the_embedded_features_have_no_problems() {
        let problems = lint(&Source::embedded());
        assert!(
            problems.is_empty(),
            "{}",
            problems.iter().map(|p| format!("{p}\n")).collect::<String>()
        );
    }
}
