//! Deliberate breaks, each of one rule, that prove what a suite catches.
//!
//! A deviation is named after the rule it breaks (`LL-HTTP-001/missing`). It is a row at a seam, with
//! the code that rewrites what passes there, or a switch (`deviations::switch`) that the one place asks for which
//! implements the rule. The seams: `http` (requests and answers), `socket` (what
//! clients say), `about_players` (answers about players), `body` and `update` (a PATCH before it is
//! decoded and before it is applied), `state` (before and after a command to a player), `messages`
//! (what a session is about to write), `steps` (turning points of a session), `ids` (of sessions),
//! `values` (numbers), `figures` (statistics), `sound` (filters as they are heard), `gateway` (what is
//! said to one), `picks` (of a route planner), `retries` (of guarded
//! sources), `probed` (what is found out of a track).
//!
//! Deviations are chosen when the program starts (`--deviate`) and hold for the whole process, or when
//! a [`crate::Mock`] does and hold for the threads that it has; nothing that a client sends can switch
//! them.

mod about_players;
mod body;
mod errand;
mod figures;
mod filters;
mod gateway;
mod http;
mod ids;
mod insides;
mod memory;
mod messages;
mod picks;
mod probed;
mod retries;
mod row;
mod socket;
mod sound;
mod state;
mod steps;
pub(crate) mod switch;
mod update;
mod values;

pub(crate) use http::surround;
use row::Row;
pub(crate) use switch::{Chosen, chosen};
pub use switch::{Deviation, UnknownDeviation};

use crate::nearest::nearest;
use crate::{
    filters as chain, http as rest, routeplanner, session, stats, tracks, values as numbers, voice,
    websocket,
};

/// Every deviation there is, by name.
pub fn all() -> impl Iterator<Item = Deviation> {
    fn told<F>(row: &Row<F>) -> Deviation {
        Deviation { name: row.name, summary: row.summary }
    }
    let all = switch::all()
        .map(|(_, deviation)| deviation)
        .chain(http::rows().map(told))
        .chain(http::head_rows().map(told))
        .chain(socket::rows().map(told))
        .chain(about_players::rows().map(told))
        .chain(body::rows().map(told))
        .chain(messages::rows().map(told))
        .chain(update::whole_rows().map(told))
        .chain(update::rows().map(told))
        .chain(state::early_rows().map(told))
        .chain(state::late_rows().map(told))
        .chain(steps::rows().map(told))
        .chain(values::rows().map(told))
        .chain(figures::rows().map(told))
        .chain(sound::rows().map(told))
        .chain(gateway::rows().map(told))
        .chain(ids::rows().map(told))
        .chain(picks::rows().map(told))
        .chain(probed::rows().map(told))
        .chain(probed::legal_rows().map(told))
        .chain(figures::average_rows().map(told))
        .chain(retries::rows().map(told));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable_by_key(|deviation| deviation.name);
    all.into_iter()
}

/// Switches deviations on, for the rest of the process. The first call counts.
pub(crate) fn choose(names: &[String]) -> Result<(), UnknownDeviation> {
    switch::hold_for_process(of_names(names)?);
    Ok(())
}

/// Those with these names, ready to be held.
pub(crate) fn of_names(names: &[String]) -> Result<Chosen, UnknownDeviation> {
    let chosen = names.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
    fill_seams();
    Ok(Chosen::new(chosen))
}

/// Puts rows where protocol code has a seam for them.
fn fill_seams() {
    numbers::SEAM.fill(values::change);
    rest::BODIES.fill(body::change);
    rest::ABOUT_PLAYERS.fill(about_players::change);
    rest::HEADS.fill(rest::Heads { is_refused: http::is_refused, refusal: http::refusal });
    session::PATCHES.fill(update::change_whole);
    session::COMMANDS.fill(state::around);
    session::MESSAGES.fill(messages::change);
    session::STEPS.fill(steps::take);
    session::IDS.fill(ids::change);
    stats::FIGURES.fill(figures::change);
    chain::SOUND.fill(sound::change);
    voice::SAID.fill(gateway::change);
    routeplanner::PICKS.fill(picks::change);
    tracks::PROBED.fill(probed::change);
    tracks::LEGAL.fill(probed::is_legal);
    tracks::RETRIES.fill(retries::change);
    stats::TOTALS.fill(figures::change_totals);
    websocket::HEARD.fill(socket::heard);
}

fn find(name: &str) -> Result<Deviation, UnknownDeviation> {
    if let Some(found) = all().find(|deviation| deviation.name == name) {
        return Ok(found);
    }
    let names = || all().map(|deviation| deviation.name);
    // One of the same rule is a better guess than none.
    let rule = name.split('/').next().unwrap_or_default();
    let is_of_rule =
        |other: &&str| other.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/'));
    let nearest = nearest(name, names()).or_else(|| names().find(is_of_rule));
    Err(UnknownDeviation::new(name, nearest))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Whether a file of the sources names a break, in text that is no comment.
    fn names_a_break(path: &Path) -> bool {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.flat_map(|line| line.split("LL-").skip(1)).any(|rest| {
            rest.split_once('/').is_some_and(|(rule, _)| {
                rule.rsplit('-')
                    .next()
                    .is_some_and(|n| n.len() == 3 && n.bytes().all(|b| b.is_ascii_digit()))
            })
        })
    }

    #[test]
    fn no_break_is_named_outside_this_folder() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![src.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path == src.join("deviations") {
                    continue;
                } else if path.is_dir() {
                    folders.push(path);
                } else {
                    assert!(!names_a_break(&path), "{} names a break", path.display());
                }
            }
        }
        assert!(names_a_break(&src.join("deviations/messages.rs")));
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
