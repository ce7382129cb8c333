//! The sockets that the server listens on.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Protocol, SockRef, Socket, Type};

/// How many connections may wait to be accepted: more than the 128 of the standard library, as bots
/// that come back all at once would lose seconds.
const BACKLOG: i32 = 1024;

/// Listens on `port` of `address`; 0 picks a free port. As on a JVM, `0.0.0.0` and `::` take
/// connections of both families (docs/observed/wire.md#addresses). Without an address it is both
/// loopback addresses, as clients are told `localhost`, which may be either. Where the machine has
/// no IPv6, IPv4 alone will do.
///
/// # Errors
/// If the port is taken or the address is not the machine's.
pub(crate) fn listeners(address: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    match address {
        Some(address) if address.is_unspecified() => {
            let both = of_both_families(port);
            let one = both.or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)))?;
            Ok(vec![one])
        }
        Some(address) => Ok(vec![TcpListener::bind((address, port))?]),
        None => {
            let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            let second = TcpListener::bind((Ipv6Addr::LOCALHOST, first.local_addr()?.port()));
            match second {
                Ok(second) => Ok(vec![first, second]),
                Err(error) => {
                    tracing::debug!("not listening on ::1: {error}");
                    Ok(vec![first])
                }
            }
        }
    }
}

/// Lets as many connections wait as there may be.
pub(crate) fn let_wait(listener: &TcpListener) {
    // A system that cannot change it keeps what it has.
    if let Err(error) = SockRef::from(listener).listen(BACKLOG) {
        tracing::debug!("the backlog stays as it is: {error}");
    }
}

/// Where a client on this machine finds a server that listens there.
pub(crate) fn reachable(local: SocketAddr) -> SocketAddr {
    if local.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), local.port())
    } else {
        local
    }
}

fn of_both_families(port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_only_v6(false)?;
    // As the standard library does: a server that starts again finds its port free.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// What may help whoever cannot listen there.
pub(crate) fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "; is another server running there?",
        io::ErrorKind::AddrNotAvailable => ", which is no address of this machine",
        io::ErrorKind::PermissionDenied => "; ports below 1024 are for administrators",
        _ => "",
    }
}

/// What to tell whoever lets others than this machine in.
pub(crate) fn too_open(address: IpAddr, has_usual_password: bool) -> Option<String> {
    if address.is_loopback() {
        return None;
    }
    let whose = match address.is_unspecified() {
        true => "every address of this machine".to_owned(),
        false => address.to_string(),
    };
    let known = match has_usual_password {
        true => ", and the password is the one that everybody knows",
        false => "",
    };
    Some(format!("it listens on {whose}: others than this machine can reach it{known}"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

    fn takes(listeners: &[TcpListener], address: IpAddr) -> bool {
        let port = listeners[0].local_addr().unwrap().port();
        TcpStream::connect((address, port)).is_ok()
    }

    #[test]
    fn the_default_and_the_unspecified_address_are_of_both_families() {
        let has_v6 = TcpListener::bind((V6, 0)).is_ok();
        let unspecified = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
        for address in [None].into_iter().chain(unspecified.map(Some)) {
            let listeners = listeners(address, 0).unwrap();
            assert!(takes(&listeners, V4), "{address:?}");
            assert_eq!(takes(&listeners, V6), has_v6, "{address:?}");
        }
    }

    #[test]
    fn an_address_is_that_address_alone() {
        assert!(!takes(&listeners(Some(V4), 0).unwrap(), V6));
    }

    #[test]
    fn a_client_is_told_an_address_that_it_can_use() {
        let told = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(told("0.0.0.0:2333"), "127.0.0.1:2333");
        assert_eq!(told("[::]:2333"), "127.0.0.1:2333");
        assert_eq!(told("[::1]:2333"), "[::1]:2333");
    }

    #[test]
    fn a_port_that_is_taken_is_an_error() {
        let taken = listeners(None, 0).unwrap();
        let port = taken[0].local_addr().unwrap().port();
        assert!(listeners(None, port).is_err());
    }

    #[test]
    fn many_may_wait_to_be_accepted() {
        let listener = TcpListener::bind((V4, 0)).unwrap();
        let_wait(&listener);
        let address = listener.local_addr().unwrap();
        let soon = std::time::Duration::from_secs(5);
        let connect = |_| TcpStream::connect_timeout(&address, soon);
        let waiting: Result<Vec<_>, _> = (0..300).map(connect).collect();
        assert!(waiting.is_ok(), "{waiting:?}");
    }

    #[test]
    fn whoever_lets_others_in_is_told() {
        assert_eq!(too_open(Ipv4Addr::LOCALHOST.into(), true), None);
        assert_eq!(too_open(Ipv6Addr::LOCALHOST.into(), true), None);
        let told = too_open(Ipv4Addr::UNSPECIFIED.into(), true).unwrap();
        assert!(told.contains("every address") && told.contains("everybody knows"), "{told}");
        let told = too_open(Ipv4Addr::new(192, 0, 2, 1).into(), false).unwrap();
        assert_eq!(told, "it listens on 192.0.2.1: others than this machine can reach it");
    }
}
