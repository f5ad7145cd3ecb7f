//! One id a line, to pipe into the next command.

use std::io::Write;

use super::fields::{Found, Path};
use super::options::{OutputError, RenderError};
use super::token::{Token, Tokens, items, unquote};
use crate::text::sanitize;
use crate::view::View;

/// The sink for rows.
#[derive(Debug)]
pub(super) struct Ids {
    paths: Vec<Path>,
}

impl Ids {
    /// The fields asked for, or else where the model keeps its id; the first that a row has counts.
    pub(super) fn new(fields: &[String], view: &View) -> Result<Self, OutputError> {
        let paths: Result<Vec<_>, _> = if fields.is_empty() {
            view.ids.iter().map(|path| Path::parse(path)).collect()
        } else {
            fields.iter().map(|path| Path::parse(path)).collect()
        };
        Ok(Self { paths: paths? })
    }

    /// Writes the id of a row.
    pub(super) fn row(&self, row: &str, out: &mut dyn Write) -> Result<(), RenderError> {
        let found = self.paths.iter().find_map(|path| match path.find(row) {
            Found::Value(value) => Some(all(&value)).filter(|ids| !ids.is_empty()),
            Found::Missing | Found::Unknown => None,
        });
        for id in found.ok_or(RenderError::NoId)? {
            // an id of the API is clean; any other value must not break the lines
            writeln!(out, "{}", sanitize::text(&id))?;
        }
        Ok(())
    }
}

/// The strings and numbers of a value, which may be an array of them.
fn all(value: &str) -> Vec<String> {
    match Tokens::new(value).next() {
        Some(Token::Text(text)) => unquote(text)
            .into_iter()
            .filter(|id| !id.is_empty())
            .collect(),
        Some(Token::Scalar(word)) if word != "null" => vec![word.to_owned()],
        Some(Token::Open(b'[')) => items(value).flat_map(all).collect(),
        _ => Vec::new(),
    }
}
