//! The reference server on a thread of its own, met over its socket like any other target.

use std::io;
use std::net::TcpListener;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

/// Password of the bundled server.
pub(super) const PASSWORD: &str = "youshallnotpass";

const CONFIG: &str = "lavalink: {server: {password: youshallnotpass, sources: {http: true}}}";

/// A running reference server; it ends when this is dropped.
#[derive(Debug)]
pub struct Bundled {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bundled {
    /// Starts it on a free port of 127.0.0.1.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("bundled-server")
            .enable_all()
            .build()?;
        let thread =
            std::thread::Builder::new().name("bundled-server".into()).spawn(move || {
                let running = lavalink_reference_server::run(listener, CONFIG, async {
                    // Told to, or nobody is left to tell.
                    stopped.await.ok();
                });
                if let Err(error) = runtime.block_on(running) {
                    // The run finds the server gone; this says why.
                    eprintln!("the bundled server ended: {error}");
                }
            })?;
        Ok(Self { url, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it asks of clients.
    pub fn password() -> &'static str {
        PASSWORD
    }
}

impl Drop for Bundled {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been seen by the run already.
            thread.join().ok();
        }
    }
}
