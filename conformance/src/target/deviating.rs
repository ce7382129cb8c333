//! A reference server that does something wrong on purpose, as a process of its own: what it does
//! wrong holds for a whole process.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rand::RngExt;
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::bundled::{BundledClock, filled};
use crate::client::Control;
use crate::settings::Secret;

/// How long it may take to say where it listens.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// A deliberate break that the bundled server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// `LL-<AREA>-<NNN>/<short-name>`.
    pub name: String,
    /// What goes wrong.
    pub summary: String,
}

impl Deviation {
    /// The id of the rule that it breaks.
    pub fn rule(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// A program that is a reference server, and what makes it do something wrong.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// What it is told before where to listen.
    pub arguments: Vec<String>,
    /// Variables that it finds in its environment besides those of this process.
    pub environment: Vec<(String, String)>,
}

impl Program {
    /// This program's own server with a deviation.
    ///
    /// # Errors
    /// The system does not say where this program is.
    pub(super) fn deviating(deviation: &str) -> io::Result<Self> {
        let arguments = ["serve", "--deviate", deviation].map(str::to_owned).to_vec();
        Ok(Self { path: std::env::current_exe()?, arguments, environment: Vec::new() })
    }
}

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Deviating {
    pub(super) url: String,
    pub(super) control: Control,
    _child: Child,
    _config: NamedTempFile,
}

impl Deviating {
    /// Starts a program with a profile, in manual time.
    pub(super) async fn start(profile: &str, program: &Program, ca: &Path) -> io::Result<Self> {
        let config = tempfile::Builder::new().suffix(".yml").tempfile()?;
        std::fs::write(config.path(), filled(profile, BundledClock::Manual))?;
        let token = format!("{:032x}", rand::rng().random::<u128>());
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .args(["--port", "0", "--ready-json", "--clock", "manual"])
            .arg("--voice-ca")
            .arg(ca)
            .arg("--config")
            .arg(config.path())
            .env("LAVALINK_CONTROL_TOKEN", &token)
            .envs(program.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
        let mut lines = BufReader::new(out).lines();
        let line = tokio::time::timeout(READY_LIMIT, lines.next_line()).await;
        let line = line.map_err(|_| io::Error::other("it does not get ready"))??;
        let ready: Value = line
            .and_then(|line| serde_json::from_str(&line).ok())
            .ok_or_else(|| io::Error::other("it ended before it was ready"))?;
        Ok(Self {
            url: ready["url"].as_str().unwrap_or_default().to_owned(),
            control: Control::new(Secret::new(token)),
            _child: child,
            _config: config,
        })
    }
}
