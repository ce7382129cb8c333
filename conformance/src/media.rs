//! Audio over loopback HTTP, for targets to load and play.

mod answer;
mod asked;
mod body;
mod faults;
mod made;
mod mp3;
mod tell;
mod wave;

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use answer::answer;
use faults::Faults;
use http::{Method, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use made::Shelf;
pub(crate) use tell::{go_on, put};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long to wait after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `tone-30s.wav` and the like until it is dropped.
#[derive(Debug)]
pub struct MediaServer {
    url: String,
    serving: JoinHandle<()>,
}

impl MediaServer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let faults = Arc::<Faults>::default();
        let shelf = Arc::<Shelf>::default();
        let serving = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    // Out of file descriptors, perhaps; others may give some back.
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                };
                let faults = Arc::clone(&faults);
                let shelf = Arc::clone(&shelf);
                tokio::spawn(async move {
                    let service = service_fn(|request: Request<Incoming>| {
                        let (faults, shelf) = (Arc::clone(&faults), Arc::clone(&shelf));
                        async move {
                            if request.method() == Method::PUT {
                                return Ok::<_, Infallible>(shelf.put(request).await);
                            }
                            Ok(match shelf.find(&request) {
                                Some(made) => made,
                                None => answer(&request, faults).await,
                            })
                        }
                    });
                    // A target hangs up as soon as it has read enough.
                    http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .ok();
                });
            }
        });
        Ok(Self { url, serving })
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for MediaServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
