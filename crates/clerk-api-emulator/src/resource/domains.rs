//! Domains of organizations.

mod errors;
mod filter;
mod name;
mod routes;
pub(crate) mod rows;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    of_organizations: true,
    ..Resource::NONE
};
