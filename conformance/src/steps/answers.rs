//! What the last request was answered with.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use super::args::Args;
use super::ground::Ground;
use super::{DIFFERS, Steps, steps};
use crate::client::Answer;
use crate::failure::Failure;
use crate::json::{self, Extent};
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
        r#"^the answer is empty$"# => empty,
        r#"^the connection (is closed|stays open)$"# => connection,
        r#"^the answer is the text "(.*)"$"# => text,
        r#"^the answer is a text like "(.*)"$"# => text_like,
        r#"^the answer's header "([^"]+)" is "([^"]*)"$"# => header_is,
        r#"^the answer's header "([^"]+)" lists "([^"]*)"$"# => header_lists,
        r#"^the answer's header "([^"]+)" starts with "([^"]*)"$"# => header_starts,
        r#"^the answer's header "([^"]+)" is like "([^"]*)"$"# => header_like,
        r#"^the answer's header "([^"]+)" is absent$"# => header_absent,
        r#"^the answer's header "([^"]+)" is "([^"]*)" or absent \(quirk\)$"# => header_or_absent,
    );
    steps!(steps, Ground::Body,
        r#"^the answer is(?: ([\{\[].*)|:)$"# => whole_body,
        r#"^the answer contains(?: (.+)|:)$"# => part_of_body,
        r#"^the answer at "([^"]*)" is (["\{\[\-0-9tfn].*|\$\{[\w.]+\})$"# => at,
        r#"^the answer at "([^"]*)" is remembered as "([\w.]+)"$"# => remembered,
        r#"^the answer at "([^"]*)" is (\$\{[\w.]+\}) plus (-?\d+|\$\{[\w.]+\})$"# => at_plus,
        r#"^the answer at "([^"]*)" has its keys in the order "([^"]*)"$"# => keys_in_order,
        r#"^the answer has (\d+) entr(?:y|ies)$"# => entries,
        r#"^the answer at "([^"]*)" (includes|leaves out) "([^"]*)"$"# => includes,
    );
}

async fn status(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected: Vec<_> = [Some(args.text(0)?), args.optional(1)].into_iter().flatten().collect();
    check_status_in(world, &expected)
}

async fn is_success(world: &mut World, _: Args) -> Result<(), Failure> {
    check_success(world)
}

/// Of what a scenario brought the target to say; elsewhere the run counts it as a finding.
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

