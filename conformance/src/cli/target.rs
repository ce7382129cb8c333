//! Which servers a run is about: the command line, over the target file, over what is usual.

use std::collections::BTreeMap;
use std::time::Duration;

use super::CliError;
use super::args::{Clock, RunArgs, ServerArgs};
use super::out::tell;
use crate::client::{Address, Control, Trust};
use crate::discord::Authority;
use crate::report::Declared;
use crate::settings::Secret;
use crate::spec::{Rule, Scenario, Spec};
use crate::target::launch::READY_TIMEOUT;
use crate::target::{
    BundledClock, BundledOptions, Capabilities, Launch, LaunchOptions, Origin, Start, TargetFile,
    profiles,
};
use crate::upstream::UpstreamOptions;

const USUAL_PASSWORD: &str = "youshallnotpass";

/// What is said of a target file that does not say where the target is.
pub(super) const NO_START: &str =
    "the target file has neither url nor launch; give --url or --launch";

/// What a run is about.
pub(super) struct Chosen {
    pub(super) origin: Origin,
    pub(super) declared: Capabilities,
    /// How its guarded sources are brought to ask the runner's upstream, if the target file says.
    pub(super) upstream: Option<UpstreamOptions>,
    /// For people.
    pub(super) whose: String,
    file: Option<TargetFile>,
}

impl Chosen {
    pub(super) fn of(args: &RunArgs, spec: &Spec, authority: &Authority) -> Result<Self, CliError> {
        let file = args.server.target_file.as_deref().map(TargetFile::read).transpose()?;
        if let Some(file) = &file {
            file.check(spec)?;
        }
        let file = file.as_ref();
        let password = password(&args.server, file);
        let origin = match start(&args.server, file) {
            None if file.is_some() => {
                return Err(CliError::Usage(NO_START.into()));
            }
            None => Origin::Bundled(BundledOptions { clock: clock(args), vary: args.vary }),
            Some(Start::Url(url)) => Origin::Url {
                url: address(&url)?.url(),
                password,
                profile: profile(args, file)?,
                control: args.control_token.clone().map(|token| Control::new(Secret::new(token))),
            },
            Some(Start::Launch(command)) => Origin::Launch {
                launch: launch(&command, args.server.ready_timeout, file, &password, authority)?,
                password,
                max_restarts: args.max_restarts,
            },
        };
        check_for_its_place(args, &origin)?;
        let name = file.map(|file| match &file.version {
            Some(version) => format!("{} {version}", file.name),
            None => file.name.clone(),
        });
        Ok(Self {
            whose: name.unwrap_or_else(|| describe(&origin)),
            origin,
            declared: Capabilities::declared(
                file.and_then(|file| file.sources.clone()),
                file.and_then(|file| file.filters.clone()),
            ),
            upstream: file.and_then(|file| file.upstream.clone()),
            file: file.cloned(),
        })
    }

    /// What was said about the target, for reports.
    pub(super) fn said(&self) -> Declared {
        let file = self.file.as_ref();
        let unsupported = file.into_iter().flat_map(TargetFile::unsupported_words);
        Declared {
            profile: match &self.origin {
                Origin::Url { profile, .. } => Some(profile.clone()),
                _ => None,
            },
            unsupported: unsupported.map(str::to_owned).collect(),
            sources: file.and_then(|file| file.sources.clone()),
            filters: file.and_then(|file| file.filters.clone()),
        }
    }

    /// Scenarios that the target file says are not for this target, and why.
    pub(super) fn excluded(&self, chosen: &[(&Rule, &Scenario)]) -> BTreeMap<String, String> {
        let Some(file) = &self.file else { return BTreeMap::new() };
        let reason = |(rule, scenario): &(&Rule, &Scenario)| {
            Some((scenario.id.clone(), file.unsupported(rule, scenario)?))
        };
        chosen.iter().filter_map(reason).collect()
    }
}

