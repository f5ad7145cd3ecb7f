//! Email addresses and phone numbers, which have the same rules.

mod codes;
mod contact;
mod create;
pub(crate) mod errors;
mod owner;
mod replace;
mod routes;
mod rows;
mod verification;
pub(crate) mod wire;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
