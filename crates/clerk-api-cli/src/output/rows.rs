//! Which rows an answer has: lists come bare or inside `data` (reference: list envelopes).

use super::token::{Token, Tokens, is_named, items, members};

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape<'a> {
    /// One object, or a plain value.
    One(&'a str),
    /// An array of rows.
    Bare(&'a str),
    /// An object with the rows in `data` and their total beside them.
    Envelope {
        /// The array.
        rows: &'a str,
        /// The whole object.
        whole: &'a str,
    },
}

impl<'a> Shape<'a> {
    /// Looks at an answer.
    #[must_use]
    pub fn of(answer: &'a str) -> Self {
        match Tokens::new(answer).next() {
            Some(Token::Open(b'[')) => Self::Bare(answer),
            Some(Token::Open(_)) => {
                let (mut rows, mut has_total) = (None, false);
                for (name, value) in members(answer) {
                    if is_named(name, "data") && value.starts_with('[') {
                        rows = Some(value);
                    }
                    has_total |= is_named(name, "total_count");
                }
                match rows {
                    Some(rows) if has_total => Self::Envelope {
                        rows,
                        whole: answer,
                    },
                    _ => Self::One(answer),
                }
            }
            _ => Self::One(answer),
        }
    }

    /// The rows; one object is one row.
    pub fn rows(self) -> impl Iterator<Item = &'a str> {
        let (one, array) = match self {
            Self::One(one) => (Some(one.trim()), "[]"),
            Self::Bare(rows) | Self::Envelope { rows, .. } => (None, rows),
        };
        one.into_iter().chain(items(array))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_objects_are_told_apart() {
        let rows = |answer| Shape::of(answer).rows().collect::<Vec<_>>();
        assert_eq!(rows("[{\"id\":1}, 2]"), ["{\"id\":1}", "2"]);
        assert_eq!(rows("{\"data\":[1,2],\"total_count\":9}"), ["1", "2"]);
        assert_eq!(rows("{\"data\":[1]}"), ["{\"data\":[1]}"]);
        assert_eq!(rows("{\"total_count\":9}\n"), ["{\"total_count\":9}"]);
        assert_eq!(rows("[]"), Vec::<&str>::new());
    }
}
