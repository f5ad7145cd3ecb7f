//! Entries of the waitlist.

mod create;
mod errors;
mod routes;
pub(crate) mod rows;
mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
