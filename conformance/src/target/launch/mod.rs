//! A target that the runner starts itself, as often as it needs one.
//!
//! Whatever happens, nothing is left behind: a target leads a process group of its own, which is
//! killed when its [`Launched`] is dropped, and by [`Interruption`] when the runner is told to end.

mod group;
mod interrupt;
mod log;
mod process;
mod ready;
mod words;

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use process::Process;
pub use process::{Interruption, stop_all, unless_interrupted};
use tempfile::TempDir;
use words::{Template, Values};

use crate::client::mask_text;
use crate::discord::trust_store_beside;
use crate::ports;
use crate::settings::Secret;

/// How long a target may take to answer, where nobody says otherwise.
pub const READY_TIMEOUT: Duration = Duration::from_secs(60);

/// How many lines of its log are shown of a target that does not get ready.
const SHOWN_LINES: usize = 20;

/// How to start a target, any number of times.
#[derive(Clone, Debug)]
pub struct Launch {
    /// As it was given, but for the password.
    command: String,
    /// The program and its arguments.
    words: Vec<Template>,
    env: Vec<(String, Template)>,
    options: LaunchOptions,
    /// Whether it says where the configuration is.
    takes_profile: bool,
}

/// What comes with the command.
#[derive(Clone, Debug)]
pub struct LaunchOptions {
    /// Environment variables on top of the runner's own; the values may hold placeholders.
    pub env: Vec<(String, String)>,
    /// A file with a CA certificate: `{ca}`. The trust store for a JVM is beside it and ends in
    /// `.p12`: `{truststore}`.
    pub ca: Option<PathBuf>,
    /// How long it may take until it answers.
    pub ready_timeout: Duration,
    /// The password that it is to ask of clients.
    pub password: Secret,
}

/// A target that runs. When it is dropped, its process group is killed and its folder removed.
#[derive(Debug)]
pub struct Launched {
    url: String,
    process: Arc<Process>,
}

/// Why a target cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The command is no list of words.
    #[error("--launch {command}: {why}")]
    Command {
        /// The command.
        command: String,
        /// What is wrong with it.
        why: String,
    },
    /// A placeholder that does not exist.
    #[error(
        "{place}: unknown placeholder {{{name}}}; there are {}; write {{{{ for a brace",
        words::KNOWN
    )]
    Placeholder {
        /// The command or an environment variable.
        place: String,
        /// What stands between the braces.
        name: String,
    },
    /// A placeholder without an end.
    #[error("{place}: a {{ is not closed; write {{{{ for a brace")]
    OpenBrace {
        /// The command or an environment variable.
        place: String,
    },
    /// `{ca}` or `{truststore}` without a certificate.
    #[error("{place}: {{{name}}} needs a CA certificate, and this run has none")]
    NoCa {
        /// The command or an environment variable.
        place: String,
        /// What stands between the braces.
        name: String,
    },
    /// The target could not be told where to listen, or which password to ask for.
    #[error("the profile has no {{{0}}}; an application.yml for --launch has to say where it goes")]
    Profile(&'static str),
    /// Files or ports cannot be had.
    #[error("failed to {what}")]
    Io {
        /// What was to be done.
        what: &'static str,
        /// Why it did not work.
        source: io::Error,
    },
    /// The program does not start.
    #[error("failed to start {program}; is it installed, and is its path right?")]
    Spawn {
        /// The first word of the command.
        program: String,
        /// Why not.
        source: io::Error,
    },
    /// The program starts, but nobody answers.
    #[error("{command} did not get ready: {why}{}", shown(last_lines))]
    NotReady {
        /// The command.
        command: String,
        /// It ended, or it took too long.
        why: String,
        /// Whether it ended by itself.
        ended: bool,
        /// The end of what it has written, the password masked.
        last_lines: Vec<String>,
    },
    /// The runner has been told to end.
    #[error("no target is started any more: the run was interrupted")]
    Interrupted,
}

impl Launch {
    /// Splits a command into words as a shell does, though no shell is involved: quotes and
    /// backslashes hold words together, nothing else has a meaning.
    ///
    /// Words and values of the environment may hold `{config}` (the path of the application.yml
    /// that is written for it), `{port}`, `{dir}` (a fresh folder that holds the file),
    /// `{password}`, `{ca}` and `{truststore}`; `{{` and `}}` are braces.
    ///
    /// # Errors
    /// A quote without an end, no word at all, or a placeholder that does not exist here.
    pub fn new(command: &str, options: LaunchOptions) -> Result<Self, LaunchError> {
        let command_shown = mask_text(command, options.password.reveal());
        let wrong =
            |why: &str| LaunchError::Command { command: command_shown.clone(), why: why.into() };
        let words = shell_words::split(command)
            .map_err(|_| wrong("a quote has no end; close it, or put a backslash before it"))?;
        if words.is_empty() {
            return Err(wrong("give a program, such as --launch \"node server.js {config}\""));
        }
        let has_ca = options.ca.is_some();
        let template = |text: &str, place: &str| Template::parse(text, place, has_ca);
        let place = format!("--launch {command_shown}");
        let words = words.iter().map(|word| template(word, &place)).collect::<Result<_, _>>()?;
        let env = options.env.iter();
        let env = env
            .map(|(name, value)| {
                let place = format!("the environment variable {name}");
                Ok((name.clone(), template(value, &place)?))
            })
            .collect::<Result<_, _>>()?;
        let takes_profile = options.env.iter().map(|(_, value)| value.as_str());
        let takes_profile = takes_profile.chain([command]).any(names_profile);
        Ok(Self { command: command_shown, words, env, options, takes_profile })
    }

