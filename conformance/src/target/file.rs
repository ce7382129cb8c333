//! What somebody says about a target in a file, so that nobody has to say it again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::client::Address;
use crate::nearest::{did_you_mean, nearest};
use crate::settings::Secret;
use crate::spec::{Rule, Scenario, Spec};
use crate::toml_file::{Keys, Place, TomlError, TomlFile};
use crate::upstream::UpstreamOptions;

const KEYS: &[&str] = &[
    "name",
    "version",
    "url",
    "launch",
    "password",
    "profile",
    "ready-timeout",
    "sources",
    "filters",
    "unsupported",
    "env",
    "routeplanner",
];

/// Keys of `[routeplanner]`.
const ROUTE_PLANNER_KEYS: &[&str] = &["search", "watch", "listen", "tls"];

/// A target as its file describes it.
#[derive(Clone, Debug)]
pub struct TargetFile {
    path: PathBuf,
    /// How reports call it.
    pub name: String,
    /// Of which version it is.
    pub version: Option<String>,
    /// Where it is; the command line says it if the file does not.
    pub start: Option<Start>,
    /// What it asks of clients.
    pub password: Option<Secret>,
    /// The configuration that a target at a URL runs with.
    pub profile: Option<String>,
    /// How long a target that is started may take to answer.
    pub ready_timeout: Option<Duration>,
    /// Its sources, whatever `/v4/info` says.
    pub sources: Option<BTreeSet<String>>,
    /// Its filters, whatever `/v4/info` says.
    pub filters: Option<BTreeSet<String>>,
    /// How its guarded sources are brought to ask the runner's upstream.
    pub upstream: Option<UpstreamOptions>,
    /// The environment of a target that is started, on top of the runner's own.
    pub env: Vec<(String, String)>,
    unsupported: Vec<(String, Place)>,
    /// Every source and filter, with the key that it stands at.
    capabilities: Vec<(&'static str, String, Place)>,
}

/// Where a target is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// It runs there; without a slash at the end.
    Url(String),
    /// This command starts it.
    Launch(String),
}

impl TargetFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It is not there, is no TOML, has a key that does not exist or a value of another type, or
    /// says both `url` and `launch`.
    pub fn read(path: &Path) -> Result<Self, TomlError> {
        let file = TomlFile::read(path)?;
        let keys = file.root(KEYS)?;
        let owned = |text: &str| text.to_owned();
        let mut capabilities = Vec::new();
        let mut names = |key: &'static str| -> Result<Option<BTreeSet<String>>, TomlError> {
            let Some(texts) = keys.texts(key)? else { return Ok(None) };
            capabilities.extend(texts.iter().map(|(text, place)| (key, text.clone(), *place)));
            Ok(Some(texts.into_iter().map(|(text, _)| text).collect()))
        };
        let (sources, filters) = (names("sources")?, names("filters")?);
        Ok(Self {
            path: path.to_owned(),
            name: owned(keys.required("name", keys.text("name")?)?),
            version: keys.text("version")?.map(owned),
            start: start(&keys)?,
            password: keys.text("password")?.map(Secret::new),
            profile: keys.text("profile")?.map(owned),
            ready_timeout: ready_timeout(&keys)?,
            sources,
            filters,
            upstream: keys.table("routeplanner", ROUTE_PLANNER_KEYS)?.map(upstream).transpose()?,
            env: env(&keys)?,
            unsupported: keys.texts("unsupported")?.unwrap_or_default(),
            capabilities,
        })
    }

    /// Whether everything that is `unsupported` exists, and no source or filter is a misspelling of
    /// one that scenarios need. Those of plugins are as good as any.
    ///
    /// # Errors
    /// Names the first word that does not exist or is misspelt, and what is most like it.
    pub fn check(&self, spec: &Spec) -> Result<(), TomlError> {
        self.check_capabilities(spec)?;
        let known: BTreeSet<&str> =
            spec.scenarios().flat_map(|(rule, scenario)| words_for(rule, scenario)).collect();
        match self.unsupported.iter().find(|(word, _)| !known.contains(word.as_str())) {
            None => Ok(()),
            Some((word, place)) => {
                let nearest = nearest(word, known);
                let message = format!(
                    "unsupported: {word:?} is no area, file, rule, scenario or need{}",
                    did_you_mean(nearest)
                );
                Err(TomlError::Wrong { path: self.path.clone(), place: *place, message })
            }
        }
    }

    fn check_capabilities(&self, spec: &Spec) -> Result<(), TomlError> {
        let needs: BTreeSet<&str> =
            spec.scenarios().flat_map(|(_, scenario)| scenario.needs()).collect();
        for (key, name, place) in &self.capabilities {
            let known = needs.iter().filter_map(|need| match *key {
                "sources" => need.strip_suffix("-source"),
                _ => need.strip_prefix("filter-"),
            });
            let meant = nearest(name, known).filter(|meant| *meant != name);
            if let Some(meant) = meant {
                let message =
                    format!("{key}: no scenario needs {name:?}{}", did_you_mean(Some(meant)));
                return Err(TomlError::Wrong { path: self.path.clone(), place: *place, message });
            }
        }
        Ok(())
    }

    /// The words for what is not for this target.
    pub fn unsupported_words(&self) -> impl Iterator<Item = &str> {
        self.unsupported.iter().map(|(word, _)| word.as_str())
    }

    /// Why a scenario is not for this target; `None` if it is.
    pub fn unsupported(&self, rule: &Rule, scenario: &Scenario) -> Option<String> {
        let said: BTreeSet<_> = self.unsupported_words().collect();
        let word = words_for(rule, scenario).find(|word| said.contains(word))?;
        Some(format!("the target file says that {word} is not supported"))
    }
}

