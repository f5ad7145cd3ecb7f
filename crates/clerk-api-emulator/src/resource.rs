//! All resources, a folder each, in one list: it feeds the router and the engine.
//!
//! In a folder, `routes` has the handlers and what it takes to serve a list, files named for what they do (`create`,
//! `change`, `filter`) the rest of that, `rows` what is written to the database, `wire` what goes out and is stored,
//! `errors` the errors that no other resource has.

pub(crate) mod access_tokens;
pub(crate) mod actor_tokens;
pub(crate) mod credits;
pub(crate) mod domains;
pub(crate) mod identifications;
pub(crate) mod identifier_lists;
pub(crate) mod images;
pub(crate) mod instance;
pub(crate) mod invitations;
pub(crate) mod jwks;
pub(crate) mod jwt_templates;
pub(crate) mod mails;
pub(crate) mod memberships;
pub(crate) mod organization_invitations;
pub(crate) mod organizations;
pub(crate) mod permissions;
pub(crate) mod redirect_urls;
pub(crate) mod role_sets;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod sign_in_tokens;
pub(crate) mod testing_tokens;
pub(crate) mod tickets;
pub(crate) mod users;
pub(crate) mod waitlist_entries;
pub(crate) mod webhooks;

use std::sync::LazyLock;

use axum::Router;

use crate::app::Shared;
use crate::store::{Content, Expiring, Searched, Seeded};

/// What the rest of the program knows about a resource.
pub(crate) struct Resource {
    /// Its handlers, below `/v1`.
    routes: Option<fn() -> Router<Shared>>,
    /// Whether its requests are refused while the instance has no organizations.
    of_organizations: bool,
    searched: Option<&'static Searched>,
    expiring: Option<&'static Expiring>,
    seeded: Option<Seeded>,
}

impl Resource {
    /// A resource with nothing to declare.
    const NONE: Self = Self {
        routes: None,
        of_organizations: false,
        searched: None,
        expiring: None,
        seeded: None,
    };
}

static ALL: &[&Resource] = &[
    &actor_tokens::RESOURCE,
    &domains::RESOURCE,
    &identifications::RESOURCE,
    &identifier_lists::RESOURCE,
    &instance::RESOURCE,
    &invitations::RESOURCE,
    &jwks::RESOURCE,
    &jwt_templates::RESOURCE,
    &memberships::RESOURCE,
    &organization_invitations::RESOURCE,
    &organizations::RESOURCE,
    &permissions::RESOURCE,
    &redirect_urls::RESOURCE,
    &role_sets::RESOURCE,
    &roles::RESOURCE,
    &sessions::RESOURCE,
    &sign_in_tokens::RESOURCE,
    &testing_tokens::RESOURCE,
    &tickets::RESOURCE,
    &users::RESOURCE,
    &waitlist_entries::RESOURCE,
];

/// The handlers of all resources, either of those that need organizations or of the others.
pub(crate) fn routes(of_organizations: bool) -> Router<Shared> {
    ALL.iter()
        .filter(|resource| resource.of_organizations == of_organizations)
        .filter_map(|resource| resource.routes)
        .fold(Router::new(), |all, routes| all.merge(routes()))
}

/// What the engine knows about all resources.
pub(crate) fn content() -> &'static Content {
    static CONTENT: LazyLock<Content> = LazyLock::new(|| {
        let mut searched: Vec<_> = ALL.iter().filter_map(|one| one.searched).collect();
        searched.sort_by_key(|searched| searched.kind);
        Content {
            searched,
            expiring: ALL.iter().filter_map(|one| one.expiring).collect(),
            seeded: ALL.iter().filter_map(|one| one.seeded).collect(),
        }
    });
    &CONTENT
}
