//! What crosses the wire in a case: bytes out, answers and frames in, with a limit on every wait.

mod answer;
pub(crate) mod frame;

use std::io;
use std::time::Duration;

pub(crate) use answer::{Answer, take as take_answer};
use frame::{Frame, Opcode};
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::case::{Delivery, End};

/// How long a server has for what it owes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit(pub(crate) Duration);

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer.
    Answered(Answer),
    /// The connection ended without one.
    Closed,
    /// Neither came within the limit.
    Hung,
    /// Something came that is no answer, or half of one.
    Garbled(String),
    /// The client left without waiting.
    Left,
    /// There was no connection.
    Unreachable(String),
}

/// Connects; when the stream is dropped the connection is reset, so that the many connections of a
/// run do not use up the client's ports.
async fn connect(authority: &str, limit: Limit) -> Result<TcpStream, Outcome> {
    let stream = match timeout(limit.0, TcpStream::connect(authority)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(Outcome::Unreachable(error.to_string())),
        Err(_) => return Err(Outcome::Hung),
    };
    let settings = stream
        .set_nodelay(true)
        .and_then(|()| SockRef::from(&stream).set_linger(Some(Duration::ZERO)));
    settings.map(|()| stream).map_err(|error| Outcome::Unreachable(error.to_string()))
}

/// Sends bytes and reads so many answers; gives back one outcome for each.
pub(crate) async fn exchange(
    authority: &str,
    bytes: &[u8],
    delivery: &Delivery,
    copies: usize,
    bodiless: bool,
    limit: Limit,
) -> Vec<Outcome> {
    let stream = match connect(authority, limit).await {
        Ok(stream) => stream,
        Err(outcome) => return vec![outcome],
    };
    let (mut reader, mut writer) = stream.into_split();
    if let Delivery::Dropped(permille) = delivery {
        // What was not taken in time does not matter to one who leaves.
        timeout(limit.0, writer.write_all(part(bytes, *permille))).await.ok();
        return vec![Outcome::Left];
    }
    let sending = async {
        // A server that has answered already need not read the rest.
        send(&mut writer, bytes, delivery).await.ok();
        // The other half stays open as long as answers are read.
        std::future::pending::<()>().await;
    };
    let reading = async {
        let mut read = Vec::new();
        let mut outcomes = Vec::new();
        while outcomes.len() < copies {
            let outcome = next_answer(&mut reader, &mut read, bodiless, limit).await;
            let goes_on = matches!(outcome, Outcome::Answered(_));
            outcomes.push(outcome);
            if !goes_on {
                break;
            }
        }
        outcomes
    };
    tokio::select! {
        () = sending => Vec::new(),
        outcomes = reading => outcomes,
    }
}

fn part(bytes: &[u8], permille: usize) -> &[u8] {
    &bytes[..bytes.len() * permille.min(1000) / 1000]
}

async fn send(
    writer: &mut (impl AsyncWriteExt + Unpin),
    bytes: &[u8],
    delivery: &Delivery,
) -> io::Result<()> {
    match delivery {
        Delivery::Whole | Delivery::Dropped(_) => writer.write_all(bytes).await,
        Delivery::Half(permille) => {
            writer.write_all(part(bytes, *permille)).await?;
            writer.shutdown().await
        }
        Delivery::Pieces(count, pause) => {
            for piece in bytes.chunks(bytes.len().div_ceil((*count).max(1)).max(1)) {
                writer.write_all(piece).await?;
                sleep(Duration::from_millis(*pause)).await;
            }
            Ok(())
        }
    }
}

async fn next_answer(
    reader: &mut (impl AsyncReadExt + Unpin),
    read: &mut Vec<u8>,
    bodiless: bool,
    limit: Limit,
) -> Outcome {
    let until = Instant::now() + limit.0;
    let mut ended = false;
    loop {
        match answer::take(read, bodiless, ended) {
            Ok(Some(answer)) => return Outcome::Answered(answer),
            Ok(None) if ended => return Outcome::Closed,
            Ok(None) => {}
            Err(why) => return Outcome::Garbled(why),
        }
        match timeout_at(until, reader.read_buf(read)).await {
            Ok(Ok(count)) => ended = count == 0,
            // A reset is an end too.
            Ok(Err(_)) => ended = true,
            Err(_) => return Outcome::Hung,
        }
    }
}

