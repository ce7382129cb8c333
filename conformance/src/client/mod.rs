//! The client side of the protocol: REST requests, sockets with their journals.

mod address;
mod connection;
mod control;
mod handshake;
mod journal;
mod mask;
mod raw;
mod reading;
mod rest;
mod shell;
mod socket;

pub(crate) use address::{Address, AddressError};
pub(crate) use connection::Connection;
pub(crate) use connection::Trust;
pub(crate) use control::Control;
pub(crate) use handshake::Handshake;
pub(crate) use journal::{Closed, Journal, Record};
pub(crate) use mask::text as mask_text;
pub(crate) use raw::RawRequest;
pub(crate) use rest::{Answer, Request};
pub(crate) use shell::with_variables;
pub(crate) use socket::Socket;
