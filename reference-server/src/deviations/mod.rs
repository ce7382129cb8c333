//! Deliberate breaks, each of one rule, that prove what a suite catches.
//!
//! A deviation is named after the rule it breaks (`LL-HTTP-001/missing`). It is a row at a seam, with
//! the code that rewrites what passes there, or is consulted in the one place that implements the
//! rule; then the catalogue has its sentence. The seams: `http` (requests and answers), `socket` (what
//! clients say), `about_players` (answers about players), `body` and `update` (a PATCH before it is
//! decoded and before it is applied), `state` (before and after a command to a player), `messages`
//! (what a session is about to write), `steps` (turning points of a session), `values` (numbers).
//!
//! Deviations are chosen when the program starts (`--deviate`) and hold for the whole process, or when
//! a [`crate::Mock`] does and hold for the threads that it has; nothing that a client sends can switch
//! them.

mod about_players;
mod body;
mod catalogue;
pub(crate) mod http;
mod memory;
mod messages;
pub(crate) mod socket;
mod state;
mod steps;
mod update;
mod values;

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

pub(crate) use about_players::{AboutPlayers, change as answer_about_players};
pub(crate) use body::change as change_body;
pub(crate) use messages::change as change_messages;
pub(crate) use state::around;
pub(crate) use steps::{Step, take as session};
pub(crate) use update::change_whole as change_patch;
pub(crate) use values::Values;

use crate::nearest::nearest;

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
#[error("unknown deviation {asked:?}; {}", self.hint())]
pub struct UnknownDeviation {
    asked: String,
    nearest: Option<&'static str>,
}

/// A chosen one, and how often its code ran.
#[derive(Debug)]
struct Active {
    deviation: Deviation,
    reached: AtomicU64,
}

/// Those that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Chosen(Vec<Active>);

/// Whether any are chosen anywhere in this process, which is asked most often.
static ANY: AtomicBool = AtomicBool::new(false);

/// Those of the whole process.
static OF_PROCESS: OnceLock<Chosen> = OnceLock::new();

thread_local! {
    /// Those of the server that runs on this thread, if it has its own.
    static OF_THREAD: RefCell<Option<Arc<Chosen>>> = const { RefCell::new(None) };
}

/// A deviation at a seam: its name, what the server does wrong, and the code that does it.
struct Row<F> {
    name: &'static str,
    summary: &'static str,
    change: F,
}

/// Every deviation there is, by name.
pub fn all() -> impl Iterator<Item = Deviation> {
    fn told<F>(row: &Row<F>) -> Deviation {
        Deviation { name: row.name, summary: row.summary }
    }
    let entries = catalogue::AREAS.iter().flat_map(|area| area.iter());
    let all = entries
        .map(|(name, summary)| Deviation { name, summary })
        .chain(http::all())
        .chain(socket::all())
        .chain(about_players::rows().map(told))
        .chain(body::rows().map(told))
        .chain(messages::rows().map(told))
        .chain(update::whole_rows().map(told))
        .chain(update::rows().map(told))
        .chain(state::early_rows().map(told))
        .chain(state::late_rows().map(told))
        .chain(steps::rows().map(told))
        .chain(values::rows().map(told));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable_by_key(|deviation| deviation.name);
    all.into_iter()
}

impl Chosen {
    /// Those with these names.
    pub(crate) fn of_names(names: &[String]) -> Result<Self, UnknownDeviation> {
        let chosen = names.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
        let active = |deviation| Active { deviation, reached: AtomicU64::new(0) };
        Ok(Self(chosen.into_iter().map(active).collect()))
    }

    /// Has whatever runs on this thread deviate in this way only, for the rest of its life.
    pub(crate) fn hold_for_thread(self: Arc<Self>) {
        if !self.0.is_empty() {
            ANY.store(true, Ordering::Relaxed);
        }
        OF_THREAD.with(|of_thread| *of_thread.borrow_mut() = Some(self));
    }
}

/// Switches deviations on, for the rest of the process. The first call counts.
pub(crate) fn choose(names: &[String]) -> Result<(), UnknownDeviation> {
    let chosen = Chosen::of_names(names)?;
    if !names.is_empty() {
        OF_PROCESS.get_or_init(|| chosen);
        ANY.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// Looks at those that hold here.
fn look<T>(look: impl FnOnce(&[Active]) -> T) -> T {
    OF_THREAD.with(|of_thread| match &*of_thread.borrow() {
        Some(chosen) => look(&chosen.0),
        None => look(OF_PROCESS.get().map(|chosen| chosen.0.as_slice()).unwrap_or_default()),
    })
}

/// Whether the server is to do anything wrong.
pub(crate) fn any() -> bool {
    ANY.load(Ordering::Relaxed) && look(|active| !active.is_empty())
}

/// Whether the server is to do this wrong. Asked where it would go wrong, as asking is counted.
pub(crate) fn deviates(name: &'static str) -> bool {
    // One load when none is chosen.
    ANY.load(Ordering::Relaxed)
        && look(|active| {
            let found = active.iter().find(|active| active.deviation.name == name);
            found.inspect(|active| _ = active.reached.fetch_add(1, Ordering::Relaxed)).is_some()
        })
}

/// The chosen rows of a seam.
fn chosen_of<F: 'static>(rows: impl Iterator<Item = &'static Row<F>>) -> Vec<&'static Row<F>> {
    rows.filter(|row| is_chosen(row.name)).collect()
}

/// Whether the server is to do this wrong. Asked by seams, which count what they changed.
fn is_chosen(name: &str) -> bool {
    any() && look(|active| active.iter().any(|active| active.deviation.name == name))
}

/// Counts a chosen one whose code changed something.
fn count(name: &str) {
    look(|active| {
        if let Some(active) = active.iter().find(|active| active.deviation.name == name) {
            active.reached.fetch_add(1, Ordering::Relaxed);
        }
    });
}

/// The right value, or the wrong one if the server is to do this wrong.
pub(crate) fn either<T>(name: &'static str, right: T, wrong: T) -> T {
    if deviates(name) { wrong } else { right }
}

/// The chosen ones, and how often the code of each ran.
pub(crate) fn chosen() -> Vec<(Deviation, u64)> {
    let seen = |active: &Active| (active.deviation, active.reached.load(Ordering::Relaxed));
    look(|active| active.iter().map(seen).collect())
}

fn find(name: &str) -> Result<Deviation, UnknownDeviation> {
    if let Some(found) = all().find(|deviation| deviation.name == name) {
        return Ok(found);
    }
    let names = || all().map(|deviation| deviation.name);
    // One of the same rule is a better guess than none.
    let rule = name.split('/').next().unwrap_or_default();
    let of_rule =
        || names().find(|other| other.strip_prefix(rule).is_some_and(|n| n.starts_with('/')));
    let nearest = nearest(name, names()).or_else(of_rule);
    Err(UnknownDeviation { asked: name.to_owned(), nearest })
}

impl UnknownDeviation {
    fn hint(&self) -> String {
        match self.nearest {
            Some(nearest) => format!("did you mean {nearest:?}?"),
            None => "--list-deviations shows all".to_owned(),
        }
    }
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
        assert_eq!(error.nearest, Some(known));
        let rule = known.split('/').next().unwrap();
        let error = find(&format!("{rule}/something-else")).unwrap_err();
        assert!(error.nearest.unwrap().starts_with(&format!("{rule}/")), "{error}");
        let error = find("NOPE").unwrap_err().to_string();
        assert_eq!(error, "unknown deviation \"NOPE\"; --list-deviations shows all");
        assert!(find(known).is_ok());
    }
}
