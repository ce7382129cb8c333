//! Metrics for Prometheus. Each sentence reads the last answer as a whole page of them.

use std::collections::BTreeSet;

use serde_json::json;

use super::args::Args;
use super::bodies::compare_at;
use super::ground::Ground;
use super::{Steps, steps};
use crate::failure::Failure;
use crate::metrics::{Family, Metrics};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^the metrics have these types:$"# => types,
        r#"^the metrics have these help texts:$"# => help_texts,
        r#"^the metric "(\w+)" is (.+)$"# => value,
        r#"^the only metrics are "([^"]*)"$"# => only,
        r#"^no metric is like "([^"]+)"$"# => none_like,
    );
}

fn page(world: &World) -> Result<Metrics, Failure> {
    let metrics = Metrics::read(&world.answer()?.body);
    metrics.map_err(|error| Failure::assertion(format!("Prometheus cannot read it: {error}")))
}

async fn types(world: &mut World, args: Args) -> Result<(), Failure> {
    check_families(world, &args, "type", |family| family.kind.as_deref())
}

async fn help_texts(world: &mut World, args: Args) -> Result<(), Failure> {
    check_families(world, &args, "help text", |family| family.help.as_deref())
}

/// Each row names a metric that has a value, and what is said of it.
fn check_families(
    world: &World,
    args: &Args,
    what: &str,
    said: impl Fn(&Family) -> Option<&str>,
) -> Result<(), Failure> {
    let metrics = page(world)?;
    let mut difference = Vec::new();
    for (name, expected) in args.pairs()? {
        let seen = metrics.families.get(&name).and_then(&said);
        if metrics.value(&name).is_none() {
            difference.push(format!("{name}: expected a value, got none"));
        } else if seen != Some(expected.as_str()) {
            difference.push(format!("{name}: expected the {what} {expected:?}, got {seen:?}"));
        }
    }
    if difference.is_empty() {
        return Ok(());
    }
    Err(Failure { difference, ..Failure::assertion("the metrics are others") })
}

async fn value(world: &mut World, args: Args) -> Result<(), Failure> {
    let (name, expected) = (args.text(0)?, args.json(1)?);
    let seen = page(world)?.value(name);
    let seen = seen.map_or_else(|| json!({}), |value| json!({ name: value }));
    let extra = BTreeSet::new();
    compare_at("metric", &seen, &extra, &format!("/{name}"), &expected, world.target_now_ms())
}

async fn only(world: &mut World, args: Args) -> Result<(), Failure> {
    let metrics = page(world)?;
    let expected: Vec<_> = args.text(0)?.split(", ").filter(|name| !name.is_empty()).collect();
    let seen: Vec<_> = metrics.names().into_iter().collect();
    if seen == expected {
        return Ok(());
    }
    let line = format!("expected {expected:?}, got {seen:?}");
    Err(Failure { difference: vec![line], ..Failure::assertion("there are other metrics") })
}

async fn none_like(world: &mut World, args: Args) -> Result<(), Failure> {
    let regex = args.pattern(0)?;
    match page(world)?.names().into_iter().find(|name| regex.is_match(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::assertion(format!("there is a metric {name}"))),
    }
}
