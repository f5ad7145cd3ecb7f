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
mod examples;
mod from_meta;
mod hardening;
mod input;
mod json_input;
mod local;
mod network;
#[doc(hidden)]
pub mod parse;
mod phrase;
mod preview;
mod protected;
mod reference;
mod resolve;
mod sending;
mod show;
mod start;
mod suggested;
mod terminal;
mod usage;
mod values;

pub use show::markdown::reference;
pub use start::run;
