//! The real binary against real servers on loopback.

mod answers;
mod contract;
mod env;
mod guards;
mod help;
mod input;
mod keys;
mod many;
mod prompts;
mod pty;
mod serve;
mod server;
