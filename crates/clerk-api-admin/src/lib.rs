//! The layer between the client and any user interface of an administrator's tool: it asks no questions and prints nothing.
//!
//! No arguments of a command line, no terminal, no database, no exit codes: a command line, jobs and tools for agents are
//! faces of the same calls.

#![warn(missing_docs)]

pub mod already;
pub mod call;
pub mod find;
pub mod format;
pub mod guard;
pub mod input;
pub mod phrase;
pub mod preview;
pub mod problem;
pub mod sending;
pub mod skill;
pub mod target;
pub mod text;
pub mod view;
