//! The command line `clerk-api`: arguments, settings, confirmation, output. What it sends is the library's business.

mod args;
mod commands;
mod config;
mod context;
mod credentials;
#[cfg(test)]
mod documents;
mod hardening;
mod local;
mod network;
mod show;
mod start;
mod terminal;

pub use show::markdown::reference;
pub use start::run;
