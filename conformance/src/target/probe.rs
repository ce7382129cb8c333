//! Asks a target what it is, before anything is judged.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::client::Request;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::spec::Scenario;
use crate::timeline::Timeline;

/// A target that answers.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it listens.
    pub url: String,
    /// What it says of its version; empty when it says nothing.
    pub version: String,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// What a target says it can do. What it does not tell is taken to be there.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    sources: Option<BTreeSet<String>>,
    filters: Option<BTreeSet<String>>,
}

/// Why nothing can be established about a target.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Nobody answers there.
    #[error("nothing answers at {url}: {why}; is the server running, and is the port right?")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What happened.
        why: String,
    },
    /// It does not take the password.
    #[error(
        "{url} refuses the password ({status}); give the right one with --password or LAVALINK_PASSWORD"
    )]
    Refused {
        /// Where it is.
        url: String,
        /// 401 or 403.
        status: u16,
    },
}

/// What a scenario may need besides sources and filters. A prerequisite shows whether the target joins
/// voice channels, and the fleet knows the rest.
pub(crate) const NEEDS: [&str; 6] =
    ["voice", "upstream", "watch", "local-block", "manual-time", "own-server"];

/// Whether anybody answers at all.
pub async fn is_alive(settings: &Settings) -> bool {
    ask(settings, "/version").await.is_ok()
}

/// How often a target is asked how late it is.
const MEASURING_PAUSE: Duration = Duration::from_millis(250);

/// Asks for ever how late the target answers what needs no work.
pub(super) async fn measure(settings: Arc<Settings>) {
    let lag = &settings.budgets.lag;
    loop {
        let began = Instant::now();
        // One that is gone, or says no, is found out elsewhere.
        if ask(&settings, "/version").await.is_ok() {
            lag.answered_in(began.elapsed());
        }
        sleep(MEASURING_PAUSE).await;
    }
}

/// Reaches the target and asks what it can do.
///
/// # Errors
/// [`ProbeError`] if it cannot be reached, or refuses the password.
pub async fn probe(settings: &Settings) -> Result<Target, ProbeError> {
    let unreachable = |failure: Failure| ProbeError::Unreachable {
        url: settings.url.clone(),
        why: failure.message,
    };
    let (status, body) = ask(settings, "/v4/info").await.map_err(unreachable)?;
    if status == 401 || status == 403 {
        return Err(ProbeError::Refused { url: settings.url.clone(), status });
    }
    let info: Value = serde_json::from_str(&body).unwrap_or_default();
    let names = |key: &str| {
        let names = info[key].as_array()?.iter();
        Some(names.filter_map(|name| name.as_str().map(str::to_owned)).collect())
    };
    Ok(Target {
        url: settings.url.clone(),
        version: info["version"]["semver"].as_str().unwrap_or_default().to_owned(),
        capabilities: Capabilities { sources: names("sourceManagers"), filters: names("filters") },
    })
}

async fn ask(settings: &Settings, path: &str) -> Result<(u16, String), Failure> {
    let password = settings.password.reveal().to_owned();
    let request = Request {
        method: "GET".into(),
        path: path.into(),
        headers: vec![("Authorization".into(), password)],
        body: None,
    };
    let answer = request.send(settings, &Timeline::new()).await?;
    Ok((answer.status, answer.body))
}

impl Capabilities {
    /// What somebody says of sources and filters counts more than what the target says.
    #[must_use]
    pub fn or_declared(self, declared: &Self) -> Self {
        let or = |declared: &Option<BTreeSet<String>>, told| declared.clone().or(told);
        Self {
            sources: or(&declared.sources, self.sources),
            filters: or(&declared.filters, self.filters),
        }
    }

    /// As somebody declares them; `None` for what is not declared.
    pub fn declared(sources: Option<BTreeSet<String>>, filters: Option<BTreeSet<String>>) -> Self {
        Self { sources, filters }
    }

    /// Why a scenario cannot be judged on this target; `None` if it can.
    pub fn lacking(&self, scenario: &Scenario) -> Option<String> {
        scenario.needs().find_map(|need| {
            if let Some(source) = need.strip_suffix("-source") {
                let missing = self.sources.as_ref().is_some_and(|names| !names.contains(source));
                return missing.then(|| {
                    format!(
                        "the target has no source {source} (/v4/info or its target file says so)"
                    )
                });
            }
            if let Some(filter) = need.strip_prefix("filter-") {
                let missing = self.filters.as_ref().is_some_and(|names| !names.contains(filter));
                return missing.then(|| {
                    format!(
                        "the target has no filter {filter} (/v4/info or its target file says so)"
                    )
                });
            }
            let is_known = NEEDS.contains(&need);
            (!is_known).then(|| format!("the runner cannot offer {need} yet"))
        })
    }
}
