//! The search indexes. A write only notes which row to look at again; the writing thread indexes when it has nothing
//! else to do, and a search waits until that is done.

use rusqlite::{Connection, params};

use super::content::{Content, Searched};

/// Rows indexed in one go.
const AT_ONCE: i64 = 2_000;
/// Characters that the trigram index needs; shorter texts are looked up as beginnings.
pub(crate) const SHORTEST: usize = 3;

impl Searched {
    /// The table that is the index.
    pub(super) fn index_table(&self) -> String {
        format!("{}_search", self.table)
    }
}

/// Returns whether a row waits to be indexed.
pub(crate) fn is_behind(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM search_pending)")?
        .query_row([], |row| row.get(0))
}

/// Indexes some of the rows that wait; true if there are more.
pub(crate) fn catch_up(db: &Connection, content: &Content) -> rusqlite::Result<bool> {
    for searched in &content.searched {
        let some: Vec<(i64, bool)> = db
            .prepare_cached(
                "SELECT seq, fresh FROM search_pending WHERE kind = ?1 ORDER BY seq LIMIT ?2",
            )?
            .query_map(params![searched.kind, AT_ONCE], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        let Some(&(last, _)) = some.last() else {
            continue;
        };
        for &(seq, fresh) in &some {
            index(db, searched, seq, fresh)?;
        }
        if let Some(caught_up) = searched.caught_up {
            caught_up(db, some[0].0, last)?;
        }
        db.prepare_cached("DELETE FROM search_pending WHERE kind = ?1 AND seq <= ?2")?
            .execute(params![searched.kind, last])?;
        break;
    }
    is_behind(db)
}

fn index(db: &Connection, searched: &Searched, seq: i64, fresh: bool) -> rusqlite::Result<()> {
    if !fresh {
        let table = searched.index_table();
        db.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?
            .execute([seq])?;
    }
    (searched.index)(db, seq)
}

/// Turns a text of at least `SHORTEST` characters into a match expression for "contains it".
pub(crate) fn containing(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Returns the bounds of all texts that begin with this one: from the first up to, not including, the second.
pub(crate) fn beginning(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10FFFF}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn match_expressions_cannot_be_broken_out_of() {
        assert_eq!(containing(r#"a"b OR c"#), r#""a""b OR c""#);
    }

    #[test]
    fn beginnings_enclose_longer_texts() {
        let (from, to) = beginning("jo");
        assert!(
            ["jo", "john", "jo\u{10FFF0}"]
                .iter()
                .all(|text| *text >= from.as_str() && *text < to.as_str())
        );
        assert!("jp" > to.as_str());
    }
}
