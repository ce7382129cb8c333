//! `run`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Clock, RunArgs};
use super::conclude::{conclude, remove_old_reports};
use super::out::tell;
use super::target::{Chosen, address, trust};
use super::{CliError, common_settings, outputs};
use crate::baseline::Baseline;
use crate::client::mask_text;
use crate::discord::{Authority, TRUST_STORE_PASSWORD, trust_store_beside};
use crate::engine::{self, Options};
use crate::media::MediaServer;
use crate::report::{Asked, Extent, Progress, Run, Selected, replace_file};
use crate::settings::Settings;
use crate::spec::{Order, Rule, Scenario, Source, Spec};
use crate::target::launch::{Interruption, READY_TIMEOUT};
use crate::target::{Fleet, Origin, is_alive};
use crate::verdict::Verdict;

/// Servers with manual time, each of which has one scenario at a time. Most of what they do is to
/// wait: for a source that hangs, for a datagram that may still come.
const SIDE_BY_SIDE: usize = 16;

pub(super) async fn execute(source: &Source, args: &RunArgs) -> Result<Verdict, CliError> {
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose()?;
    if let Some(baseline) = &baseline
        && let Some(message) = baseline.about_nothing(&source.read()?)
    {
        return Err(CliError::Usage(message));
    }
    let (_, verdict) = check_target(source, args, baseline.as_ref()).await?;
    Ok(verdict)
}

/// Runs what the command line asks for, and tells of it.
pub(super) async fn check_target(
    source: &Source,
    args: &RunArgs,
    baseline: Option<&Baseline>,
) -> Result<(Run, Verdict), CliError> {
    check(args)?;
    check_files(args)?;
    let spec = source.read()?;
    let selection = args.selection.selection();
    let whole = selection.whole().choose(&spec, args.order)?;
    if whole.is_empty() {
        return Err(CliError::NothingSelected);
    }
    let chosen = selection.choose(&spec, args.order)?;
    let extent = match selection.shard {
        None => Extent::Whole,
        Some(shard) => {
            let whole = whole.iter().map(|(_, scenario)| scenario.id.clone()).collect();
            Extent::Part { shard, whole }
        }
    };
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let common = common_settings(media.url(), args.time_scale)?;
    let common = Settings { trust: trust(&args.server)?, ..common };
    let target = Chosen::of(args, &spec, &common.authority)?;
    let options = Options {
        jobs: args.jobs,
        repeat: args.repeat,
        fail_fast: args.fail_fast,
        longest_first: args.order == Order::File,
        keep_timelines: false,
        excluded: target.excluded(&chosen),
    };
    let order = match args.order {
        Order::File => "file".to_owned(),
        Order::Random(seed) => format!("random:{seed}"),
    };
    let asked = Asked {
        selection: Selected::of(&selection),
        strict: args.strict,
        time_scale: args.time_scale,
        repeat: args.repeat,
        declared: target.said(),
        baseline: baseline.map(|baseline| baseline.known().to_vec()),
    };
    let (count, all) = (chosen.len(), whole.len());
    let part = selection.shard.map(|shard| format!(" of {all} (shard {shard})"));
    let part = part.unwrap_or_default();
    remove_old_reports(&args.reports)?;
    tell!("checking {}, {count} scenarios{part}, order {order}", target.whose);
    offer_authority(args, &common.authority)?;
    if args.voice_ca_out.is_some() {
        wait_for_target(&target.origin, &common, args).await;
    }
    let lasts = matches!(target.origin, Origin::Url { .. });
    let fleet = Fleet::declaring(target.origin, common, SIDE_BY_SIDE, target.declared)
        .with_upstream(target.upstream);
    let run = run_or_interrupt(&spec, &chosen, Arc::new(fleet), &options).await?;
    let (target_name, again) = (target.whose, again(args, source));
    let suite_scenarios = Some(spec.rules.iter().map(|rule| rule.scenarios.len()).sum());
    let suite = source.digest();
    let mut run = Run { target_name, again, order, suite, suite_scenarios, asked, extent, ..run };
    if !lasts {
        run.forget_addresses();
    }
    // The order of the spec reads better than that of the run.
    run.sort();
    conclude(run, &args.reports)
}

