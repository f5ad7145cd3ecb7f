//! By URL.

mod memberships;
mod organizations;
mod users;