/// Everything that a scenario can be meant by: its area, its file without the extension
/// (`player/voice`), its rule, itself, all rows of its outline, and what it needs.
fn words_for<'a>(rule: &'a Rule, scenario: &'a Scenario) -> impl Iterator<Item = &'a str> {
    let file = rule.file.strip_suffix(".feature").unwrap_or(&rule.file);
    let outline = scenario.id.split('[').next().unwrap_or_default();
    [&rule.area, file, &rule.id, outline, &scenario.id].into_iter().chain(scenario.needs())
}

fn start(keys: &Keys<'_>) -> Result<Option<Start>, TomlError> {
    match (keys.text("url")?, keys.text("launch")?) {
        (Some(_), Some(_)) => {
            let message = "url and launch are two ways to say where the target is; keep one";
            Err(keys.wrong("launch", message.into()))
        }
        (Some(url), None) => {
            let address = Address::of(url).map_err(|error| {
                let message = format!("url {error}");
                keys.wrong("url", message)
            })?;
            Ok(Some(Start::Url(address.url())))
        }
        (None, launch) => Ok(launch.map(|command| Start::Launch(command.to_owned()))),
    }
}

fn ready_timeout(keys: &Keys<'_>) -> Result<Option<Duration>, TomlError> {
    let Some(seconds) = keys.positive("ready-timeout")? else { return Ok(None) };
    let too_long = |_| keys.wrong("ready-timeout", "ready-timeout is too long".into());
    Duration::try_from_secs_f64(seconds).map(Some).map_err(too_long)
}

/// What stands in `[routeplanner]`. A table without `watch` is of a target that knows no videos.
fn upstream(keys: Keys<'_>) -> Result<UpstreamOptions, TomlError> {
    let with = |key: &str, placeholder: &str| {
        let Some(text) = keys.text(key)? else { return Ok(None) };
        if text.contains(placeholder) {
            return Ok(Some(text.to_owned()));
        }
        Err(keys.wrong(key, format!("{key} has to hold {placeholder}, in whose place it is put")))
    };
    let listen = keys.texts("listen")?.unwrap_or_default().into_iter().map(|(text, place)| {
        let message = format!("listen: {text:?} is no address with a port, such as 127.0.0.1:443");
        text.parse().map_err(|_| keys.wrong_at(place, message))
    });
    Ok(UpstreamOptions {
        listen: listen.collect::<Result<_, _>>()?,
        search: keys.required("search", with("search", "{query}")?)?,
        watch: with("watch", "{id}")?,
        tls: keys.texts("tls")?.unwrap_or_default().into_iter().map(|(name, _)| name).collect(),
    })
}

fn env(keys: &Keys<'_>) -> Result<Vec<(String, String)>, TomlError> {
    let env = keys.table_of_texts("env")?;
    if !env.is_empty() && keys.text("url")?.is_some() {
        let message = "env is for a target that the runner starts; the one at url runs already";
        return Err(keys.wrong("env", message.into()));
    }
    Ok(env)
}

#[cfg(test)]
mod tests;