/// Writes the certificate that the target has to trust, for most programs and for a JVM.
fn offer_authority(args: &RunArgs, authority: &Authority) -> Result<(), CliError> {
    let Some(path) = &args.voice_ca_out else { return Ok(()) };
    let failed = |path: &Path| {
        let what = format!("write {}", path.display());
        move |error| CliError::Io(what, error)
    };
    replace_file(path, authority.pem().as_bytes()).map_err(failed(path))?;
    let store = trust_store_beside(path);
    replace_file(&store, &authority.trust_store()).map_err(failed(&store))?;
    tell!(
        "the target has to trust {} (a JVM: {}, password {TRUST_STORE_PASSWORD})",
        path.display(),
        store.display()
    );
    Ok(())
}

/// The certificate is new in every run, so a target that is to trust it may start only now.
async fn wait_for_target(origin: &Origin, common: &Settings, args: &RunArgs) {
    let Origin::Url { url, password, .. } = origin else { return };
    let settings = Settings { url: url.clone(), password: password.clone(), ..common.clone() };
    let limit = args.server.ready_timeout.map_or(READY_TIMEOUT, Duration::from_secs);
    let answers = async {
        while !is_alive(&settings).await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    // If it never does, the run says so.
    let _ = tokio::time::timeout(limit, answers).await;
}

/// Runs to the end, or until somebody ends it; nothing that was started is left either way.
async fn run_or_interrupt(
    spec: &Spec,
    chosen: &[(&Rule, &Scenario)],
    fleet: Arc<Fleet>,
    options: &Options,
) -> Result<Run, CliError> {
    let progress = Progress::new(chosen.len() * options.repeat.max(1));
    let failed = |error| CliError::Io("wait for signals".into(), error);
    let mut interruption = Interruption::listen().map_err(failed)?;
    let mut told_to_end = false;
    let interrupted = async {
        interruption.wait().await;
        told_to_end = true;
    };
    let running = Arc::clone(&fleet);
    let ended = engine::run(spec, chosen, running, options, progress.clone(), interrupted).await;
    progress.close();
    let target_log = match told_to_end {
        false => fleet.stop().await,
        true => {
            tell!("interrupted; what has ended until now is told");
            let (log, ()) = tokio::join!(fleet.stop(), interruption.stop_all());
            log
        }
    };
    Ok(Run { target_log, ..ended? })
}

/// The program with the options that choose this target and these features again. The password is
/// not among them: it is better given as LAVALINK_PASSWORD.
fn again(args: &RunArgs, source: &Source) -> String {
    let server = &args.server;
    let text = |path: &Path| path.display().to_string();
    let options = [
        ("--features", source.given().map(text)),
        ("--target-file", server.target_file.as_deref().map(text)),
        ("--url", server.url.clone()),
        ("--ca", server.ca.as_deref().map(text)),
        ("--launch", server.launch.clone()),
        ("--profile", args.profile.clone()),
        ("--vary", args.vary.map(|seed| seed.to_string())),
        ("--clock", (args.clock == Clock::Real).then(|| "real".to_owned())),
    ];
    let mut words = vec!["lavalink-conformance".to_owned()];
    words.extend(server.insecure.then(|| "--insecure".to_owned()));
    for (name, value) in options {
        let Some(value) = value else { continue };
        let value = match &server.password {
            Some(password) => mask_text(&value, password),
            None => value,
        };
        words.extend([name.to_owned(), shell_words::quote(&value).into_owned()]);
    }
    words.join(" ")
}

/// What is written at the end must not turn out then to be lost, or to replace what was read.
fn check_files(args: &RunArgs) -> Result<(), CliError> {
    let mut written = args.reports.files();
    written.extend(args.voice_ca_out.as_deref().map(|path| ("--voice-ca-out", path)));
    let read = [
        ("--target-file", &args.server.target_file),
        ("--baseline", &args.baseline),
        ("--ca", &args.server.ca),
    ];
    let read: Vec<_> =
        read.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?))).collect();
    outputs::check(&written, &read)
}

fn check(args: &RunArgs) -> Result<(), CliError> {
    if let Some(url) = &args.server.url {
        address(url)?;
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
