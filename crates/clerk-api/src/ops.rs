//! All operations, group by group; find one by its name.

pub mod actor_tokens;
pub mod allowlist;
pub mod application_invitations;
pub mod blocklist;
pub mod domains;
pub mod email_addresses;
pub mod instance;
pub mod invitations;
pub mod jwks;
pub mod jwt_templates;
pub mod memberships;
pub mod organizations;
pub mod permissions;
pub mod phone_numbers;
pub mod redirect_urls;
pub mod role_sets;
pub mod roles;
pub mod sessions;
pub mod sign_in_tokens;
pub mod testing_tokens;
pub mod users;
pub mod waitlist;

use crate::declare::Op;

static GROUPS: &[&[&[Op]]] = &[
    users::GROUP,
    &[email_addresses::OPS],
    &[phone_numbers::OPS],
    organizations::GROUP,
    &[memberships::OPS],
    &[invitations::OPS],
    &[application_invitations::OPS],
    &[roles::OPS],
    &[permissions::OPS],
    &[role_sets::OPS],
    &[domains::OPS],
    &[waitlist::OPS],
    &[allowlist::OPS],
    &[blocklist::OPS],
    &[sessions::OPS],
    &[jwks::OPS],
    &[jwt_templates::OPS],
    &[sign_in_tokens::OPS],
    &[actor_tokens::OPS],
    &[testing_tokens::OPS],
    &[redirect_urls::OPS],
    &[instance::OPS],
];

/// Every operation, in the order of the groups.
pub fn all() -> impl Iterator<Item = &'static Op> {
    GROUPS.iter().copied().flatten().copied().flatten()
}

/// The operation of this name, such as "users.update".
#[must_use]
pub fn find(id: &str) -> Option<&'static Op> {
    all().find(|op| op.meta.name == id)
}

#[cfg(test)]
mod tests;
