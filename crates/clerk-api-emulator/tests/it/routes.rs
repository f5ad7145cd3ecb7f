//! By URL.

mod invitations;
mod memberships;
mod organization_invitations;
mod organizations;
mod users;
