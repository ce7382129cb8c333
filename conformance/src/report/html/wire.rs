//! What crossed the wire: REST, WebSocket and voice side by side on one axis of time, drawn, and as a
//! list of everything that can be read in order.

use std::collections::BTreeMap;
use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::super::{Cause, Outcome, Run, ScenarioResult};
use super::size::cut;
use crate::pages::text;
use crate::timeline::Entry;
use crate::verdict::Status;

/// The drawing, in its own units.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 748.0;
const HEIGHT: f64 = 104.0;

/// Who sent or heard something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Rest,
    WebSocket,
    Voice,
    /// The runner's own notes.
    Runner,
}

/// How much is shown of each timeline.
#[derive(Clone, Copy, Debug)]
struct Shown {
    /// Entries, counted from the end.
    entries: usize,
    /// Characters of each body.
    body: usize,
}

/// From all that there is to the least that tells something.
const STEPS: [Shown; 6] = [
    Shown { entries: 200, body: 4000 },
    Shown { entries: 200, body: 1200 },
    Shown { entries: 200, body: 300 },
    Shown { entries: 200, body: 0 },
    Shown { entries: 30, body: 0 },
    Shown { entries: 8, body: 0 },
];

/// The timelines of all scenarios that have one, by scenario, in no more bytes than there is room
/// for: those of the first causes first, each with its share of what is left.
pub(super) fn all<'a>(run: &'a Run, causes: &[Cause], room: usize) -> BTreeMap<&'a str, Markup> {
    let rank = |scenario: &&ScenarioResult| {
        let of = causes.iter().position(|cause| cause.example == scenario.id);
        of.or_else(|| causes.iter().position(|cause| cause.has(&scenario.id)))
            .unwrap_or(causes.len())
    };
    let told = |scenario: &&ScenarioResult| scenario.status != Status::Passed;
    let mut scenarios: Vec<_> = run.scenarios.iter().filter(told).collect();
    scenarios.retain(|scenario| scenario.telling().is_some_and(|o| !o.timeline.is_empty()));
    scenarios.sort_by_cached_key(rank);
    let (mut left, mut count) = (room, scenarios.len());
    let mut wires = BTreeMap::new();
    for scenario in scenarios {
        let Some(outcome) = scenario.telling() else { continue };
        let share = left / count.max(1);
        let drawn = STEPS.into_iter().map(|shown| draw(outcome, shown).into_string());
        if let Some(wire) = drawn.into_iter().find(|wire| wire.len() <= share) {
            left -= wire.len();
            wires.insert(scenario.id.as_str(), PreEscaped(wire));
        }
        count -= 1;
    }
    wires
}

fn draw(outcome: &Outcome, shown: Shown) -> Markup {
    let all = outcome.timeline.as_slice();
    let left_out = all.len().saturating_sub(shown.entries);
    let entries = &all[left_out..];
    html! {
        details.wire {
            summary { "What crossed the wire" }
            (picture(entries))
            ol.lanes {
                li.heads aria-hidden="true" { i { "ms" } b { "REST" } b { "WebSocket" } b { "Voice" } }
                @if left_out > 0 { li.n { i {} p { (left_out) " earlier ones are left out here" } } }
                @for entry in entries { (self::entry(entry, shown)) }
            }
        }
    }
}

fn entry(entry: &Entry, shown: Shown) -> Markup {
    let lane = Lane::of(entry);
    let summary = cut(&entry.summary, 300);
    let times = (entry.times > 1).then(|| format!(" ({} times, always the same)", entry.times));
    let body = entry.detail.as_deref().filter(|_| shown.body > 0);
    html! {
        li.(lane.class()) {
            i { (format!("{:.1}", entry.at.as_secs_f64() * 1000.0)) }
            b { (lane.name()) }
            @match body {
                Some(body) => details {
                    summary { (text(&summary)) (times.unwrap_or_default()) }
                    pre tabindex="0" { (text(&cut(body, shown.body))) }
                },
                None => p { (text(&summary)) (times.unwrap_or_default()) },
            }
        }
    }
}

