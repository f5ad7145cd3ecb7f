//! By URL.

mod domains;
mod email_addresses;
mod instance;
mod invitations;
mod jwks;
mod memberships;
mod organization_invitations;
mod organizations;
mod permissions;
mod phone_numbers;
mod role_sets;
mod roles;
mod sessions;
mod tickets;
mod users;
