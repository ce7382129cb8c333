//! Requests to other servers, from the addresses that the route planner picks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::header::{CONTENT_TYPE, LOCATION, RANGE};
use http::{Method, StatusCode};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use rustls::ClientConfig;
use tokio::net::TcpSocket;

use super::retry::Retry;
use crate::config::Timeouts;
use crate::deviations::switch::{self, deviates};
use crate::routeplanner::{Family, PickError, RoutePlanner};
use crate::tls::{self, TlsError};

/// The one name of this machine that is known without asking.
const LOCALHOST: &str = "localhost";

/// Redirects that are followed.
const REDIRECTS: usize = 10;

/// Sends the requests of a source.
#[derive(Clone, Debug)]
pub(super) struct Outbound(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    timeouts: Timeouts,
    planner: Option<Arc<RoutePlanner>>,
    /// Whether an answer may take as long as it likes, as somebody else looks after that.
    unhurried: bool,
    /// Whether nothing but this machine is asked, not even for the address of a host.
    only_here: bool,
    /// Made when they are first needed: reading the system's certificates takes its time.
    tls: OnceLock<Arc<ClientConfig>>,
    client: OnceLock<Client>,
    /// The same, but it follows no redirects.
    unled: OnceLock<Client>,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) url: String,
    /// JSON.
    pub(super) body: Option<String>,
    /// The first byte that is wanted.
    pub(super) range: Option<u64>,
    /// How long all of it may take.
    pub(super) limit: Option<Duration>,
    /// Whether it is a search, whose 429 may be configured not to mark the address.
    pub(super) search: bool,
    /// Whether redirects are followed.
    pub(super) follows: bool,
}

