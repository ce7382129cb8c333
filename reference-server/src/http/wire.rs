//! The bytes of a connection, seen on their way.
//!
//! hyper keeps no request head as it was sent (a fragment is cut off the target, for example), and
//! answers heads that are too long on its own. So the head is remembered as it passes by, and
//! those answers are replaced with the one that the real server gives.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest head that the real server takes: `server.max-http-request-header-size` of Spring Boot.
pub(super) const LONGEST_HEAD: usize = 8192;

/// What the real server says to a head that it does not take.
const REFUSAL: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How hyper's own answers to too long targets and heads begin; nothing else here says so.
const REPLACED: [&[u8]; 2] = [b"HTTP/1.1 414 ", b"HTTP/1.1 431 "];

/// The head of the last request of a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct LastHead(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    head: Vec<u8>,
    /// Whether what is read next is of the next request.
    done: bool,
}

impl LastHead {
    /// Shows the bytes of the head, or the first of a head that is too long. Where requests follow each
    /// other without waiting for answers they may be another's.
    pub(super) fn with<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        look(&self.0.lock().unwrap_or_else(PoisonError::into_inner).head)
    }

    fn read(&self, bytes: &[u8]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut seen.done) {
            seen.head.clear();
        }
        // What is read in one go may have the beginning of a body behind the head.
        let room = (LONGEST_HEAD + 1).saturating_sub(seen.head.len());
        seen.head.extend(&bytes[..bytes.len().min(room)]);
    }

    fn answered(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).done = true;
    }
}

/// A connection whose heads are remembered.
#[derive(Debug)]
pub(super) struct Wire<T> {
    inner: T,
    last: LastHead,
    /// How much of [`REFUSAL`] has been written, while it is.
    refusing: Option<usize>,
}

impl<T> Wire<T> {
    pub(super) fn new(inner: T) -> (Self, LastHead) {
        let last = LastHead::default();
        (Self { inner, last: last.clone(), refusing: None }, last)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Wire<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut wire.inner).poll_read(cx, buf))?;
        wire.last.read(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.last.answered();
        if wire.refusing.is_none() && REPLACED.iter().any(|own| buf.starts_with(own)) {
            wire.refusing = Some(0);
        }
        let Some(written) = &mut wire.refusing else {
            return Pin::new(&mut wire.inner).poll_write(cx, buf);
        };
        while *written < REFUSAL.len() {
            let part = &REFUSAL[*written..];
            match ready!(Pin::new(&mut wire.inner).poll_write(cx, part))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => *written += count,
            }
        }
        wire.refusing = None;
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.last.answered();
        let first = bufs.iter().find(|buf| !buf.is_empty());
        match first {
            Some(buf) if wire.refusing.is_some() || REPLACED.iter().any(|o| buf.starts_with(o)) => {
                Pin::new(wire).poll_write(cx, buf)
            }
            _ => Pin::new(&mut wire.inner).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn the_head_of_the_last_request_is_remembered() {
        let (mut client, server) = duplex(20_000);
        let (mut wire, last) = Wire::new(server);
        let mut buffer = vec![0; 20_000];
        for head in [&b"GET /a#b HTTP/1.1\r\n\r\n"[..], b"GET /c HTTP/1.1\r\n\r\n"] {
            client.write_all(head).await.unwrap();
            let count = wire.read(&mut buffer).await.unwrap();
            assert_eq!((count, last.with(<[u8]>::to_vec)), (head.len(), head.to_vec()));
            wire.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        }
        client.write_all(&[b'x'; 10_000]).await.unwrap();
        wire.read_exact(&mut buffer[..10_000]).await.unwrap();
        assert_eq!(last.with(<[u8]>::len), LONGEST_HEAD + 1);
    }

    #[tokio::test]
    async fn only_answers_of_hyper_to_too_long_heads_are_replaced() {
        for (sent, seen) in [
            (&b"HTTP/1.1 431 Request Header Fields Too Large\r\nx: y\r\n\r\n"[..], REFUSAL),
            (b"HTTP/1.1 414 URI Too Long\r\n\r\n", REFUSAL),
            (b"HTTP/1.1 413 x\r\n\r\n", b"HTTP/1.1 413 x\r\n\r\n"),
        ] {
            // Less room than the answer needs, so that it is written in pieces.
            let (mut client, server) = duplex(16);
            let (mut wire, _) = Wire::new(server);
            let writing = tokio::spawn(async move {
                wire.write_all(sent).await.unwrap();
                wire.shutdown().await.unwrap();
            });
            let mut read = Vec::new();
            client.read_to_end(&mut read).await.unwrap();
            writing.await.unwrap();
            assert_eq!(read, seen);
        }
    }
}
