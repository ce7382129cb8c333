//! Ports of 127.0.0.1 that are promised to programs which have not started yet: a server of the
//! runner's own that is given any free port must not take one of those meanwhile.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// How often another port is tried.
const TRIES: usize = 100;

static PROMISED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port that nobody listens on now, for a program to listen on. Programs that are not the
/// runner's may still be faster.
pub(crate) fn promise() -> io::Result<u16> {
    let listener = listen()?;
    let port = listener.local_addr()?.port();
    PROMISED.lock().unwrap_or_else(PoisonError::into_inner).insert(port);
    Ok(port)
}

/// Listens on a free port that has never been promised to anybody.
pub(crate) fn listen() -> io::Result<TcpListener> {
    // Those that are not wanted are kept until the end, so that they are not offered again.
    let mut unwanted = Vec::new();
    for _ in 0..TRIES {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        if !PROMISED.lock().unwrap_or_else(PoisonError::into_inner).contains(&port) {
            return Ok(listener);
        }
        unwanted.push(listener);
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, "all free ports of 127.0.0.1 are promised"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promised_port_is_free_and_nobody_else_gets_it() {
        let promised = promise().unwrap();
        let others: Vec<_> = (0..50).map(|_| listen().unwrap()).collect();
        assert!(others.iter().all(|other| other.local_addr().unwrap().port() != promised));
        TcpListener::bind((Ipv4Addr::LOCALHOST, promised)).unwrap();
    }
}
