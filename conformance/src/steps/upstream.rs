//! What the upstream of guarded sources answers and sees.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::json;

use super::args::Args;
use super::bodies::compare;
use super::ground::{Ground, ROUTE_PLANNER};
use super::{Steps, steps};
use crate::failure::Failure;
use crate::json::Extent;
use crate::upstream::{Asked, Blocks, Reply, Seen, number, spelled};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(ROUTE_PLANNER),
        r#"^the upstream answers (\d{3}|a redirect|a reset|an early end|nothing) to (?:the next request|the next (\d+) requests|(all) requests|requests from "([^"]+)")$"# => answers,
        r#"^the upstream answers (\d{3}) to the next (\d+) requests for the (page|script) of a video$"# => answers_on_the_way,
        r#"^the upstream answers (\d{3}) to (\d+) requests together$"# => answers_together,
        r#"^the client searches(?: (\d+) times)?$"# => searches,
        r#"^(\d+) clients search at once$"# => search_at_once,
        r#"^the client opens a video(?: (\d+) times)?$"# => opens_video,
        r#"^the client asks for a plain address(?: (\d+) times)?$"# => asks_for_plain,
        r#"^the upstream saw (\d+)(?: to (\d+))? requests?$"# => saw,
        r#"^(request \d+|the last request|each request|no request) came from "([^"]+)"$"# => came_from,
        r#"^the requests came from one address$"# => from_one_address,
        r#"^each request came from an address of its own$"# => each_from_its_own,
        r#"^each request came from a higher address than the one before$"# => rising,
        r#"^each request came from an address (\d+) to (\d+) higher than the one before$"# => striding,
        r#"^the requests came from (\d+) to (\d+) addresses, at most (\d+) from each$"# => spread,
        r#"^no address was free \(quirk\), or (\d+) requests came from "([^"]+)", each from an address of its own$"# => none_free,
        r#"^those after the first (\d+) came from one other address than "([^"]+)", or \(quirk\) up to (\d+) from it and the others from up to (\d+) addresses$"# => raced,
        r#"^the upstream saw requests for "([^"]+)"$"# => saw_requests_for,
        r#"^the requests that were redirected came from (\d+) or more addresses$"# => hops_spread,
        r#"^the address of (request \d+|the last request) is remembered as "(\w+)"$"# => remembered,
    );
}

async fn answers(world: &mut World, args: Args) -> Result<(), Failure> {
    let reply = reply(args.text(0)?)?;
    let upstream = world.upstream()?;
    if args.optional(2).is_some() {
        upstream.answer_all(reply);
    } else if let Some(source) = args.optional(3) {
        upstream.answer_from(address(source)?, reply);
    } else {
        let count = args.optional(1).map_or(Ok(1), |_| args.number(1))?;
        upstream.answer_next(count, &reply);
    }
    Ok(())
}

async fn answers_on_the_way(world: &mut World, args: Args) -> Result<(), Failure> {
    let asked = if args.text(2)? == "page" { Asked::Page } else { Asked::Script };
    world.upstream()?.answer_next_for(asked, args.number(1)?, &reply(args.text(0)?)?);
    Ok(())
}

async fn answers_together(world: &mut World, args: Args) -> Result<(), Failure> {
    world.upstream()?.answer_together(args.number(1)?, &reply(args.text(0)?)?);
    Ok(())
}

fn reply(text: &str) -> Result<Reply, Failure> {
    Reply::parse(text).ok_or_else(|| Failure::harness(format!("no answer: {text}")))
}

async fn searches(world: &mut World, args: Args) -> Result<(), Failure> {
    let queries = queries(world, args.optional(0).map_or(Ok(1), |_| args.number(0))?)?;
    world.load_in_turn(&queries).await
}

async fn search_at_once(world: &mut World, args: Args) -> Result<(), Failure> {
    let queries = queries(world, args.number(0)?)?;
    world.load_at_once(&queries).await
}

fn queries(world: &World, count: usize) -> Result<Vec<String>, Failure> {
    let upstream = world.upstream()?;
    Ok((0..count).map(|n| upstream.search(&n.to_string())).collect())
}

async fn opens_video(world: &mut World, args: Args) -> Result<(), Failure> {
    let upstream = world.upstream()?;
    let count = args.optional(0).map_or(Ok(1), |_| args.number(0))?;
    let watch = upstream.watch();
    let watch = watch.ok_or_else(|| Failure::harness("the scenario needs @needs-watch"))?;
    world.remember("video", &json!(upstream.video()));
    world.load_in_turn(&vec![watch; count]).await
}