    /// With one more environment variable, whose value may hold placeholders.
    ///
    /// # Errors
    /// A placeholder that does not exist here.
    pub fn with_env(mut self, name: &str, value: &str) -> Result<Self, LaunchError> {
        let place = format!("the environment variable {name}");
        let value_text = value;
        let value = Template::parse(value, &place, self.options.ca.is_some())?;
        self.takes_profile |= names_profile(value_text);
        self.env.push((name.to_owned(), value));
        Ok(self)
    }

    /// Whether the target is told with which configuration to run.
    pub fn takes_profile(&self) -> bool {
        self.takes_profile
    }

    /// Starts it on a free port of 127.0.0.1, and waits until it answers `GET /version`.
    ///
    /// `profile` is an `application.yml` with `{port}` for the number of the port and
    /// `"{password}"`, in double quotes, for the password.
    ///
    /// # Errors
    /// Whatever keeps it from answering, with the end of its log; it is stopped then.
    pub async fn start(&self, profile: &str) -> Result<Launched, LaunchError> {
        let failed = |what| move |source| LaunchError::Io { what, source };
        let port = ports::promise().map_err(failed("find a free port on 127.0.0.1"))?;
        let dir = tempfile::Builder::new().prefix("lavalink-conformance-").tempdir();
        let dir = dir.map_err(failed("create a temporary folder"))?;
        let config = dir.path().join("application.yml");
        let text = self.application_yml(profile, port)?;
        fs::write(&config, text).map_err(failed("write the target's application.yml"))?;
        let shown = |path: Option<PathBuf>| path.unwrap_or_default().display().to_string();
        let values = Values {
            config: config.display().to_string(),
            port: port.to_string(),
            dir: dir.path().display().to_string(),
            password: self.options.password.reveal().to_owned(),
            ca: shown(self.options.ca.clone()),
            trust_store: shown(self.options.ca.as_deref().map(trust_store_beside)),
        };
        let process = self.spawn(&values, dir)?;
        // From here on it is stopped when this future is dropped.
        let launched = Launched { url: format!("http://127.0.0.1:{port}"), process };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let ready = ready::wait(&launched.process, address, &self.options).await;
        let Err(why) = ready else { return Ok(launched) };
        let last_lines = launched.log_tail(SHOWN_LINES);
        let ended = launched.ended().is_some();
        launched.stop().await;
        Err(LaunchError::NotReady { command: self.command.clone(), why, ended, last_lines })
    }

    fn application_yml(&self, profile: &str, port: u16) -> Result<String, LaunchError> {
        if let Some(missing) =
            ["port", "password"].into_iter().find(|name| !profile.contains(&format!("{{{name}}}")))
        {
            return Err(LaunchError::Profile(missing));
        }
        // Between double quotes YAML escapes as JSON does.
        let password = serde_json::Value::from(self.options.password.reveal()).to_string();
        let password = &password[1..password.len() - 1];
        Ok(profile.replace("{port}", &port.to_string()).replace("{password}", password))
    }

    fn spawn(&self, values: &Values, dir: TempDir) -> Result<Arc<Process>, LaunchError> {
        let mut words = self.words.iter().map(|word| word.fill(values));
        let program = words.next().unwrap_or_default();
        let mut command = Command::new(&program);
        command.args(words).envs(self.env.iter().map(|(name, value)| (name, value.fill(values))));
        let started = Process::spawn(command, dir, self.options.password.clone());
        started
            .map_err(|source| LaunchError::Spawn {
                program: mask_text(&program, self.options.password.reveal()),
                source,
            })?
            .ok_or(LaunchError::Interrupted)
    }
}

impl Launched {
    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of its process group; on Windows of its process.
    pub fn group(&self) -> u32 {
        self.process.group()
    }

    /// How it ended by itself, such as "it ended with exit code 1"; `None` while it runs.
    pub fn ended(&self) -> Option<String> {
        self.process.ended()
    }

    /// The same, if it ends within that time; a connection breaks a moment before its server does.
    pub async fn ended_within(&self, limit: Duration) -> Option<String> {
        process::wait_until(limit, || self.ended().is_some()).await;
        if self.ended().is_some() {
            self.process.hear_last_words().await;
        }
        self.ended()
    }

    /// The last lines of what it has written to both of its outputs, the password masked.
    pub fn log_tail(&self, lines: usize) -> Vec<String> {
        self.process.log().tail(lines)
    }

    /// Asks it to end, ends whatever is left of its process group five seconds later, and removes
    /// its folder.
    pub async fn stop(self) {
        self.process.stop().await;
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        self.process.kill();
    }
}

/// Whether a text says where the configuration is, or the folder that it is in.
fn names_profile(text: &str) -> bool {
    ["{config}", "{dir}"].iter().any(|name| text.contains(name))
}

fn shown(lines: &[String]) -> String {
    if lines.is_empty() {
        return "; it has written nothing".into();
    }
    let mut text = String::from("; the end of its log:");
    for line in lines {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {line}");
    }
    text
}
