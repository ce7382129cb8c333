//! The headers of the last answer.

use std::collections::BTreeSet;

use super::answers::failed;
use super::args::Args;
use super::ground::Ground;
use super::{Steps, steps};
use crate::failure::Failure;
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Answer,
        r#"^the answer's header "([^"]+)" is "([^"]*)"$"# => header_is,
        r#"^the answer's header "([^"]+)" lists "([^"]*)"$"# => header_lists,
        r#"^the answer's header "([^"]+)" starts with "([^"]*)"$"# => header_starts,
        r#"^the answer's header "([^"]+)" is like "([^"]*)"$"# => header_like,
        r#"^the answer's header "([^"]+)" is absent$"# => header_absent,
        r#"^the answer's header "([^"]+)" is "([^"]*)" or absent \(quirk\)$"# => header_or_absent,
    );
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
