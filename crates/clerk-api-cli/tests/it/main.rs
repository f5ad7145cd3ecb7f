//! The real binary against real servers on loopback.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failing helper fails its test, and names its file on the way"
)]

mod already;
mod answers;
mod api;
mod audit;
mod clerk;
mod clients;
mod completion;
mod consent;
mod consent_jobs;
mod contract;
mod copies;
mod env;
mod exec;
mod export;
mod export_places;
mod export_stores;
mod find;
mod guards;
mod help;
mod hints;
mod import;
mod input;
mod input_json;
mod jobs;
mod jobs_interrupted;
mod keys;
mod lists;
mod live;
mod local_http;
mod lookups;
mod many;
mod mcp;
mod network;
mod open;
mod output;
mod pacing;
mod picker;
mod prompts;
mod protected;
mod proxy;
mod pty;
mod redaction;
mod restore;
mod serve;
mod server;
mod settings;
mod skill;
mod skills;
mod teams;
mod tls;
mod tokens;
mod trouble;
mod undo;
mod webhooks;
