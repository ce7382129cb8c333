//! Sockets: opening, closing, frames.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::args::Args;
use super::ground::{Ground, READY, SESSION_END, SOCKET};
use super::{DIFFERS, Steps, steps};
use crate::failure::Failure;
use crate::world::{SocketEnd, World};

/// How long it may take until a server knows that a connection is lost which it was told of.
const ABSENCE_GRACE: Duration = Duration::from_millis(300);

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^the handshake is refused(?: with (\d+))?$"# => refused,
        r#"^the handshake header "([^"]+)" is "([^"]*)"$"# => handshake_header,
        r#"^the handshake header "([^"]+)" is absent$"# => no_handshake_header,
        r#"^(?:the client|client "(\w+)") closes the socket$"# => closes,
        r#"^(?:the client|client "(\w+)") drops the connection$"# => drops,
        r#"^(?:the client|client "(\w+)") sends the text "(.*)"$"# => sends_text,
        r#"^(?:the client|client "(\w+)") sends (\d+) bytes of text$"# => sends_much_text,
        r#"^(?:the client|client "(\w+)") sends the binary "(.*)"$"# => sends_binary,
        r#"^(?:the client|client "(\w+)") sends the bytes "([0-9a-f ]*)"$"# => sends_bytes,
        r#"^the socket(?: of client "(\w+)")? is closed with (\d+)$"# => closed_with,
        r#"^one of clients "(\w+)" and "(\w+)" has session "([^"]*)"$"# => one_has,
        r#"^the connection is turned away: closed with (\d+) \(quirk\) or refused with (\d+)$"# => turned_away,
    );
    steps!(steps, Ground::Rule(SOCKET),
        r#"^(?:a client|client "(\w+)") connects$"# => connects,
        r#"^(?:a client|client "(\w+)") connects with headers:$"# => connects_with_headers,
        r#"^the handshake is accepted$"# => accepted,
        r#"^the handshake is answered with 101$"# => answered,
        r#"^(?:the client's|client "(\w+)"'s) ping is answered$"# => ping_is_answered,
        r#"^(?:a client|client "(\w+)") connects with session "([^"]*)"$"# => connects_with_session,
        r#"^clients "(\w+)" and "(\w+)" connect at once with session "([^"]*)"$"# => connect_at_once,
    );
    steps!(steps, Ground::Rule(READY),
        r#"^a connected client(?: "(\w+)")?$"# => connected,
    );
    steps!(steps, Ground::Rule(SESSION_END),
        r#"^(?:the client's|client "(\w+)"'s) session ends$"# => session_ends,
        r#"^(?:the client's|client "(\w+)"'s) absence is noticed$"# => absence_is_noticed,
    );
}

async fn connected(world: &mut World, args: Args) -> Result<(), Failure> {
    let name = args.client(0);
    let limit = world.settings()?.budgets.message_limit();
    let client = world.connect(&name, Vec::new()).await?;
    let session = client.wait_for_ready(limit).await?;
    remember_session(world, &name, &session);
    Ok(())
}

async fn connects(world: &mut World, args: Args) -> Result<(), Failure> {
    open(world, &args.client(0), Vec::new()).await
}

async fn connects_with_headers(world: &mut World, args: Args) -> Result<(), Failure> {
    open(world, &args.client(0), args.pairs()?).await
}

async fn connects_with_session(world: &mut World, args: Args) -> Result<(), Failure> {
    let session = ("Session-Id".to_owned(), args.text(1)?.to_owned());
    open(world, &args.client(0), vec![session]).await
}

async fn connect_at_once(world: &mut World, args: Args) -> Result<(), Failure> {
    let session = args.text(2)?;
    world.connect_together([args.text(0)?, args.text(1)?], session).await
}

