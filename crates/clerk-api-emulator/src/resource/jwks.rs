//! The key that signs session tokens.

pub(crate) mod routes;
pub(crate) mod rows;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
