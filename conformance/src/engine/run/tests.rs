//! Runs against targets of a test's own: what runs again, what is blocked, what is told.

use std::sync::Mutex;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::assets;
use crate::client::Trust;
use crate::discord::Authority;
use crate::engine::book::MOST_REPEATS;
use crate::lag::Lag;
use crate::schema::Schemas;
use crate::settings::{Budgets, Secret, Settings};
use crate::spec::Source;
use crate::target::{BundledClock, BundledOptions, Origin};
use crate::verdict::{Status, Verdict};

fn settings(lag: Lag) -> Settings {
    let schemas = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
    Settings {
        url: String::new(),
        trust: Trust::default(),
        password: Secret::new(""),
        media_url: String::new(),
        budgets: Budgets { lag, ..Budgets::scaled(1.0) },
        schemas: Schemas::load(schemas).unwrap(),
        authority: Arc::new(Authority::new().unwrap()),
        manual_time: None,
        outliving: Arc::default(),
    }
}

/// Runs a scenario that wants the path `/count` to be answered with a text.
async fn run_for(text: &str, fleet: Fleet) -> Run {
    let text = format!(
        "Feature: F\n  @LL-HTTP-001 @must\n  Rule: R\n    Sources: x\n\n    @LL-HTTP-001.a\n    \
         Scenario: S\n      When the client requests \"GET /count\"\n      \
         Then the answer is the text \"{text}\"\n"
    );
    let spec = Source::texts(&[("http/a.feature", &text)]).read().unwrap();
    let chosen: Vec<_> = spec.scenarios().collect();
    let options = Options { jobs: 1, ..Options::default() };
    let never = std::future::pending();
    run(&spec, &chosen, Arc::new(fleet), &options, Progress::silent(), never).await.unwrap()
}

/// A target that answers `/count` with how often it was asked, while the machine is late.
async fn counting(lag: Lag) -> Fleet {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let common = settings(lag.clone());
    tokio::spawn(async move {
        let mut count = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let body = match asked(&mut stream).await.starts_with("GET /count ") {
                true => {
                    count += 1;
                    lag.woke_late(Duration::from_secs(1));
                    count.to_string()
                }
                false => "{}".to_owned(),
            };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).await.unwrap();
        }
    });
    let (password, profile) = (Secret::new(""), profiles::PLAIN.to_owned());
    Fleet::new(Origin::Url { url, password, profile, control: None }, common, 1)
}

