//! Addresses as Java writes and reads them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use crate::deviations::switch::{self, deviates};

/// What Java makes of a text that should name an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An address was written.
    Address(IpAddr),
    /// This machine, by name or by an empty text.
    ThisMachine,
    /// An address with a zone; Java takes it for another one than that without.
    Zoned(Ipv6Addr),
}

/// Why a text names no address, in the words of Java 17 on Linux.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownHost {
    /// It looks like an IPv6 address and is none.
    #[error("{0}: invalid IPv6 address literal")]
    Literal(String),
    /// The zone is no interface of this machine.
    #[error("no such interface {0}")]
    Interface(String),
    /// It could only be a host name. No name is ever looked up.
    #[error("{0}: Name or service not known")]
    Name(String),
}

impl Named {
    /// Reads a text as `InetAddress.getByName` does, without asking a name server.
    ///
    /// # Errors
    /// [`UnknownHost`] if it is no address, as a name would have to be looked up.
    pub fn read(text: &str) -> Result<Self, UnknownHost> {
        if text.is_empty() || text.eq_ignore_ascii_case("localhost") {
            return Ok(Self::ThisMachine);
        }
        let literal = || UnknownHost::Literal(text.to_owned());
        let inner = text.strip_prefix('[').map(|rest| rest.strip_suffix(']'));
        if let Some(inner) = inner {
            let inner = inner.filter(|inner| inner.contains(':')).ok_or_else(literal)?;
            return read_v6(inner)?.ok_or_else(literal);
        }
        let first = text.chars().next().unwrap_or_default();
        if !first.is_ascii_hexdigit() && first != ':' {
            return Err(UnknownHost::Name(text.to_owned()));
        }
        if let Some(address) = read_v4(text) {
            return Ok(Self::Address(address.into()));
        }
        match read_v6(text)? {
            Some(named) => Ok(named),
            None if text.contains(':') => Err(literal()),
            None => Err(UnknownHost::Name(text.to_owned())),
        }
    }
}

/// `127.66`, `0127.0.0.199` (decimal) and `2130706478` are IPv4 addresses to Java: the last
/// number fills the bytes that are left.
fn read_v4(text: &str) -> Option<Ipv4Addr> {
    if text.len() > 15 {
        return None;
    }
    let parts: Vec<&str> = text.split('.').collect();
    let (last, leading) = parts.split_last()?;
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let octal =
            part.starts_with('0') && part.len() > 1 && deviates(switch::ROUTEPLANNER_075_OCTAL);
        digits.then(|| u64::from_str_radix(part, if octal { 8 } else { 10 }).ok()).flatten()
    };
    if leading.len() > 3 || leading.len() < 3 && deviates(switch::ROUTEPLANNER_075_FOUR_NUMBERS) {
        return None;
    }
    let mut bits = 0_u64;
    for part in leading {
        bits = bits << 8 | number(part).filter(|byte| *byte <= 0xff)?;
    }
    let left = 32 - 8 * leading.len() as u32;
    let last = number(last).filter(|rest| *rest < 1 << left)?;
    u32::try_from(bits << left | last).ok().map(Ipv4Addr::from_bits)
}

/// `None` if it is no IPv6 address.
fn read_v6(text: &str) -> Result<Option<Named>, UnknownHost> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let Some(address) = plain_v6(address).filter(|_| zone != Some("")) else { return Ok(None) };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Ok(Some(Named::Address(mapped.into())));
    }
    match zone {
        None => Ok(Some(Named::Address(address.into()))),
        Some(_) if deviates(switch::ROUTEPLANNER_075_ZONE_IGNORED) => {
            Ok(Some(Named::Address(address.into())))
        }
        Some(zone) if is_interface(zone) => Ok(Some(Named::Zoned(address))),
        Some(zone) => Err(UnknownHost::Interface(zone.to_owned())),
    }
}

