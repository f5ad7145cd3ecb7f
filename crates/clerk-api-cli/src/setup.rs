//! What a run starts from: settings and where each came from, the key, the terminal, and a client that is made of them.

pub(crate) mod config;
pub(crate) mod context;
pub(crate) mod credentials;
pub(crate) mod folders;
pub(crate) mod governor;
pub(crate) mod hardening;
pub(crate) mod network;
pub(crate) mod terminal;
pub(crate) mod user_file;
