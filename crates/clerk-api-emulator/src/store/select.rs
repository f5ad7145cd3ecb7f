//! A statement under construction, and how its rows are read or written out.

use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, Row, params_from_iter};

use super::{Key, StoreError};

/// A statement under construction: its text and the values of its placeholders.
#[derive(Debug, Default)]
pub(crate) struct Select {
    sql: String,
    args: Vec<Value>,
    conditions: usize,
    /// The most rows it gives, as far as it is known.
    limit: usize,
}

impl Select {
    pub(crate) fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            ..Self::default()
        }
    }

    /// Adds a condition that must hold too, with the values of its placeholders.
    pub(crate) fn and<V: Into<Value>>(
        &mut self,
        condition: &str,
        args: impl IntoIterator<Item = V>,
    ) {
        self.sql.push_str(if self.conditions == 0 {
            " WHERE "
        } else {
            " AND "
        });
        self.sql.push_str(condition);
        self.args.extend(args.into_iter().map(Into::into));
        self.conditions += 1;
    }

    /// Adds what follows the conditions.
    pub(crate) fn then<V: Into<Value>>(&mut self, sql: &str, args: impl IntoIterator<Item = V>) {
        self.sql.push_str(sql);
        self.args.extend(args.into_iter().map(Into::into));
    }

    /// Begins at a key in the order of creation, with it or behind it.
    pub(crate) fn beyond(&mut self, key: &Key, descending: bool, inclusive: bool) {
        let compare = match (descending, inclusive) {
            (true, true) => "(created_at, id) <= (?, ?)",
            (true, false) => "(created_at, id) < (?, ?)",
            (false, true) => "(created_at, id) >= (?, ?)",
            (false, false) => "(created_at, id) > (?, ?)",
        };
        self.and(compare, [Value::from(key.0), Value::from(key.1.clone())]);
    }

    /// Adds LIMIT and OFFSET.
    pub(crate) fn page(&mut self, limit: u64, skip: u64) {
        self.limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.then(" LIMIT ? OFFSET ?", [number(limit), number(skip)]);
    }

    /// Lets only rows pass that have this id, or this text within their name or their key.
    pub(crate) fn and_known_as(&mut self, text: &str) {
        let lower = text.to_lowercase();
        self.and(
            "(id = ? OR instr(name, ?) > 0 OR instr(key, ?) > 0)",
            [text.to_owned(), lower.clone(), lower],
        );
    }

    /// Runs a statement whose one column is JSON and writes the rows as a JSON array.
    pub(crate) fn array(&self, db: &Connection) -> Result<Vec<u8>, StoreError> {
        self.array_of(db, |row, out| {
            out.extend_from_slice(row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?);
            Ok(())
        })
    }

    /// Runs a statement and writes a JSON array, each row as the closure appends it.
    pub(crate) fn array_of(
        &self,
        db: &Connection,
        mut append: impl FnMut(&Row<'_>, &mut Vec<u8>) -> Result<(), StoreError>,
    ) -> Result<Vec<u8>, StoreError> {
        let mut statement = db.prepare_cached(&self.sql)?;
        let args = params_from_iter(self.args.iter().map(|arg| arg as &dyn ToSql));
        let mut rows = statement.query(args)?;
        // Room for rows of 2 KiB: what is not written to is no memory.
        let mut out = Vec::with_capacity(2_048 * self.limit.clamp(2, 512));
        out.push(b'[');
        while let Some(row) = rows.next()? {
            if out.len() > 1 {
                out.push(b',');
            }
            append(row, &mut out)?;
        }
        out.push(b']');
        Ok(out)
    }

    /// Runs a statement and reads every row.
    pub(crate) fn rows<T>(
        &self,
        db: &Connection,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = db.prepare_cached(&self.sql)?;
        let args = params_from_iter(self.args.iter().map(|arg| arg as &dyn ToSql));
        let rows = statement.query_map(args, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Runs a statement that gives one number.
    pub(crate) fn number(&self, db: &Connection) -> Result<u64, StoreError> {
        let mut statement = db.prepare_cached(&self.sql)?;
        let n: i64 = statement.query_row(
            params_from_iter(self.args.iter().map(|arg| arg as &dyn ToSql)),
            |row| row.get(0),
        )?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    /// Returns the steps in which SQLite would run this.
    #[cfg(test)]
    pub(crate) fn plan(&self, db: &Connection) -> Vec<String> {
        let mut statement = db
            .prepare(&format!("EXPLAIN QUERY PLAN {}", self.sql))
            .unwrap_or_else(|error| panic!("{error} in {}", self.sql));
        let rows = statement.query_map(params_from_iter(&self.args), |row| row.get(3));
        rows.expect("runs")
            .collect::<Result<_, _>>()
            .expect("texts")
    }
}

/// Returns `?,?,?` for so many values.
pub(crate) fn marks(count: usize) -> String {
    let mut marks = "?,".repeat(count);
    marks.pop();
    marks
}

/// Fails if a plan reads a table from end to end. Virtual tables and lists of values have no other word for it.
#[cfg(test)]
pub(crate) fn assert_indexed(plan: &[String]) {
    for step in plan {
        let scan =
            step.contains("SCAN") && !step.contains(" USING ") && !step.contains("VIRTUAL TABLE");
        let harmless = step.contains("CONSTANT ROW") || step.contains("SCAN (");
        assert!(!scan || harmless, "reads a whole table: {plan:#?}");
    }
}
