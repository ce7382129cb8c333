//! Where the servers of a run come from.

use super::super::bundled::{BundledClock, BundledOptions};
use super::super::deviating::Program;
use super::super::launch::Launch;
use crate::client::Control;
use crate::settings::Secret;

/// Where the servers of a run come from.
#[derive(Debug)]
pub enum Origin {
    /// They are bundled: one per profile and scenario at a time, or one per profile.
    Bundled(BundledOptions),
    /// Bundled ones that do this one thing wrong.
    Deviating(String),
    /// Processes of a reference server that was changed.
    Changed(Program),
    /// They are started by a command, one per profile.
    Launch {
        /// How to start one.
        launch: Launch,
        /// What they ask of clients.
        password: Secret,
        /// How often one that died is started again, over the whole run.
        max_restarts: usize,
    },
    /// One that runs already.
    Url {
        /// Where it listens, without a slash at the end.
        url: String,
        /// Its password.
        password: Secret,
        /// The configuration that it runs with.
        profile: String,
        /// How to move its time, if it lets itself be moved.
        control: Option<Control>,
    },
}

impl Origin {
    /// Whether the runner moves the time of the servers.
    pub(in crate::target) fn has_manual_time(&self) -> bool {
        match self {
            Self::Bundled(options) => options.clock == BundledClock::Manual,
            Self::Deviating(_) | Self::Changed(_) => true,
            Self::Launch { .. } => false,
            Self::Url { control, .. } => control.is_some(),
        }
    }

    /// How many servers of a profile there may be.
    pub(super) fn most(&self, side_by_side: usize) -> usize {
        match self {
            Self::Bundled(_) | Self::Deviating(_) | Self::Changed(_) => side_by_side,
            Self::Launch { .. } | Self::Url { .. } => 1,
        }
    }

    /// How many servers may be starting at a time. One that is launched keeps two processors busy
    /// until it is ready, and everything else that is timed suffers from more of them.
    pub(super) fn most_starting(&self) -> usize {
        match self {
            Self::Launch { .. } => {
                let processors = std::thread::available_parallelism().map_or(1, usize::from);
                (processors / 2).max(1)
            }
            _ => tokio::sync::Semaphore::MAX_PERMITS,
        }
    }

    /// How often a server that died may be started again.
    pub(super) fn max_restarts(&self) -> usize {
        match self {
            Self::Launch { max_restarts, .. } => *max_restarts,
            _ => 0,
        }
    }
}
