//! The command line: flags over environment over file.

mod parent;
mod start_time;

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write;
use std::io::{self, IsTerminal, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};
use futures::future::BoxFuture;
use serde_json::json;
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};
#[cfg(not(unix))]
use tokio::signal::windows::{ctrl_break, ctrl_c};
use tracing_subscriber::EnvFilter;

use crate::config::{self, ClockKind, Config, ConfigError, Loaded, Password, Places};
use crate::control::read_catalogue;
use crate::control::told::Identity;
use crate::deviations::{self, UnknownDeviation};
use crate::listen::{hint, listeners, reachable, too_open};
use crate::serve::{RunError, serve_all};
use crate::shared::Prepared;
#[cfg(feature = "voice")]
use crate::tls::{self, TlsError};

/// A Lavalink v4 server for tests: it behaves as Lavalink 4.2.2 does.
///
/// It reads Lavalink's own application.yml, Spring's environment variables (LAVALINK_SERVER_PASSWORD,
/// SERVER_PORT, SPRING_APPLICATION_JSON…) and keys as flags (--server.port=2333). Without any it listens on 127.0.0.1:2333 with the
/// password youshallnotpass.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// Configuration file, instead of those that Spring would find: ./application.yml,
    /// ./application.yaml, the same in ./config and below it, or what SPRING_CONFIG_LOCATION says
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address to listen on; both loopback addresses unless it is given here or configured
    #[arg(long)]
    address: Option<IpAddr>,
    /// Port to listen on; 0 picks a free one
    #[arg(long)]
    port: Option<u16>,
    /// Password of clients; the environment keeps it out of the process list
    #[arg(long)]
    password: Option<String>,
    /// Print {"url": …} as the first line on stdout once the server listens, with host, port,
    /// password, controlToken, pid and version
    #[arg(long)]
    ready_json: bool,
    /// Behave as the real server does where that looks like a defect
    #[arg(long)]
    quirks: bool,
    /// Makes ids of sessions, and what the route planner and faults draw at random, the same in
    /// each run
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The time at which the server's clock begins, such as 2025-01-01T00:00:00Z; the machine's
    /// time if it is left out
    #[arg(long, value_name = "TIME", value_parser = start_time::read)]
    start_time: Option<u64>,
    /// Where the real server behaves in more than one way, choose at random: the order of messages
    /// that race, positions after a seek, late frames. The number is a seed
    #[arg(long, value_name = "SEED", num_args = 0..=1, default_missing_value = "0")]
    vary: Option<u64>,
    /// Whether time passes by itself or only when the control API moves it
    #[arg(long, value_enum, value_name = "CLOCK")]
    clock: Option<ClockKind>,
    /// Switches the control API on (/control) and is what it asks of clients; also the environment
    /// variable LAVALINK_CONTROL_TOKEN, but not with --mock
    #[arg(long, value_name = "TOKEN")]
    control_token: Option<String>,
    /// Take voice data without connecting anywhere: players are connected and tracks play, and
    /// nobody hears them
    #[arg(long)]
    simulate_voice: bool,
    /// Have YouTube and SoundCloud that ask nobody: searches and links find made-up tracks, which
    /// play a tone. See "Simulated sources" in reference-server/README.md
    #[arg(long)]
    simulate_sources: bool,
    /// Be a mock for tests: a free port, --ready-json, the control API with a token of its own,
    /// manual time that begins at 2025-01-01T00:00:00Z, --seed 0, simulated voice and sources,
    /// statistics that do not change. It reads no application.yml and no environment, asks nobody
    /// beyond this machine, and ends when its standard input does, if that is a pipe. What is given
    /// besides wins
    #[arg(long)]
    mock: bool,
    /// Tracks of your own: a JSON file with what PUT /control/catalogue takes
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// What /v4/info and /version tell: a JSON file with what PUT /control/info takes
    #[arg(long, value_name = "FILE")]
    info: Option<PathBuf>,
    /// Trust voice servers that these PEM certificates have signed, besides those of the system
    #[arg(long, value_name = "FILE")]
    voice_ca: Option<PathBuf>,
    /// Do one thing wrong, to see whether a test notices; can be given again
    #[arg(long, value_name = "NAME")]
    deviate: Vec<String>,
    /// List what --deviate knows
    #[arg(long)]
    list_deviations: bool,
    /// Keys of the configuration, `--server.port=2333`, which are taken out before the rest is read
    #[arg(skip)]
    keys: Vec<(String, String)>,
}

