//! The body of the last answer: as JSON, at a JSON pointer, as a text.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answers::failed;
use super::args::Args;
use super::ground::Ground;
use super::{DIFFERS, Steps, steps};
use crate::client::Answer;
use crate::failure::Failure;
use crate::json::{self, Extent};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Answer,
        r#"^the answer is empty$"# => empty,
        r#"^the answer is the text "(.*)"$"# => text,
        r#"^the answer is a text like "(.*)"$"# => text_like,
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

async fn whole_body(world: &mut World, args: Args) -> Result<(), Failure> {
    compare(world, &args.json(0)?, Extent::Whole)
}

async fn part_of_body(world: &mut World, args: Args) -> Result<(), Failure> {
    compare(world, &args.json(0)?, Extent::Part)
}

/// Holds if the last answer's body is as expected. Fields that no schema knows do not matter.
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

/// The body as JSON.
fn body(answer: &Answer) -> Result<Value, Failure> {
    let body: String = answer.body.chars().take(200).collect();
    answer.json().ok_or_else(|| Failure::assertion(format!("the answer is not JSON: {body:?}")))
}

/// Paths of fields of the last answer that its schema says nothing of.
fn unknown(world: &World, body: &Value) -> Result<BTreeSet<String>, Failure> {
    Ok(world.checker()?.unknown_in_answer(world.answer()?, body))
}

async fn empty(world: &mut World, _: Args) -> Result<(), Failure> {
    check_text(world, |text| text.is_empty(), "no body")
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

/// Compares what stands at a JSON pointer. `extra` are the paths of fields that may be there besides,
/// from the root of the value.
pub(super) fn compare_at(
    what: &str,
    value: &Value,
    extra: &BTreeSet<String>,
    path: &str,
    expected: &Value,
    now_ms: f64,
) -> Result<(), Failure> {
    // The value is compared as a member of an object, so that absence can be expected.
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
    // A sum without a fraction is written without a point.
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

/// Holds if an array of texts has this one, or does not have it.
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
