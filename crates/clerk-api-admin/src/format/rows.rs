//! Which rows a response has, and what is around them: lists come bare or inside `data` (reference: list envelopes).

use super::token::{Token, Tokens, is_named, items, members};

/// What a response is.
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
    /// Looks at a response.
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

/// How a list is laid out around its rows, and how far its output is.
#[derive(Debug, Default)]
pub struct Layout {
    /// The text around the rows; nothing for a bare array.
    pub(super) frame: Option<Frame>,
    /// The rows that were written.
    pub(super) written: u64,
}

/// The members of the object that holds a list, names with their quotes.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The name of the member that is the list.
    pub(super) rows: String,
    pub(super) before: Vec<(String, String)>,
    pub(super) after: Vec<(String, String)>,
}

impl Layout {
    /// The layout of a list that begins with this page.
    #[must_use]
    pub fn of(first: Option<&str>) -> Self {
        Self {
            frame: first.and_then(|page| Frame::around(page, "data")),
            written: 0,
        }
    }

    /// The layout of a document of which one member is the list.
    #[must_use]
    pub fn within(document: &str, member: &str) -> Self {
        Self {
            frame: Frame::around(document, member),
            written: 0,
        }
    }

    /// How many levels are around a row.
    pub(super) const fn depth(&self) -> usize {
        if self.frame.is_some() { 2 } else { 1 }
    }

    /// The text in front of the rows and behind them.
    pub(super) fn around(&self) -> (String, String) {
        let Some(frame) = &self.frame else {
            return ("[".to_owned(), "]".to_owned());
        };
        let (mut before, mut after) = ("{".to_owned(), "]".to_owned());
        for (name, value) in &frame.before {
            before.extend([name, ":", value, ","]);
        }
        before.extend([&frame.rows, ":["]);
        for (name, value) in &frame.after {
            after.extend([",", name, ":", value]);
        }
        after.push('}');
        (before, after)
    }
}

impl Frame {
    fn around(page: &str, member: &str) -> Option<Self> {
        let mut frame = Self::default();
        for (name, value) in members(page) {
            let is_inside = !frame.rows.is_empty();
            if !is_inside && is_named(name, member) && value.starts_with('[') {
                name.clone_into(&mut frame.rows);
                continue;
            }
            let side = match is_inside {
                true => &mut frame.after,
                false => &mut frame.before,
            };
            side.push((name.to_owned(), value.to_owned()));
        }
        (!frame.rows.is_empty()).then_some(frame)
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

    #[test]
    fn what_stands_around_the_rows_keeps_its_place() {
        let around = |page| Layout::of(Some(page)).around();
        let (before, after) = around("{\"a\": 1, \"data\": [7], \"total_count\": 9}");
        assert_eq!(
            (before.as_str(), after.as_str()),
            ("{\"a\":1,\"data\":[", "],\"total_count\":9}")
        );
        assert_eq!(around("[7]"), ("[".to_owned(), "]".to_owned()));
    }
}
