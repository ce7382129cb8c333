//! The reference server as a program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lavalink_reference_server::program(std::env::args_os()).await
}
