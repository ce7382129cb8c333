//! Where a target is: `http://` or `https://`, a host, perhaps a port and a path prefix.

use http::Uri;

/// A target's URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Whether TLS is spoken.
    pub(crate) secure: bool,
    /// A name or an IP address, that without brackets.
    pub(crate) host: String,
    /// 80 or 443 if none is given.
    pub(crate) port: u16,
    /// Host and port as they are written, for `Host` headers.
    pub(crate) authority: String,
    /// What stands before every path, such as `/lavalink`; empty as a rule.
    pub(crate) prefix: String,
}

/// Why a text is not where a target is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    /// There is another scheme, or none.
    #[error("{0} is no address; give one such as http://127.0.0.1:2333 or https://example.org")]
    Scheme(String),
    /// What follows the scheme is no host with a port and a path.
    #[error("{url}: {what}; give an address such as http://127.0.0.1:2333")]
    Malformed {
        /// As it was given, without what may be secret.
        url: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl Address {
    /// Takes a URL apart.
    pub(crate) fn of(url: &str) -> Result<Self, AddressError> {
        let malformed = |what| AddressError::Malformed { url: without_secrets(url), what };
        let (secure, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(AddressError::Scheme(without_secrets(url))),
        };
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if path.contains(['?', '#']) {
            return Err(malformed("a query or fragment has no meaning there"));
        }
        if authority.contains('@') {
            return Err(malformed("a user name has no meaning there, the password is --password"));
        }
        let parsed: Uri = format!("http://{authority}{path}")
            .parse()
            .map_err(|_| malformed("host, port or path are malformed"))?;
        let host = parsed.host().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| malformed("the host is missing"))?;
        let after = &authority[authority.rfind(']').map_or(0, |end| end + 1)..];
        let port = match after.rsplit_once(':') {
            None if secure => 443,
            None => 80,
            Some((_, port)) => port
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or_else(|| malformed("the port has to be between 1 and 65535"))?,
        };
        Ok(Self {
            secure,
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port,
            authority: authority.to_owned(),
            prefix: path.trim_end_matches('/').to_owned(),
        })
    }

    /// The URL in the form in which paths can be put behind it.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority, self.prefix)
    }
}

/// An address to be told: a user may have a password, and a query may have a token.
fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map(|(_, host)| format!("…@{host}"));
    let (path, mark) = match path.find(['?', '#']) {
        Some(at) => (&path[..at], format!("{}…", &path[at..=at])),
        None => (path, String::new()),
    };
    let separator = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{separator}{}{path}{mark}", host.as_deref().unwrap_or(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_parts() {
        let parts = |url: &str| {
            let Address { secure, host, port, prefix, .. } = Address::of(url).unwrap();
            (secure, host, port, prefix)
        };
        for (url, expected) in [
            ("http://127.0.0.1:2333", (false, "127.0.0.1", 2333, "")),
            ("http://host", (false, "host", 80, "")),
            ("https://[::1]/", (true, "::1", 443, "")),
            ("https://a.b:8443/lavalink/", (true, "a.b", 8443, "/lavalink")),
        ] {
            let (secure, host, port, prefix) = expected;
            let expected = (secure, host.to_owned(), port, prefix.to_owned());
            assert_eq!(parts(url), expected, "{url}");
        }
        assert_eq!(Address::of("https://a.b/x/").unwrap().url(), "https://a.b/x");
        assert_eq!(Address::of("http://[::1]:5").unwrap().authority, "[::1]:5");
    }

    #[test]
    fn what_is_none_says_why() {
        for (url, part) in [
            ("127.0.0.1:2333", "http://127.0.0.1:2333"),
            ("ws://a", "https://"),
            ("http://", "host"),
            ("http://a:b", "port"),
            ("http://a:0", "port"),
            ("http://a:70000", "port"),
            ("http://u:p@a", "--password"),
            ("http://a/?b", "query"),
            ("http://a b", "malformed"),
        ] {
            let error = Address::of(url).unwrap_err().to_string();
            assert!(error.contains(part), "{url}: {error}");
        }
    }

    #[test]
    fn what_may_be_secret_is_not_told() {
        for (url, told) in [
            ("http://me:pw123@a:1/x", "http://…@a:1/x: "),
            ("http://me:p@w123@a", "http://…@a: "),
            ("http://a/x?token=pw123", "http://a/x?…: "),
            ("me:pw123@a", "…@a is no address"),
        ] {
            let error = Address::of(url).unwrap_err().to_string();
            assert!(error.starts_with(told) && !error.contains("w123"), "{url}: {error}");
        }
    }
}