async fn asks_for_plain(world: &mut World, args: Args) -> Result<(), Failure> {
    let count = args.optional(0).map_or(Ok(1), |_| args.number(0))?;
    let plain = world.upstream()?.plain();
    world.load_in_turn(&vec![plain; count]).await
}

async fn saw(world: &mut World, args: Args) -> Result<(), Failure> {
    let least: usize = args.number(0)?;
    let most = args.optional(1).map_or(Ok(least), |_| args.number(1))?;
    let seen = world.recent_requests()?;
    if (least..=most).contains(&seen.len()) {
        return Ok(());
    }
    let range = if least == most { least.to_string() } else { format!("{least} to {most}") };
    let what = format!("the upstream saw {} requests, not {range}", seen.len());
    Err(failed(&what, &seen))
}

async fn came_from(world: &mut World, args: Args) -> Result<(), Failure> {
    let seen = world.recent_requests()?;
    let (which, text) = (args.text(0)?, args.text(1)?);
    let blocks = Blocks::parse(text);
    let blocks = blocks.ok_or_else(|| Failure::harness(format!("not an address: {text}")))?;
    let from_there = |seen: &Seen| blocks.contains(seen.source);
    let holds = match which {
        // Of nothing everything could be said.
        "each request" => !seen.is_empty() && seen.iter().all(from_there),
        "no request" => !seen.iter().any(from_there),
        which => from_there(pick(&seen, which)?),
    };
    if holds {
        return Ok(());
    }
    Err(failed(&format!("it is not so that {which} came from {text}"), &seen))
}

async fn from_one_address(world: &mut World, _: Args) -> Result<(), Failure> {
    let seen = world.recent_requests()?;
    match counted(&seen).len() {
        1 => Ok(()),
        n => Err(failed(&format!("the requests came from {n} addresses, not from one"), &seen)),
    }
}

async fn each_from_its_own(world: &mut World, _: Args) -> Result<(), Failure> {
    let seen = world.recent_requests()?;
    let twice: Vec<_> = counted(&seen).into_iter().filter(|(_, count)| *count > 1).collect();
    if twice.is_empty() && !seen.is_empty() {
        return Ok(());
    }
    Err(failed(&format!("addresses were used more than once: {twice:?}"), &seen))
}

/// The real server tries steps that are always too long for a small block:
/// docs/observed/routeplanner.md#rotateonban.
async fn none_free(world: &mut World, args: Args) -> Result<(), Failure> {
    let count: usize = args.number(0)?;
    let text = args.text(1)?;
    let blocks = Blocks::parse(text);
    let blocks = blocks.ok_or_else(|| Failure::harness(format!("no blocks: {text}")))?;
    let seen = world.recent_requests()?;
    if seen.is_empty() {
        let data = json!({
            "severity": "fault", "causeStackTrace": "#/(?s).*Can't find a free ip.*/",
        });
        compare(world, &json!({"loadType": "error", "data": data}), Extent::Part)?;
    } else if seen.len() != count || counted(&seen).len() != count {
        let what = format!("{} requests came from {} addresses", seen.len(), counted(&seen).len());
        return Err(failed(&what, &seen));
    } else if !seen.iter().all(|seen| blocks.contains(seen.source)) {
        return Err(failed(&format!("not all requests came from {text}"), &seen));
    }
    world.note_quirk("RotateOnBan finds none of 128 addresses free", seen.is_empty());
    Ok(())
}

/// The real server's requests look at the same two variables without a lock.
async fn raced(world: &mut World, args: Args) -> Result<(), Failure> {
    let (first, old) = (args.number::<usize>(0)?, address(args.text(1)?)?);
    let (most_old, most_new): (usize, usize) = (args.number(2)?, args.number(3)?);
    let seen = world.recent_requests()?;
    let mut counts = counted(seen.get(first..).unwrap_or_default());
    let from_old = counts.remove(&old).unwrap_or_default();
    if counts.is_empty() || from_old > most_old || counts.len() > most_new {
        let others = counts.len();
        let what = format!("{from_old} requests came from {old}, the rest from {others} addresses");
        return Err(failed(&what, &seen));
    }
    let quirk = from_old > 0 || counts.len() > 1;
    world.note_quirk("RotateOnBan goes to a failing address or rotates again in a race", quirk);
    Ok(())
}

