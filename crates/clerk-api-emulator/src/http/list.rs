//! What all lists share: which page, in which order, and how it is written out.

use rusqlite::Connection;

use super::error::ApiError;
use super::params::Params;
use super::problem;
use crate::store::Select;

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
    Ok(envelope(array, total))
}

/// Puts an array and the count of all matches into the envelope of lists.
pub(crate) fn envelope(mut array: Vec<u8>, total: u64) -> Vec<u8> {
    array.splice(0..0, *br#"{"data":"#);
    array.extend_from_slice(format!(r#","total_count":{total}}}"#).as_bytes());
    array
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
