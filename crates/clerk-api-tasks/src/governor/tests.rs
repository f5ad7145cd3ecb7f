//! The rules of reliability.md section 3, in simulated time.

mod cost;
mod learning;
mod plans;
mod server;
mod sharing;
mod sim;
mod windows;
