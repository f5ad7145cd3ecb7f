//! The handlers, one module per resource.

pub(crate) mod memberships;
pub(crate) mod organizations;
pub(crate) mod users;
