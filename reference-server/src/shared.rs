//! What requests and sessions share.

use std::sync::Arc;
#[cfg(feature = "voice")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[cfg(feature = "voice")]
use rustls::ClientConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::Config;
use crate::control::told::{Controls, Identity, Watches};
use crate::deviations::switch::{self, deviates};
use crate::latitude::Latitude;
use crate::playback::Making;
use crate::routeplanner::{Manner, RateLimitError, RoutePlanner};
use crate::stats::{Counts, Machine, Stats};
#[cfg(feature = "voice")]
use crate::tls::{self, TlsError};
use crate::tracks::{Contents, Sources};

/// What requests and sessions share. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Parts>);

/// What a server is told before its first request.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) catalogue: Option<Contents>,
    pub(crate) identity: Option<Identity>,
}

/// The parts of a [`Shared`].
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) sources: Sources,
    /// `None` unless blocks of addresses are configured.
    pub(crate) planner: Option<Arc<RoutePlanner>>,
    pub(crate) machine: Machine,
    pub(crate) latitude: Latitude,
    pub(crate) messages: Arc<Messages>,
    /// `None` without a control API.
    pub(crate) controls: Option<Arc<Controls>>,
    /// Whether nobody listens to what voice connections send.
    unheard: AtomicBool,
    /// Made when it is first needed: reading the system's certificates takes its time.
    #[cfg(feature = "voice")]
    voice_tls: OnceLock<Arc<ClientConfig>>,
    /// Cancelled when the server is told to end.
    pub(crate) stop: CancellationToken,
    /// Every task that has to end before the server has.
    pub(crate) tasks: TaskTracker,
}

/// How many messages were sent to clients.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    sent: AtomicU64,
    /// Who waits for one.
    pub(crate) watches: Watches,
}

impl Messages {
    pub(crate) fn add_one(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Shared {
    /// Fails if no route planner can be made of the configuration.
    pub(crate) fn new(
        config: Config,
        clock: Clock,
        prepared: Prepared,
    ) -> Result<Self, RateLimitError> {
        let stop = CancellationToken::new();
        let planner = config.ratelimit.as_ref().filter(|_| {
            config.sources.youtube || !deviates(switch::ROUTEPLANNER_091_ENDPOINTS_GONE)
        });
        let planner = planner
            .map(|limits| {
                let Config { seed, vary, quirks, .. } = config;
                RoutePlanner::new(limits, Manner { seed, vary, quirks }, clock.clone())
            })
            .transpose()?
            .map(Arc::new);
        let Prepared { catalogue, identity } = prepared;
        let has_controls = config.control_token.is_some() || identity.is_some();
        let controls = || Arc::new(Controls::new(config.seed, identity.unwrap_or_default()));
        let controls = has_controls.then(controls);
        let sources = Sources::guarded(&config, planner.clone(), clock.clone(), &stop);
        if let Some(catalogue) = catalogue {
            sources.catalogue().put(catalogue);
        }
        Ok(Self(Arc::new(Parts {
            sources,
            planner,
            machine: Machine::new(config.constant_stats),
            latitude: Latitude::new(config.vary),
            messages: Arc::default(),
            controls,
            unheard: AtomicBool::new(false),
            #[cfg(feature = "voice")]
            voice_tls: OnceLock::new(),
            stop,
            tasks: TaskTracker::new(),
            config,
            clock,
        })))
    }

    /// What is made of tracks that are opened from now on.
    pub(crate) fn making(&self) -> Making {
        let silent = cfg!(not(feature = "audio")) || self.simulates_voice();
        if silent || self.unheard.load(Ordering::SeqCst) {
            Making::Frames
        } else if self.clock.is_manual() {
            Making::Samples
        } else {
            Making::Sound { complexity: self.config.opus_encoding_quality }
        }
    }

    /// Says whether anybody listens to what voice connections send.
    pub(crate) fn set_heard(&self, heard: bool) {
        self.unheard.store(!heard, Ordering::SeqCst);
    }

    /// Whether voice data connect nowhere.
    pub(crate) fn simulates_voice(&self) -> bool {
        cfg!(not(feature = "voice")) || self.config.simulate_voice
    }

    /// Statistics as things are now, with figures that are made up in place of others.
    pub(crate) fn stats(&self, counts: Counts) -> Stats {
        let now = self.clock.now();
        let made_up = self.controls.as_ref().map(|controls| controls.statistics.figures());
        Stats::new(counts, now.since(self.clock.origin()), self.machine.read(now), made_up)
    }

    /// How voice servers are trusted.
    #[cfg(feature = "voice")]
    pub(crate) fn voice_tls(&self) -> Result<Arc<ClientConfig>, TlsError> {
        if let Some(tls) = self.voice_tls.get() {
            return Ok(Arc::clone(tls));
        }
        let tls = tls::trusting(self.config.voice_ca.as_deref())?;
        Ok(Arc::clone(self.voice_tls.get_or_init(|| tls)))
    }
}

impl std::ops::Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
