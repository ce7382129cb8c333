//! Black-box conformance runner for the Lavalink v4 server protocol.
//!
//! Rules are Gherkin features; this crate reads them ([`spec`]), runs their scenarios against a
//! server ([`engine`]) and tells what it found ([`report`]).

mod assets;
pub mod baseline;
pub mod cli;
mod client;
mod compare;
mod coverage;
pub mod discord;
pub mod engine;
pub mod failure;
mod fuzz;
mod json;
pub mod lag;
pub mod media;
mod metrics;
pub mod moment;
mod mutants;
mod nearest;
mod pages;
mod ports;
mod printable;
mod recording;
pub mod report;
pub mod schema;
pub mod self_check;
pub mod settings;
mod site;
pub mod spec;
pub mod steps;
pub mod target;
pub mod timeline;
pub mod toml_file;
mod track;
pub mod upstream;
pub mod verdict;
pub mod world;
