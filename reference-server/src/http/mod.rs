//! REST: who may ask, what is where, and how answers and errors look.

mod accepted;
mod authorize;
mod body;
mod connections;
mod cut;
mod error;
mod error_object;
mod gate;
mod head;
pub(crate) mod json;
mod metrics;
mod origin;
mod players;
mod routeplanner;
mod routes;
mod server_info;
mod tracks;
mod wire;

pub(crate) use authorize::same_secret;
pub(crate) use body::{json as read_json, parameters};
pub(crate) use connections::accept;
pub(crate) use cut::Cut;
pub(crate) use error::ApiError;
pub(crate) use error_object::error_object;
pub(crate) use origin::is_same_origin;
pub(crate) use players::{Answer, Reply};
pub(crate) use routes::router;
