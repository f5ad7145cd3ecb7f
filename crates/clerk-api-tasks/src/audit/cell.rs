//! Values of a row that a statement reads, and rows that are kept: an audit can find a million of them.

use std::borrow::Cow;

use rusqlite::types::ValueRef;
use serde::{Serialize, Serializer};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell<'r> {
    /// No value.
    Null,
    /// A whole number, and what is true (1) or false (0).
    Integer(i64),
    /// Text, and numbers with a fraction.
    Text(Cow<'r, str>),
}

impl<'r> Cell<'r> {
    /// The value in a sentence.
    #[must_use]
    pub fn shown(&self) -> String {
        self.clone().into_shown().into_owned()
    }

    pub(super) fn into_shown(self) -> Cow<'r, str> {
        match self {
            Self::Null => "nothing".into(),
            Self::Integer(number) => number.to_string().into(),
            Self::Text(text) => text,
        }
    }

    pub(super) fn of(value: ValueRef<'r>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Text(number.to_string().into()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                Self::Text(String::from_utf8_lossy(bytes))
            }
        }
    }

    pub(super) fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Null => Cell::Null,
            Self::Integer(number) => Cell::Integer(number),
            Self::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The cells of a row as one text: `n` is no value, `i45;` a number, `t3:abc` a text of three bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells(Box<str>);

impl Cells {
    pub(super) fn of(cells: &[Cell<'_>]) -> Self {
        let mut row = String::new();
        for cell in cells {
            match cell {
                Cell::Null => row.push('n'),
                Cell::Integer(number) => row.extend(["i", &number.to_string(), ";"]),
                Cell::Text(text) => row.extend(["t", &text.len().to_string(), ":", text]),
            }
        }
        // Copied to where it fits: a text that grew holds up to twice its memory.
        Self(row.as_str().into())
    }

    /// The cells, from the first on.
    pub fn iter(&self) -> impl Iterator<Item = Cell<'_>> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || next(&mut rest))
    }
}

fn next<'r>(rest: &mut &'r str) -> Option<Cell<'r>> {
    let (kind, behind) = rest.split_at_checked(1)?;
    let (cell, behind) = match kind {
        "n" => (Cell::Null, behind),
        "i" => {
            let (number, behind) = behind.split_once(';')?;
            (Cell::Integer(number.parse().ok()?), behind)
        }
        _ => {
            let (length, behind) = behind.split_once(':')?;
            let (text, behind) = behind.split_at_checked(length.parse().ok()?)?;
            (Cell::Text(text.into()), behind)
        }
    };
    *rest = behind;
    Some(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_cell() -> impl Strategy<Value = Cell<'static>> {
        prop_oneof![
            Just(Cell::Null),
            any::<i64>().prop_map(Cell::Integer),
            ".{0,12}".prop_map(|text| Cell::Text(text.into())),
        ]
    }

    proptest! {
        #[test]
        fn cells_that_are_kept_come_back_as_they_were(row in proptest::collection::vec(any_cell(), 0..6)) {
            let kept = Cells::of(&row);
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), row);
        }
    }
}
