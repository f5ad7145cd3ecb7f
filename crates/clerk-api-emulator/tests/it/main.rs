//! The emulator over HTTP, in this process: tests are laid out by URL.

mod client;
mod receiver;
mod routes;
mod server;
