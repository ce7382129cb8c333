//! Discord's voice side, as a target meets it: a gateway, and a UDP server that hears its audio.
//!
//! A [`Room`] is a voice channel of its own on loopback. Its gateway speaks version 8 over TLS with
//! a certificate of the run's [`Authority`], which a target has to trust.

mod authority;
mod gateway;
mod hearing;
mod room;
mod rtp;
mod sound;
mod trust_store;

pub(crate) use authority::trust_store_beside;
pub use authority::{Authority, AuthorityError, TRUST_STORE_PASSWORD};
pub(crate) use gateway::NUMBERED;
pub use room::{Behaviour, Ending, Event, Record, Room, Step};
pub use rtp::{Mode, Packet, PacketError, SILENCE};
pub use sound::Sound;

#[cfg(test)]
mod tests;
