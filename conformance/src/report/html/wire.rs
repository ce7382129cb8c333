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

/// From the least that tells something to all that there is.
const STEPS: [Shown; 6] = [
    Shown { entries: 8, body: 0 },
    Shown { entries: 30, body: 0 },
    Shown { entries: 200, body: 0 },
    Shown { entries: 200, body: 300 },
    Shown { entries: 200, body: 1200 },
    Shown { entries: 200, body: 4000 },
];

/// How many causes come before all others.
const FIRST: usize = 12;

/// The timelines of all scenarios that have one, by scenario, in no more bytes than there is room
/// for. Each has something before any has more; but the first causes have all of theirs before.
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
    let mut wires: BTreeMap<&str, String> = BTreeMap::new();
    let mut left = room;
    let (first, others) = scenarios.split_at(scenarios.len().min(FIRST));
    // A part of the room is kept from the first for the others.
    let kept = if others.is_empty() { 0 } else { room / 2 };
    for (group, kept) in [(first, kept), (others, 0)] {
        let mut group: Vec<_> = group.to_vec();
        for shown in STEPS {
            // What there is no room for now will not fit with more.
            group.retain(|scenario| {
                let Some(outcome) = scenario.telling() else { return false };
                let wire = draw(outcome, shown).into_string();
                let before = wires.get(scenario.id.as_str()).map_or(0, String::len);
                let fits = wire.len() + kept <= left + before;
                if fits {
                    left = left + before - wire.len();
                    wires.insert(&scenario.id, wire);
                }
                fits
            });
        }
    }
    wires.into_iter().map(|(scenario, wire)| (scenario, PreEscaped(wire))).collect()
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
    let axis = Axis::of(entries.iter().map(ms));
    let mut paths: [String; 3] = Default::default();
    let mut open: Vec<(&str, f64)> = Vec::new();
    for entry in entries {
        let (lane, at) = (Lane::of(entry), axis.x(ms(entry)));
        let Some(row) = lane.row() else { continue };
        let path = &mut paths[row];
        let y = lane.y();
        // Writing to a String cannot fail.
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
    html! {
        div.axis {
            svg viewBox=(format!("0 0 760 {HEIGHT}")) role="img"
                aria-label="When REST, WebSocket and voice were used; the list below says the same" {
                @for lane in Lane::DRAWN {
                    text.lane x="0" y=(lane.y() + 4) { (lane.name()) }
                    path.rail d=(format!("M{LEFT} {}H{RIGHT}", lane.y())) {}
                }
                @for (x, moment) in axis.ticks() {
                    path.rail d=(format!("M{x:.0} 8V{}", HEIGHT - 20.0)) {}
                    text.tick x=(format!("{x:.0}")) y=(HEIGHT - 6.0) { (time(moment)) }
                }
                @for (x, silence) in axis.silences() {
                    path.silence d=(format!("M{x:.0} 2V{}", HEIGHT - 20.0)) {}
                    text.tick x=(format!("{x:.0}")) y=(HEIGHT - 6.0) { "… " (time(silence)) " …" }
                }
                @for (at, path) in paths.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
                    path.(format!("l{at}")) d=(path) {}
                }
            }
        }
    }
}

/// A silence that is longer, in ms, and a fifth of everything, is not drawn as long as it was:
/// nothing could be told apart beside it.
const LONG: f64 = 400.0;

/// How wide such a silence is.
const SILENCE: f64 = 70.0;

/// Labels need so much room.
const LABEL: f64 = 54.0;

/// Where moments stand.
#[derive(Debug)]
struct Axis {
    /// First and last moment of what is drawn true to scale, in ms, and where the first one stands.
    parts: Vec<(f64, f64, f64)>,
    /// Units in a ms.
    scale: f64,
}

