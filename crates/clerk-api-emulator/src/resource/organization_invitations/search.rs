//! What an invitation to an organization is found by.

use rusqlite::{Connection, params};

use crate::store::Searched;

/// The search index.
pub(crate) static SEARCHED: Searched = Searched {
    kind: 3,
    table: "organization_invitations",
    index,
    caught_up: None,
};

fn index(db: &Connection, seq: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO organization_invitations_search (rowid, email)
         SELECT seq, email FROM organization_invitations WHERE seq = ?1",
    )?
    .execute([seq])?;
    Ok(())
}

/// Puts a row into the index, which must not have it yet.
pub(crate) fn insert(db: &Connection, seq: i64, email: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO organization_invitations_search (rowid, email) VALUES (?1, ?2)",
    )?
    .execute(params![seq, email])?;
    Ok(())
}