/// The other one has a session of its own. What their handshakes said may be wrong (quirk).
async fn one_has(world: &mut World, args: Args) -> Result<(), Failure> {
    const QUIRK: &str = "two sockets are told that they resume one session";
    let limit = world.settings()?.budgets.message_limit();
    let names = [args.text(0)?, args.text(1)?];
    let (mut ids, mut promised) = (Vec::new(), 0);
    for name in names {
        let client = world.client(name)?;
        promised += usize::from(client.handshake.header("Session-Resumed") == Some("true"));
        let ready = client.next("ready", limit).await?;
        let resumed = ready["resumed"] == true;
        ids.push((ready["sessionId"].as_str().unwrap_or_default().to_owned(), resumed));
    }
    let wanted = args.text(2)?;
    let has = |(id, resumed): &(String, bool)| (id == wanted) && *resumed;
    let lacks = |(id, resumed): &(String, bool)| (id != wanted) && !*resumed;
    world.note_quirk(QUIRK, promised > 1);
    if ids.iter().filter(|id| has(id)).count() == 1
        && ids.iter().filter(|id| lacks(id)).count() == 1
    {
        return Ok(());
    }
    let mut failure = Failure::assertion("the session did not go to exactly one of them");
    failure.difference.push(format!("expected one with {wanted}, resumed; got {ids:?}"));
    Err(failure)
}

/// Opens a socket whatever the answer; `${session}` follows when `ready` comes.
async fn open(
    world: &mut World,
    name: &str,
    headers: Vec<(String, String)>,
) -> Result<(), Failure> {
    world.connect(name, headers).await?;
    world.set_last_client(name);
    Ok(())
}

fn remember_session(world: &mut World, name: &str, session: &str) {
    world.remember(&format!("session.{name}"), &json!(session));
    if name == "A" {
        world.remember("session", &json!(session));
    }
    world.set_last_client(name);
}

async fn accepted(world: &mut World, _: Args) -> Result<(), Failure> {
    status_is(world, 101)?;
    let name = world.last_client();
    let limit = world.settings()?.budgets.message_limit();
    let session = world.client(&name)?.wait_for_ready(limit).await?;
    remember_session(world, &name, &session);
    Ok(())
}

async fn answered(world: &mut World, _: Args) -> Result<(), Failure> {
    status_is(world, 101)
}

async fn refused(world: &mut World, args: Args) -> Result<(), Failure> {
    if args.optional(0).is_some() {
        return status_is(world, args.number(0)?);
    }
    let name = world.last_client();
    match world.client(&name)?.handshake.status {
        400..500 => Ok(()),
        status => {
            let mut failure = Failure::assertion("the handshake is not refused");
            failure.difference.push(format!("status: expected 4xx, got {status}"));
            Err(failure)
        }
    }
}

fn status_is(world: &mut World, expected: u16) -> Result<(), Failure> {
    let name = world.last_client();
    let status = world.client(&name)?.handshake.status;
    if status == expected {
        return Ok(());
    }
    let mut failure =
        Failure::assertion("the handshake was answered with another status than expected");
    failure.difference.push(format!("status: expected {expected}, got {status}"));
    Err(failure)
}

async fn handshake_header(world: &mut World, args: Args) -> Result<(), Failure> {
    let (header, expected) = (args.text(0)?, args.text(1)?);
    let name = world.last_client();
    let headers = &world.client(&name)?.handshake.headers;
    let seen = headers.get(header).map(|value| value.to_str().unwrap_or_default().to_owned());
    if seen.as_deref() == Some(expected) {
        return Ok(());
    }
    let mut failure = Failure::assertion(format!("the handshake's {header} {DIFFERS}"));
    failure.difference.push(format!("{header}: expected {expected:?}, got {seen:?}"));
    Err(failure)
}

async fn no_handshake_header(world: &mut World, args: Args) -> Result<(), Failure> {
    let header = args.text(0)?;
    let name = world.last_client();
    let seen = world.client(&name)?.handshake.headers.get(header).cloned();
    let Some(seen) = seen else { return Ok(()) };
    let mut failure = Failure::assertion(format!("the handshake has a {header}"));
    failure.difference.push(format!("{header}: expected none, got {seen:?}"));
    Err(failure)
}

async fn closes(world: &mut World, args: Args) -> Result<(), Failure> {
    world.end_socket(&args.client(0), SocketEnd::Close).await
}

