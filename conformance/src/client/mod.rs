//! The client side of the protocol: REST requests, sockets with their journals.

mod journal;
mod mask;
mod rest;
mod socket;

pub(crate) use journal::{Closed, Journal};
pub(crate) use mask::text as mask_text;
pub(crate) use rest::{Answer, Request};
pub(crate) use socket::{Handshake, Socket};
