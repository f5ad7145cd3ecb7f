//! The command line `clerk-api`: arguments, settings, confirmation, output. What it sends is the library's business.

mod args;
mod commands;
mod complete;
#[cfg(test)]
mod documents;
mod local;
mod setup;
mod show;
mod start;

pub use show::markdown::reference;
pub use start::run;
