//! Runs a server on its listeners.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::{Config, ConfigError, Loaded};
use crate::listen::let_wait;
use crate::routeplanner::RateLimitError;
use crate::server::Server;
use crate::shared::Prepared;
use crate::{control, deviations, http, websocket};

/// How long sockets and requests may take to end once the server is told to.
const SHUTDOWN_LIMIT: Duration = Duration::from_millis(900);

/// Why the server did not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration cannot be used.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// No route planner can be made of the configuration.
    #[error("the route planner cannot be set up")]
    RoutePlanner(#[from] RateLimitError),
    /// The listener cannot be served.
    #[error("the listener cannot be served")]
    Listener(#[source] io::Error),
}

/// Serves on `listener` with the text of an `application.yml` until `shutdown` is done; then
/// closes every socket with 1001 and returns within a second.
///
/// # Errors
/// [`RunError`] if the configuration cannot be read, or for the reasons of [`serve`].
pub async fn run(
    listener: TcpListener,
    config: &str,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let loaded = Loaded::read(config, [])?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    serve(listener, loaded.config, shutdown).await
}

/// [`run`] with a configuration that was read already.
///
/// # Errors
/// [`RunError`] if the route planner cannot be set up or the listener cannot be served.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    serve_all(vec![listener], config, Prepared::default(), shutdown).await
}

/// [`serve`] on several listeners, such as one of each address family.
pub(crate) async fn serve_all(
    listeners: Vec<TcpListener>,
    config: Config,
    prepared: Prepared,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let running = start(listeners, config, prepared)?;
    shutdown.await;
    running.stop().await;
    Ok(())
}

/// A server that accepts connections.
pub(crate) struct Running {
    pub(crate) server: Server,
    clock: Clock,
    accepting: Vec<JoinHandle<()>>,
}

/// Starts to accept connections. Not generic, so that the server is compiled once, with this crate,
/// and not again in each program that calls [`serve`].
pub(crate) fn start(
    listeners: Vec<TcpListener>,
    config: Config,
    prepared: Prepared,
) -> Result<Running, RunError> {
    let start_time = config.start_time.map(Duration::from_millis);
    let clock = Clock::starting(config.clock, start_time);
    let server = Server::new(config, clock.clone(), prepared)?;
    let protocol = http::router(server.clone(), http::only().get(websocket::handshake));
    let protocol = deviations::surround(protocol, &server);
    let router = control::surround(protocol, &server).merge(control::router(&server));
    let mut accepting = Vec::new();
    for listener in listeners {
        let_wait(&listener);
        listener.set_nonblocking(true).map_err(RunError::Listener)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(RunError::Listener)?;
        let (stop, tasks) = (server.stop.clone(), server.tasks.clone());
        let accepts = http::accept(listener, router.clone(), clock.clone(), stop, tasks);
        accepting.push(server.tasks.spawn(accepts));
    }
    Ok(Running { server, clock, accepting })
}

impl Running {
    /// Closes every socket with 1001, and gives connections [`SHUTDOWN_LIMIT`] to end.
    pub(crate) async fn stop(self) {
        let tasks = &self.server.tasks;
        self.server.stop.cancel();
        tasks.close();
        if self.clock.within(SHUTDOWN_LIMIT, tasks.wait()).await.is_none() {
            tracing::warn!("{} connections did not end in time", tasks.len());
        }
        for accepting in self.accepting {
            accepting.abort();
        }
    }
}