/// Refuses options that would do nothing, as they are about a target of another place.
fn check_for_its_place(args: &RunArgs, origin: &Origin) -> Result<(), CliError> {
    let is_elsewhere = matches!(origin, Origin::Url { .. });
    let is_bundled = matches!(origin, Origin::Bundled(_));
    let idle = [
        (
            args.vary.is_some() && !is_bundled,
            "--vary is about the bundled server; start a reference server of yours with its own \
             --vary",
        ),
        (
            args.profile.is_some() && !is_elsewhere,
            "--profile says what a server at --url runs with; one that is started gets the \
             configuration that each scenario needs",
        ),
        (
            args.voice_ca_out.is_some() && !is_elsewhere,
            "--voice-ca-out is for a server at --url; one that is launched finds the certificate \
             at {ca}, and the bundled one trusts it",
        ),
        (
            args.clock == Clock::Manual && !is_bundled && args.control_token.is_none(),
            "--clock manual is about the bundled server; the time of a reference server at --url is \
             moved if you give its --control-token",
        ),
    ];
    match idle.into_iter().find(|(idle, _)| *idle) {
        Some((_, message)) => Err(CliError::Usage(message.into())),
        None => Ok(()),
    }
}

/// A target's URL, taken apart.
pub(super) fn address(url: &str) -> Result<Address, CliError> {
    Address::of(url).map_err(|error| CliError::Usage(format!("--url {error}")))
}

/// Whose certificates a target may have. Whoever takes any is told so.
pub(super) fn trust(server: &ServerArgs) -> Result<Trust, CliError> {
    if server.insecure {
        tell!("--insecure: the certificate of the target is not checked");
        return Ok(Trust::default().anybody());
    }
    match &server.ca {
        Some(path) => {
            let trust = Trust::default().with(path);
            trust.map_err(|error| CliError::Usage(format!("--ca: {error}")))
        }
        None => Ok(Trust::default()),
    }
}

/// What a target asks of clients.
pub(super) fn password(server: &ServerArgs, file: Option<&TargetFile>) -> Secret {
    let password = server.password.as_deref().map(Secret::new).or_else(|| file?.password.clone());
    password.unwrap_or_else(|| Secret::new(USUAL_PASSWORD))
}

/// Where a target is.
pub(super) fn start(server: &ServerArgs, file: Option<&TargetFile>) -> Option<Start> {
    let url = server.url.clone().map(Start::Url);
    let launch = server.launch.clone().map(Start::Launch);
    url.or(launch).or_else(|| file?.start.clone())
}

fn clock(args: &RunArgs) -> BundledClock {
    match args.clock {
        Clock::Real => BundledClock::Real,
        Clock::Manual | Clock::Auto => BundledClock::Manual,
    }
}

fn profile(args: &RunArgs, file: Option<&TargetFile>) -> Result<String, CliError> {
    let profile = args.profile.clone().or_else(|| file?.profile.clone());
    let profile = profile.unwrap_or_else(|| profiles::PLAIN.to_owned());
    if profiles::text(&profile).is_some() {
        return Ok(profile);
    }
    let known = profiles::names().collect::<Vec<_>>().join(", ");
    Err(CliError::Usage(format!("there is no profile {profile}; there are {known}")))
}

/// How a target is started.
pub(super) fn launch(
    command: &str,
    ready_timeout: Option<u64>,
    file: Option<&TargetFile>,
    password: &Secret,
    authority: &Authority,
) -> Result<Launch, CliError> {
    let ready_timeout = ready_timeout.map(Duration::from_secs);
    authority.write_trust_store()?;
    let options = LaunchOptions {
        env: file.map(|file| file.env.clone()).unwrap_or_default(),
        ca: Some(authority.path()),
        ready_timeout: ready_timeout.or_else(|| file?.ready_timeout).unwrap_or(READY_TIMEOUT),
        password: password.clone(),
    };
    Ok(Launch::new(command, options)?)
}

fn describe(origin: &Origin) -> String {
    match origin {
        Origin::Bundled(BundledOptions { clock, vary }) => {
            let time = match clock {
                BundledClock::Manual => "manual",
                BundledClock::Real => "real",
            };
            let vary = vary.map(|seed| format!(", varied by {seed}")).unwrap_or_default();
            format!("the bundled server in {time} time{vary}")
        }
        Origin::Deviating(name) => format!("the bundled server with {name}"),
        Origin::Changed(program) => program.path.display().to_string(),
        Origin::Launch { .. } => "servers started by --launch".into(),
        Origin::Url { url, .. } => url.clone(),
    }
}