/// Java lets a group have any number of leading zeros, and the end be any IPv4 address of four
/// numbers.
fn plain_v6(text: &str) -> Option<Ipv6Addr> {
    let (groups, tail) = match text.rsplit_once(':') {
        Some((groups, tail)) if tail.contains('.') => {
            let tail = read_v4(tail).filter(|_| tail.matches('.').count() == 3)?;
            (groups, Some(tail))
        }
        _ => (text, None),
    };
    let short = |group: &str| match group.trim_start_matches('0') {
        "" if !group.is_empty() => "0".to_owned(),
        short => short.to_owned(),
    };
    let mut plain = groups.split(':').map(short).collect::<Vec<_>>().join(":");
    if let Some(tail) = tail {
        plain.push_str(&format!(":{tail}"));
    }
    plain.parse().ok()
}

/// A number is taken for an interface, whether there is one or not.
fn is_interface(zone: &str) -> bool {
    let number = zone.bytes().all(|b| b.is_ascii_digit()) && zone.parse::<i32>().is_ok();
    let name = !zone.contains('/') && !zone.starts_with('.');
    number || name && Path::new("/sys/class/net").join(zone).exists()
}

/// As `InetAddress.toString` without a host name: `/127.0.0.1`, and IPv6 in eight groups.
pub(super) fn java_text(address: IpAddr) -> String {
    format!("/{}", host_text(address))
}

/// As `InetAddress.getHostAddress`.
pub(super) fn host_text(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => address.segments().map(|group| format!("{group:x}")).join(":"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Named {
        Named::Address(text.parse().unwrap())
    }

    #[test]
    fn spellings_that_java_takes() {
        for (text, plain) in [
            ("127.66", "127.0.0.66"),
            ("127.1.66", "127.1.0.66"),
            ("0127.0.0.199", "127.0.0.199"),
            ("2130706478", "127.0.0.46"),
            ("4294967295", "255.255.255.255"),
            ("FD00:1234::A251:D8CC", "fd00:1234::a251:d8cc"),
            ("fd00:1234:0000:0000:0000:0000:0e12:78ef", "fd00:1234::e12:78ef"),
            ("fd00:000001234::1", "fd00:1234::1"),
            ("[fd00:1234::1]", "fd00:1234::1"),
            ("fd00:1234::127.0.0.1", "fd00:1234::7f00:1"),
            ("::ffff:127.0.0.9", "127.0.0.9"),
            ("::", "::"),
        ] {
            assert_eq!(Named::read(text), Ok(address(plain)), "{text}");
        }
        for text in ["", "localhost", "LocalHost"] {
            assert_eq!(Named::read(text), Ok(Named::ThisMachine), "{text}");
        }
        for zone in ["0", "1", "lo"] {
            let zoned = Named::read(&format!("fd00::5%{zone}"));
            assert_eq!(zoned, Ok(Named::Zoned("fd00::5".parse().unwrap())));
        }
    }

    #[test]
    fn what_java_says_of_others() {
        for text in [
            "not-an-ip",
            "nope.invalid",
            "999.1.1.1",
            " ",
            "/127.0.0.1",
            "127.0.0.1/32",
            "1.2.3.4.5",
        ] {
            let message = format!("{text}: Name or service not known");
            assert_eq!(Named::read(text).unwrap_err().to_string(), message);
        }
        for text in ["::gg", "127.0.0.1:80", "fd00::1 ", "fd00:::1", "fd00::1%", "[127.0.0.1]"] {
            let message = format!("{text}: invalid IPv6 address literal");
            assert_eq!(Named::read(text).unwrap_err().to_string(), message);
        }
        let message = Named::read("fd00::1%nope").unwrap_err().to_string();
        assert_eq!(message, "no such interface nope");
    }

    #[test]
    fn java_writes_eight_groups_after_a_slash() {
        for (address, text) in [
            ("127.0.0.9", "/127.0.0.9"),
            ("fd00:1234::7ee7:ce9d", "/fd00:1234:0:0:0:0:7ee7:ce9d"),
            ("::", "/0:0:0:0:0:0:0:0"),
        ] {
            assert_eq!(java_text(address.parse().unwrap()), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bits: u128) {
            for address in [IpAddr::from(bits.to_be_bytes()), Ipv4Addr::from(bits as u32).into()] {
                prop_assert_eq!(Named::read(&host_text(address)), Ok(Named::Address(address)));
                prop_assert_eq!(Named::read(&address.to_string()), Ok(Named::Address(address)));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-f:.%\\[\\]x/]{0,20}|.{0,20}") {
            let _ = Named::read(&text);
        }
    }
}
