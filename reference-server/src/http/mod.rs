//! REST: who may ask, what is where, and how answers and errors look.

mod accepted;
mod authorize;
mod body;
mod connections;
mod cut;
mod encoding;
mod error_object;
mod gate;
mod handshake;
pub(crate) mod head;
mod media_type;
pub(crate) mod metrics;
mod origin;
mod players;
mod routeplanner;
mod routes;
mod server_info;
mod session;
mod tracks;
mod wire;

pub(crate) use accepted::page_of;
pub(crate) use authorize::same_secret;
pub(crate) use body::{check_media_type, parameters, shown_type};
pub(crate) use connections::{HEADS, Heads, accept};
pub(crate) use cut::Cut;
pub(crate) use error_object::{error_object, wants_trace};
pub(crate) use handshake::{User, no_handshake, tell_resumed};
pub(crate) use head::{as_sent, has_nameless_part};
pub(crate) use media_type::is_range_list;
pub(crate) use origin::is_same_origin;
pub(crate) use players::{ABOUT_PLAYERS, AboutPlayers, Answer, BODIES, Kind, Reply};
pub(crate) use routes::{Endpoint, only, router};
