//! The numbers of README.md are those of the suite.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::run;

const README: &str = include_str!("../../../README.md");

/// What `list` and `serve` tell of the suite.
struct Suite {
    /// By area: scenarios and rules.
    areas: BTreeMap<String, (usize, usize)>,
    /// By level: rules.
    levels: BTreeMap<String, usize>,
    rules: usize,
    scenarios: usize,
    deviations: usize,
}

impl Suite {
    fn of_the_program() -> Self {
        let listed = run(&["list", "--json"]);
        let rules: Vec<Value> = serde_json::from_str(&listed.text).unwrap();
        let (mut areas, mut levels) = (BTreeMap::new(), BTreeMap::new());
        for rule in &rules {
            let of = |key: &str| rule[key].as_str().unwrap().to_owned();
            let area: &mut (usize, usize) = areas.entry(of("area")).or_default();
            area.0 += rule["scenarios"].as_array().unwrap().len();
            area.1 += 1;
            *levels.entry(of("level")).or_default() += 1;
        }
        let deviations = run(&["serve", "--list-deviations"]);
        let deviations = deviations.text.lines().filter(|line| line.starts_with("LL-")).count();
        let scenarios = areas.values().map(|(scenarios, _)| scenarios).sum();
        Self { areas, levels, rules: rules.len(), scenarios, deviations }
    }
}

/// The numbers of a text.
fn numbers(text: &str) -> Vec<usize> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[test]
fn the_readme_tells_the_numbers_of_the_suite() {
    let suite = Suite::of_the_program();
    let mut wrong = Vec::new();
    let Suite { rules, scenarios, deviations, .. } = suite;
    for expected in [
        format!("checking the bundled server in manual time, {scenarios} scenarios, order file"),
        format!("{deviations} deviations of {rules} rules, none survives"),
    ] {
        if !README.contains(&expected) {
            wrong.push(expected);
        }
    }
    let table = README.lines().skip_while(|line| !line.starts_with("area "));
    let rows: Vec<_> = table.skip(1).take_while(|line| !line.starts_with("rules held")).collect();
    let named: BTreeSet<_> = rows.iter().filter_map(|row| row.split(' ').next()).collect();
    let all: BTreeSet<_> = suite.areas.keys().map(String::as_str).chain(["total"]).collect();
    assert_eq!(named, all, "the areas of the table");
    for row in &rows {
        // Passed, failed, blocked, not applicable, judged in percent, rules held, rules tried.
        let [passed, failed, blocked, lacking, percent, held, tried] = numbers(row)[..] else {
            panic!("{row}");
        };
        let area = row.split(' ').next().unwrap();
        let (scenarios, rules) = suite.areas.get(area).copied().unwrap_or((scenarios, rules));
        let sum = passed + failed + blocked + lacking;
        let fits = sum == scenarios && percent == (passed + failed) * 100 / sum;
        let all_tried = if lacking == 0 { tried == rules } else { tried <= rules };
        if !(fits && held == tried && all_tried) {
            wrong.push(format!("{row}: {area} has {scenarios} scenarios of {rules} rules"));
        }
    }
    let levels = README.lines().find(|line| line.starts_with("rules held by level: ")).unwrap();
    for (level, count) in &suite.levels {
        let told = levels.split(&format!("{level} ")).nth(1).map(numbers).unwrap_or_default();
        let (held, tried) = (told.first().copied(), told.get(1).copied());
        if held != tried || tried.is_none_or(|tried| tried > *count) {
            wrong.push(format!("{levels}: {level} has {count} rules"));
        }
    }
    let lacking = numbers(levels).last().copied().filter(|_| levels.contains("not applicable"));
    let lacking = lacking.unwrap_or_default();
    let tried: usize = suite
        .levels
        .keys()
        .filter_map(|level| numbers(levels.split(&format!("{level} ")).nth(1)?).get(1).copied())
        .sum();
    if tried + lacking != rules {
        wrong.push(format!("{levels}: there are {rules} rules"));
    }
    assert!(wrong.is_empty(), "README.md has to say:\n{}", wrong.join("\n"));
}
