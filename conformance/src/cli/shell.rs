//! The subcommand `shell`: its arguments; a session of a server, and a program that can use it.

use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use super::args::ServerArgs;
use super::out::tell;
use super::subject::Subject;
use super::{CliError, common_settings};
use crate::client::Socket;
use crate::media::MediaServer;
use crate::schema::Checker;
use crate::settings::Settings;
use crate::target::launch::Interruption;
use crate::target::{FleetError, probe};
use crate::timeline::Timeline;
use crate::verdict::Verdict;

/// How long `ready` may take.
const READY_LIMIT: Duration = Duration::from_secs(10);

/// The player of the session, of which the server need not know anything.
const GUILD: &str = "100000000000000001";

/// Starts the server as a run does, opens a WebSocket and keeps it open. The shell or the command has
/// LAVALINK_URL, LAVALINK_PASSWORD, SESSION, GUILD, MEDIA (the runner's media server) and
/// MEDIA_ENCODED (the same as a part of a query): the curl lines of reports work in it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lavalink-conformance shell --target-file mine.toml         a shell with a session of your server
  lavalink-conformance shell --url http://127.0.0.1:2333 -- sh -c 'curl -H \"Authorization: ${LAVALINK_PASSWORD}\" \"${LAVALINK_URL}/v4/sessions/${SESSION}/players\"'

Exit codes: 0 if the command ends with 0, 1 if it does not, 3 without a server.")]
pub(super) struct ShellArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// The command and its arguments, after --; your shell by default
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

/// Starts the server if need be, makes a session, runs the program with what lines for a shell in
/// reports need, and ends all of it.
pub(super) async fn execute(args: &ShellArgs) -> Result<Verdict, CliError> {
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let common = common_settings(media.url(), 1.0)?;
    let subject = Subject::of(&args.server, true, &common)?;
    let (url, launched) = subject.reach().await?;
    let settings = Settings { url, password: subject.password.clone(), ..common };
    let interruption = Interruption::listen();
    let mut interruption =
        interruption.map_err(|error| CliError::Io("wait for signals".into(), error))?;
    let verdict = tokio::select! {
        verdict = with_session(&settings, &args.command) => verdict,
        () = interruption.wait() => Err(CliError::Interrupted),
    };
    if let Some(launched) = launched {
        launched.stop().await;
    }
    verdict
}

async fn with_session(settings: &Settings, command: &[OsString]) -> Result<Verdict, CliError> {
    // Says what is wrong with an address or a password as every other command does.
    probe(settings).await.map_err(FleetError::from)?;
    let headers = [
        ("Authorization", settings.password.reveal()),
        ("User-Id", GUILD),
        ("Client-Name", "lavalink-conformance-shell/1"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let checker = Checker::new(std::sync::Arc::clone(&settings.schemas));
    let opening = Socket::open("shell", &headers, settings, &Timeline::new(), checker).await;
    let (handshake, socket) = opening.map_err(|failure| CliError::Unserved(failure.message))?;
    let session = match &socket {
        None => None,
        Some(socket) => {
            let ready = socket.journal.wait(READY_LIMIT, |record| {
                let mut ready = record.messages.iter().filter(|message| message["op"] == "ready");
                ready.find_map(|message| message["sessionId"].as_str().map(str::to_owned))
            });
            ready.await
        }
    };
    let session = session.unwrap_or_else(|| {
        let status = handshake.status;
        tell!("there is no session: the handshake was answered with {status}, and no ready came");
        String::new()
    });
    let media = &settings.media_url;
    let encoded = media.replace(':', "%3A").replace('/', "%2F");
    let variables = [
        ("LAVALINK_URL", settings.url.as_str()),
        ("LAVALINK_PASSWORD", settings.password.reveal()),
        ("SESSION", &session),
        ("GUILD", GUILD),
        ("MEDIA", media),
        ("MEDIA_ENCODED", &encoded),
    ];
    let usual = if cfg!(windows) { ("COMSPEC", "cmd.exe") } else { ("SHELL", "sh") };
    let usual = std::env::var_os(usual.0).unwrap_or_else(|| usual.1.into());
    let (program, arguments) = match command.split_first() {
        Some((program, arguments)) => (program.clone(), arguments),
        None => {
            let url = &settings.url;
            tell!("LAVALINK_URL={url} SESSION={session} GUILD={GUILD} MEDIA={media}");
            tell!("the session lives until the shell ends");
            (usual, command)
        }
    };
    let ended = tokio::process::Command::new(&program)
        .args(arguments)
        .envs(variables)
        .kill_on_drop(true)
        .status()
        .await
        .map_err(|error| CliError::Io(format!("run {}", program.display()), error))?;
    drop(socket);
    Ok(if ended.success() { Verdict::Conformant } else { Verdict::NotConformant })
}
