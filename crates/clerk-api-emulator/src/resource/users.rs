//! Users.

mod accounts;
mod bans;
mod change;
mod create;
mod credentials;
mod errors;
mod factors;
pub(crate) mod filter;
mod hasher;
mod images;
mod metadata;
pub(crate) mod password;
pub(crate) mod public;
mod routes;
pub(crate) mod rows;
pub(crate) mod search;
mod secret;
mod totp;
mod update;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    searched: Some(&search::SEARCHED),
    ..Resource::NONE
};
