//! The reference server on a thread of its own, met over its socket like any other target.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;
use std::thread::JoinHandle;

use rand::RngExt;
use tokio::sync::oneshot;

use super::profiles;
use crate::client::Control;
use crate::settings::Secret;

/// Password of the bundled server.
pub(super) const PASSWORD: &str = "youshallnotpass";

/// Whose time the bundled server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundledClock {
    /// The machine's.
    Real,
    /// Its own, which the runner moves.
    Manual,
}

/// How the bundled server is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundledOptions {
    /// Whose time it has.
    pub clock: BundledClock,
    /// Seed of what it does now like this, now like that, where the real server does both.
    pub vary: Option<u64>,
}

impl BundledOptions {
    /// One that always does the same.
    pub fn steady(clock: BundledClock) -> Self {
        Self { clock, vary: None }
    }
}

/// A running reference server; it ends when this is dropped.
#[derive(Debug)]
pub struct Bundled {
    url: String,
    control: Option<Control>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bundled {
    /// Starts it on a free port of 127.0.0.1 with the text of a profile.
    /// Voice gateways are trusted whose certificates that of `ca` has signed.
    ///
    /// # Errors
    /// If no port can be had, or the server cannot be started.
    pub fn start(profile: &str, options: BundledOptions, ca: &Path) -> io::Result<Self> {
        let BundledOptions { clock, vary } = options;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut config = filled(profile, clock);
        // A profile that has the section has it at its end.
        if !config.contains("\nreference-server:\n") {
            config.push_str("\nreference-server:\n");
        }
        // A path in quotes is escaped as in JSON.
        config.push_str(&format!("  voice: {{ca: {}}}\n", serde_json::json!(ca)));
        if let Some(seed) = vary {
            config.push_str(&format!("  vary: {seed}\n"));
        }
        let control = (clock == BundledClock::Manual).then(|| {
            let token = format!("{:032x}", rand::rng().random::<u128>());
            config.push_str(&format!("  clock: manual\n  control: {{token: \"{token}\"}}\n"));
            Control::new(Secret::new(token))
        });
        let (stop, stopped) = oneshot::channel::<()>();
        // One thread does for a server that one scenario uses at a time.
        let mut runtime = match clock {
            BundledClock::Real => tokio::runtime::Builder::new_multi_thread(),
            BundledClock::Manual => tokio::runtime::Builder::new_current_thread(),
        };
        let runtime =
            runtime.worker_threads(2).thread_name("bundled-server").enable_all().build()?;
        let thread =
            std::thread::Builder::new().name("bundled-server".into()).spawn(move || {
                let running = lavalink_reference_server::run(listener, &config, async {
                    // Told to, or nobody is left to tell.
                    stopped.await.ok();
                });
                if let Err(error) = runtime.block_on(running) {
                    // The run finds the server gone; this says why.
                    let _ = writeln!(io::stderr(), "the bundled server ended: {error}");
                }
            })?;
        Ok(Self { url, control, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it asks of clients.
    pub fn password() -> &'static str {
        PASSWORD
    }

    /// How to move its time.
    pub fn control(&self) -> Option<Control> {
        self.control.clone()
    }
}

/// The text of a profile for a reference server with a free port. In manual time Opus takes the least
/// trouble.
pub(super) fn filled(profile: &str, clock: BundledClock) -> String {
    let config = profile.replace("{port}", "0").replace("{password}", PASSWORD);
    match clock {
        BundledClock::Real => config,
        BundledClock::Manual => profiles::with_cheap_opus(&config),
    }
}

impl Drop for Bundled {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been seen by the run already.
            thread.join().ok();
        }
    }
}

/// The reference server's own program, with its command line.
pub async fn serve(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    lavalink_reference_server::program(args).await
}
