//! Rows on their way from the thread that reads objects to the one that writes the database.

use clerk_api::time::Timestamp;
use clerk_api_admin::problem::Outcome;

use crate::export::table::{Rows, Table, Value};

/// A batch with this much text is full: some 150 users.
const FULL: usize = 1 << 17;

/// Rows of any tables, in order. Their texts are one text, so that a row costs no allocation.
#[derive(Debug, Default)]
pub(super) struct Batch {
    tables: Vec<&'static Table>,
    values: Vec<Kept>,
    text: String,
}

/// A value; texts by where they end, and each begins where the one before it ended.
#[derive(Debug, Clone, Copy)]
enum Kept {
    Null,
    Text(usize),
    Json(usize),
    Integer(i64),
    Boolean(bool),
    Timestamp(Timestamp),
}

impl Batch {
    pub(super) const fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.tables.len()
    }

    pub(super) const fn is_full(&self) -> bool {
        self.text.len() >= FULL
    }

    pub(super) fn clear(&mut self) {
        self.tables.clear();
        self.values.clear();
        self.text.clear();
    }

    /// Gives every row away.
    pub(super) fn replay<E>(
        &self,
        mut row: impl FnMut(&'static Table, &[Value<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut kept, mut begin) = (self.values.iter(), 0);
        let mut values = Vec::new();
        for table in &self.tables {
            values.clear();
            values.extend(kept.by_ref().take(table.columns.len()).map(|value| {
                let mut text = |end: usize| &self.text[std::mem::replace(&mut begin, end)..end];
                match *value {
                    Kept::Null => Value::Null,
                    Kept::Text(end) => Value::Text(text(end)),
                    Kept::Json(end) => Value::Json(text(end)),
                    Kept::Integer(number) => Value::Integer(number),
                    Kept::Boolean(is) => Value::Boolean(is),
                    Kept::Timestamp(instant) => Value::Timestamp(instant),
                }
            }));
            row(table, &values)?;
        }
        Ok(())
    }
}

impl Rows for Batch {
    fn row(&mut self, table: &'static Table, values: &[Value<'_>]) -> Outcome<()> {
        debug_assert_eq!(values.len(), table.columns.len());
        self.tables.push(table);
        for value in values {
            let mut keep = |text: &str| {
                self.text.push_str(text);
                self.text.len()
            };
            self.values.push(match *value {
                Value::Null => Kept::Null,
                Value::Text(text) => Kept::Text(keep(text)),
                Value::Json(text) => Kept::Json(keep(text)),
                Value::Integer(number) => Kept::Integer(number),
                Value::Boolean(is) => Kept::Boolean(is),
                Value::Timestamp(instant) => Kept::Timestamp(instant),
            });
        }
        Ok(())
    }
}
