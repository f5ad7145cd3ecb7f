//! The tables of an export, declared once: from here follow the row types, the columns of SQLite, Parquet and CSV, and the reference
//! in `docs/export.md`.

use std::borrow::Cow;

use clerk_api::time::Timestamp;
use clerk_api_admin::problem::Outcome;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// An instant in UTC, in milliseconds.
    Timestamp,
    /// A JSON value, as the API wrote it.
    Json,
}

impl Type {
    /// Its name in the reference.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Json => "json",
        }
    }
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Type,
    /// What it means, in one line.
    pub doc: &'static str,
}

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is, in one line.
    pub doc: &'static str,
    /// The columns whose values name one row; they are never null.
    pub key: &'static [&'static str],
    /// What else rows are looked up by: each an index over its columns, of which those behind the first save a look at the row.
    pub indexes: &'static [&'static [&'static str]],
    /// All columns, in order.
    pub columns: &'static [Column],
}

/// A view, in SQLite only.
#[derive(Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// What a row is, in one line.
    pub doc: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// The query.
    pub sql: &'static str,
}

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// An instant.
    Timestamp(Timestamp),
    /// The text of a JSON value.
    Json(&'a str),
}

/// The text of a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<'a>(pub Cow<'a, str>);

/// Takes rows of tables, one at a time.
pub trait Rows {
    /// Takes a row: its values in the order of the table's columns.
    ///
    /// # Errors
    /// It cannot be written.
    fn row(&mut self, table: &'static Table, values: &[Value<'_>]) -> Outcome<()>;
}

/// A type whose values are rows of a table.
pub trait Record {
    /// The table.
    const TABLE: &'static Table;

    /// Gives the row away.
    ///
    /// # Errors
    /// As [`Rows::row`].
    fn give(&self, to: &mut dyn Rows) -> Outcome<()>;
}

/// Declares a table with the type of its rows: every column may be null there, and the key's columns must not be.
macro_rules! table {
    ($(#[doc = $doc:literal])+ pub struct $row:ident in $name:literal, key $key:tt, indexes $indexes:tt {
        $(#[doc = $cdoc:literal] $column:ident: $kind:ident,)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $row<'a> {
            $(#[doc = $cdoc] pub $column: table!(@type $kind),)+
        }

        impl $crate::export::table::Record for $row<'_> {
            const TABLE: &'static $crate::export::table::Table = &$crate::export::table::Table {
                name: $name,
                doc: concat!($($doc),+).trim_ascii(),
                key: &$key,
                indexes: table!(@indexes $indexes),
                columns: &[$($crate::export::table::Column {
                    name: stringify!($column),
                    kind: $crate::export::table::Type::$kind,
                    doc: $cdoc.trim_ascii(),
                }),+],
            };

            fn give(&self, to: &mut dyn $crate::export::table::Rows) -> clerk_api_admin::problem::Outcome<()> {
                to.row(Self::TABLE, &[$(table!(@value $kind, self.$column)),+])
            }
        }
    };
    (@indexes [$([$($column:literal),+]),*]) => { &[$(&[$($column),+]),*] };
    (@type Text) => { Option<std::borrow::Cow<'a, str>> };
    (@type Integer) => { Option<i64> };
    (@type Boolean) => { Option<bool> };
    (@type Timestamp) => { Option<clerk_api::time::Timestamp> };
    (@type Json) => { Option<$crate::export::table::Json<'a>> };
    (@value Json, $value:expr) => {
        match &$value {
            Some(json) => $crate::export::table::Value::Json(&json.0),
            None => $crate::export::table::Value::Null,
        }
    };
    (@value Text, $value:expr) => {
        match &$value {
            Some(text) => $crate::export::table::Value::Text(text),
            None => $crate::export::table::Value::Null,
        }
    };
    (@value $kind:ident, $value:expr) => {
        match $value {
            Some(value) => $crate::export::table::Value::$kind(value),
            None => $crate::export::table::Value::Null,
        }
    };
}

mod meta;
mod organizations;
mod users;
mod views;

pub use meta::Meta;
pub use organizations::{
    Domain, Membership, Organization, OrganizationInvitation, Role, RoleSetRole,
};
pub use users::{EmailAddress, Invitation, PhoneNumber, User};
pub use views::VIEWS;

/// All tables, in the order of the reference.
pub static TABLES: &[&Table] = &[
    User::TABLE,
    EmailAddress::TABLE,
    PhoneNumber::TABLE,
    Organization::TABLE,
    Membership::TABLE,
    OrganizationInvitation::TABLE,
    Invitation::TABLE,
    Role::TABLE,
    RoleSetRole::TABLE,
    Domain::TABLE,
    Meta::TABLE,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_and_indexes_are_columns_and_names_are_unique() {
        let tables: BTreeSet<&str> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(tables.len(), TABLES.len());
        for table in TABLES {
            let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
            assert_eq!(table.columns[0].name, table.key[0], "{}", table.name);
            for name in table
                .key
                .iter()
                .chain(table.indexes.iter().copied().flatten())
            {
                assert!(columns.contains(name), "{}.{name}", table.name);
            }
        }
    }
}