/// A lane each for REST, WebSocket and voice; a request is as long as its answer took. The list below
/// says the same in words.
fn picture(entries: &[Entry]) -> Markup {
    let ms = |entry: &Entry| entry.at.as_secs_f64() * 1000.0;
    let first = entries.first().map_or(0.0, ms);
    let last = entries.iter().map(ms).fold(first, f64::max);
    let span = (last - first).max(1.0);
    let x = |at: f64| LEFT + 4.0 + (at - first) / span * (RIGHT - LEFT - 8.0);
    let mut paths: [String; 3] = Default::default();
    let mut open: Vec<(&str, f64)> = Vec::new();
    for entry in entries {
        let (lane, at) = (Lane::of(entry), x(ms(entry)));
        let Some(row) = lane.row() else { continue };
        // Writing to a String cannot fail.
        let path = &mut paths[row];
        let y = lane.y();
        if lane == Lane::Rest {
            if let Some(request) = entry.summary.strip_prefix("-> ") {
                open.push((request, at));
                continue;
            }
            let request = entry.summary.split_once(" to ").map_or("", |(_, request)| request);
            let asked = open.iter().position(|(asked, _)| *asked == request);
            let begin = asked.map_or(at, |place| open.remove(place).1);
            let _ = write!(path, "M{begin:.0} {y}h{:.0}", at - begin);
        } else {
            let _ = write!(path, "M{at:.0} {y}h0");
        }
    }
    for (_, at) in open {
        let _ = write!(paths[0], "M{at:.0} {}h0", Lane::Rest.y());
    }
    let ticks = ticks(first, last);
    html! {
        div.axis {
            svg viewBox=(format!("0 0 760 {HEIGHT}")) role="img"
                aria-label="When REST, WebSocket and voice were used; the list below says the same" {
                @for lane in Lane::DRAWN {
                    text.lane x="0" y=(lane.y() + 4) { (lane.name()) }
                    path.rail d=(format!("M{LEFT} {}H{RIGHT}", lane.y())) {}
                }
                @for tick in ticks {
                    path.rail d=(format!("M{:.0} 8V{}", x(tick), HEIGHT - 20.0)) {}
                    text.tick x=(format!("{:.0}", x(tick))) y=(HEIGHT - 6.0) { (time(tick)) }
                }
                @for (at, path) in paths.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
                    path.(format!("l{at}")) d=(path) {}
                }
            }
        }
    }
}

/// Round moments, four to eight of them.
fn ticks(first: f64, last: f64) -> Vec<f64> {
    let span = (last - first).max(1.0);
    let mut step = 10_f64.powf((span / 8.0).log10().floor());
    for factor in [2.0, 2.5, 2.0] {
        if span / step > 8.0 {
            step *= factor;
        }
    }
    let from = (first / step).ceil();
    (0..9).map(|n| (from + f64::from(n)) * step).take_while(|tick| *tick <= last).collect()
}

fn time(ms: f64) -> String {
    if ms >= 1000.0 { format!("{} s", (ms / 100.0).round() / 10.0) } else { format!("{ms:.0} ms") }
}

impl Lane {
    const DRAWN: [Self; 3] = [Self::Rest, Self::WebSocket, Self::Voice];

    fn of(entry: &Entry) -> Self {
        match &*entry.kind {
            "http" => Self::Rest,
            "voice" => Self::Voice,
            kind if kind == "ws" || kind.starts_with("ws-") => Self::WebSocket,
            _ => Self::Runner,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rest => "REST",
            Self::WebSocket => "WebSocket",
            Self::Voice => "Voice",
            Self::Runner => "Runner",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Rest => "r",
            Self::WebSocket => "w",
            Self::Voice => "v",
            Self::Runner => "n",
        }
    }

    fn row(self) -> Option<usize> {
        Self::DRAWN.iter().position(|lane| *lane == self)
    }

    fn y(self) -> usize {
        18 + 26 * self.row().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_a_few_round_moments() {
        for (first, last, expected) in [
            (0.0, 0.0, vec![0.0]),
            (0.0, 10.0, vec![0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
            (12.0, 730.0, vec![100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0]),
        ] {
            assert_eq!(ticks(first, last), expected);
        }
        for last in [3.0, 99.0, 1234.0, 61_000.0, 1e7] {
            let ticks = ticks(0.0, last);
            assert!((4..=9).contains(&ticks.len()), "{last}: {ticks:?}");
        }
        assert_eq!((time(20.0), time(1500.0)), ("20 ms".into(), "1.5 s".into()));
    }
}
