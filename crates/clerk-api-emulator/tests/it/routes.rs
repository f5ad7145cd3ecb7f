//! By URL.

mod actor_tokens;
mod allowlist_identifiers;
mod blocklist_identifiers;
mod domains;
mod email_addresses;
mod instance;
mod invitations;
mod jwks;
mod jwt_templates;
mod memberships;
mod organization_invitations;
mod organizations;
mod permissions;
mod phone_numbers;
mod redirect_urls;
mod role_sets;
mod roles;
mod sessions;
mod sign_in_tokens;
mod testing_tokens;
mod tickets;
mod users;
mod waitlist_entries;