/// The variable that has the token of the control API.
const CONTROL_TOKEN: &str = "LAVALINK_CONTROL_TOKEN";

/// Why the program ended early.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    #[error("failed to listen on {}{}", SocketAddr::new(*.address, *.port), hint(.source))]
    Listen { address: IpAddr, port: u16, source: io::Error },
    #[cfg(feature = "voice")]
    #[error("no voice server can be trusted")]
    VoiceCa(#[from] TlsError),
    #[error("with --clock manual time moves only when told; give --control-token TOKEN to move it")]
    NobodyMovesTime,
    #[error("failed to read {}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} cannot be used: {error}", .path.display())]
    Prepare { path: PathBuf, error: String },
    #[error(transparent)]
    Deviation(#[from] UnknownDeviation),
    #[error("failed to {0}")]
    System(&'static str, #[source] io::Error),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// The program: serves until Ctrl-C or SIGTERM. `args` begins with the program's name. A wrong
/// command line ends the process with 2, as does anything that keeps it from serving.
pub fn program(args: impl IntoIterator<Item = OsString>) -> BoxFuture<'static, ExitCode> {
    let (args, keys) = config::taken_out(args);
    let name = args.first().map(Path::new).and_then(Path::file_name).unwrap_or_default();
    let command = Cli::command().after_help(examples(&name.display().to_string()));
    let cli = Cli::from_arg_matches(&command.get_matches_from(args));
    run_boxed(Cli { keys, ..cli.unwrap_or_else(|error| error.exit()) })
}

/// Examples of the program as it was called.
fn examples(program: &str) -> String {
    let lines = [
        program.to_owned(),
        format!("{program} --mock"),
        format!("{program} --port 0 --ready-json"),
        format!("LAVALINK_SERVER_PASSWORD=secret {program} --config my.yml"),
    ];
    format!("Examples:\n  {}", lines.join("\n  "))
}

/// Boxed, so that it is compiled with this crate and not with each program that waits for it.
fn run_boxed(cli: Cli) -> BoxFuture<'static, ExitCode> {
    Box::pin(async move {
        log_to_stderr();
        match cli.run().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{}", report(&error));
                ExitCode::from(2)
            }
        }
    })
}

fn log_to_stderr() {
    // What a decoder thinks of broken media is nobody's business unless RUST_LOG asks.
    let default =
        || EnvFilter::new("error,lavalink_reference_server=info,symphonia=off,symphonia_core=off");
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| default());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
}

