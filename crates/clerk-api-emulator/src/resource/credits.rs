//! Credits of users and organizations.

pub(crate) mod ledger;
pub(crate) mod rows;
