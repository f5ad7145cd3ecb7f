//! Invitations to organizations.

mod create;
mod routes;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    of_organizations: true,
    searched: Some(&search::SEARCHED),
    expiring: Some(&rows::EXPIRING),
    ..Resource::NONE
};
