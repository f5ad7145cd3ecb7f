//! The members of an object that matter, by the view of its model, or those that were asked for.

use clerk_api::declare::Meta;
use clerk_api::time::Timestamp;
use clerk_api_admin::format::csv;
use clerk_api_admin::view::{self, Kind, View};
use serde_json::{Map, Value};

/// What is shown of each row.
pub(crate) struct Projection {
    columns: Vec<Column>,
    hidden: Vec<&'static str>,
}

struct Column {
    name: String,
    path: Vec<String>,
    kind: Kind,
}

impl Projection {
    /// The fields that were asked for, or else those of the operation's view and these. A model without a view is shown whole.
    pub(crate) fn new(meta: &Meta, fields: &[String], besides: &[&str]) -> Self {
        let view = view::view(meta.name);
        let secrets = meta.members.iter().filter(|member| member.secret);
        let hidden = view
            .hidden
            .iter()
            .copied()
            .chain(secrets.map(|member| member.name));
        let mut columns: Vec<Column> = if fields.is_empty() {
            view.columns.iter().map(Column::of).collect()
        } else {
            fields
                .iter()
                .map(|field| Column::named(view, field))
                .collect()
        };
        if !columns.is_empty() {
            let more = besides.iter().map(|field| Column::named(view, field));
            for column in more {
                if !columns.iter().any(|known| known.name == column.name) {
                    columns.push(column);
                }
            }
        }
        Self {
            columns,
            hidden: hidden.collect(),
        }
    }

    /// The row with these members; those that say nothing are left out.
    pub(crate) fn of(&self, row: &Value) -> Value {
        let mut row = row.clone();
        for path in &self.hidden {
            remove(&mut row, path);
        }
        if self.columns.is_empty() || !row.is_object() {
            return row;
        }
        let cells = self.columns.iter();
        let cells = cells.filter_map(|column| Some((column.name.clone(), column.value(&row)?)));
        Value::Object(cells.collect())
    }
}

impl Column {
    fn of(column: &view::Column) -> Self {
        Self {
            name: column.name.to_owned(),
            path: column.path.split('.').map(str::to_owned).collect(),
            kind: column.kind,
        }
    }

    fn named(view: &View, field: &str) -> Self {
        let mut known = view.columns.iter().chain(view.more);
        match known.find(|column| column.name == field) {
            Some(column) => Self::of(column),
            None => Self {
                name: field.to_owned(),
                path: field.split('.').map(str::to_owned).collect(),
                kind: Kind::Text,
            },
        }
    }

    fn value(&self, row: &Value) -> Option<Value> {
        let found = at(row, &self.path)?;
        Some(match self.kind {
            Kind::Instant => match found.as_i64() {
                Some(millis) => Timestamp::from_millis(millis).to_string().into(),
                None => found,
            },
            Kind::Primary { id, value } => {
                let wanted = row.get(id);
                let mut items = found.as_array().into_iter().flatten();
                let item = items.find(|item| item.get("id") == wanted)?;
                item.get(value)?.clone()
            }
            Kind::Text | Kind::Count => found,
        })
    }
}

/// Takes away what is at a path of names.
fn remove(value: &mut Value, path: &str) {
    let Some(members) = value.as_object_mut() else {
        return;
    };
    match path.split_once('.') {
        Some((name, deeper)) => {
            if let Some(inner) = members.get_mut(name) {
                remove(inner, deeper);
            }
        }
        None => {
            members.shift_remove(path);
        }
    }
}

/// The value at a path; of a list, the values of its members.
fn at(value: &Value, path: &[String]) -> Option<Value> {
    let Some((name, deeper)) = path.split_first() else {
        return (!value.is_null()).then(|| value.clone());
    };
    match value {
        Value::Object(members) => at(members.get(name)?, deeper),
        Value::Array(items) => {
            let found: Vec<Value> = items.iter().filter_map(|item| at(item, path)).collect();
            (!found.is_empty()).then_some(Value::Array(found))
        }
        _ => None,
    }
}

/// Rows as CSV: the same facts in far fewer tokens than JSON.
pub(crate) fn as_csv(rows: &[Value]) -> String {
    if rows.is_empty() {
        return "no rows".to_owned();
    }
    let objects = rows.iter().filter_map(Value::as_object);
    let mut names: Vec<&str> = Vec::new();
    for name in objects.flat_map(Map::keys) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut text = csv::line(names.iter().copied());
    for row in rows {
        let cells = names.iter().map(|name| match row.get(*name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        });
        let cells: Vec<String> = cells.collect();
        text.push_str(&csv::line(cells.iter().map(String::as_str)));
    }
    text
}

#[cfg(test)]
mod tests {
    use clerk_api::ops;
    use serde_json::json;

    use super::*;

    fn of(operation: &str, fields: &[&str], row: &Value) -> Value {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        Projection::new(ops::find(operation).unwrap().meta, &fields, &[]).of(row)
    }

    #[test]
    fn reliability_7_6_no_field_shows_a_link_that_lets_its_reader_in() {
        let row = json!({"id": "wle_1", "invitation": {"id": "inv_1", "url": "CANARY"}});
        for fields in [&["invitation"][..], &["invitation.url", "id"], &[]] {
            let shown = of("waitlist.list", fields, &row);
            assert!(!shown.to_string().contains("CANARY"), "{fields:?}: {shown}");
        }
        let row = json!({"id": "inv_1", "url": "CANARY"});
        let shown = of("application_invitations.list", &["url", "id"], &row);
        assert_eq!(shown, json!({"id": "inv_1"}));
    }

    #[test]
    fn views_have_names_and_instants_that_can_be_read() {
        let row = json!({
            "id": "user_1", "primary_email_address_id": "idn_2", "created_at": 1_700_000_000_000_i64,
            "email_addresses": [{"id": "idn_1", "email_address": "a@x.com"}, {"id": "idn_2", "email_address": "b@x.com"}],
        });
        let shown = of("users.list", &[], &row);
        assert_eq!(shown["email_address"], "b@x.com");
        assert_eq!(shown["created_at"], "2023-11-14T22:13:20Z");
        let all = of("users.list", &["email_addresses.email_address"], &row);
        assert_eq!(
            all["email_addresses.email_address"],
            json!(["a@x.com", "b@x.com"])
        );
    }
}
