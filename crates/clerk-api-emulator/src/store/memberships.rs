//! The rows of memberships.

use super::{Key, Ordered, Tx};
use crate::error::ApiError;

/// The list of all memberships in order of creation.
pub(crate) const LIST: Ordered = Ordered {
    list: "memberships",
    table: "memberships",
};

/// Removes every membership of a user.
pub(crate) fn remove_of_user(tx: &Tx<'_>, user_seq: i64) -> Result<(), ApiError> {
    let keys: Vec<Key> = tx
        .db()
        .prepare_cached("SELECT created_at, id FROM memberships WHERE user_seq = ?1")?
        .query_map([user_seq], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for key in keys {
        tx.leaves(&LIST, &key)?;
    }
    tx.db()
        .prepare_cached("DELETE FROM memberships WHERE user_seq = ?1")?
        .execute([user_seq])?;
    Ok(())
}
