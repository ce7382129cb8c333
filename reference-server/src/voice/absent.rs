//! What stands where voice servers are connected to, in a server that connects to none.

use std::convert::Infallible;
use std::io;

use super::{Identity, Reporter};
use crate::shared::Shared;

/// Why a voice server cannot be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("{0} is no host and port")]
    Endpoint(String),
    #[error("{0} begins with a scheme, so that nobody can be found there")]
    Scheme(String),
    #[error("no connection")]
    Network(#[from] io::Error),
    #[error("no answer")]
    TooSlow,
}

/// There is none.
#[derive(Debug)]
pub(crate) struct Link(Infallible);

/// There is none.
#[derive(Debug)]
pub(crate) struct RtpStream(Infallible);

impl Link {
    pub(crate) async fn connect(
        _shared: &Shared,
        _identity: Identity,
        _reporter: impl Reporter + Sync,
    ) -> Result<Self, ConnectError> {
        Err(io::Error::other("this server is built without the feature `voice`").into())
    }

    pub(crate) fn speak(&self, _speaking: bool) {
        match self.0 {}
    }

    pub(crate) fn come_back(&self) {
        match self.0 {}
    }
}

impl RtpStream {
    pub(crate) fn send(&mut self, _opus: &[u8]) -> io::Result<()> {
        match self.0 {}
    }
}
