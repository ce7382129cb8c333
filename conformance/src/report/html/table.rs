//! Areas and levels.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::super::{Held, Run, Share};
use super::value;
use crate::pages::{table, text};
use crate::printable::printable;
use crate::spec::Level;
use crate::verdict::Status;

/// A row for each area, a column for each level. Each cell leads to its rules.
pub(super) fn section(run: &Run) -> Markup {
    let mut cells: BTreeMap<(&str, Level), Held> = BTreeMap::new();
    let mut areas = BTreeSet::new();
    let mut columns: BTreeMap<Level, Held> = BTreeMap::new();
    let mut total = Held::default();
    for (area, level, _, status) in run.rules() {
        let cell = cells.entry((area, level)).or_default();
        areas.insert(area);
        for held in [cell, columns.entry(level).or_default(), &mut total] {
            held.add(status);
        }
    }
    let shares = Share::by_area(run);
    let levels: Vec<_> = columns.keys().copied().collect();
    let statuses: Vec<_> =
        Status::ALL.into_iter().filter(|status| run.count(*status) > 0).collect();
    let count = |area: &str, status: Status| {
        run.scenarios.iter().filter(|s| s.area == area && s.status == status).count()
    };
    let rows = html! {
        thead {
            tr {
                th rowspan="2" scope="col" { "Area" }
                th.group colspan=(levels.len()) scope="colgroup" { "Rules that hold" }
                th.group colspan=(statuses.len() + 1) scope="colgroup" { "Scenarios" }
            }
            tr {
                @for level in &levels { th.number scope="col" { (level) } }
                th.number scope="col" { "judged" }
                @for status in &statuses { th.number scope="col" { (status.name()) } }
            }
        }
        tbody {
            @for area in &areas {
                tr {
                    th scope="row" { a href=(format!("#area={}", value(area))) { (text(area)) } }
                    @for level in &levels {
                        (cell(cells.get(&(area, *level)).copied(), &format!("area={}&level={level}", value(area))))
                    }
                    td.number { (shares.get(area).copied().unwrap_or_default().percent()) " %" }
                    @for status in &statuses { td.number { (dash(count(area, *status))) } }
                }
            }
        }
        tfoot {
            tr {
                th scope="row" { "all" }
                @for level in &levels {
                    (cell(columns.get(level).copied(), &format!("level={level}")))
                }
                td.number { (Share::of(run).percent()) " %" }
                @for status in &statuses { td.number { (run.count(*status)) } }
            }
        }
    };
    html! {
        section aria-labelledby="areas" {
            h2 #areas { "Areas and levels" }
            p.small.dim {
                "Of the rules of each area and level that were tried, how many hold (" (total.held) " of "
                (total.of) "): rules that are not applicable or were not run are not counted. And how \
                 the scenarios ended."
            }
            (table("Areas and levels", &rows))
        }
    }
}

fn cell(held: Option<Held>, filter: &str) -> Markup {
    let (held, of) = match held {
        None => return html! { td.number.dim { "–" } },
        Some(Held { of: 0, .. }) => {
            return html! {
                td.number.held-cell.dim {
                    a href=(format!("#{}", printable(filter))) { "none tried" }
                }
            };
        }
        Some(Held { held, of }) => (held, of),
    };
    let tone = match held {
        held if held == of => "all",
        0 => "none",
        _ => "some",
    };
    html! {
        td.number.held-cell.(tone) {
            a href=(format!("#{}", printable(filter))) { (held) span { "/" (of) } }
        }
    }
}

fn dash(count: usize) -> Markup {
    html! { @if count == 0 { span.dim { "–" } } @else { (count) } }
}
