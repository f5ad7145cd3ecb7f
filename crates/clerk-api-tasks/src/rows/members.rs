//! A JSON object from cells, each a member of it: `public.plan` and `public.seats`.

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::row::Cell;

/// An object in the making. Numbers of JSON cells keep their exact text.
#[derive(Debug, Default)]
pub(crate) struct Members(IndexMap<String, Member>);

#[derive(Debug)]
enum Member {
    Value(String),
    Object(Members),
}

impl Members {
    /// Sets the member at the end of a path; false where something else stands in the way.
    pub(crate) fn set(&mut self, path: &[String], cell: Cell<'_>) -> bool {
        let value = match cell {
            Cell::Json(json) => json.get().to_owned(),
            cell => string(&cell.text()),
        };
        self.put(path, value)
    }

    fn put(&mut self, path: &[String], value: String) -> bool {
        match path {
            [] => false,
            [name] if self.0.contains_key(name) => false,
            [name] => {
                self.0.insert(name.clone(), Member::Value(value));
                true
            }
            [name, rest @ ..] => {
                let inner = self.0.entry(name.clone());
                match inner.or_insert_with(|| Member::Object(Self::default())) {
                    Member::Object(members) => members.put(rest, value),
                    Member::Value(_) => false,
                }
            }
        }
    }

    /// Its JSON, or nothing where no member was set.
    pub(crate) fn json(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let mut json = String::new();
        self.write(&mut json);
        Some(json)
    }

    fn write(&self, json: &mut String) {
        json.push('{');
        for (place, (name, member)) in self.0.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(json, "{comma}{}:", string(name));
            match member {
                Member::Value(value) => json.push_str(value),
                Member::Object(members) => members.write(json),
            }
        }
        json.push('}');
    }
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
