//! Email addresses and phone numbers, which have the same rules.

pub(crate) mod codes;
pub(crate) mod contact;
pub(crate) mod create;
pub(crate) mod errors;
pub(crate) mod owner;
pub(crate) mod replace;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod verification;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
