//! What a guarded source of the target talks to instead of YouTube: an HTTP server on loopback that
//! writes down where each request comes from and answers as a scenario says.
//!
//! A scenario that needs one has it for itself, like the server that is told its address: the route
//! planner of a server is the same for everybody on it.

mod block;
mod pages;
mod script;
mod serve;

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub(crate) use block::{Blocks, number, spelled};
pub(crate) use script::Reply;
use script::Script;

use crate::ports;
use crate::timeline::Timeline;

/// How long an address may be taken by the upstream before.
const PATIENCE: Duration = Duration::from_secs(2);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// How a target is brought to ask the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamOptions {
    /// What a client loads to have `{query}` searched for.
    pub search: String,
    /// What a client loads to have the video `{id}` looked up; `None` if the target knows none.
    pub watch: Option<String>,
    /// Where the target expects it; free ports of 127.0.0.1 and `::1` if nobody says.
    pub listen: Vec<SocketAddr>,
    /// Host names whose certificate it shows; plain HTTP without any.
    pub tls: Vec<String>,
}

impl Default for UpstreamOptions {
    /// As the reference server has it.
    fn default() -> Self {
        Self {
            search: "ytsearch:{query}".into(),
            watch: Some("https://www.youtube.com/watch?v={id}".into()),
            listen: Vec::new(),
            tls: Vec::new(),
        }
    }
}

/// A request that came for the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Where it came from.
    pub(crate) source: IpAddr,
    /// What it asked for.
    pub(crate) asked: Asked,
    /// What it was answered.
    pub(crate) reply: Reply,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Tracks for a query.
    Search,
    /// A video.
    Video,
    /// A plain address.
    Plain,
    /// What some targets need besides, such as a page with the address of a script.
    Other,
}

/// An upstream that serves until it is dropped.
#[derive(Debug)]
pub(crate) struct Upstream {
    options: UpstreamOptions,
    v4: String,
    v6: String,
    /// The same without TLS.
    plain: String,
    state: Arc<State>,
    serving: Vec<JoinHandle<()>>,
}

/// What the connections share.
#[derive(Debug)]
struct State {
    /// Queries of the scenario begin so; a request of another one is none of its business.
    prefix: String,
    /// The video of the scenario.
    video: String,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    script: Script,
    seen: Vec<Seen>,
    /// What was redirected, by the number in its new address.
    hops: Vec<Asked>,
    timeline: Option<Timeline>,
}

impl Upstream {
    /// Listens where the options say.
    ///
    /// # Errors
    /// It cannot listen there. That of `::1` does not count where nobody has asked for it.
    pub(crate) async fn start(
        options: UpstreamOptions,
        tls: Option<Arc<ServerConfig>>,
    ) -> io::Result<Self> {
        let mut listeners = Vec::new();
        for address in &options.listen {
            listeners.push(listen_soon(*address).await?);
        }
        if listeners.is_empty() {
            let first = free_listener()?;
            let port = first.local_addr()?.port();
            listeners.push(first);
            listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
        }
        let scheme = if tls.is_some() { "https" } else { "http" };
        let mut addresses = Vec::new();
        for listener in &listeners {
            addresses.push(listener.local_addr()?);
        }
        let url = |is_wanted: fn(&SocketAddr) -> bool| {
            let address = addresses.iter().find(|address| is_wanted(address));
            // Nobody listens on port 9 (discard); a target that needs this one is told so by it.
            address.map_or_else(
                || format!("{scheme}://127.0.0.1:9"),
                |address| format!("{scheme}://{address}"),
            )
        };
        let (v4, v6) = (url(SocketAddr::is_ipv4), url(SocketAddr::is_ipv6));
        let plain = free_listener()?;
        let plain_url = format!("http://{}", plain.local_addr()?);
        let state = Arc::new(State {
            prefix: format!("{:012x}", rand::random::<u64>() >> 16),
            video: format!("{:011x}", rand::random::<u64>() >> 20),
            record: Mutex::default(),
        });
        let listeners = listeners.into_iter().map(|listener| (listener, tls.clone()));
        let serving = listeners
            .chain([(plain, None)])
            .map(|(listener, tls)| tokio::spawn(serve::accept(listener, tls, Arc::clone(&state))))
            .collect();
        Ok(Self { options, v4, v6, plain: plain_url, state, serving })
    }

    /// The text of a profile with `{upstream}` and `{upstream6}`: its base URLs over IPv4 and IPv6.
    pub(crate) fn fill(&self, profile: &str) -> String {
        profile.replace("{upstream}", &self.v4).replace("{upstream6}", &self.v6)
    }

    /// Has what comes written into a scenario's timeline.
    pub(crate) fn report_to(&self, timeline: Timeline) {
        self.record().timeline = Some(timeline);
    }

    /// What a client loads to have something searched for.
    pub(crate) fn search(&self, query: &str) -> String {
        self.options.search.replace("{query}", &format!("{} {query}", self.state.prefix))
    }

    /// What a client loads to have the video of the scenario looked up; `None` if the target knows
    /// no videos.
    pub(crate) fn watch(&self) -> Option<String> {
        self.options.watch.as_ref().map(|watch| watch.replace("{id}", &self.state.video))
    }

    /// An address that no guarded source has anything to do with.
    pub(crate) fn plain(&self) -> String {
        format!("{}/plain/{}", self.plain, self.state.prefix)
    }

    /// The id of that video.
    pub(crate) fn video(&self) -> &str {
        &self.state.video
    }

    /// Answers the next requests so, after those that have been promised an answer before.
    pub(crate) fn answer_next(&self, count: usize, reply: &Reply) {
        self.record().script.next(count, reply);
    }

    /// Lets the next requests wait until all of them are there, and answers them so.
    pub(crate) fn answer_together(&self, count: usize, reply: &Reply) {
        self.record().script.together(count, reply);
    }

    /// Answers requests from that address so.
    pub(crate) fn answer_from(&self, source: IpAddr, reply: Reply) {
        self.record().script.from(source, reply);
    }

    /// Answers everything so that nothing else was said about.
    pub(crate) fn answer_all(&self, reply: Reply) {
        self.record().script.all(reply);
    }

    /// Everything that has come so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.record().seen.clone()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.state.record()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        for task in &self.serving {
            task.abort();
        }
    }
}

impl State {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens where the upstream of the scenario before may only just be going.
async fn listen_soon(address: SocketAddr) -> io::Result<TcpListener> {
    let began = Instant::now();
    loop {
        match TcpListener::bind(address).await {
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse && began.elapsed() < PATIENCE =>
            {
                tokio::time::sleep(PAUSE).await;
            }
            result => {
                return result.map_err(|error| {
                    io::Error::new(error.kind(), format!("cannot listen at {address}: {error}"))
                });
            }
        }
    }
}

/// Listens on a free port of 127.0.0.1.
fn free_listener() -> io::Result<TcpListener> {
    let listener = ports::listen()?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// Without an upstream: the text of a profile with an address where nobody is.
pub(crate) fn fill_with_nobody(profile: &str) -> String {
    profile.replace("{upstream}", "http://127.0.0.1:9").replace("{upstream6}", "http://[::1]:9")
}

#[cfg(test)]
mod tests;
