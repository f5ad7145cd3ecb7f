//! All operations, group by group; find one by its name.

pub mod users;

use crate::endpoint::Op;

/// Every operation, in the order of the groups.
pub fn all() -> impl Iterator<Item = &'static Op> {
    [users::OPS].into_iter().flatten()
}

/// The operation of this name, such as "users.update".
#[must_use]
pub fn find(id: &str) -> Option<&'static Op> {
    all().find(|op| op.meta.id == id)
}
