//! What all lists share: which page, in which order, under which conditions, and how it is written out.

use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, Row, params_from_iter};

use crate::error::ApiError;
use crate::params::Params;
use crate::problem;
use crate::store::Key;

const LIMIT_DEFAULT: u64 = 10;
const LIMIT_MOST: u64 = 500;

/// The page that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) limit: u64,
    pub(crate) offset: u64,
}

impl Page {
    pub(crate) fn of(params: &Params) -> Result<Self, ApiError> {
        let number = |name: &str, default: u64, range: std::ops::RangeInclusive<u64>| {
            let Some(text) = params.one(name) else {
                return Ok(default);
            };
            let value = text.parse().ok().filter(|n| range.contains(n));
            value.ok_or_else(|| ApiError::from(problem::value_invalid(name, text)))
        };
        Ok(Self {
            limit: number("limit", LIMIT_DEFAULT, 1..=LIMIT_MOST)?,
            offset: number("offset", 0, 0..=u64::from(u32::MAX))?,
        })
    }
}

/// The order that was asked for: a column from the endpoint's table and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) column: &'static str,
    pub(crate) descending: bool,
}

impl Order {
    /// The default of every list.
    pub(crate) const NEWEST_FIRST: Self = Self {
        column: "created_at",
        descending: true,
    };

    /// Reads the first `order_by`; `columns` pairs the names of the API with columns.
    pub(crate) fn of(params: &Params, columns: &[(&str, &'static str)]) -> Result<Self, ApiError> {
        let Some(text) = params.one("order_by") else {
            return Ok(Self::NEWEST_FIRST);
        };
        let (descending, name) = match text.split_at_checked(1) {
            Some(("-", rest)) => (true, rest),
            Some(("+" | " ", rest)) => (false, rest),
            _ => (false, text),
        };
        let found = columns.iter().find(|(api, _)| *api == name);
        let (_, column) = found.ok_or_else(|| problem::value_invalid("order_by", text))?;
        Ok(Self { column, descending })
    }

    pub(crate) fn is_by_creation(self) -> bool {
        self.column == "created_at"
    }

    /// Writes the ORDER BY clause; ties go by creation.
    pub(crate) fn sql(self) -> String {
        let way = if self.descending { "DESC" } else { "ASC" };
        let tie = if self.is_by_creation() { "id" } else { "seq" };
        format!(" ORDER BY {} {way}, {tie} {way}", self.column)
    }
}

/// A statement under construction: its text and the values of its placeholders.
#[derive(Debug, Default)]
pub(crate) struct Select {
    sql: String,
    args: Vec<Value>,
    conditions: usize,
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
    pub(crate) fn array(&self, db: &Connection) -> Result<Vec<u8>, ApiError> {
        self.array_of(db, |row, out| {
            out.extend_from_slice(row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?);
            Ok(())
        })
    }

    /// Runs a statement and writes a JSON array, each row as the closure appends it.
    pub(crate) fn array_of(
        &self,
        db: &Connection,
        mut append: impl FnMut(&Row<'_>, &mut Vec<u8>) -> Result<(), ApiError>,
    ) -> Result<Vec<u8>, ApiError> {
        let mut statement = db.prepare_cached(&self.sql)?;
        let mut rows = statement.query(params_from_iter(
            self.args.iter().map(|arg| arg as &dyn ToSql),
        ))?;
        let mut out = Vec::with_capacity(4096);
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
    ) -> Result<Vec<T>, ApiError> {
        let mut statement = db.prepare_cached(&self.sql)?;
        let args = params_from_iter(self.args.iter().map(|arg| arg as &dyn ToSql));
        let rows = statement.query_map(args, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Runs a statement that gives one number.
    pub(crate) fn number(&self, db: &Connection) -> Result<u64, ApiError> {
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

/// Writes a page of a table that is listed as it is, newest first: a bare array, or the envelope if `counted`.
pub(crate) fn newest(
    db: &Connection,
    table: &str,
    page: Page,
    counted: bool,
) -> Result<Vec<u8>, ApiError> {
    let mut select = Select::new(format!("SELECT wire FROM {table} ORDER BY seq DESC"));
    select.page(page.limit, page.offset);
    let array = select.array(db)?;
    if !counted {
        return Ok(array);
    }
    let total = Select::new(format!("SELECT count(*) FROM {table}")).number(db)?;
    Ok(envelope(&array, total))
}

/// Puts an array and the count of all matches into the envelope of lists.
pub(crate) fn envelope(array: &[u8], total: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(array.len() + 48);
    out.extend_from_slice(br#"{"data":"#);
    out.extend_from_slice(array);
    out.extend_from_slice(format!(r#","total_count":{total}}}"#).as_bytes());
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> Result<Page, ApiError> {
        Page::of(&Params::parse(query).expect("well-formed"))
    }

    #[test]
    fn pages_have_defaults_and_bounds() {
        assert_eq!(
            page("").expect("default"),
            Page {
                limit: 10,
                offset: 0
            }
        );
        assert_eq!(
            page("limit=500&offset=7").expect("good"),
            Page {
                limit: 500,
                offset: 7
            }
        );
        for bad in [
            "limit=0",
            "limit=501",
            "limit=-1",
            "limit=10.0",
            "limit=x",
            "offset=-1",
            "offset=1.5",
        ] {
            let error = page(bad).expect_err(bad).to_string();
            assert!(error.contains("form_param_value_invalid"), "{bad}: {error}");
        }
    }

    #[test]
    fn order_knows_its_signs() {
        let order = |query: &str| {
            Order::of(
                &Params::parse(query).expect("well-formed"),
                &[("created_at", "created_at"), ("email_address", "email")],
            )
        };
        assert_eq!(order("").expect("default"), Order::NEWEST_FIRST);
        assert_eq!(
            order("order_by=%2Bcreated_at").expect("good").sql(),
            " ORDER BY created_at ASC, id ASC"
        );
        assert_eq!(
            order("order_by=-email_address").expect("good").sql(),
            " ORDER BY email DESC, seq DESC"
        );
        assert!(!order("order_by=+created_at").expect("forgiven").descending);
        assert!(order("order_by=password").is_err());
    }
}
