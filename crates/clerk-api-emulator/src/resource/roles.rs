//! Roles of organizations, and what a new instance has of them.

mod beginning;
pub(crate) mod catalogue;
pub(crate) mod errors;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod system;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    of_organizations: true,
    seeded: Some(beginning::fill),
    ..Resource::NONE
};
