//! What the targets and the runner of these tests are: this program, run again.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;

use lavalink_conformance::target::Launch;
use lavalink_conformance::target::launch::unless_interrupted;

use crate::support::{ORDERLY, PROFILE, SERVE, TICK, line_after, options, shell};

/// A server, or a runner with a target.
#[test]
#[ignore = "the other tests run it as a program of its own"]
fn as_another_program() {
    match (std::env::var("MODE").as_deref(), std::env::var("PORT")) {
        (Ok("runner"), _) => run_until_interrupted(),
        (mode, Ok(port)) => serve(&port, mode == Ok("hang")),
        _ => {}
    }
}

fn serve(port: &str, silent: bool) {
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let mut open = Vec::new();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        if silent {
            open.push(stream);
            continue;
        }
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        lines.find(|line| line.as_ref().unwrap().is_empty());
        if first.contains("/die") {
            println!("dying");
            std::process::exit(3);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
}

/// What the runner ends with when it was told to end.
pub(crate) const INTERRUPTED: i32 = 40;

fn run_until_interrupted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = PathBuf::from(std::env::var("FOLDER").unwrap());
        let launch = Launch::new(
            &shell(&format!("{TICK} {ORDERLY} echo in {{dir}}; {SERVE}")),
            options(&folder),
        )
        .unwrap();
        let run = async {
            let launched = launch.start(PROFILE).await.unwrap();
            println!("running in {}", line_after(&launched, "in ").await);
            std::future::pending::<()>().await;
        };
        assert_eq!(unless_interrupted(run).await.unwrap(), None::<()>, "it runs for ever");
    });
    std::process::exit(INTERRUPTED);
}
