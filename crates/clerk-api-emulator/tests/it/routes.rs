//! By URL.

mod email_addresses;
mod invitations;
mod memberships;
mod organization_invitations;
mod organizations;
mod phone_numbers;
mod users;
