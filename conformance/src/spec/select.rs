//! Which scenarios run, and in which order.

use std::collections::BTreeSet;
use std::str::FromStr;

use cucumber::tag::Ext;
use gherkin::tagexpr::TagOperation;
use regex::Regex;

use super::{Level, Rule, Scenario, Shard, Spec};
use crate::nearest::{did_you_mean, nearest};

/// What was asked for; all of it has to hold.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Ids of rules or scenarios; any of them.
    pub ids: Vec<String>,
    /// An expression such as `@slow and not @observed`.
    pub tags: Option<TagOperation>,
    /// Titles of rules or scenarios.
    pub name: Option<Regex>,
    /// Any of these levels.
    pub levels: Vec<Level>,
    /// Any of these areas.
    pub areas: Vec<String>,
    /// Only what this shard of the whole spec has.
    pub shard: Option<Shard>,
}

/// The order of scenarios.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As in the files, slow ones first so that the run is short.
    #[default]
    File,
    /// Shuffled; the same seed gives the same order, whatever is selected.
    Random(u64),
}

/// Something was asked for that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} {asked:?}{}", hint(.nearest.as_deref()))]
pub struct SelectError {
    /// `id`, `tag` or `area`.
    pub kind: &'static str,
    /// What was asked for.
    pub asked: String,
    /// What is most like it.
    pub nearest: Option<String>,
}

/// What to do about an unknown word.
fn hint(nearest: Option<&str>) -> String {
    match nearest {
        Some(_) => did_you_mean(nearest),
        None => "; lavalink-conformance list shows what there is".to_owned(),
    }
}

impl Selection {
    /// Whether nothing was asked for, so that it is the whole spec.
    pub fn is_everything(&self) -> bool {
        self.ids.is_empty()
            && self.tags.is_none()
            && self.name.is_none()
            && self.levels.is_empty()
            && self.areas.is_empty()
            && self.shard.is_none()
    }

    /// The same over all shards.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { shard: None, ..self.clone() }
    }

    /// The expression of its tags, written in one way.
    pub fn tags_text(&self) -> Option<String> {
        self.tags.as_ref().map(|tags| written(tags, false))
    }

    /// The scenarios that were asked for, in order.
    ///
    /// # Errors
    /// [`SelectError`] if an area, an id or a tag is asked for that does not exist.
    pub fn choose<'a>(
        &self,
        spec: &'a Spec,
        order: Order,
    ) -> Result<Vec<(&'a Rule, &'a Scenario)>, SelectError> {
        self.check(spec)?;
        let mut chosen: Vec<_> =
            spec.scenarios().filter(|(rule, scenario)| self.wants(rule, scenario)).collect();
        if let Some(shard) = self.shard {
            let ids = shard.ids(spec);
            chosen.retain(|(_, scenario)| ids.contains(scenario.id.as_str()));
        }
        match order {
            Order::File => chosen.sort_by_key(|(_, scenario)| !scenario.has_tag("slow")),
            Order::Random(seed) => chosen.sort_by_key(|(_, scenario)| shuffled(seed, &scenario.id)),
        }
        Ok(chosen)
    }

    fn wants(&self, rule: &Rule, scenario: &Scenario) -> bool {
        let outline = scenario.id.split('[').next().unwrap_or_default();
        let id = |id: &String| {
            let id = id.trim_start_matches('@');
            id == rule.id || id == scenario.id || id == outline
        };
        (self.ids.is_empty() || self.ids.iter().any(id))
            && self.tags.as_ref().is_none_or(|tags| tags.eval(scenario.tags.iter()))
            && self
                .name
                .as_ref()
                .is_none_or(|name| name.is_match(&rule.title) || name.is_match(&scenario.title))
            && (self.levels.is_empty() || self.levels.contains(&rule.level))
            && (self.areas.is_empty() || self.areas.contains(&rule.area))
    }

    /// A word that selects nothing because it is misspelt must not pass for a small run.
    fn check(&self, spec: &Spec) -> Result<(), SelectError> {
        let mut ids = BTreeSet::new();
        let mut tags = BTreeSet::new();
        for (rule, scenario) in spec.scenarios() {
            let outline = scenario.id.split('[').next().unwrap_or_default();
            ids.extend([rule.id.as_str(), scenario.id.as_str(), outline]);
            tags.extend(scenario.tags.iter().map(String::as_str));
        }
        let areas: BTreeSet<_> = spec.rules.iter().map(|rule| rule.area.as_str()).collect();
        for id in &self.ids {
            known("id", id.trim_start_matches('@'), &ids)?;
        }
        for area in &self.areas {
            known("area", area, &areas)?;
        }
        for tag in self.tags.iter().flat_map(tags_of) {
            known("tag", tag, &tags)?;
        }
        Ok(())
    }
}

fn tags_of(expression: &TagOperation) -> Vec<&str> {
    match expression {
        TagOperation::And(a, b) | TagOperation::Or(a, b) => [tags_of(a), tags_of(b)].concat(),
        TagOperation::Not(a) => tags_of(a),
        TagOperation::Tag(tag) => vec![tag],
    }
}

/// A tag expression; what stands within another has parentheses.
fn written(expression: &TagOperation, within: bool) -> String {
    let pair = |a: &TagOperation, word: &str, b: &TagOperation| {
        let text = format!("{} {word} {}", written(a, true), written(b, true));
        if within { format!("({text})") } else { text }
    };
    match expression {
        TagOperation::And(a, b) => pair(a, "and", b),
        TagOperation::Or(a, b) => pair(a, "or", b),
        TagOperation::Not(a) => format!("not {}", written(a, true)),
        TagOperation::Tag(tag) => format!("@{tag}"),
    }
}