/// The last answer is not as expected: `what` is said of it.
fn failed(world: &World, what: &str, difference: Vec<String>) -> Failure {
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

/// Which of the statuses it is that blame the client is another rule's business.
async fn refusal(world: &mut World, _: Args) -> Result<(), Failure> {
    let answer = world.answer()?;
    if (400..500).contains(&answer.status) {
        return check_error_fits(world);
    }
    let line = format!("status: expected 4xx, got {}", answer.status);
    let body: String = answer.body.chars().take(300).collect();
    Err(failed(world, "is no refusal", vec![line, format!("body: {body}")]))
}

/// An error object has this answer's status. That there is one is the business of its shape, and
/// its path of the rule about errors.
fn check_error_fits(world: &World) -> Result<(), Failure> {
    let answer = world.answer()?;
    match answer.json() {
        Some(Value::Object(error)) if error.contains_key("status") => {
            compare(world, &json!({"status": answer.status}), Extent::Part)
        }
        _ => Ok(()),
    }
}

/// The status and the whole error object.
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

/// The path of the request. A proxy may have taken the prefix away under which the target is.
fn path_of(world: &World, answer: &Answer) -> Result<String, Failure> {
    let path = answer.path();
    let address = world.settings()?.address().map_err(|e| Failure::harness(e.to_string()))?;
    Ok(match address.prefix.as_str() {
        "" => path.to_owned(),
        prefix => format!("#/({})?{}/", regex::escape(prefix), regex::escape(path)),
    })
}

fn body(answer: &Answer) -> Result<Value, Failure> {
    let body: String = answer.body.chars().take(200).collect();
    answer.json().ok_or_else(|| Failure::assertion(format!("the answer is not JSON: {body:?}")))
}

/// Holds if the last answer's body is as expected. Fields that no schema knows are none of it.
pub(super) fn compare(world: &World, expected: &Value, extent: Extent) -> Result<(), Failure> {
    let body = body(world.answer()?)?;
    let extra = unknown(world, &body)?;
    let now = world.target_now_ms();
    let difference = json::differences_but(expected, &body, extent, now, &extra)?;
    if difference.is_empty() {
        return Ok(());
    }
    Err(failed(world, DIFFERS, difference))
}

/// Paths of fields of the last answer that its schema says nothing of.
fn unknown(world: &World, body: &Value) -> Result<BTreeSet<String>, Failure> {
    Ok(world.checker()?.unknown_in_answer(world.answer()?, body))
}

async fn whole_body(world: &mut World, args: Args) -> Result<(), Failure> {
    compare(world, &args.json(0)?, Extent::Whole)
}

async fn part_of_body(world: &mut World, args: Args) -> Result<(), Failure> {
    compare(world, &args.json(0)?, Extent::Part)
}

async fn empty(world: &mut World, _: Args) -> Result<(), Failure> {
    check_text(world, |text| text.is_empty(), "no body")
}

async fn connection(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.text(0)?;
    if world.is_closed()? == (expected == "is closed") {
        return Ok(());
    }
    Err(failed(world, &format!("was expected to leave a connection that {expected}"), Vec::new()))
}

async fn text(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.text(0)?;
    check_text(world, |text| text == expected, &format!("{expected:?}"))
}

async fn text_like(world: &mut World, args: Args) -> Result<(), Failure> {
    let pattern = args.text(0)?;
    let regex = args.pattern(0)?;
    check_text(world, |text| regex.is_match(text), &format!("a text like {pattern}"))
}

fn check_text(world: &World, holds: impl Fn(&str) -> bool, expected: &str) -> Result<(), Failure> {
    let seen = &world.answer()?.body;
    if holds(seen) {
        return Ok(());
    }
    let seen: String = seen.chars().take(300).collect();
    let line = format!("body: expected {expected}, got {seen:?}");
    Err(failed(world, DIFFERS, vec![line]))
}

async fn at(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.json(1)?;
    let body = body(world.answer()?)?;
    let extra = unknown(world, &body)?;
    compare_at("answer", &body, &extra, args.text(0)?, &expected, world.target_now_ms())
        .map_err(|failure| failed(world, DIFFERS, failure.difference))
}

/// Compares what stands at a JSON pointer. `extra`: paths in the whole value of fields that may be
/// there besides.
pub(super) fn compare_at(
    what: &str,
    value: &Value,
    extra: &BTreeSet<String>,
    path: &str,
    expected: &Value,
    now_ms: f64,
) -> Result<(), Failure> {
    // As a member of an object, so that absence can be expected.
    let seen = value.pointer(path).map_or_else(|| json!({}), |value| json!({"at": value}));
    let start = pattern_at(value, path);
    let extra = extra.iter().filter_map(|path| path.strip_prefix(&start));
    let extra = extra.map(|rest| format!("/at{rest}")).collect();
    let expected = json!({"at": expected});
    let difference = json::differences_but(&expected, &seen, Extent::Whole, now_ms, &extra)?;
    if difference.is_empty() {
        return Ok(());
    }
    let difference = difference
        .into_iter()
        .map(|line| format!("{path}{}", line.strip_prefix("/at").unwrap_or(&line)))
        .collect();
    Err(Failure { difference, ..Failure::assertion(format!("the {what} {DIFFERS}")) })
}

/// A JSON pointer with `*` for indices of arrays, and names as they are.
fn pattern_at(value: &Value, pointer: &str) -> String {
    let mut at = Some(value);
    let segments = pointer.split('/').skip(1).map(|segment| {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let is_entry = at.is_some_and(Value::is_array);
        at = at.and_then(|value| match value {
            Value::Array(entries) => entries.get(name.parse::<usize>().ok()?),
            other => other.get(&name),
        });
        if is_entry { "/*".to_owned() } else { format!("/{name}") }
    });
    segments.collect()
}

async fn remembered(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = args.text(0)?;
    let value = body(world.answer()?)?.pointer(path).cloned();
    let value = value.ok_or_else(|| failed(world, &format!("has no {path}"), Vec::new()))?;
    world.remember(args.text(1)?, &value);
    Ok(())
}

async fn at_plus(world: &mut World, args: Args) -> Result<(), Failure> {
    let sum = args.number::<f64>(1)? + args.number::<f64>(2)?;
    let body = body(world.answer()?)?;
    let extra = BTreeSet::new();
    // Without a point where there is no fraction.
    let sum = json::expected(&sum.to_string())?;
    compare_at("answer", &body, &extra, args.text(0)?, &sum, world.target_now_ms())
        .map_err(|failure| failed(world, DIFFERS, failure.difference))
}

async fn keys_in_order(world: &mut World, args: Args) -> Result<(), Failure> {
    let (path, expected) = (args.text(0)?, args.text(1)?);
    let body = body(world.answer()?)?;
    let keys = body.pointer(path).and_then(Value::as_object);
    let keys: Vec<_> = keys.into_iter().flat_map(|object| object.keys()).collect();
    let seen = keys.iter().map(|key| key.as_str()).collect::<Vec<_>>().join(", ");
    if seen == expected {
        return Ok(());
    }
    let line = format!("{path}: expected the keys {expected}, got {seen}");
    Err(failed(world, "has its keys in another order than expected", vec![line]))
}

async fn entries(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected: usize = args.number(0)?;
    let seen = body(world.answer()?)?.as_array().map(Vec::len);
    if seen == Some(expected) {
        return Ok(());
    }
    let line = format!("expected an array of {expected}, got {seen:?}");
    Err(failed(world, DIFFERS, vec![line]))
}

/// Whether an array of texts has this one.
async fn includes(world: &mut World, args: Args) -> Result<(), Failure> {
    let (path, text) = (args.text(0)?, args.text(2)?);
    let body = body(world.answer()?)?;
    let Some(list) = body.pointer(path).and_then(Value::as_array) else {
        return Err(failed(world, &format!("has no array at {path}"), Vec::new()));
    };
    if list.iter().any(|entry| entry == text) == (args.text(1)? == "includes") {
        return Ok(());
    }
    let line = format!("{path}: expected that it {} {text:?}, got {list:?}", args.text(1)?);
    Err(failed(world, DIFFERS, vec![line]))
}

async fn header_is(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.text(1)?;
    check_header(world, args.text(0)?, |seen| seen == Some(expected), &format!("{expected:?}"))
}

async fn header_lists(world: &mut World, args: Args) -> Result<(), Failure> {
    let list = |text: &str| -> BTreeSet<String> {
        text.split(',').map(|item| item.trim().to_ascii_uppercase()).collect()
    };
    let expected = args.text(1)?;
    let holds = |seen: Option<&str>| seen.map(list) == Some(list(expected));
    check_header(world, args.text(0)?, holds, &format!("the list {expected}"))
}

async fn header_starts(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.text(1)?;
    let holds = |seen: Option<&str>| seen.is_some_and(|seen| seen.starts_with(expected));
    check_header(world, args.text(0)?, holds, &format!("something that starts with {expected:?}"))
}

async fn header_like(world: &mut World, args: Args) -> Result<(), Failure> {
    let regex = args.pattern(1)?;
    let holds = |seen: Option<&str>| seen.is_some_and(|seen| regex.is_match(seen));
    check_header(world, args.text(0)?, holds, &format!("something like {:?}", args.text(1)?))
}

async fn header_absent(world: &mut World, args: Args) -> Result<(), Failure> {
    check_header(world, args.text(0)?, |seen| seen.is_none(), "none")
}

async fn header_or_absent(world: &mut World, args: Args) -> Result<(), Failure> {
    let (name, expected) = (args.text(0)?, args.text(1)?);
    let holds = |seen: Option<&str>| seen.is_none_or(|seen| seen == expected);
    check_header(world, name, holds, &format!("{expected:?} or none"))?;
    let seen = world.answer()?.header(name).is_none();
    world.note_quirk(&format!("{name} is missing from an unexpected error"), seen);
    Ok(())
}

fn check_header(
    world: &World,
    name: &str,
    holds: impl Fn(Option<&str>) -> bool,
    expected: &str,
) -> Result<(), Failure> {
    let seen = world.answer()?.header(name);
    if holds(seen) {
        return Ok(());
    }
    let line = format!("{name}: expected {expected}, got {seen:?}");
    Err(failed(world, &format!("has another {name} header than expected"), vec![line]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str, expected: Value) -> Result<(), Failure> {
        let value = json!({"list": [{"a": {"b": 1, "more": 2}}], "more": 3});
        let extra = ["/list/*/a/more", "/more"].map(str::to_owned).into();
        compare_at("answer", &value, &extra, path, &expected, 0.0)
    }

    #[test]
    fn fields_that_no_schema_knows_do_not_matter_wherever_it_is_looked() {
        assert!(at("/list/0/a", json!({"b": 1})).is_ok());
        assert!(at("/list", json!([{"a": {"b": 1}}])).is_ok());
        assert!(at("", json!({"list": "#array"})).is_ok());
        let failure = at("/list/0/a", json!({})).unwrap_err();
        assert_eq!(failure.difference, ["/list/0/a/b: expected nothing, got 1"]);
        assert!(at("/more", json!("#absent")).is_err());
    }
}
