//! Tools for agents: an MCP server over an administrator's calls, safe by construction (reliability.md section 10).
//!
//! A host makes the connection when a tool first needs it and gives the settings; [`serve`] speaks the protocol, in both of its lives. What
//! destroys or mails needs the answer of a person, whom the client asks; no argument of a tool can be that answer.

#![warn(missing_docs)]

mod answer;
mod approval;
mod arguments;
mod clean;
mod enabled;
mod host;
mod offer;
mod project;
mod prompts;
mod resources;
mod schema;
mod seal;
mod serve;
mod session;
mod settings;
mod tools;
mod turn;

pub use host::Connection;
pub use serve::{serve, serve_stdio};
pub use settings::{Level, Levels, Settings, Toolset};