impl Ask {
    /// A GET of anything.
    pub(super) fn get(url: &str) -> Self {
        let (method, url) = (Method::GET, url.to_owned());
        Self { method, url, body: None, range: None, limit: None, search: false, follows: true }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutboundError {
    /// The connection or what came over it broke.
    #[error("the request failed")]
    Request(#[from] reqwest::Error),
    /// Nobody can be trusted.
    #[error("requests cannot be made")]
    Tls(#[from] TlsError),
    /// The route planner has no address.
    #[error(transparent)]
    NoAddress(#[from] PickError),
    /// 429, or an address that cannot be bound, again and again. In the words of the real server
    /// (docs/observed/routeplanner.md#retries).
    #[error(
        "com.sedmelluq.lava.extensions.youtuberotator.tools.RateLimitException: Retry aborted, \
         too many retries on ratelimit."
    )]
    TooManyRetries,
    /// The other server has no address of the family of the blocks (3E_v4block_v6host).
    #[error("com.sedmelluq.discord.lavaplayer.tools.http.HttpException: Could not resolve host")]
    OtherFamily,
    /// With simulated sources nothing leaves the machine.
    #[error("with simulated sources nobody but this machine is asked")]
    Elsewhere,
    /// A redirect to nowhere, or too many.
    #[error("a redirect that cannot be followed")]
    Redirect,
}

/// What one attempt came to.
enum Attempt {
    /// An answer, and the address from which it was asked for, if any in particular.
    Answer(Response, Option<IpAddr>),
    /// The picked address cannot be bound.
    Unbindable(IpAddr),
}

impl Outbound {
    /// With a planner each attempt and each redirect is sent from an address that it picks.
    pub(super) fn new(timeouts: &Timeouts, planner: Option<Arc<RoutePlanner>>) -> Self {
        Self::with(timeouts, planner, false, false)
    }

    /// The same, but the caller looks after how long answers take.
    pub(super) fn unhurried(timeouts: &Timeouts, planner: Option<Arc<RoutePlanner>>) -> Self {
        Self::with(timeouts, planner, true, false)
    }

    /// The same, and it asks nobody but this machine.
    pub(super) fn only_here(timeouts: &Timeouts, planner: Option<Arc<RoutePlanner>>) -> Self {
        Self::with(timeouts, planner, true, true)
    }

    fn with(
        timeouts: &Timeouts,
        planner: Option<Arc<RoutePlanner>>,
        unhurried: bool,
        only_here: bool,
    ) -> Self {
        let (tls, client, unled) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let timeouts = timeouts.clone();
        Self(Arc::new(Parts { timeouts, planner, unhurried, only_here, tls, client, unled }))
    }

    /// The answer, whatever its status. With a planner a 429 marks the address and is retried, as
    /// is an address that cannot be bound.
    pub(super) async fn send(&self, ask: &Ask) -> Result<Response, OutboundError> {
        if self.0.only_here && !is_here(&ask.url) {
            return Err(OutboundError::Elsewhere);
        }
        let Some(planner) = &self.0.planner else {
            return Ok(send(&self.client(ask)?, ask).await?);
        };
        let mut retries = 0;
        let mut allowed = Retry::of(planner, StatusCode::TOO_MANY_REQUESTS, ask).allowed;
        loop {
            match self.attempt(planner, ask).await {
                Ok(Attempt::Answer(answer, from)) => {
                    let retry = Retry::of(planner, answer.status(), ask);
                    if !retry.again {
                        return Ok(answer);
                    }
                    from.filter(|_| retry.marks)
                        .into_iter()
                        .for_each(|address| planner.mark(address));
                    allowed = retry.allowed;
                }
                Ok(Attempt::Unbindable(_)) if deviates(switch::ROUTEPLANNER_052_GIVES_UP) => {
                    return Err(OutboundError::TooManyRetries);
                }
                Ok(Attempt::Unbindable(address)) => {
                    tracing::warn!("failed to bind {address}: marked as failing");
                    if !deviates(switch::ROUTEPLANNER_052_NOT_MARKED) {
                        planner.mark(address);
                    }
                }
                Err(error) => return Err(error),
            }
            if allowed.is_some_and(|allowed| retries >= allowed) {
                return Err(OutboundError::TooManyRetries);
            }
            retries += 1;
        }
    }

    /// The one for requests that need no address of their own.
    fn client(&self, ask: &Ask) -> Result<Client, OutboundError> {
        let (made, policy) = match ask.follows {
            true => (&self.0.client, Policy::limited(REDIRECTS)),
            false => (&self.0.unled, Policy::none()),
        };
        if let Some(client) = made.get() {
            return Ok(client.clone());
        }
        let client = self.new_client(policy, None)?;
        Ok(made.get_or_init(|| client).clone())
    }

    fn new_client(&self, redirects: Policy, from: Option<IpAddr>) -> Result<Client, OutboundError> {
        let tls = match self.0.tls.get() {
            Some(tls) => Arc::clone(tls),
            None => {
                let tls = tls::trusting(None)?;
                Arc::clone(self.0.tls.get_or_init(|| tls))
            }
        };
        let timeouts = &self.0.timeouts;
        let mut builder = Client::builder()
            .no_proxy()
            .redirect(redirects)
            .connect_timeout(Duration::from_millis(timeouts.connect_timeout_ms))
            .local_address(from)
            .tls_backend_preconfigured(ClientConfig::clone(&tls));
        if self.0.only_here {
            builder = builder.dns_resolver(Arc::new(OnlyLocalhost));
        }
        if !self.0.unhurried {
            builder = builder.read_timeout(Duration::from_millis(timeouts.socket_timeout_ms));
        }
        Ok(builder.build()?)
    }

    /// One request and what it is redirected to.
    async fn attempt(&self, planner: &RoutePlanner, ask: &Ask) -> Result<Attempt, OutboundError> {
        let mut ask = ask.clone();
        let mut kept = None;
        for _ in 0..=REDIRECTS {
            let url = Url::parse(&ask.url).map_err(|_| OutboundError::Redirect)?;
            let families = families(&url).await;
            let unrotated = planner.quirks
                && planner.family() == Family::V6
                && families.as_ref().is_some_and(|found| *found == [Family::V4]);
            let address = match kept {
                _ if unrotated => None,
                Some(address) => Some(address),
                None => Some(planner.pick()?),
            };
            if let Some(address) = address {
                if !can_bind(address) {
                    return Ok(Attempt::Unbindable(address));
                }
                if families.is_some_and(|found| !found.contains(&planner.family())) {
                    return Err(OutboundError::OtherFamily);
                }
            }
            kept = address.filter(|_| deviates(switch::ROUTEPLANNER_053_SAME_ADDRESS));
            let client = self.new_client(Policy::none(), address)?;
            let answer = match send(&client, &ask).await {
                Err(error) => {
                    if let Some(address) =
                        address.filter(|_| deviates(switch::ROUTEPLANNER_051_BREAK_MARKS))
                    {
                        planner.mark(address);
                    }
                    return Err(error.into());
                }
                Ok(answer) => answer,
            };
            match next_hop(&answer, &url, &ask).filter(|_| ask.follows) {
                Some(next) => ask = next,
                None => return Ok(Attempt::Answer(answer, address)),
            }
        }
        Err(OutboundError::Redirect)
    }
}

/// Whether a URL leads to this machine, as far as can be told without asking anybody.
fn is_here(url: &str) -> bool {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == LOCALHOST,
    }
}

/// Knows one name, and asks nobody for another.
struct OnlyLocalhost;

impl Resolve for OnlyLocalhost {
    fn resolve(&self, name: Name) -> Resolving {
        let found = match name.as_str() {
            LOCALHOST => Ok([IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]),
            _ => Err(OutboundError::Elsewhere),
        };
        Box::pin(async move {
            let addresses = found?.map(|address| SocketAddr::new(address, 0)).into_iter();
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// The request that a redirect asks for. What is posted is not sent anywhere else, as by the real
/// server; only a 303 has it asked for with GET.
fn next_hop(answer: &Response, url: &Url, ask: &Ask) -> Option<Ask> {
    match answer.status() {
        StatusCode::SEE_OTHER => {}
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT
            if ask.method == Method::GET => {}
        _ => return None,
    }
    let location = answer.headers().get(LOCATION)?.to_str().ok()?;
    let url = url.join(location).ok()?.to_string();
    Some(Ask { url, method: Method::GET, body: None, ..ask.clone() })
}

async fn send(client: &Client, ask: &Ask) -> reqwest::Result<Response> {
    let mut request = client.request(ask.method.clone(), &ask.url);
    if let Some(body) = &ask.body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
    }
    if let Some(from) = ask.range {
        request = request.header(RANGE, format!("bytes={from}-"));
    }
    if let Some(limit) = ask.limit {
        request = request.timeout(limit);
    }
    request.send().await
}

/// Whether the system lets a connection come from this address. Tried before the request, as a
/// failure to bind and a failure to connect look the same afterwards.
fn can_bind(address: IpAddr) -> bool {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    socket.and_then(|socket| socket.bind(SocketAddr::new(address, 0))).is_ok()
}

/// The families of a host's addresses; `None` if it has no addresses, which the request will tell.
async fn families(url: &Url) -> Option<Vec<Family>> {
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default()?;
    let found = tokio::net::lookup_host((host, port)).await.ok()?;
    let mut families: Vec<_> = found.map(|address| Family::of(address.ip())).collect();
    families.sort_by_key(|family| *family == Family::V6);
    families.dedup();
    (!families.is_empty()).then_some(families)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_of_others_are_not_even_looked_up() {
        for here in
            ["http://127.0.0.2:1/a", "http://[::1]/", "http://localhost:1/", "http://127.1/"]
        {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in
            ["http://localhost.example.org/", "http://192.0.2.1/", "http://[2001:db8::1]/", "x:"]
        {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
        let resolve = |name: &str| OnlyLocalhost.resolve(name.parse().unwrap());
        assert_eq!(resolve("localhost").await.unwrap().count(), 2);
        assert!(resolve("on.soundcloud.com").await.is_err());
    }

    #[tokio::test]
    async fn only_addresses_of_this_machine_can_be_bound() {
        assert!(can_bind("127.0.0.99".parse().unwrap()));
        assert!(!can_bind("1.0.0.7".parse().unwrap()));
    }

    #[tokio::test]
    async fn hosts_have_families() {
        for (url, family) in [("http://127.0.0.1:1", Family::V4), ("http://[::1]/x", Family::V6)] {
            assert_eq!(families(&Url::parse(url).unwrap()).await, Some(vec![family]), "{url}");
        }
    }
}
