//! Ending a TCP connection with a reset, as a machine does that has crashed.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// Resets a connection. Clones reset the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut {
    resets: Arc<AtomicBool>,
    now: CancellationToken,
}

impl Cut {
    /// The connection is reset as soon as whoever has it lets it go.
    pub(crate) fn arm(&self) {
        self.resets.store(true, Ordering::SeqCst);
    }

    /// Resets the connection now.
    pub(crate) fn reset(&self) {
        self.arm();
        self.now.cancel();
    }

    /// Done once the connection is to be let go.
    pub(super) async fn wanted(&self) {
        self.now.cancelled().await;
    }
}

/// A connection that can be reset.
#[derive(Debug)]
pub(super) struct Resettable {
    stream: TcpStream,
    cut: Cut,
}

impl Resettable {
    pub(super) fn new(stream: TcpStream, cut: Cut) -> Self {
        Self { stream, cut }
    }
}

impl Drop for Resettable {
    fn drop(&mut self) {
        if self.cut.resets.load(Ordering::SeqCst)
            && let Err(error) = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))
        {
            tracing::warn!("a connection cannot be reset: {error}");
        }
    }
}

impl AsyncRead for Resettable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Resettable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut.resets.load(Ordering::SeqCst) {
            // A FIN would come before the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
