//! What is told of a configuration that works: a line for each kind of thing, so that what matters
//! is not buried.

use std::collections::BTreeSet;

use super::keys::{self, Key, Kind};
use super::properties::{Named, Properties};
use super::{Config, names, nearest, shapes, values};
use crate::nearest::nearest as near;

const SERVER: &str = "lavalink.server.";
const SOURCES: &str = "lavalink.server.sources";
const YOUTUBE: &str = "lavalink.server.sources.youtube";
const SOUNDCLOUD: &str = "lavalink.server.sources.soundcloud";

/// The sources of Lavalink's that this server has too.
const OWN_SOURCES: [&str; 4] = ["http", "local", "youtube", "soundcloud"];

/// Variables that begin like those of Lavalink and are flags of this program.
const FLAGS: &[&str] = &["LAVALINK_CONTROL_TOKEN"];

/// Where the real server's users put its flags; there is no JVM here to read them.
const OF_THE_JVM: &[&str] =
    &["JAVA_OPTS", "_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"];

/// The lines.
pub(super) fn of(properties: &Properties, config: &Config) -> Vec<String> {
    let lines = [
        missing_sources(properties, config),
        shapes::line(properties),
        unknown(properties),
        variables(properties),
        not_followed(properties),
        elsewhere(properties),
    ];
    lines.into_iter().flatten().collect()
}

/// Sources that are switched on and that this server does not have.
fn missing_sources(properties: &Properties, config: &Config) -> Option<String> {
    let is_on = |key: &str| {
        let given = properties.get(key).ok().flatten();
        given.is_some_and(|given| values::switch(&given.value) != Ok(Some(false)))
    };
    let foreign = || keys::KEYS.iter().filter(|key| key.kind == Kind::ForeignSource);
    let mut missing: Vec<_> =
        foreign().map(|key| key.name).filter(|name| is_on(name)).map(last_part).collect();
    let all = foreign().map(|key| last_part(key.name)).chain(OWN_SOURCES);
    let all: Vec<_> = all.collect();
    // Those of plugins are switched on in other places, but people look for them here.
    let mut unknown: Vec<String> = Vec::new();
    for Named { name, forms, origin, .. } in properties.names() {
        let form = forms.iter().find(|form| form.starts_with("lavalink.server.sources."));
        let own = form.filter(|form| keys::meant_by(form).is_none() && !shapes::is_misplaced(form));
        let Some(form) = own.filter(|form| is_on(form)) else { continue };
        let source = last_part(form);
        let meant = near(source, all.iter().copied());
        let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        let sentence = format!("{} ({origin}{meant})", last_part(name));
        if !unknown.contains(&sentence) {
            unknown.push(sentence);
        }
    }
    let simulated = config.simulate_sources;
    if is_on(SOUNDCLOUD) && !simulated {
        missing.push("soundcloud (--simulate-sources has one)");
    }
    if is_on(YOUTUBE) && !simulated && config.upstream.is_none() {
        missing.push("youtube (--simulate-sources has one, or reference-server.upstream)");
    }
    let missing = (!missing.is_empty())
        .then(|| format!("switched on, but this server does not have {}", missing.join(", ")));
    let unknown = (!unknown.is_empty())
        .then(|| format!("no source of Lavalink's is called {}", unknown.join(", ")));
    let parts: Vec<_> = missing.into_iter().chain(unknown).collect();
    (!parts.is_empty()).then(|| format!("{SOURCES}: {}", parts.join("; ")))
}