async fn drops(world: &mut World, args: Args) -> Result<(), Failure> {
    world.end_socket(&args.client(0), SocketEnd::Drop).await
}

async fn sends_text(world: &mut World, args: Args) -> Result<(), Failure> {
    let text = args.text(1)?.to_owned();
    world.client(&args.client(0))?.socket()?.send(Message::Text(text.into())).await
}

async fn sends_much_text(world: &mut World, args: Args) -> Result<(), Failure> {
    let text = "x".repeat(args.number(1)?);
    world.client(&args.client(0))?.socket()?.send(Message::Text(text.into())).await
}

async fn sends_binary(world: &mut World, args: Args) -> Result<(), Failure> {
    let bytes = args.text(1)?.as_bytes().to_vec();
    world.client(&args.client(0))?.socket()?.send(Message::Binary(bytes.into())).await
}

async fn sends_bytes(world: &mut World, args: Args) -> Result<(), Failure> {
    let digits = args.text(1)?;
    let bytes = digits.split_ascii_whitespace().map(|byte| u8::from_str_radix(byte, 16));
    let bytes = bytes.collect::<Result<Vec<_>, _>>();
    let bytes = bytes.map_err(|_| Failure::harness(format!("{digits:?} are no bytes")))?;
    world.client(&args.client(0))?.socket()?.send_bytes(bytes).await
}

async fn ping_is_answered(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = world.settings()?.budgets.message_limit();
    let socket = world.client(&args.client(0))?.socket()?;
    let before = socket.journal.now().pongs;
    socket.send(Message::Ping("lavalink-conformance".into())).await?;
    let answered = socket.journal.wait(limit, |record| (record.pongs > before).then_some(())).await;
    answered.ok_or_else(|| Failure::late(format!("no pong within {limit:?}")))
}

async fn closed_with(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected: u16 = args.number(1)?;
    let limit = world.settings()?.budgets.message_limit();
    let closed = world.client(&args.client(0))?.closed(limit).await?;
    if closed.code == Some(expected) {
        return Ok(());
    }
    let mut failure = Failure::assertion("the socket was closed with another code than expected");
    failure.difference.push(format!("expected closed with {expected}, got {}", closed.describe()));
    Err(failure)
}

/// The server notices the end of a socket in its own time; REST tells when it has.
async fn session_ends(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = world.settings()?.budgets.message_limit();
    if is_refused_within(world, &args.client(0), limit).await? {
        return Ok(());
    }
    Err(Failure::late(format!("the session is still there after {limit:?}")))
}

/// Nothing but the end of requests tells that a resumable session's client was missed, and a server
/// may go on to answer them. It has noticed by then all the same.
async fn absence_is_noticed(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = world.settings()?.budgets.grace(ABSENCE_GRACE);
    is_refused_within(world, &args.client(0), limit).await.map(|_| ())
}

async fn is_refused_within(
    world: &mut World,
    client: &str,
    limit: Duration,
) -> Result<bool, Failure> {
    let session = world.variable(&format!("session.{client}"))?;
    let path = format!("/v4/sessions/{session}/players");
    let gone = async {
        while world.request("GET", &path, None).await?.status < 400 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    };
    // The last request may be cut off: it changes nothing.
    tokio::time::timeout(limit, gone).await.map_or(Ok(false), |ended| ended.map(|()| true))
}

async fn turned_away(world: &mut World, args: Args) -> Result<(), Failure> {
    let (code, status): (u16, u16) = (args.number(0)?, args.number(1)?);
    let limit = world.settings()?.budgets.message_limit();
    let name = world.last_client();
    let client = world.client(&name)?;
    if client.handshake.status == status {
        world.note_quirk("a connection that cannot be is closed after its handshake", false);
        return Ok(());
    }
    status_is(world, 101)?;
    let closed = world.client(&name)?.closed(limit).await?;
    if closed.code == Some(code) {
        world.note_quirk("a connection that cannot be is closed after its handshake", true);
        return Ok(());
    }
    let mut failure =
        Failure::assertion("the connection was turned away with another code than expected");
    failure.difference.push(format!("expected {code} or {status}, got {}", closed.describe()));
    Err(failure)
}
