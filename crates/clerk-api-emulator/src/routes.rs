//! The handlers, one module per resource.

pub(crate) mod actor_tokens;
pub(crate) mod contacts;
pub(crate) mod domains;
pub(crate) mod instance;
pub(crate) mod invitations;
pub(crate) mod jwks;
pub(crate) mod jwt_templates;
pub(crate) mod listed;
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
pub(crate) mod waitlist;
