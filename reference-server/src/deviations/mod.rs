//! Deliberate breaks, each of one rule, that prove what a suite catches.
//!
//! A deviation is named after the rule it breaks (`LL-HTTP-001/missing`) and is consulted in the
//! one place that implements the rule. They are chosen when the program starts (`--deviate`),
//! hold for the whole process, and nothing that a client sends can switch them.

mod catalogue;
pub(crate) mod wire;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A deliberate break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// `LL-<AREA>-<NNN>/<short-name>`.
    pub name: &'static str,
    /// What the server does wrong with it.
    pub summary: &'static str,
}

/// There is no deviation of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown deviation {asked:?}; did you mean {nearest:?}?")]
pub struct UnknownDeviation {
    asked: String,
    nearest: &'static str,
}

/// A chosen one, and how often its code ran.
struct Active {
    deviation: Deviation,
    reached: AtomicU64,
}

static ACTIVE: OnceLock<Vec<Active>> = OnceLock::new();

/// Every deviation there is, by area and name.
pub fn all() -> impl Iterator<Item = Deviation> {
    let entries = catalogue::AREAS.iter().flat_map(|area| area.iter());
    entries.map(|(name, summary)| Deviation { name, summary })
}

/// Switches deviations on, for the rest of the process. The first call counts.
pub(crate) fn choose(names: &[String]) -> Result<(), UnknownDeviation> {
    let chosen = names.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
    let active = |deviation| Active { deviation, reached: AtomicU64::new(0) };
    if !chosen.is_empty() {
        ACTIVE.get_or_init(|| chosen.into_iter().map(active).collect());
    }
    Ok(())
}

/// Whether the server is to do anything wrong.
pub(crate) fn any() -> bool {
    ACTIVE.get().is_some()
}

/// Whether the server is to do this wrong. Asked where it would go wrong, as asking is counted.
pub(crate) fn deviates(name: &'static str) -> bool {
    // One load when none is chosen.
    let Some(active) = ACTIVE.get() else { return false };
    let found = active.iter().find(|active| active.deviation.name == name);
    found.inspect(|active| _ = active.reached.fetch_add(1, Ordering::Relaxed)).is_some()
}

/// The right value, or the wrong one if the server is to do this wrong.
pub(crate) fn either<T>(name: &'static str, right: T, wrong: T) -> T {
    if deviates(name) { wrong } else { right }
}

/// The chosen ones, and how often the code of each ran.
pub(crate) fn chosen() -> impl Iterator<Item = (Deviation, u64)> {
    let active = ACTIVE.get().into_iter().flatten();
    active.map(|active| (active.deviation, active.reached.load(Ordering::Relaxed)))
}

fn find(name: &str) -> Result<Deviation, UnknownDeviation> {
    if let Some(found) = all().find(|deviation| deviation.name == name) {
        return Ok(found);
    }
    let likeness = |deviation: &Deviation| strsim::jaro_winkler(deviation.name, name);
    let nearest = all().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    Err(UnknownDeviation { asked: name.to_owned(), nearest: nearest.map_or("", |d| d.name) })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every `LL-…/…` of the sources outside the catalogue and this file, with how often it stands there.
    fn consulted() -> BTreeMap<String, usize> {
        let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = BTreeMap::new();
        let mut folders = vec![src.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let here = src.join("deviations");
                let apart = ["catalogue", "catalogue.rs", "mod.rs"].map(|name| here.join(name));
                if path.is_dir() && !apart.contains(&path) {
                    folders.push(path);
                } else if path.is_file() && !apart.contains(&path) {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let quoted = text.split('"').skip(1);
                    for name in quoted.filter(|t| t.starts_with("LL-") && t.contains('/')) {
                        *found.entry(name.to_owned()).or_default() += 1;
                    }
                }
            }
        }
        found
    }

    #[test]
    fn each_deviation_is_consulted_in_one_place() {
        let consulted = consulted();
        let known: BTreeSet<_> = all().map(|deviation| deviation.name.to_owned()).collect();
        let problems: Vec<_> = consulted
            .iter()
            .filter(|(name, count)| !known.contains(*name) || **count != 1)
            .map(|(name, count)| {
                format!("{name}: consulted {count} times, known: {}", known.contains(name))
            })
            .chain(
                known
                    .iter()
                    .filter(|name| !consulted.contains_key(*name))
                    .map(|name| format!("{name}: never consulted")),
            )
            .collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn names_are_of_rules_and_stand_once() {
        let mut seen = BTreeSet::new();
        for deviation in all() {
            let (rule, short) = deviation.name.split_once('/').unwrap();
            let parts: Vec<_> = rule.split('-').collect();
            assert!(matches!(parts[..], ["LL", _, number] if number.len() == 3), "{rule}");
            assert!(
                short.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{short}"
            );
            assert!(
                !deviation.summary.is_empty() && seen.insert(deviation.name),
                "{}",
                deviation.name
            );
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let known = all().next().unwrap().name;
        let error = find(&format!("{known}x")).unwrap_err();
        assert_eq!(error.nearest, known);
        assert!(find(known).is_ok());
    }
}
