//! Organizations.

mod create;
pub(crate) mod errors;
mod filter;
mod logo;
pub(crate) mod metadata;
mod routes;
pub(crate) mod rows;
pub(crate) mod search;
mod update;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    of_organizations: true,
    searched: Some(&search::SEARCHED),
    ..Resource::NONE
};