fn known(kind: &'static str, asked: &str, there: &BTreeSet<&str>) -> Result<(), SelectError> {
    if there.contains(asked) {
        return Ok(());
    }
    let nearest = nearest(asked, there.iter().copied()).map(str::to_owned);
    Err(SelectError { kind, asked: asked.to_owned(), nearest })
}

/// A place in the order of a seed that depends on nothing but the id.
fn shuffled(seed: u64, id: &str) -> u64 {
    let mut hash = seed ^ 0x9e37_79b9_7f4a_7c15;
    for byte in id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        hash ^= hash >> 29;
    }
    hash
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "file" => Ok(Self::File),
            None if text == "random" => Ok(Self::Random(rand::random())),
            Some(("random", seed)) => {
                let seed = seed.parse().map_err(|_| format!("not a seed: {seed}"))?;
                Ok(Self::Random(seed))
            }
            _ => Err("give file, random or random:SEED".into()),
        }
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|level| level.name() == text);
        found.ok_or_else(|| "give must, should or observed".into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    fn spec() -> Spec {
        let rule = |n: u8, level: &str, tag: &str| {
            format!(
                "  @LL-HTTP-00{n} @{level}\n  Rule: rule {n}\n    Sources: x\n\n    @LL-HTTP-00{n}.a {tag}\n    Scenario: scenario {n}\n      When the client requests \"GET /\"\n"
            )
        };
        let text = format!(
            "Feature: F\n{}{}{}",
            rule(1, "must", "@x"),
            rule(2, "should", "@slow"),
            rule(3, "must", "@y")
        );
        Source::texts(&[("http/a.feature", &text)]).read().unwrap()
    }

    fn ids(selection: &Selection, order: Order) -> Vec<String> {
        let spec = spec();
        let chosen = selection.choose(&spec, order).unwrap();
        chosen.iter().map(|(_, scenario)| scenario.id.clone()).collect()
    }

    #[test]
    fn all_that_was_asked_for_has_to_hold() {
        let selection = Selection { levels: vec![Level::Must], ..Selection::default() };
        assert_eq!(ids(&selection, Order::File), ["LL-HTTP-001.a", "LL-HTTP-003.a"]);
        let tags = Some("@y or @slow".parse().unwrap());
        let selection = Selection { tags, ..selection };
        assert_eq!(ids(&selection, Order::File), ["LL-HTTP-003.a"]);
        let ids_wanted = vec!["@LL-HTTP-002".to_owned()];
        let selection = Selection { ids: ids_wanted, ..Selection::default() };
        assert_eq!(ids(&selection, Order::File), ["LL-HTTP-002.a"]);
    }

    #[test]
    fn slow_scenarios_go_first_and_a_seed_gives_one_order() {
        let all = Selection::default();
        assert_eq!(ids(&all, Order::File)[0], "LL-HTTP-002.a");
        let orders: BTreeSet<_> = (0..50).map(|seed| ids(&all, Order::Random(seed))).collect();
        assert!(orders.len() > 3, "{orders:?}");
        let few = Selection { levels: vec![Level::Must], ..Selection::default() };
        let mut whole = ids(&all, Order::Random(7));
        whole.retain(|id| id != "LL-HTTP-002.a");
        assert_eq!(ids(&few, Order::Random(7)), whole);
    }

    #[test]
    fn shards_are_parts_of_what_is_selected() {
        let all = Selection::default();
        for count in 1..5 {
            let mut found = Vec::new();
            for number in 1..=count {
                let shard = Some(format!("{number}/{count}").parse().unwrap());
                let part = Selection { shard, ..all.clone() };
                let of_part = ids(&part, Order::File);
                let few = Selection { levels: vec![Level::Must], ..part.clone() };
                let mut expected = of_part.clone();
                expected.retain(|id| id != "LL-HTTP-002.a");
                assert_eq!(ids(&few, Order::File), expected);
                assert_eq!(ids(&part.whole(), Order::File), ids(&all, Order::File));
                assert!(!part.is_everything());
                found.extend(of_part);
            }
            found.sort();
            assert_eq!(found, ["LL-HTTP-001.a", "LL-HTTP-002.a", "LL-HTTP-003.a"]);
        }
    }

    #[test]
    fn expressions_are_written_as_they_are_read() {
        for text in ["@a", "not @a", "@a and not (@b or @c)", "(@a and @b) or not @c"] {
            let tags: TagOperation = text.parse().unwrap();
            let selection = Selection { tags: Some(tags), ..Selection::default() };
            assert_eq!(selection.tags_text().as_deref(), Some(text));
        }
    }

    #[test]
    fn misspelt_words_are_named_with_the_nearest() {
        let spec = spec();
        let error = |selection: Selection| selection.choose(&spec, Order::File).unwrap_err();
        let id = error(Selection { ids: vec!["LL-HTP-001".into()], ..Selection::default() });
        assert_eq!(id.nearest.as_deref(), Some("LL-HTTP-001"));
        let area = error(Selection { areas: vec!["htttp".into()], ..Selection::default() });
        assert_eq!(area.to_string(), "unknown area \"htttp\"; did you mean \"http\"?");
        let tags = Some("@slow and not @z".parse().unwrap());
        assert_eq!(error(Selection { tags, ..Selection::default() }).asked, "z");
    }
}
