//! Credits of users and organizations.

pub(crate) mod ledger;
pub(crate) mod routes;
pub(crate) mod rows;
