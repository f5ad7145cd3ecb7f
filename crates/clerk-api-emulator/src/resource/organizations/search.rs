//! What an organization is found by.

use rusqlite::{Connection, params};

use crate::store::Searched;

/// The search index.
pub(crate) static SEARCHED: Searched = Searched {
    kind: 2,
    table: "organizations",
    index,
    caught_up: None,
};

fn index(db: &Connection, seq: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO organizations_search (rowid, name, slug)
         SELECT seq, name, slug FROM organizations WHERE seq = ?1",
    )?
    .execute([seq])?;
    Ok(())
}

/// Puts a row into the index, which must not have it yet.
pub(crate) fn insert(
    db: &Connection,
    seq: i64,
    name: &str,
    slug: Option<&str>,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO organizations_search (rowid, name, slug) VALUES (?1, ?2, ?3)")?
        .execute(params![seq, name, slug])?;
    Ok(())
}
