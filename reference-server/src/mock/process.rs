//! A server on a thread of its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::MockError;
use crate::config::{Config, Password};
use crate::control;
use crate::deviations::Chosen;
use crate::serve::start;
use crate::shared::Prepared;

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) address: SocketAddr,
    pub(super) password: String,
    pub(super) control_token: String,
    runtime: Handle,
    control: Router,
    stop: Option<oneshot::Sender<Stop>>,
    thread: Option<JoinHandle<()>>,
}

/// How it is to stop.
#[derive(Debug)]
enum Stop {
    /// Sockets are closed first; then this is told.
    Gracefully(oneshot::Sender<()>),
}

impl Process {
    pub(super) async fn start(
        mut config: Config,
        prepared: Prepared,
        deviations: Chosen,
    ) -> Result<Self, MockError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let token = || Password(format!("{:032x}", rand::random::<u128>()));
        let control_token = config.control_token.get_or_insert_with(token).0.clone();
        let password = config.password.0.clone();
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let deviations = Arc::new(deviations);
        let thread = std::thread::Builder::new().name("lavalink-mock".into()).spawn(move || {
            serve(listener, config, prepared, deviations, tell, stopped);
        })?;
        let (runtime, control) = told.await.map_err(|_| MockError::Stopped)??;
        Ok(Self {
            address,
            password,
            control_token,
            runtime,
            control,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Asks the control API.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, MockError> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).map_err(|error| MockError::Refused {
            status: 404,
            message: format!("there is no {path}: {error}"),
            body: Value::Null,
        })?;
        let control = TowerToHyperService::new(self.control.clone());
        let answering = self.runtime.spawn(async move {
            let Ok(response) = control.call(request).await;
            let status = response.status();
            let body = response.into_body().collect().await;
            (status, body.map(|body| body.to_bytes()).unwrap_or_default())
        });
        let (status, body) = answering.await.map_err(|_| MockError::Stopped)?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(body);
        }
        let message = body["error"].as_str().unwrap_or("the control API refuses it").to_owned();
        Err(MockError::Refused { status: status.as_u16(), message, body })
    }

    /// Stops with a word to every client.
    pub(super) async fn stop(mut self) {
        let (done, is_done) = oneshot::channel();
        let stop = self.stop.take();
        if stop.is_some_and(|stop| stop.send(Stop::Gracefully(done)).is_ok()) {
            is_done.await.ok();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server shows in the tests that met it.
            thread.join().ok();
        }
    }
}

type Ready = Result<(Handle, Router), MockError>;

/// All that the thread does.
fn serve(
    listener: TcpListener,
    config: Config,
    prepared: Prepared,
    deviations: Arc<Chosen>,
    tell: oneshot::Sender<Ready>,
    stopped: oneshot::Receiver<Stop>,
) {
    Arc::clone(&deviations).hold_for_thread();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_name("lavalink-mock")
        // Threads that decode.
        .on_thread_start(move || Arc::clone(&deviations).hold_for_thread())
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return drop(tell.send(Err(error.into()))),
    };
    runtime.block_on(async {
        let running = match start(vec![listener], config, prepared) {
            Ok(running) => running,
            Err(error) => return drop(tell.send(Err(error.into()))),
        };
        let control = control::served(&running.server);
        if tell.send(Ok((Handle::current(), control))).is_err() {
            return;
        }
        // Told nothing it is dropped, and ends without a word.
        if let Ok(Stop::Gracefully(done)) = stopped.await {
            running.stop().await;
            done.send(()).ok();
        }
    });
    // Not even for threads that decode.
    runtime.shutdown_background();
}
