//! A configuration file in which one entry changes: JSON, perhaps with comments, or TOML.

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;
use toml_edit::{Array, DocumentMut, Item, Table};

use super::jsonc;

/// A file as it is.
#[derive(Debug)]
pub(super) enum Document {
    Json(String),
    Toml(Box<DocumentMut>),
}

/// What changes in it.
#[derive(Debug)]
pub(super) struct Change {
    /// The whole text afterwards.
    pub(super) after: String,
    removed: String,
    added: String,
}

impl Change {
    /// The lines that go and come. Nothing around them: that is others' business, and may hold their keys.
    pub(super) fn lines(&self) -> Vec<String> {
        let signed = |sign: char, text: &str| {
            let lines = text.lines().map(|line| format!("{sign} {line}"));
            lines.collect::<Vec<_>>()
        };
        [signed('-', &self.removed), signed('+', &self.added)].concat()
    }
}

impl Document {
    /// Reads a file's text, or begins a new file.
    ///
    /// # Errors
    /// The text cannot be read, and so cannot be changed without harm.
    pub(super) fn read(file: &Path, text: Option<&str>) -> Outcome<Self> {
        let unreadable = |reason: String| {
            Problem::config(format!("cannot read {}: {reason}", file.display()))
                .hint("nothing was changed: correct the file, or add what --print shows by hand")
        };
        let text = text.unwrap_or_default();
        if file.extension().is_some_and(|ending| ending == "toml") {
            let parsed = text.parse::<DocumentMut>();
            let parsed = parsed.map_err(|error| unreadable(error.message().to_owned()))?;
            return Ok(Self::Toml(Box::new(parsed)));
        }
        let text = if text.trim().is_empty() { "{}\n" } else { text };
        jsonc::object(text).map_err(unreadable)?;
        Ok(Self::Json(text.to_owned()))
    }

    /// Sets the entry, or takes it out; nothing if it is as wanted.
    pub(super) fn change(
        self,
        servers: &str,
        name: &str,
        server: Option<&Value>,
    ) -> Outcome<Option<Change>> {
        let wrong = |reason| Problem::config(reason).hint("nothing was changed: correct the file");
        match self {
            Self::Json(text) => in_json(&text, servers, name, server).map_err(wrong),
            Self::Toml(document) => in_toml(*document, servers, name, server).map_err(wrong),
        }
    }
}

fn in_json(
    text: &str,
    servers: &str,
    name: &str,
    server: Option<&Value>,
) -> Result<Option<Change>, String> {
    let there = jsonc::get(text, &[servers, name])?;
    let same = match (&there, server) {
        (None, None) => true,
        (Some(there), Some(server)) => has(&jsonc::value(there)?, server),
        _ => false,
    };
    if same {
        return Ok(None);
    }
    let shown = |value: &str| format!("{}: {value}", Value::from(name));
    let added = server.map(|server| shown(&jsonc::pretty(server, "  ", "", "\n")));
    let after = match server {
        Some(server) => jsonc::set(text, servers, name, server)?,
        None => jsonc::remove(text, servers, name)?,
    };
    Ok(Some(Change {
        after,
        removed: there.map(|value| shown(&value)).unwrap_or_default(),
        added: added.unwrap_or_default(),
    }))
}

/// Whether an entry says what ours says; a person may have added more.
fn has(there: &Value, ours: &Value) -> bool {
    let mut members = ours.as_object().into_iter().flatten();
    members.all(|(name, member)| there.get(name) == Some(member))
}

fn in_toml(
    mut document: DocumentMut,
    servers: &str,
    name: &str,
    server: Option<&Value>,
) -> Result<Option<Change>, String> {
    let not_a_table = || format!("{servers} is no table");
    let all = match document.get(servers) {
        None if server.is_none() => return Ok(None),
        None => {
            let mut table = Table::new();
            table.set_implicit(true);
            document.insert(servers, Item::Table(table));
            document.get_mut(servers)
        }
        Some(_) => document.get_mut(servers),
    };
    let all = all
        .and_then(Item::as_table_like_mut)
        .ok_or_else(not_a_table)?;
    let text = |item: &Item| {
        let mut one = DocumentMut::new();
        one.insert(name, item.clone());
        let head = format!("[{servers}.{name}]");
        one.to_string()
            .trim()
            .replacen(&format!("[{name}]"), &head, 1)
    };
    let removed = all.get(name).map(text).unwrap_or_default();
    match server {
        None => drop(all.remove(name)),
        Some(server) => match all.get_mut(name).and_then(Item::as_table_like_mut) {
            None => drop(all.insert(name, Item::Table(members(server).collect()))),
            Some(entry) => {
                for (name, member) in members(server) {
                    let same = |there: &Item| there.to_string().trim() == member.to_string().trim();
                    if !entry.get(name).is_some_and(same) {
                        entry.insert(name, Item::Value(member));
                    }
                }
            }
        },
    }
    let added = all.get(name).map(text).unwrap_or_default();
    Ok((removed != added).then(|| Change {
        after: document.to_string(),
        removed,
        added,
    }))
}

/// What a server has, as TOML: texts and lists of texts.
fn members(server: &Value) -> impl Iterator<Item = (&str, toml_edit::Value)> {
    let members = server.as_object().into_iter().flatten();
    members.map(|(name, member)| match member {
        Value::Array(words) => {
            let words = words.iter().filter_map(Value::as_str);
            (name.as_str(), words.collect::<Array>().into())
        }
        text => (name.as_str(), text.as_str().unwrap_or_default().into()),
    })
}
