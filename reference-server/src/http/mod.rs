//! REST: who may ask, what is where, and how answers and errors look.

mod accepted;
mod authorize;
mod body;
mod connections;
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
pub(crate) use body::json as read_json;
pub(crate) use connections::accept;
pub(crate) use error::ApiError;
pub(crate) use origin::is_same_origin;
pub(crate) use routes::router;