async fn saw_requests_for(world: &mut World, args: Args) -> Result<(), Failure> {
    let seen = world.all_recent_requests()?;
    let names: Vec<_> = seen.iter().map(|seen| seen.asked.name()).collect();
    let names = names.join(", ");
    if names == args.text(0)? {
        return Ok(());
    }
    Err(failed(&format!("the upstream saw requests for {names:?}"), &seen))
}

async fn rising(world: &mut World, _: Args) -> Result<(), Failure> {
    let seen = world.recent_requests()?;
    let rises = |pair: &[Seen]| number(pair[0].source) < number(pair[1].source);
    if seen.len() > 1 && seen.windows(2).all(rises) {
        return Ok(());
    }
    Err(failed("the addresses do not rise", &seen))
}

async fn striding(world: &mut World, args: Args) -> Result<(), Failure> {
    let (least, most): (u128, u128) = (args.number(0)?, args.number(1)?);
    let seen = world.recent_requests()?;
    let strides = |pair: &[Seen]| {
        let stride = number(pair[1].source).checked_sub(number(pair[0].source));
        stride.is_some_and(|stride| (least..=most).contains(&stride))
    };
    if seen.len() > 1 && seen.windows(2).all(strides) {
        return Ok(());
    }
    Err(failed("the addresses are others", &seen))
}

async fn spread(world: &mut World, args: Args) -> Result<(), Failure> {
    let (least, most, each): (usize, usize, usize) =
        (args.number(0)?, args.number(1)?, args.number(2)?);
    let seen = world.recent_requests()?;
    let counts = counted(&seen);
    let highest = counts.values().copied().max().unwrap_or_default();
    if (least..=most).contains(&counts.len()) && highest <= each {
        return Ok(());
    }
    let what = format!(
        "{} requests came from {} addresses, {highest} from one of them",
        seen.len(),
        counts.len()
    );
    Err(failed(&what, &seen))
}

async fn hops_spread(world: &mut World, args: Args) -> Result<(), Failure> {
    let least: usize = args.number(0)?;
    let seen = world.all_recent_requests()?.into_iter();
    let seen: Vec<_> = seen.filter(|seen| seen.reply == Reply::Redirect).collect();
    let addresses = counted(&seen).len();
    if addresses >= least {
        return Ok(());
    }
    Err(failed(&format!("the redirected requests came from {addresses} addresses"), &seen))
}

async fn remembered(world: &mut World, args: Args) -> Result<(), Failure> {
    let seen = world.recent_requests()?;
    let source = pick(&seen, args.text(0)?)?.source;
    let name = args.text(1)?;
    world.remember(name, &json!(spelled(source)));
    world.remember(&format!("{name}.short"), &json!(source.to_string()));
    world.remember(&format!("{name}.upper"), &json!(spelled(source).to_uppercase()));
    Ok(())
}

/// How often each address was used.
fn counted(seen: &[Seen]) -> BTreeMap<IpAddr, usize> {
    let mut counts = BTreeMap::new();
    for seen in seen {
        *counts.entry(seen.source).or_insert(0) += 1;
    }
    counts
}

/// `request 2`, the first being 1, or `the last request`.
fn pick<'a>(seen: &'a [Seen], which: &str) -> Result<&'a Seen, Failure> {
    let found = match which.strip_prefix("request ") {
        Some(place) => {
            let place: usize =
                place.parse().map_err(|_| Failure::harness(format!("no request: {which}")))?;
            place.checked_sub(1).and_then(|place| seen.get(place))
        }
        None => seen.last(),
    };
    found.ok_or_else(|| failed(&format!("the upstream did not see {which}"), seen))
}

/// An address in a sentence.
pub(super) fn address(text: &str) -> Result<IpAddr, Failure> {
    text.parse().map_err(|_| Failure::harness(format!("not an address: {text}")))
}

fn failed(what: &str, seen: &[Seen]) -> Failure {
    const MOST: usize = 40;
    let lines = seen.iter().take(MOST).enumerate().map(|(at, seen)| {
        format!("request {}: from {}, answered {}", at + 1, seen.source, seen.reply.describe())
    });
    let mut difference: Vec<_> = lines.collect();
    if seen.len() > MOST {
        difference.push(format!("… {} in all", seen.len()));
    }
    if seen.is_empty() {
        difference.push("no request came".into());
    }
    Failure { difference, ..Failure::assertion(what) }
}
