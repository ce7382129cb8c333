//! The conformance runner as a program.

use std::process::ExitCode;

use clap::Parser;
use lavalink_conformance::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    ExitCode::from(Cli::parse().execute().await.code())
}
