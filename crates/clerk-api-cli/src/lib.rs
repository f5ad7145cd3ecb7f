//! The command line `clerk-api`: arguments, settings, confirmation, output. What it sends is the library's business.

mod app;
mod call;
pub mod columns;
mod commands;
mod complete;
mod config;
mod confirm;
mod context;
mod credentials;
#[cfg(test)]
mod documents;
mod error;
mod examples;
mod exit;
mod from_meta;
mod hardening;
mod hints;
mod input;
mod instant;
mod json_input;
mod local;
mod markdown;
mod meaning;
mod network;
pub mod output;
#[doc(hidden)]
pub mod parse;
mod phrase;
mod preview;
mod protected;
mod redact;
mod reference;
mod resolve;
pub mod sanitize;
pub mod secrets;
mod sending;
mod signals;
mod start;
mod suggested;
mod terminal;
mod ui;
mod usage;
mod values;
pub mod walk;

pub use markdown::reference;
pub use start::run;
