//! What a run comes to: its verdict, its reports, what is printed.

use std::path::Path;

use super::args::ReportArgs;
use super::out::{self, say};
use super::{CliError, outputs, terminal};
use crate::baseline::{Baseline, Judged, today};
use crate::report::{Cause, Extent, Run, causes, write_badge, write_html, write_json, write_junit};
use crate::spec::Shard;
use crate::verdict::{Status, Verdict};

/// Judges a run and tells of it.
pub(super) fn conclude(mut run: Run, reports: &ReportArgs) -> Result<(Run, Verdict), CliError> {
    let shard = match &run.extent {
        Extent::Part { shard, whole } => Some((*shard, whole.len())),
        Extent::Whole | Extent::Merged(_) => None,
    };
    let full = shard.is_none() && run.asked.selection.is_everything();
    let baseline = run.asked.baseline.clone().map(Baseline::of_known);
    let judged = baseline.map(|baseline| baseline.judge(&run, full, today()));
    for scenario in &mut run.scenarios {
        let excuse = judged.as_ref().and_then(|judged| judged.excuse(scenario));
        scenario.known = excuse.map(|known| known.reason.clone());
    }
    for finding in &mut run.findings {
        let excuse = judged.as_ref().and_then(|judged| judged.excuse_shape(finding));
        finding.known = excuse.map(|known| known.reason.clone());
    }
    let strict = run.asked.strict;
    let verdict = Verdict::of(&run, strict);
    let verdict = judged.as_ref().map_or(verdict, |judged| verdict.with_baseline(judged));
    let causes = causes(&run);
    if !reports.verbose {
        run.keep_examples(&causes);
    }
    // Files first, as nobody may read what is printed; and a file that fails hides no result.
    let written = write_reports(reports, &run, &causes, verdict);
    let terminal = terminal().verbose(reports.verbose);
    out::result(format_args!("{}", terminal.render(&run, &causes, verdict, strict)))?;
    for message in &run.troubles {
        say!("{message}")?;
    }
    for note in judged.iter().flat_map(Judged::notes) {
        say!("{note}")?;
    }
    if let Some((shard, whole)) = shard {
        say_shard(&run, shard, whole)?;
    }
    written?;
    Ok((run, verdict))
}

/// A report of an earlier run must not pass for this one's if this one ends early.
pub(super) fn remove_old_reports(reports: &ReportArgs) -> Result<(), CliError> {
    reports.files().into_iter().try_for_each(|(_, path)| outputs::forget(path))
}

/// The verdict of a shard must not pass for that of the whole.
fn say_shard(run: &Run, shard: Shard, whole: usize) -> Result<(), CliError> {
    let here = run.scenarios.len();
    if run.count(Status::Passed) + run.count(Status::Failed) == 0 {
        say!("no scenario of shard {shard} could be judged; that need not matter to the whole")?;
    }
    say!(
        "this is shard {shard}, {here} of {whole} scenarios; lavalink-conformance merge joins the \
         JSON reports of all {} to a verdict",
        shard.count()
    )
}

fn write_reports(
    reports: &ReportArgs,
    run: &Run,
    causes: &[Cause],
    verdict: Verdict,
) -> Result<(), CliError> {
    let failed = |path: &Path| {
        let what = format!("write {}", path.display());
        move |error| CliError::Io(what, error)
    };
    let json =
        reports.json.as_deref().map(|path| write_json(path, run, verdict).map_err(failed(path)));
    let junit = reports
        .junit
        .as_deref()
        .map(|path| write_junit(path, run, causes, verdict).map_err(failed(path)));
    let badge =
        reports.badge.as_deref().map(|path| write_badge(path, run, verdict).map_err(failed(path)));
    let html = reports.html.as_deref();
    let html = html.map(|path| write_html(path, run, causes, verdict).map_err(failed(path)));
    json.into_iter().chain(junit).chain(badge).chain(html).collect()
}
