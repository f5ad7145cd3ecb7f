//! JSON in rows: where an object of an array ends, and the members of one.

use std::fmt;
use std::sync::Arc;

use clerk_api_admin::input::json;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::cells::Breaks;
use super::row::{Cells, Flaw};

/// How deep brackets are told apart; the parser of a row stops before.
const DEEP: u32 = 128;

/// Finds the objects of an array, over any number of pieces.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    between: Between,
    depth: u32,
    /// Which of the open brackets are square, the innermost in the lowest bit.
    square: u128,
    in_string: bool,
    escaped: bool,
    /// An object stands around the array, and what follows in it is no row.
    wrapped: bool,
}

/// What may come outside of the elements.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Between {
    #[default]
    Opening,
    First,
    Next,
    Comma,
    End,
}

impl Cutter {
    /// Begins at an array, alone or as a member of an object.
    pub(super) fn within(wrapped: bool) -> Self {
        Self {
            wrapped,
            ..Self::default()
        }
    }

    /// Whether a byte stands between elements; an element begins where it does not.
    pub(super) fn passes(&mut self, byte: u8) -> Result<bool, &'static str> {
        if byte.is_ascii_whitespace() {
            return Ok(true);
        }
        self.between = match (self.between, byte) {
            (Between::Opening, b'[') => Between::First,
            (Between::First | Between::Comma, b']') => Between::End,
            (Between::Comma, b',') => Between::Next,
            (Between::Next, b']') => return Err("a comma stands before the end of the array"),
            (Between::First | Between::Next, b',') => {
                return Err("a comma stands where an object should be");
            }
            (Between::First | Between::Next, _) => return Ok(false),
            (Between::End, _) if self.wrapped => return Ok(true),
            _ => return Err("something follows the end of the array"),
        };
        Ok(true)
    }

    /// Where the element ends in this piece, if it does.
    pub(super) fn feed(
        &mut self,
        piece: &[u8],
        breaks: &mut Breaks,
    ) -> Result<Option<usize>, &'static str> {
        for (place, byte) in piece.iter().copied().enumerate() {
            if self.in_string {
                breaks.see(byte);
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b',' | b']' if self.depth == 0 => {
                    self.between = Between::Comma;
                    return Ok(Some(place));
                }
                b'"' => self.in_string = true,
                b'{' | b'[' => self.open(byte == b'['),
                b'}' | b']' => self.close(byte == b']')?,
                _ => {}
            }
            breaks.see(byte);
        }
        Ok(None)
    }

    fn open(&mut self, square: bool) {
        self.depth += 1;
        if self.depth <= DEEP {
            self.square = self.square << 1 | u128::from(square);
        }
    }

    fn close(&mut self, square: bool) -> Result<(), &'static str> {
        let fits = self.depth > 0 && (self.depth > DEEP || (self.square & 1 == 1) == square);
        if !fits {
            return Err("a closing bracket has no opening one");
        }
        // Of what is deeper only the count is kept.
        if self.depth <= DEEP {
            self.square >>= 1;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Whether the array was closed.
    pub(super) fn is_closed(&self) -> bool {
        self.between == Between::End
    }
}

/// The members of a row by column; the text is one JSON object.
pub(super) fn members(text: &str, columns: &[Arc<str>]) -> Result<Cells, Flaw> {
    if let Err(error) = json::check(text) {
        let what = match json::complaint(&error).as_str() {
            "recursion limit exceeded" => "the JSON is nested too deeply".to_owned(),
            what => {
                let (line, column) = (error.line(), error.column());
                let of = match line {
                    1 => String::new(),
                    line => format!("line {line} of "),
                };
                format!("the row is not valid JSON: {what} (character {column} of {of}the row)")
            }
        };
        return Err(Flaw::new(what));
    }
    let no_object = || Flaw::new("the row is not a JSON object").hint("write it as {\"email\":…}");
    let Members(members) = serde_json::from_str(text).map_err(|_| no_object())?;
    let mut values = vec![None; columns.len()];
    let mut more = Vec::new();
    for (place, (name, value)) in members.into_iter().enumerate() {
        // Rows mostly have their members in the same order.
        let same = columns.get(place).is_some_and(|column| **column == name);
        let column = if same {
            Some(place)
        } else {
            columns.iter().position(|column| **column == name)
        };
        match column {
            Some(column) => values[column] = Some(value),
            None => more.push((name, value)),
        }
    }
    Ok(Cells::Json { values, more })
}

/// The members of an object in their order, each with its exact text.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
