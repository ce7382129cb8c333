//! What is told of a configuration that works: a line for each kind of thing, so that what matters
//! is not buried.

use std::collections::BTreeSet;

use super::Config;
use super::keys::{self, Kind};
use super::names;
use super::properties::Properties;
use super::values;

const SERVER: &str = "lavalink.server.";
const SOURCES: &str = "lavalink.server.sources";
const YOUTUBE: &str = "lavalink.server.sources.youtube";
const SOUNDCLOUD: &str = "lavalink.server.sources.soundcloud";

/// Variables that begin like those of Lavalink and are flags of this program.
const FLAGS: &[&str] = &["LAVALINK_CONTROL_TOKEN"];

/// Where the real server's users put its flags; there is no JVM here to read them.
const OF_THE_JVM: &[&str] =
    &["JAVA_OPTS", "_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"];

/// The lines.
pub(super) fn of(properties: &Properties, config: &Config) -> Vec<String> {
    let sources = missing_sources(properties, config);
    let lines = [sources, unknown(properties), variables(properties), elsewhere(properties)];
    lines.into_iter().flatten().collect()
}

/// Sources that are switched on and that this server does not have.
fn missing_sources(properties: &Properties, config: &Config) -> Option<String> {
    let is_on = |key: &str| {
        let given = properties.get(key).ok().flatten();
        given.is_some_and(|given| values::switch(&given.value) != Ok(Some(false)))
    };
    let foreign = keys::KEYS.iter().filter(|key| key.kind == Kind::ForeignSource);
    let mut missing: Vec<_> =
        foreign.map(|key| key.name).filter(|name| is_on(name)).map(last_part).collect();
    // Those of plugins are switched on in other places, but people look for them here.
    for (_, name, forms) in properties.names() {
        let form = forms.iter().find(|form| form.starts_with("lavalink.server.sources."));
        if let Some(form) = form.filter(|form| keys::meant_by(form).is_none())
            && is_on(form)
            && !missing.contains(&last_part(name))
        {
            missing.push(last_part(name));
        }
    }
    let simulated = config.simulate_sources;
    if is_on(SOUNDCLOUD) && !simulated {
        missing.push("soundcloud (there is one with --simulate-sources)");
    }
    if is_on(YOUTUBE) && !simulated && config.upstream.is_none() {
        missing
            .push("youtube (there is one with --simulate-sources, or reference-server.upstream)");
    }
    (!missing.is_empty()).then(|| format!("{SOURCES}: not here are {}", missing.join(", ")))
}

/// Keys that nobody knows, each with the nearest that somebody does.
fn unknown(properties: &Properties) -> Option<String> {
    let mut unknown = Vec::new();
    for (origin, name, forms) in properties.names() {
        if origin.is_variable() {
            continue;
        }
        let Some(form) = forms.first() else { continue };
        let meant = match form.strip_prefix("lavalink.server.filters.") {
            Some(_) => misspelled_filter(name),
            None if form.starts_with("lavalink.server.sources.") => None,
            None if keys::meant_by(form).is_some() || keys::is_section(form) => None,
            None => Some(keys::nearest(name).map(str::to_owned)),
        };
        let sentence = match meant {
            None => continue,
            Some(Some(nearest)) => format!("{name} (did you mean {nearest}?)"),
            Some(None) => name.to_owned(),
        };
        if !unknown.contains(&sentence) {
            unknown.push(sentence);
        }
    }
    match unknown.as_slice() {
        [] => None,
        [one] => Some(format!("unknown key: {one}")),
        several => Some(format!("unknown keys: {}", several.join(", "))),
    }
}

/// Names of filters are compared as they are written: `low-pass` is none.
fn misspelled_filter(key: &str) -> Option<Option<String>> {
    let written = names::tail(key, 3);
    if keys::filters().any(|known| known == written) {
        return None;
    }
    let form = names::canonical(&written);
    let alike = keys::filters().find(|known| names::canonical(known) == form);
    Some(
        alike
            .map(str::to_owned)
            .or_else(|| keys::nearest(key).map(|key| last_part(key).to_owned())),
    )
}

/// Variables that look like Lavalink's and are none, and flags that only a JVM would read.
fn variables(properties: &Properties) -> Option<String> {
    let mut unread = Vec::new();
    for (origin, name, forms) in properties.names() {
        if !origin.is_variable() || FLAGS.contains(&name) {
            continue;
        }
        if OF_THE_JVM.contains(&name) {
            let text = properties.text_of_variable(name).unwrap_or_default();
            if ["-Dserver.", "-Dlavalink.", "-Dspring."].iter().any(|flag| text.contains(flag)) {
                unread.push(format!("the -D flags in {name} (there is no JVM here)"));
            }
            continue;
        }
        let is_known = forms.iter().any(|form| keys::meant_by(form).is_some())
            || keys::KEYS
                .iter()
                .any(|key| name.eq_ignore_ascii_case(&names::long_variable(key.name)))
            || forms.iter().any(|form| keys::is_section(form))
            || forms.iter().any(|form| form.starts_with("lavalink.server.sources."));
        if is_known && !is_misspelled_filter(name) {
            continue;
        }
        let upper = name.to_uppercase().replace(['.', '-'], "_");
        let nearest = keys::nearest_variable(&upper);
        let ours =
            ["LAVALINK_SERVER_", "METRICS_PROMETHEUS_", "REFERENCESERVER_", "REFERENCE_SERVER_"];
        let looks_like_ours = ours.iter().any(|start| upper.starts_with(start))
            || (nearest.is_some()
                && ["LAVALINK", "SERVER_"].iter().any(|start| upper.starts_with(start)));
        if looks_like_ours {
            unread.push(match nearest.filter(|nearest| *nearest != upper) {
                Some(nearest) => format!("{name} (did you mean {nearest}?)"),
                None => name.to_owned(),
            });
        }
    }
    (!unread.is_empty()).then(|| format!("not read from the environment: {}", unread.join(", ")))
}

/// In capitals the names of two filters cannot be told apart from others: `lowpass` is none.
fn is_misspelled_filter(name: &str) -> bool {
    let form = names::of_variable(name);
    form.strip_prefix("lavalink.server.filters.")
        .is_some_and(|filter| !keys::filters().any(|known| known == filter))
}

/// What Lavalink knows and nothing here depends on.
fn elsewhere(properties: &Properties) -> Option<String> {
    let mut found = BTreeSet::new();
    for (origin, _, forms) in properties.names() {
        let row = forms.first().and_then(|form| keys::meant_by(form));
        if let Some(row) = row.filter(|row| row.kind == Kind::Elsewhere && !origin.is_variable()) {
            found.insert(row.name.strip_prefix(SERVER).unwrap_or(row.name));
        }
    }
    let names: Vec<_> = found.into_iter().collect();
    (!names.is_empty()).then(|| format!("without effect here: {}", names.join(", ")))
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
