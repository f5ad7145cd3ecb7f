//! Users.

pub(crate) mod accounts;
pub(crate) mod bans;
pub(crate) mod billing;
pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod credentials;
pub(crate) mod errors;
pub(crate) mod factors;
pub(crate) mod filter;
pub(crate) mod hasher;
pub(crate) mod images;
pub(crate) mod metadata;
pub(crate) mod password;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod secret;
pub(crate) mod totp;
pub(crate) mod update;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    searched: Some(&search::SEARCHED),
    ..Resource::NONE
};
