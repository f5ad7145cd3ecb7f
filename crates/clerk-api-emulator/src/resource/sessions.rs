//! Sessions.

pub(crate) mod errors;
mod refresh;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod tokens;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
