//! `run`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Clock, RunArgs};
use super::{CliError, common_settings, terminal};
use crate::client::Control;
use crate::engine::{self, Options};
use crate::media::MediaServer;
use crate::report::{Progress, Run, write_json, write_junit};
use crate::settings::Secret;
use crate::spec::{Order, Source};
use crate::target::launch::on_interrupt;
use crate::target::{BundledClock, Fleet, Launch, LaunchOptions, Origin};
use crate::verdict::Verdict;

/// Servers with manual time, each of which has one scenario at a time.
const SIDE_BY_SIDE: usize = 4;

pub(super) async fn execute(source: &Source, args: &RunArgs) -> Result<Verdict, CliError> {
    check(args)?;
    remove_old_reports(args)?;
    let spec = source.read()?;
    let chosen = args.selection.selection().choose(&spec, args.order)?;
    if chosen.is_empty() {
        return Err(CliError::NothingSelected);
    }
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let common = common_settings(media.url(), args.time_scale)?;
    let origin = origin(args)?;
    let whose = match &origin {
        Origin::Bundled(BundledClock::Manual) => "the bundled server in manual time".to_owned(),
        Origin::Bundled(BundledClock::Real) => "the bundled server in real time".to_owned(),
        Origin::Launch { .. } => "servers started by --launch".to_owned(),
        Origin::Deviating(name) => format!("the bundled server with {name}"),
        Origin::Url { url, .. } => url.clone(),
    };
    let fleet = Arc::new(Fleet::new(origin, common, SIDE_BY_SIDE));
    let order = match args.order {
        Order::File => "file".to_owned(),
        Order::Random(seed) => format!("random:{seed}"),
    };
    eprintln!("checking {whose}, {} scenarios, order {order}", chosen.len());
    let options = Options { jobs: args.jobs, repeat: args.repeat, fail_fast: args.fail_fast };
    let progress = Progress::new(chosen.len() * args.repeat.max(1));
    let running = engine::run(&chosen, Arc::clone(&fleet), &options, progress.clone());
    let ended = tokio::select! {
        ended = running => ended,
        stopped = on_interrupt() => {
            progress.close();
            stopped.map_err(|error| CliError::Io("wait for signals".into(), error))?;
            return Err(CliError::Interrupted);
        }
    };
    progress.close();
    fleet.stop().await;
    let (run, broken) = ended?;
    let mut run = Run { order, suite: source.digest(), ..run };
    // The order of the spec reads better than that of the run.
    run.scenarios.sort_by(|a, b| (&a.area, &a.id).cmp(&(&b.area, &b.id)));
    let verdict =
        if broken.is_empty() { Verdict::of(&run, args.strict) } else { Verdict::NotEstablished };
    print!("{}", terminal().render(&run, verdict, args.strict));
    for message in broken {
        println!("the scheduler: {message}");
    }
    write_reports(args, &run, verdict)?;
    Ok(verdict)
}

/// Where the servers of this run come from.
fn origin(args: &RunArgs) -> Result<Origin, CliError> {
    let password = Secret::new(args.password.clone());
    if let Some(command) = &args.launch {
        let options = LaunchOptions {
            env: Vec::new(),
            ca: None,
            ready_timeout: Duration::from_secs(args.ready_timeout),
            password: password.clone(),
        };
        let launch = Launch::new(command, options)?;
        return Ok(Origin::Launch { launch, password, max_restarts: args.max_restarts });
    }
    let Some(url) = &args.url else {
        let clock = match args.clock {
            Clock::Real => BundledClock::Real,
            Clock::Manual | Clock::Auto => BundledClock::Manual,
        };
        return Ok(Origin::Bundled(clock));
    };
    Ok(Origin::Url {
        url: url.trim_end_matches('/').to_owned(),
        password,
        profile: args.profile.clone(),
        control: args.control_token.clone().map(|token| Control::new(Secret::new(token))),
    })
}

/// A report of an earlier run must not pass for this one's if this one ends early.
fn remove_old_reports(args: &RunArgs) -> Result<(), CliError> {
    args.json.iter().chain(&args.junit).try_for_each(|path| remove_old_report(path))
}

pub(super) fn remove_old_report(path: &Path) -> Result<(), CliError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(CliError::Io(format!("replace {}", path.display()), error))
        }
        _ => Ok(()),
    }
}

fn check(args: &RunArgs) -> Result<(), CliError> {
    if let Some(url) = args.url.as_deref().filter(|url| !url.starts_with("http://")) {
        let message = format!("--url {url}: give an address such as http://127.0.0.1:2333");
        return Err(CliError::Usage(message));
    }
    if !(args.time_scale.is_finite() && (0.01..=100.0).contains(&args.time_scale)) {
        let message = format!("--time-scale {}: give a factor from 0.01 to 100", args.time_scale);
        return Err(CliError::Usage(message));
    }
    if args.jobs == 0 || args.repeat == 0 {
        return Err(CliError::Usage("--jobs and --repeat have to be at least 1".into()));
    }
    Ok(())
}

fn write_reports(args: &RunArgs, run: &Run, verdict: Verdict) -> Result<(), CliError> {
    let failed = |path: &Path| {
        let what = format!("write {}", path.display());
        move |error| CliError::Io(what, error)
    };
    let json =
        args.json.as_deref().map(|path| write_json(path, run, verdict).map_err(failed(path)));
    let junit = args.junit.as_deref().map(|path| write_junit(path, run).map_err(failed(path)));
    json.into_iter().chain(junit).collect()
}
