//! The upstream at its addresses, and the scenarios that it serves.

use std::io;
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::state::State;
use super::{Asked, Upstream, UpstreamOptions, serve};
use crate::ports;

/// How long an address may be taken by the site of a run before.
const PATIENCE: Duration = Duration::from_secs(2);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// Serves until it is dropped, any number of scenarios at a time.
#[derive(Debug)]
pub(crate) struct Site {
    options: UpstreamOptions,
    pub(super) v4: String,
    v6: String,
    /// The same without TLS.
    plain: String,
    guests: Arc<Guests>,
    serving: Vec<JoinHandle<()>>,
}

/// The scenarios that are served.
#[derive(Debug, Default)]
pub(super) struct Guests(Mutex<Vec<Weak<State>>>);

impl Site {
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
        let guests = Arc::new(Guests::default());
        let listeners = listeners.into_iter().map(|listener| (listener, tls.clone()));
        let serving = listeners
            .chain([(plain, None)])
            .map(|(listener, tls)| tokio::spawn(serve::accept(listener, tls, Arc::clone(&guests))))
            .collect();
        Ok(Self { options, v4, v6, plain: plain_url, guests, serving })
    }

    /// The text of a profile with `{upstream}` and `{upstream6}`: its base URLs over IPv4 and IPv6.
    pub(crate) fn fill(&self, profile: &str) -> String {
        profile.replace("{upstream}", &self.v4).replace("{upstream6}", &self.v6)
    }

    /// A part of it for a scenario.
    pub(crate) fn upstream(&self) -> Upstream {
        let state = Arc::new(State::new());
        self.guests.list().push(Arc::downgrade(&state));
        Upstream { options: self.options.clone(), plain: self.plain.clone(), state }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for task in &self.serving {
            task.abort();
        }
    }
}

impl Guests {
    /// The scenario that a request belongs to, and what it asks for; `None` if it belongs to none.
    pub(super) fn whose(&self, path: &str, body: &[u8]) -> Option<(Arc<State>, Asked)> {
        self.all().into_iter().find_map(|state| {
            let asked = state.asked(path, body)?;
            Some((state, asked))
        })
    }

    /// Tells every scenario of something that may belong to any of them.
    pub(super) fn note(&self, what: &str) {
        self.all().iter().for_each(|state| state.note(what));
    }

    fn all(&self) -> Vec<Arc<State>> {
        let mut list = self.list();
        list.retain(|state| state.strong_count() > 0);
        list.iter().filter_map(Weak::upgrade).collect()
    }

    fn list(&self) -> MutexGuard<'_, Vec<Weak<State>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens where the site of the run before may only just be going.
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
