//! A server that is sent what no client should send, as it was asked for.

use std::net::IpAddr;

use super::CliError;
use super::args::ServerArgs;
use super::target::{NO_START, address, launch, password, start};
use crate::client::Address;
use crate::settings::{Secret, Settings};
use crate::target::{Launch, Launched, Start, TargetFile, profiles};

/// A server, as it was asked for.
pub(super) struct Subject {
    /// For people.
    pub(super) whose: String,
    /// Whether it is the bundled one.
    pub(super) bundled: bool,
    pub(super) password: Secret,
    pub(super) start: Starting,
}

/// How a server comes to run.
pub(super) enum Starting {
    /// It runs at this address already.
    Url(String),
    /// It is started.
    Launch(Box<Launch>),
}

impl Subject {
    pub(super) fn of(
        server: &ServerArgs,
        allow_remote: bool,
        common: &Settings,
    ) -> Result<Self, CliError> {
        let file = server.target_file.as_deref().map(TargetFile::read).transpose()?;
        let file = file.as_ref();
        let password = password(server, file);
        let authority = &common.authority;
        let given = start(server, file);
        let name = file.map(|file| file.name.clone());
        let (whose, bundled, password, start) = match given {
            Some(Start::Url(url)) => {
                let url = checked(&url, allow_remote)?;
                (name.unwrap_or_else(|| url.clone()), false, password, Starting::Url(url))
            }
            Some(Start::Launch(command)) => {
                let launch = launch(&command, server.ready_timeout, file, &password, authority)?;
                let whose = name.unwrap_or_else(|| "a server started by --launch".into());
                (whose, false, password, Starting::Launch(Box::new(launch)))
            }
            None if file.is_some() => return Err(CliError::Usage(NO_START.into())),
            None => {
                // As a process of its own, so that its memory can be told from the runner's.
                let program = std::env::current_exe()
                    .map_err(|error| CliError::Io("find this program".into(), error))?;
                let program = program.display().to_string().replace('{', "{{").replace('}', "}}");
                let command = format!("{} serve --config {{config}}", shell_words::quote(&program));
                let launch = launch(&command, server.ready_timeout, None, &password, authority)?;
                // It joins voice channels of the run only if it trusts the run's certificate.
                let launch = launch.with_env("SSL_CERT_FILE", "{ca}")?;
                let whose = "the bundled server".to_owned();
                (whose, true, password, Starting::Launch(Box::new(launch)))
            }
        };
        Ok(Self { whose, bundled, password, start })
    }

    /// Starts it if need be.
    pub(super) async fn reach(&self) -> Result<(String, Option<Launched>), CliError> {
        match &self.start {
            Starting::Url(url) => Ok((url.clone(), None)),
            Starting::Launch(launch) => {
                let profile = profiles::text(profiles::PLAIN).unwrap_or_default();
                let launched = launch.start(profile).await?;
                Ok((launched.url().to_owned(), Some(launched)))
            }
        }
    }
}

/// The URL with a port. Bad input goes to somebody else's server only when it is asked for, and
/// byte by byte, so without TLS.
fn checked(url: &str, allow_remote: bool) -> Result<String, CliError> {
    let usage = |what: &str| Err(CliError::Usage(format!("--url {url}: {what}")));
    let Address { secure, host, port, prefix, .. } = address(url)?;
    if secure || !prefix.is_empty() {
        return usage("give where the server itself listens: no https://, and no path prefix");
    }
    let ip = host.parse::<IpAddr>();
    let here = host == "localhost" || ip.as_ref().is_ok_and(IpAddr::is_loopback);
    if !here && !allow_remote {
        return usage(
            "it is not on this machine; --allow-remote sends bad input there nevertheless",
        );
    }
    Ok(match ip {
        Ok(IpAddr::V6(ip)) => format!("http://[{ip}]:{port}"),
        _ => format!("http://{host}:{port}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_of_this_machine_are_fuzzed_unasked() {
        for url in
            ["http://127.0.0.1:2333", "http://localhost", "http://[::1]:2333", "http://127.9.9.9"]
        {
            assert!(checked(url, false).is_ok(), "{url}");
        }
        for url in ["http://10.0.0.1:2333", "http://example.org", "http://127.0.0.1.example.org"] {
            assert!(checked(url, false).is_err(), "{url}");
            assert!(checked(url, true).is_ok(), "{url}");
        }
        for url in ["ftp://127.0.0.1", "127.0.0.1:2333", "http://"] {
            assert!(checked(url, true).is_err(), "{url}");
        }
    }
}
