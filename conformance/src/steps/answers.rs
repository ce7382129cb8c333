//! Which status the last request was answered with, and with which error object.

use http::StatusCode;
use serde_json::{Value, json};

use super::args::Args;
use super::bodies::compare;
use super::ground::Ground;
use super::{Steps, steps};
use crate::client::Answer;
use crate::failure::Failure;
use crate::json::Extent;
use crate::world::World;

/// How much of a path a message shows, in characters.
const LONGEST_PATH: usize = 100;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Answer,
        r#"^the answer is (\d{3})(?: or (\d{3}))?$"# => status,
        r#"^the answer is a success$"# => is_success,
        r#"^nothing that came breaks "(LL-SHAPE-\d{3})"$"# => nothing_breaks,
        r#"^the answer is (\d{3}) "(.*)"$"# => error_with_message,
        r#"^the answer is an error (\d{3})$"# => error,
        r#"^the answer is a refusal$"# => refusal,
        r#"^the connection (is closed|stays open)$"# => connection,
    );
}

async fn status(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected: Vec<_> = [Some(args.text(0)?), args.optional(1)].into_iter().flatten().collect();
    check_status_in(world, &expected)
}

async fn is_success(world: &mut World, _: Args) -> Result<(), Failure> {
    check_success(world)
}

/// Holds if nothing that the target said in this scenario breaks the rule of that shape. In other
/// scenarios that is a finding of the run.
async fn nothing_breaks(world: &mut World, args: Args) -> Result<(), Failure> {
    let rule = args.text(0)?;
    let mut violations = world.checker()?.violations().into_iter();
    match violations.find(|violation| violation.rule == rule) {
        None => Ok(()),
        Some(violation) => Err(violation.into_failure()),
    }
}

/// Holds if the last answer has this status.
pub(super) fn check_status(world: &World, expected: u16) -> Result<(), Failure> {
    check_status_in(world, &[&expected.to_string()])
}

fn check_status_in(world: &World, expected: &[&str]) -> Result<(), Failure> {
    let answer = world.answer()?;
    if expected.contains(&answer.status.to_string().as_str()) {
        return Ok(());
    }
    let expected = expected.join(" or ");
    let line = format!("status: expected {expected}, got {}", answer.status);
    let body: String = answer.body.chars().take(300).collect();
    Err(failed(world, "has another status than expected", vec![line, format!("body: {body}")]))
}

/// Holds if the last answer is a success.
pub(super) fn check_success(world: &World) -> Result<(), Failure> {
    let answer = world.answer()?;
    if answer.status < 400 {
        return Ok(());
    }
    let line = format!("status: expected a success, got {}", answer.status);
    let body: String = answer.body.chars().take(300).collect();
    Err(failed(world, "is an error", vec![line, format!("body: {body}")]))
}

/// The failure of a step because the last answer is not as expected: `what` says how it is.
pub(super) fn failed(world: &World, what: &str, difference: Vec<String>) -> Failure {
    let reproduce = match (world.answer(), world.settings()) {
        (Ok(answer), Ok(settings)) => Some(answer.request.curl(&settings)),
        _ => None,
    };
    let request = world.answer().map(|answer| {
        let path: String = answer.path().chars().take(LONGEST_PATH).collect();
        format!(" to {} {path}", answer.request.method)
    });
    let message = format!("the answer{} {what}", request.unwrap_or_default());
    Failure { difference, reproduce, ..Failure::assertion(message) }
}

async fn error_with_message(world: &mut World, args: Args) -> Result<(), Failure> {
    check_error(world, args.number(0)?, &json!(args.text(1)?))
}

async fn error(world: &mut World, args: Args) -> Result<(), Failure> {
    check_status(world, args.number(0)?)?;
    check_error_fits(world)
}

/// Holds with any status that blames the client: which one it is, is about another rule.
async fn refusal(world: &mut World, _: Args) -> Result<(), Failure> {
    let answer = world.answer()?;
    if (400..500).contains(&answer.status) {
        return check_error_fits(world);
    }
    let line = format!("status: expected 4xx, got {}", answer.status);
    let body: String = answer.body.chars().take(300).collect();
    Err(failed(world, "is no refusal", vec![line, format!("body: {body}")]))
}

/// Holds if the error object, if there is one, has the status of the answer. That there is one is
/// the rule of its shape, and its path the rule about errors.
fn check_error_fits(world: &World) -> Result<(), Failure> {
    let answer = world.answer()?;
    match answer.json() {
        Some(Value::Object(error)) if error.contains_key("status") => {
            compare(world, &json!({"status": answer.status}), Extent::Part)
        }
        _ => Ok(()),
    }
}

/// Holds if the last answer has this status and the whole error object is as expected.
pub(super) fn check_error(world: &World, status: u16, message: &Value) -> Result<(), Failure> {
    check_status(world, status)?;
    let answer = world.answer()?;
    let phrase = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let traced = answer.request.path.contains("trace=true");
    let trace = if traced { "#string" } else { "#absent" };
    let expected = json!({
        "timestamp": "#now", "status": status, "error": phrase.unwrap_or_default(),
        "message": message, "path": path_of(world, answer)?, "trace": trace,
    });
    compare(world, &expected, Extent::Whole)
}

/// What the path of the error object is compared with. A proxy may have taken the prefix away under
/// which the target is.
fn path_of(world: &World, answer: &Answer) -> Result<String, Failure> {
    let path = answer.path();
    let address = world.settings()?.address().map_err(|e| Failure::harness(e.to_string()))?;
    Ok(match address.prefix.as_str() {
        "" => path.to_owned(),
        prefix => format!("#/({})?{}/", regex::escape(prefix), regex::escape(path)),
    })
}

async fn connection(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.text(0)?;
    if world.is_closed()? == (expected == "is closed") {
        return Ok(());
    }
    Err(failed(world, &format!("was expected to leave a connection that {expected}"), Vec::new()))
}
