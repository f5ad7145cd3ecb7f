//! Invitations to the application.

mod create;
pub(crate) mod errors;
pub(crate) mod filter;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod terms;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    searched: Some(&search::SEARCHED),
    expiring: Some(&rows::EXPIRING),
    ..Resource::NONE
};
