//! The command line `clerk-api`: arguments, settings, confirmation, output. What it sends is the library's business.

mod app;
mod call;
mod commands;
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
mod json_input;
mod local;
mod markdown;
mod network;
#[doc(hidden)]
pub mod parse;
mod phrase;
mod preview;
mod protected;
mod reference;
mod resolve;
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