impl Axis {
    /// For moments in their order.
    fn of(moments: impl Iterator<Item = f64> + Clone) -> Self {
        let first = moments.clone().next().unwrap_or_default();
        let last = moments.clone().fold(first, f64::max);
        let long = LONG.max((last - first) / 5.0);
        let mut parts: Vec<(f64, f64, f64)> = vec![(first, first, 0.0)];
        for at in moments {
            let Some((_, end, _)) = parts.last_mut() else { break };
            if at - *end > long {
                parts.push((at, at, 0.0));
            } else {
                *end = end.max(at);
            }
        }
        let used: f64 = parts.iter().map(|(from, to, _)| to - from).sum();
        let silent = (parts.len() - 1) as f64 * SILENCE;
        let scale = (RIGHT - LEFT - 12.0 - silent) / used.max(1.0);
        let mut x = LEFT + 6.0;
        for (from, to, begin) in &mut parts {
            *begin = x;
            x += (*to - *from) * scale + SILENCE;
        }
        Self { parts, scale }
    }

    fn x(&self, at: f64) -> f64 {
        let part = self.parts.iter().rfind(|(from, ..)| *from <= at).or(self.parts.first());
        part.map_or(LEFT, |(from, to, x)| x + (at.clamp(*from, *to) - from) * self.scale)
    }

    /// Round moments that have room for their labels, and where they stand.
    fn ticks(&self) -> Vec<(f64, f64)> {
        let used: f64 = self.parts.iter().map(|(from, to, _)| to - from).sum();
        let step = step(used);
        let silences = self.silences();
        let mut ticks: Vec<(f64, f64)> = Vec::new();
        for (from, to, _) in &self.parts {
            let begin = (from / step).ceil();
            let moments = (0..12).map(|n| (begin + f64::from(n)) * step);
            for moment in moments.take_while(|moment| moment <= to) {
                let x = self.x(moment);
                let far = |other: f64| (x - other).abs() >= LABEL;
                if ticks.iter().all(|(other, _)| far(*other))
                    && silences.iter().all(|(o, _)| far(*o))
                {
                    ticks.push((x, moment));
                }
            }
        }
        ticks
    }

    /// The middle of each silence that is cut, and how long it was.
    fn silences(&self) -> Vec<(f64, f64)> {
        let pairs = self.parts.windows(2);
        let of = |pair: &[(f64, f64, f64)]| (pair[1].2 - SILENCE / 2.0, pair[1].0 - pair[0].1);
        pairs.map(of).collect()
    }
}

/// The round time of which four to eight make this one.
fn step(span: f64) -> f64 {
    let mut step = 10_f64.powf((span.max(1.0) / 8.0).log10().floor());
    for factor in [2.0, 2.5, 2.0] {
        if span / step > 8.0 {
            step *= factor;
        }
    }
    step
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
        for (span, expected) in [(10.0, 2.0), (19.0, 5.0), (730.0, 100.0), (61_000.0, 10_000.0)] {
            assert_eq!(step(span), expected);
        }
        let axis = Axis::of([12.0, 300.0, 500.0, 730.0].into_iter());
        let moments: Vec<_> = axis.ticks().into_iter().map(|(_, moment)| moment).collect();
        assert_eq!(moments, [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0]);
        assert_eq!((axis.x(12.0), axis.x(730.0)), (LEFT + 6.0, RIGHT - 6.0));
        assert_eq!((time(20.0), time(1500.0)), ("20 ms".into(), "1.5 s".into()));
        assert_eq!(Axis::of(std::iter::empty()).x(3.0), LEFT + 6.0);
    }

    #[test]
    fn what_is_near_can_be_told_apart_in_spite_of_a_long_silence() {
        let axis = Axis::of([3.0, 34.0, 78.0, 6726.0, 6730.0].into_iter());
        assert_eq!(axis.silences().len(), 1);
        assert!((axis.silences()[0].1 - 6648.0).abs() < 0.1);
        assert!(axis.x(34.0) - axis.x(3.0) > 100.0);
        let (before, after) = (axis.x(78.0), axis.x(6726.0));
        assert!((after - before - SILENCE).abs() < 0.1);
        assert!(axis.x(6730.0) <= RIGHT);
        assert!(axis.ticks().windows(2).all(|pair| pair[1].0 - pair[0].0 >= LABEL));
    }
}
