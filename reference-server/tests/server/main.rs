//! The server as its clients see it: REST, WebSocket, the control API.
#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests run in the machine's time"
)]

mod control;
mod filters;
mod hostile;
mod metrics;
mod playing;
mod rest;
mod resuming;
mod routeplanner;
mod simulated;
mod soak;
mod support;
mod unheard;
mod upstream;
mod varied;
#[path = "../support/voice.rs"]
mod voice;
mod websocket;