impl Cli {
    async fn run(self) -> Result<(), CliError> {
        if self.list_deviations {
            return list_deviations().map_err(|e| CliError::System("print the deviations", e));
        }
        deviations::choose(&self.deviate)?;
        for (deviation, _) in deviations::chosen() {
            tracing::warn!("deviating: {}: {}", deviation.name, deviation.summary);
        }
        let config = self.load()?;
        let prepared = self.prepare()?;
        // It is read when a voice channel is joined, which is late for an error.
        #[cfg(feature = "voice")]
        if let Some(path) = config.voice_ca.as_deref().filter(|_| !config.simulate_voice) {
            tls::certificates(path)?;
        }
        // Each socket is a file; as many as the system grants. With fewer it still runs.
        #[cfg(unix)]
        if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
            tracing::debug!("failed to raise the limit of open files: {error}");
        }
        let (address, port) = (config.address, config.port);
        let listeners = listeners(address, port).map_err(|source| CliError::Listen {
            address: address.unwrap_or(Ipv4Addr::LOCALHOST.into()),
            port,
            source,
        })?;
        let local =
            listeners.first().map_or(Ok((Ipv4Addr::LOCALHOST, port).into()), |listener| {
                listener.local_addr().map_err(|e| CliError::System("name the listener", e))
            })?;
        if let Some(warning) = too_open(local.ip(), config.password == Config::default().password) {
            tracing::warn!("{warning}");
        }
        let stopped = stopped().map_err(|e| CliError::System("listen for signals", e))?;
        self.announce(reachable(local), &config)
            .map_err(|e| CliError::System("print that the server is ready", e))?;
        let mock = self.mock;
        let ends = async move {
            tokio::select! {
                () = stopped => {}
                () = parent::gone(), if mock => {}
            }
        };
        Ok(serve_all(listeners, config, prepared, ends).await?)
    }

    /// What the server is told before its first request.
    fn prepare(&self) -> Result<Prepared, CliError> {
        let read = |path: &Option<PathBuf>| match path {
            None => Ok(None),
            Some(path) => match std::fs::read_to_string(path) {
                Ok(text) => Ok(Some((path.clone(), text))),
                Err(source) => Err(CliError::Read { path: path.clone(), source }),
            },
        };
        let catalogue = read(&self.catalogue)?.map(|(path, text)| {
            read_catalogue(&text).map_err(|error| CliError::Prepare { path, error })
        });
        let identity = read(&self.info)?.map(|(path, text)| {
            Identity::of_text(&text).map_err(|error| CliError::Prepare { path, error })
        });
        Ok(Prepared { catalogue: catalogue.transpose()?, identity: identity.transpose()? })
    }

    fn load(&self) -> Result<Config, CliError> {
        // That of a bot is not meant for its mock.
        let environment = std::env::vars_os().filter(|_| !self.mock).filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let mut flags = self.keys.clone();
        if self.simulate_sources {
            // So that nobody is warned of sources that are there.
            flags.push(("reference-server.sources.simulate".to_owned(), "true".to_owned()));
        }
        let places = Places {
            flags,
            environment: environment.collect(),
            file: self.config.clone(),
            directory: PathBuf::new(),
        };
        let Loaded { mut config, files, warnings } = match self.mock && self.config.is_none() {
            true => Loaded::without_files(&places)?,
            false => Loaded::find(&places)?,
        };
        if !self.mock || self.config.is_some() {
            tracing::info!("{}", read_from(&files));
        }
        for warning in warnings {
            tracing::warn!("{warning}");
        }
        if self.mock {
            config.be_a_mock();
        }
        config.address = self.address.or(config.address);
        config.port = self.port.unwrap_or(config.port);
        config.password = self.password.clone().map_or(config.password, Password);
        config.quirks = self.quirks;
        config.seed = self.seed.or(config.seed);
        config.start_time = self.start_time.or(config.start_time);
        config.constant_stats |= self.start_time.is_some();
        config.vary = self.vary.or(config.vary);
        config.simulate_voice |= self.simulate_voice;
        config.voice_ca = self.voice_ca.clone().or(config.voice_ca);
        config.clock = self.clock.unwrap_or(config.clock);
        let of_environment = std::env::var(CONTROL_TOKEN).ok().filter(|_| !self.mock);
        let token = self.control_token.clone().or(of_environment).filter(|token| !token.is_empty());
        config.control_token = token.map(Password).or(config.control_token);
        if config.clock == ClockKind::Manual && config.control_token.is_none() {
            return Err(CliError::NobodyMovesTime);
        }
        Ok(config)
    }

    fn announce(&self, address: SocketAddr, config: &Config) -> io::Result<()> {
        let url = format!("http://{address}");
        if self.ready_json || self.mock {
            let ready = json!({
                "url": url,
                "host": address.ip().to_string(),
                "port": address.port(),
                "password": config.password.0,
                "controlToken": config.control_token.as_ref().map(|token| &token.0),
                "pid": std::process::id(),
                "version": env!("CARGO_PKG_VERSION"),
            });
            let mut out = io::stdout().lock();
            writeln!(out, "{ready}")?;
            out.flush()
        } else {
            writeln!(io::stderr().lock(), "listening on {url}")
        }
    }
}

/// Which files the configuration comes from.
fn read_from(files: &[PathBuf]) -> String {
    if files.is_empty() {
        return "no application.yml is here: the defaults hold, and what flags and environment say"
            .to_owned();
    }
    let shown: Vec<_> = files.iter().map(|path| path.display().to_string()).collect();
    format!("the configuration is that of {}", shown.join(", "))
}

fn list_deviations() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut all = deviations::all();
    let printed =
        all.try_for_each(|deviation| writeln!(out, "{:40} {}", deviation.name, deviation.summary));
    match printed.and_then(|()| out.flush()) {
        // Whoever reads it has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Done at the first Ctrl-C or SIGTERM, on Windows Ctrl-C or Ctrl-Break.
fn stopped() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    #[cfg(not(unix))]
    let (mut interrupt, mut terminate) = (ctrl_c()?, ctrl_break()?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// An error with everything that caused it, a line each.
fn report(error: &dyn Error) -> String {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  because: {}", error.to_string().replace('\n', "\n           "));
        cause = error.source();
    }
    text
}
