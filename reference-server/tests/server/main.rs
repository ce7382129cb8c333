//! The server as its clients see it: REST, WebSocket, the control API.
#![expect(clippy::unwrap_used, reason = "a test")]

mod control;
mod filters;
mod playing;
mod rest;
mod support;
mod websocket;
