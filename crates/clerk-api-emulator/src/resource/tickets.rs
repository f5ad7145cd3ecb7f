//! Tickets: what the links of invitations and sign-in tokens open.

mod invitation;
pub(crate) mod routes;
mod sign_in;

use super::Resource;

/// What the list of all resources has of it.
pub(super) static RESOURCE: Resource = Resource {
    routes: Some(routes::router),
    ..Resource::NONE
};
