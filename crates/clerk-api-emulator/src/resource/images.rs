//! Uploaded images of users and organizations.

pub(crate) mod rows;
pub(crate) mod wire;