/// What came of a WebSocket.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversation {
    /// The answer to the handshake; `None` before one came.
    pub(crate) handshake: Option<Outcome>,
    /// Texts from the server.
    pub(crate) texts: Vec<Vec<u8>>,
    /// Whether the last ping was answered.
    pub(crate) ponged: bool,
    /// The server's close frame, or nothing but the end of the connection.
    pub(crate) closed: Option<Option<u16>>,
    /// What was owed and did not come in time, or should not have come at all.
    pub(crate) fault: Option<String>,
}

/// The payload of the ping that asks whether a socket is still served.
const PROBE: &[u8] = b"are you there";

/// Shakes hands, sends frames, asks with a ping whether anybody is there if the socket has to be
/// open, and ends it.
pub(crate) async fn converse(
    authority: &str,
    handshake: &[u8],
    frames: &[Vec<u8>],
    legal: bool,
    end: End,
    limit: Limit,
) -> Conversation {
    let mut seen = Conversation::default();
    let mut stream = match connect(authority, limit).await {
        Ok(stream) => stream,
        Err(outcome) => {
            seen.handshake = Some(outcome);
            return seen;
        }
    };
    let mut read = Vec::new();
    // Refused handshakes show in what is read.
    timeout(limit.0, stream.write_all(handshake)).await.ok();
    let outcome = next_answer(&mut stream, &mut read, false, limit).await;
    let open = matches!(&outcome, Outcome::Answered(answer) if answer.status == 101);
    seen.handshake = Some(outcome);
    if !open {
        return seen;
    }
    let (mut reader, mut writer) = stream.into_split();
    let mut listening = Listening { read, seen, limit };
    let sending = async {
        for frame in frames {
            // A socket that is closed shows in what is read.
            writer.write_all(frame).await.ok();
        }
        if legal {
            writer.write_all(&masked(Opcode::PING, PROBE)).await.ok();
        }
    };
    let until = Instant::now() + limit.0;
    let sent = tokio::select! {
        sent = timeout_at(until, sending) => sent.is_ok(),
        () = listening.until(&mut reader, |_| false) => true,
    };
    if !sent {
        listening.fault("the server does not read its socket");
    }
    if legal && listening.goes_on() {
        listening.until(&mut reader, |seen| seen.ponged).await;
        match listening.seen.closed {
            _ if listening.seen.ponged => {}
            Some(code) => listening.fault(&format!(
                "the server closed the socket ({code:?}) though nothing was wrong"
            )),
            None => listening.fault("a ping was not answered"),
        }
    }
    if end == End::Reset || !listening.goes_on() {
        return listening.seen;
    }
    if end == End::Close {
        timeout(limit.0, writer.write_all(&masked(Opcode::CLOSE, &1000_u16.to_be_bytes())))
            .await
            .ok();
    }
    // After this no server can wait for anything more.
    writer.shutdown().await.ok();
    listening.until(&mut reader, |_| false).await;
    if listening.seen.closed.is_none() {
        listening.fault("the server keeps a socket open whose client is gone");
    }
    listening.seen
}

fn masked(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    Frame::new(opcode, payload.to_vec()).encode(&mut super::random::Random::of(0, 0))
}

/// Reads what a server sends on an open socket.
struct Listening {
    read: Vec<u8>,
    seen: Conversation,
    limit: Limit,
}

impl Listening {
    /// Reads until something holds, the socket is closed, a fault is seen, or the limit is over.
    async fn until(
        &mut self,
        reader: &mut (impl AsyncReadExt + Unpin),
        holds: impl Fn(&Conversation) -> bool,
    ) {
        let until = Instant::now() + self.limit.0;
        while self.goes_on() && !holds(&self.seen) {
            match Frame::take(&mut self.read) {
                Ok(Some(frame)) => self.receive(frame),
                Err(why) => self.fault(&why),
                Ok(None) => match timeout_at(until, reader.read_buf(&mut self.read)).await {
                    Ok(Ok(0) | Err(_)) => self.seen.closed = Some(None),
                    Ok(Ok(_)) => {}
                    Err(_) => return,
                },
            }
        }
    }

    fn receive(&mut self, frame: Frame) {
        match frame.opcode {
            Opcode::TEXT if frame.last => self.seen.texts.push(frame.payload),
            Opcode::PONG => self.seen.ponged |= frame.payload == PROBE,
            Opcode::CLOSE => {
                let code = frame.payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                self.seen.closed = Some(code);
            }
            Opcode::PING => {}
            Opcode(other) => self.fault(&format!("the server sent a frame of opcode {other}")),
        }
    }

    fn goes_on(&self) -> bool {
        self.seen.closed.is_none() && self.seen.fault.is_none()
    }

    fn fault(&mut self, why: &str) {
        self.seen.fault.get_or_insert_with(|| why.to_owned());
    }
}