async fn asked(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn what_fails_on_a_starved_machine_runs_again_and_may_pass() {
    let run = run_for("3", counting(Lag::of_machine()).await).await;
    let scenario = &run.scenarios[0];
    assert_eq!((scenario.status, scenario.attempts.len()), (Status::Passed, 1));
    assert_eq!(scenario.starved.len(), 2);
    assert_eq!(run.starved(), (1, 2, 0));
    assert_eq!(Verdict::of(&run, true), Verdict::Conformant);
}

#[tokio::test]
async fn what_fails_every_time_on_a_starved_machine_is_not_established() {
    let run = run_for("no number", counting(Lag::of_machine()).await).await;
    let scenario = &run.scenarios[0];
    assert_eq!((scenario.status, scenario.attempts.len()), (Status::Error, 1));
    let message = scenario.attempts[0].message.as_deref().unwrap();
    assert!(message.starts_with("could not be established, as the machine was "), "{message}");
    assert_eq!(run.starved(), (1, MOST_REPEATS, 1));
    assert_eq!(Verdict::of(&run, true), Verdict::NotEstablished);
}

#[tokio::test]
async fn a_machine_cannot_be_late_for_time_that_is_moved() {
    let lag = Lag::of_machine();
    let options = BundledOptions::steady(BundledClock::Manual);
    let fleet = Fleet::new(Origin::Bundled(options), settings(lag.clone()), 1);
    let late = async {
        loop {
            lag.woke_late(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let run = tokio::select! {
        run = run_for("no number", fleet) => run,
        () = late => return,
    };
    let scenario = &run.scenarios[0];
    assert_eq!((scenario.status, scenario.attempts.len()), (Status::Failed, 1));
    assert_eq!(run.starved(), (0, 0, 0));
    assert_eq!(run.lag, Duration::ZERO);
}

/// Features of a server whose sockets do not open.
const STANDING: [(&str, &str); 2] = [
    (
        "prerequisite/a.feature",
        "Feature: F\n  @LL-PREREQUISITE-004 @must\n  Rule: R\n    Sources: x\n\n    \
         @LL-PREREQUISITE-004.a\n    Scenario: S\n      When a client connects\n      \
         Then the handshake is accepted\n",
    ),
    (
        "http/a.feature",
        "Feature: F\n  @LL-HTTP-001 @must\n  Rule: R\n    Sources: x\n\n    @LL-HTTP-001.a\n    \
         Scenario: S\n      Given a connected client\n      Then the answer is 200\n\n    \
         @LL-HTTP-001.b\n    Scenario: T\n      When the client requests \"GET /other\"\n      \
         Then the answer is 200\n",
    ),
];

async fn run_standing(files: &[(&str, &str)]) -> Run {
    let spec = Source::texts(files).read().unwrap();
    let chosen: Vec<_> = spec.scenarios().collect();
    let (fleet, options) = (counting(Lag::none()).await, Options::default());
    let never = std::future::pending();
    run(&spec, &chosen, Arc::new(fleet), &options, Progress::silent(), never).await.unwrap()
}

fn scenario<'a>(run: &'a Run, id: &str) -> &'a ScenarioResult {
    run.scenarios.iter().find(|scenario| scenario.id == id).unwrap()
}

#[tokio::test]
async fn a_scenario_that_cannot_be_prepared_is_blocked_by_the_rule_of_its_step() {
    let run = run_standing(&STANDING[1..]).await;
    let blocked = scenario(&run, "LL-HTTP-001.a");
    assert_eq!((blocked.status, blocked.attempts.len()), (Status::Blocked, 1));
    assert_eq!(blocked.blocked_by(), Some("LL-PREREQUISITE-004"));
    assert_eq!(scenario(&run, "LL-HTTP-001.b").status, Status::Passed);
    assert_eq!(Verdict::of(&run, false), Verdict::NotConformant);
}

#[tokio::test]
async fn what_stands_on_a_prerequisite_that_failed_is_not_tried() {
    let run = run_standing(&STANDING).await;
    let failed = scenario(&run, "LL-PREREQUISITE-004.a");
    assert_eq!((failed.status, failed.blocked_by()), (Status::Failed, None));
    let blocked = scenario(&run, "LL-HTTP-001.a");
    assert_eq!((blocked.status, blocked.attempts.len()), (Status::Blocked, 0));
    assert_eq!(blocked.blocked_by(), Some("LL-PREREQUISITE-004"));
    assert_eq!(scenario(&run, "LL-HTTP-001.b").status, Status::Passed);
}

#[tokio::test]
async fn a_run_that_is_interrupted_tells_of_what_has_ended() {
    let spec = Source::texts(&STANDING[1..]).read().unwrap();
    let chosen: Vec<_> = spec.scenarios().collect();
    let (fleet, options) = (counting(Lag::none()).await, Options::default());
    let now = std::future::ready(());
    let run = run(&spec, &chosen, Arc::new(fleet), &options, Progress::silent(), now).await;
    let run = run.unwrap();
    assert!(run.interrupted && !run.is_complete());
    assert_eq!(run.scenarios.len(), 2);
    assert_eq!(Verdict::of(&run, false), Verdict::NotEstablished);
}

/// A target that drops the first connections that ask for a path, as many as its last digit says,
/// and how often each path was asked for.
async fn dropping() -> (Fleet, Arc<Mutex<BTreeMap<String, usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked_for: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let counts = Arc::clone(&asked_for);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = asked(&mut stream).await;
            let path = head.split(' ').nth(1).unwrap().to_owned();
            let drops = path.chars().last().and_then(|last| last.to_digit(10)).unwrap_or(0);
            let count = {
                let mut counts = counts.lock().unwrap();
                let count = counts.entry(path).or_default();
                *count += 1;
                *count
            };
            if count > drops as usize {
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    let (password, profile) = (Secret::new(""), profiles::PLAIN.to_owned());
    let origin = Origin::Url { url, password, profile, control: None };
    (Fleet::new(origin, settings(Lag::none()), 1), asked_for)
}

/// What becomes of scenarios that each ask for a path and want that status.
async fn run_paths(paths: &[(&str, u16)], jobs: usize) -> (Run, BTreeMap<String, usize>) {
    let mut text = "Feature: F\n".to_owned();
    for (at, (path, status)) in paths.iter().enumerate() {
        text += &format!(
            "\n  @LL-HTTP-00{at} @must\n  Rule: R\n    Sources: x\n\n    @LL-HTTP-00{at}.a\n    \
             Scenario: S\n      When the client requests \"GET {path}\"\n      \
             Then the answer is {status}\n"
        );
    }
    let spec = Source::texts(&[("http/a.feature", &text)]).read().unwrap();
    let chosen: Vec<_> = spec.scenarios().collect();
    let options = Options { jobs, ..Options::default() };
    let (fleet, asked_for) = dropping().await;
    let never = std::future::pending();
    let run = run(&spec, &chosen, Arc::new(fleet), &options, Progress::silent(), never).await;
    let counts = asked_for.lock().unwrap().clone();
    (run.unwrap(), counts)
}

#[tokio::test]
async fn what_may_have_failed_for_the_crowd_runs_again_with_fewer_and_then_alone() {
    let paths =
        [("/ok0", 200), ("/few1", 200), ("/alone2", 200), ("/never9", 200), ("/other0", 404)];
    let (run, counts) = run_paths(&paths, 8).await;
    let seen: Vec<_> = run.scenarios.iter().map(|s| (s.status, s.crowded.len())).collect();
    let expected = [
        (Status::Passed, 0),
        (Status::Passed, 1),
        (Status::Passed, 2),
        (Status::Failed, 2),
        (Status::Failed, 0),
    ];
    assert_eq!(seen, expected);
    assert!(run.scenarios.iter().all(|s| s.attempts.len() == 1));
    assert_eq!((counts["/never9"], counts["/other0"]), (3, 1));
    let alone: Vec<_> = run.scenarios.iter().filter(|s| s.passed_alone()).collect();
    assert_eq!(alone.len(), 2);
    assert_eq!(Verdict::of(&run, false), Verdict::NotConformant);
}

#[tokio::test]
async fn what_held_alone_is_told_and_does_not_fail_the_run() {
    let (run, _) = run_paths(&[("/a1", 200), ("/b0", 200)], 8).await;
    assert_eq!(Verdict::of(&run, true), Verdict::Conformant);
    assert!(run.scenarios[0].crowded[0].message.as_deref().unwrap().contains("connection"));
}

#[tokio::test]
async fn what_ran_alone_does_not_run_again() {
    let (run, counts) = run_paths(&[("/a1", 200)], 1).await;
    assert_eq!((run.scenarios[0].status, counts["/a1"]), (Status::Failed, 1));
    assert!(run.scenarios[0].crowded.is_empty());
}
