//! What every scenario of a run needs to know.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use crate::client::{Address, AddressError, Control, Trust};
use crate::discord::Authority;
use crate::lag::Lag;
use crate::schema::Schemas;

/// What every scenario of a run needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the target listens, without a slash at the end, such as `http://127.0.0.1:2333` or
    /// `https://example.org/lavalink`.
    pub url: String,
    /// Whose certificates it may have, at `https://`.
    pub trust: Trust,
    /// Its password.
    pub password: Secret,
    /// Where the runner's media server listens, without a slash at the end.
    pub media_url: String,
    /// Named waits, already scaled.
    pub budgets: Budgets,
    /// What answers and messages have to look like.
    pub schemas: Arc<Schemas>,
    /// Who signs the certificates of voice gateways.
    pub authority: Arc<Authority>,
    /// How to move the target's time; without it time passes by itself.
    pub manual_time: Option<Control>,
    /// How many sessions of the target outlived their sockets.
    pub outliving: Arc<AtomicUsize>,
}

/// Named waits, multiplied by `--time-scale`. What is waited for may take longer by what the
/// machine is behind; how long nothing must come does not change.
#[derive(Clone, Debug)]
pub struct Budgets {
    /// To connect and to get the whole answer of a request.
    pub answer: Duration,
    /// To get a WebSocket message that is due at once.
    pub message: Duration,
    /// How long nothing must come, where a step says so without a time of its own.
    pub absence: Duration,
    /// The factor itself, for times that a step names.
    pub scale: f64,
    /// How far the machine is behind.
    pub lag: Lag,
}

impl Budgets {
    /// The waits at `scale` 1, multiplied by it.
    pub fn scaled(scale: f64) -> Self {
        Self {
            answer: Duration::from_secs(10).mul_f64(scale),
            message: Duration::from_secs(5).mul_f64(scale),
            absence: Duration::from_millis(400).mul_f64(scale),
            scale,
            lag: Lag::none(),
        }
    }

    /// To connect and to get the whole answer of a request, as late as the machine is now.
    pub fn answer_limit(&self) -> Duration {
        self.answer + self.lag.allowance()
    }

    /// To get a message that is due at once, as late as the machine is now.
    pub fn message_limit(&self) -> Duration {
        self.message + self.lag.allowance()
    }

    /// To get what is due within that time, as late as the machine is now.
    pub fn limit_for(&self, time: Duration) -> Duration {
        time.mul_f64(self.scale) + self.lag.allowance()
    }

    /// To give what need not come the time to come. A late machine makes it little longer: a long
    /// wait for nothing would move the window of the steps after it.
    pub fn grace(&self, time: Duration) -> Duration {
        time.mul_f64(self.scale) + self.lag.allowance() / 4
    }

    /// For a target whose time is moved: what is due at once has been sent when time was moved,
    /// so nothing but the network is waited for.
    #[must_use]
    pub fn for_manual_time(self) -> Self {
        let message = Duration::from_millis(1500).mul_f64(self.scale);
        Self { message, lag: Lag::none(), ..self }
    }
}

/// A text that never shows in reports or logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Settings {
    /// Where the target is.
    pub(crate) fn address(&self) -> Result<Address, AddressError> {
        Address::of(&self.url)
    }

    /// Host and port of the target, as the URL has them.
    pub(crate) fn authority(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }
}
