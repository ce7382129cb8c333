//! How a mock is to be.

use std::io;

use serde_json::Value;

use super::Mock;
use super::process::Process;
use crate::config::{ClockKind, Config, Password};
use crate::control::read_catalogue;
use crate::control::told::Identity;
use crate::deviations::{self, UnknownDeviation};
use crate::serve::RunError;
use crate::shared::Prepared;

/// How a [`Mock`] is to be.
///
/// ```
/// # use lavalink_reference_server::Mock;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = Mock::builder().password("secret").real_clock().start().await?;
/// assert_eq!(mock.password(), "secret");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "start it"]
pub struct MockBuilder {
    config: Config,
    deviations: Vec<String>,
    catalogue: Option<Value>,
    info: Option<Value>,
}

/// Why a mock did not start, or does not do what it is asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// The machine has no port or no thread for it.
    #[error("the mock cannot start")]
    System(#[from] io::Error),
    /// Its configuration cannot be used.
    #[error(transparent)]
    Run(#[from] RunError),
    /// There is no deviation of that name.
    #[error(transparent)]
    Deviation(#[from] UnknownDeviation),
    /// Something that it was to begin with is wrong.
    #[error("{what}: {why}")]
    Prepare {
        /// `catalogue` or `info`.
        what: &'static str,
        /// Names the key and the nearest one that there is.
        why: String,
    },
    /// The control API refuses it.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Names the key, and the nearest one that there is.
        message: String,
        /// The whole error object.
        body: Value,
    },
    /// It has stopped.
    #[error("the mock has stopped")]
    Stopped,
}

impl MockError {
    /// What the control API has answered with, if it has.
    pub fn status(&self) -> Option<u16> {
        if let Self::Refused { status, .. } = self { Some(*status) } else { None }
    }
}

impl Default for MockBuilder {
    fn default() -> Self {
        let mut config = Config::default();
        config.be_a_mock();
        Self { config, deviations: Vec::new(), catalogue: None, info: None }
    }
}

impl MockBuilder {
    /// What clients have to send as `Authorization`; `youshallnotpass` otherwise.
    pub fn password(mut self, password: &str) -> Self {
        self.config.password = Password(password.to_owned());
        self
    }

    /// Time stands still until it is moved. It does so unless something else is said.
    pub fn manual_clock(mut self) -> Self {
        self.config.clock = ClockKind::Manual;
        self
    }

    /// Time passes by itself.
    pub fn real_clock(mut self) -> Self {
        self.config.clock = ClockKind::Real;
        self
    }

    /// When its time begins, milliseconds since the epoch; the beginning of 2025 otherwise.
    pub fn start_time(mut self, ms: u64) -> Self {
        self.config.start_time = Some(ms);
        self
    }

    /// Another seed draws other session ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = Some(seed);
        self
    }

    /// Does what the real server does in more than one way now like this, now like that.
    pub fn vary(mut self, seed: u64) -> Self {
        self.config.vary = Some(seed);
        self
    }

    /// Does one thing wrong, such as `LL-HTTP-001/wrong-version`; can be called again.
    pub fn deviate(mut self, name: &str) -> Self {
        self.deviations.push(name.to_owned());
        self
    }

    /// Tracks of your own: what `PUT /control/catalogue` takes.
    pub fn catalogue(mut self, catalogue: Value) -> Self {
        self.catalogue = Some(catalogue);
        self
    }

    /// What it says it is: what `PUT /control/info` takes.
    pub fn info(mut self, info: Value) -> Self {
        self.info = Some(info);
        self
    }

    /// Anything else of its configuration. Address and port are its own.
    pub fn configure(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Starts it. It has bound its port and serves when this returns.
    ///
    /// # Errors
    /// If something it is told is wrong, or the machine has no port or no thread for it.
    pub async fn start(self) -> Result<Mock, MockError> {
        let Self { config, deviations, catalogue, info } = self;
        let wrong = |what| move |why| MockError::Prepare { what, why };
        let catalogue = catalogue.map(|value| read_catalogue(&value.to_string()));
        let identity = info.map(|value| Identity::of_text(&value.to_string()));
        let prepared = Prepared {
            catalogue: catalogue.transpose().map_err(wrong("catalogue"))?,
            identity: identity.transpose().map_err(wrong("info"))?,
        };
        let deviations = deviations::of_names(&deviations)?;
        Process::start(config, prepared, deviations).await.map(Mock)
    }
}
