//! Sign-in tokens.

mod routes;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
