//! Organizations.

pub(crate) mod billing;
pub(crate) mod create;
pub(crate) mod errors;
pub(crate) mod filter;
pub(crate) mod logo;
pub(crate) mod metadata;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod update;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    of_organizations: true,
    searched: Some(&search::SEARCHED),
    ..Resource::NONE
};