/// Keys that nobody knows, each with the nearest that somebody does.
fn unknown(properties: &Properties) -> Option<String> {
    let asked_for = properties.asked_for();
    let mut unknown = Vec::new();
    for Named { name, forms, origin, shared, .. } in properties.names() {
        let Some(form) = forms.first().filter(|form| !form.is_empty()) else { continue };
        // They are there for others in the same file.
        let helps = asked_for.contains(form) || (shared && !keys::is_within_known(form));
        if origin.is_variable() || helps || shapes::is_misplaced(form) {
            continue;
        }
        let meant = match form.strip_prefix("lavalink.server.filters.") {
            Some(_) => misspelled_filter(name),
            None if form.starts_with("lavalink.server.sources.") => None,
            None if keys::meant_by(form).is_some() || keys::is_section(form) => None,
            None => Some(nearest::key(name).map(str::to_owned)),
        };
        let sentence = match meant {
            None => continue,
            Some(Some(nearest)) => format!("{name} ({origin}; did you mean {nearest}?)"),
            Some(None) => format!("{name} ({origin})"),
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
    let known = keys::filters().any(|known| known == written);
    (!known).then(|| nearest::filter(&written).map(str::to_owned))
}

/// Variables that look like Lavalink's and are none, and flags that only a JVM would read.
fn variables(properties: &Properties) -> Option<String> {
    let asked_for = properties.asked_for();
    let mut unread = Vec::new();
    for Named { name, forms, origin, .. } in properties.names() {
        let helps = forms.first().is_some_and(|form| asked_for.contains(form));
        if !origin.is_variable() || FLAGS.contains(&name) || helps {
            continue;
        }
        if OF_THE_JVM.contains(&name) {
            let text = properties.text_of_variable(name).unwrap_or_default();
            if ["-Dserver.", "-Dlavalink.", "-Dspring."].iter().any(|flag| text.contains(flag)) {
                unread.push(format!("the -D flags in {name} (there is no JVM here)"));
            }
            continue;
        }
        let is_known = row(name, forms).is_some()
            || forms.iter().any(|form| keys::is_section(form))
            || forms.iter().any(|form| form.starts_with("lavalink.server.sources."));
        if is_known && !is_misspelled_filter(name) {
            continue;
        }
        let upper = name.to_uppercase().replace(['.', '-'], "_");
        let nearest = nearest::variable(&upper);
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

/// What would change what clients see of Lavalink, and is not followed here.
fn not_followed(properties: &Properties) -> Option<String> {
    let tls_is_off = off(properties, "server.ssl.enabled");
    let mut found = Vec::new();
    for named in properties.names() {
        let Some(row) = row(named.name, named.forms) else { continue };
        if row.kind != Kind::NotFollowed || (row.name == "server.ssl" && tls_is_off) {
            continue;
        }
        let text = named.value.text().unwrap_or_default();
        let harmless = values::switch(named.value) == Ok(Some(false)) || text.is_empty();
        if harmless || text == "/" || off(properties, &format!("{}.enabled", row.name)) {
            continue;
        }
        let told = match named.origin.is_variable() {
            true => named.name.to_owned(),
            false => format!("{} ({})", named.name, named.origin),
        };
        found.push(told);
    }
    (!found.is_empty())
        .then(|| format!("not followed here, though Lavalink would: {}", found.join(", ")))
}

/// Whether a switch is given and off.
fn off(properties: &Properties, key: &str) -> bool {
    let given = properties.get(key).ok().flatten();
    given.is_some_and(|given| values::switch(&given.value) == Ok(Some(false)))
}

/// The row that a name belongs to, in whatever notation it is.
fn row(name: &str, forms: &[String]) -> Option<&'static Key> {
    let by_form = forms.iter().find_map(|form| keys::meant_by(form));
    by_form.or_else(|| {
        let long = |key: &&Key| name.eq_ignore_ascii_case(&names::long_variable(key.name));
        keys::KEYS.iter().find(long)
    })
}

/// What Lavalink knows and nothing here depends on.
fn elsewhere(properties: &Properties) -> Option<String> {
    let told = not_followed(properties).unwrap_or_default();
    let mut found = BTreeSet::new();
    for Named { name, forms, origin, .. } in properties.names() {
        let row = forms.first().and_then(|form| keys::meant_by(form));
        let row = row.filter(|row| matches!(row.kind, Kind::Elsewhere | Kind::NotFollowed));
        if let Some(row) = row.filter(|_| !origin.is_variable() && !told.contains(name)) {
            found.insert(row.name.strip_prefix(SERVER).unwrap_or(row.name));
        }
    }
    let names: Vec<_> = found.into_iter().collect();
    (!names.is_empty()).then(|| format!("without effect here: {}", names.join(", ")))
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
