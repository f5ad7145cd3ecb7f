//! An object in the making: its members as JSON, from the row of a table.

use std::fmt::Write as _;

use clerk_api_admin::input::instant::millis;
use indexmap::IndexMap;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::de::IgnoredAny;

use crate::export::table::{Table, Type};

/// The members by their names, those that are null left out.
#[derive(Debug, Default)]
pub(super) struct Object(IndexMap<&'static str, String>);

/// What a boolean column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    True,
    False,
    Unknown,
}

impl Object {
    /// Reads the columns of a row that the table has; those that an older export lacks are missing.
    pub(super) fn of(table: &'static Table, row: &Row<'_>) -> Result<Self, String> {
        let mut object = Self::default();
        for (at, name) in row.as_ref().column_names().enumerate() {
            let Some(column) = table.columns.iter().find(|column| column.name == name) else {
                continue;
            };
            let value = row.get_ref(at).map_err(|error| error.to_string())?;
            if value == ValueRef::Null {
                continue;
            }
            let text = json(column.kind, value).ok_or_else(|| {
                let key = table.key.first().copied().unwrap_or_default();
                let of = object.0.get(key).map_or("", String::as_str);
                format!(
                    "{}.{name} of {of} is not of the type {}",
                    table.name,
                    column.kind.name()
                )
            })?;
            object.0.insert(column.name, text);
        }
        match table.key.first() {
            Some(key) if !object.0.contains_key(key) => {
                Err(format!("a row of {} has no {key}", table.name))
            }
            _ => Ok(object),
        }
    }

    /// A member as JSON; `null` where there is none.
    pub(super) fn quoted(&self, name: &str) -> &str {
        self.0.get(name).map_or("null", String::as_str)
    }

    pub(super) fn is(&self, name: &str) -> Flag {
        match self.0.get(name).map(String::as_str) {
            Some("true") => Flag::True,
            Some(_) => Flag::False,
            None => Flag::Unknown,
        }
    }

    pub(super) fn set(&mut self, name: &'static str, json: String) {
        self.0.insert(name, json);
    }

    /// Makes a verification of a flag.
    pub(super) fn verify(&mut self, flag: &str, name: &'static str) {
        if self.is(flag) == Flag::True {
            self.set(name, VERIFIED.to_owned());
        }
    }

    pub(super) fn rename(&mut self, from: &str, to: &'static str) {
        if let Some(json) = self.0.shift_remove(from) {
            self.set(to, json);
        }
    }

    /// Makes a list of so many empty objects: the tables only count them.
    pub(super) fn count(&mut self, number: &str, name: &'static str) {
        let number: usize = self.quoted(number).parse().unwrap_or(0);
        if number > 0 {
            // Nobody has more.
            self.set(name, format!("[{}]", vec!["{}"; number.min(100)].join(",")));
        }
    }

    /// A wallet has no id in the tables; that of its user is as good.
    pub(super) fn add_wallet(&mut self) {
        if let Some(wallet) = self.0.get("primary_web3_wallet").cloned() {
            let id = self.quoted("id").replacen("user_", "idn_", 1);
            self.set("primary_web3_wallet_id", id.clone());
            self.set(
                "web3_wallets",
                format!(r#"[{{"id":{id},"web3_wallet":{wallet}}}]"#),
            );
        }
    }

    /// A membership has its organization and its user within.
    pub(super) fn split_parties(&mut self) {
        let organization = format!(r#"{{"id":{}}}"#, self.quoted("organization_id"));
        let user = format!(r#"{{"user_id":{}}}"#, self.quoted("user_id"));
        self.set("organization", organization);
        self.set("public_user_data", user);
    }

    /// A role has objects where the table has keys.
    pub(super) fn name_permissions(&mut self) {
        let keys: Vec<String> =
            serde_json::from_str(self.quoted("permissions")).unwrap_or_default();
        let keys: Vec<_> = keys
            .iter()
            .map(|key| serde_json::json!({"key": key}))
            .collect();
        self.set("permissions", serde_json::json!(keys).to_string());
    }

    /// What is verified without its affiliation is so by its ownership.
    pub(super) fn verify_domain(&mut self) {
        let affiliation = self.quoted("verification_status").to_owned();
        if affiliation == r#""verified""# {
            self.set("affiliation_verification", VERIFIED.to_owned());
        } else {
            self.verify("verified", "ownership_verification");
        }
    }

    pub(super) fn text(&self) -> String {
        let size: usize = self
            .0
            .iter()
            .map(|(name, json)| name.len() + json.len() + 4)
            .sum();
        let mut text = String::with_capacity(size + 2);
        text.push('{');
        for (name, json) in &self.0 {
            let comma = if text.len() > 1 { "," } else { "" };
            let _ = write!(text, "{comma}\"{name}\":{json}");
        }
        text.push('}');
        text
    }
}

const VERIFIED: &str = r#"{"status":"verified"}"#;

/// A role set in the making.
#[derive(Debug, Default)]
pub(super) struct RoleSet {
    roles: Vec<String>,
    members: Object,
}

impl RoleSet {
    /// Adds the role of a row.
    pub(super) fn add(&mut self, row: &Object) {
        let role = format!(r#"{{"key":{}}}"#, row.quoted("role_key"));
        for (flag, name) in [
            ("is_default", "default_role"),
            ("is_creator", "creator_role"),
        ] {
            if row.is(flag) == Flag::True {
                self.members.set(name, role.clone());
            }
        }
        if row.is("is_initial") == Flag::True {
            self.members.set("type", r#""initial""#.to_owned());
        }
        self.roles.push(role);
    }

    /// The set of this key, which is JSON already.
    pub(super) fn text(mut self, key: &str) -> String {
        self.members.set("key", key.to_owned());
        self.members
            .set("roles", format!("[{}]", self.roles.join(",")));
        self.members.text()
    }
}

/// A value as JSON; nothing if it is not of the type.
fn json(kind: Type, value: ValueRef<'_>) -> Option<String> {
    match (kind, value) {
        (Type::Text, ValueRef::Text(_)) => serde_json::to_string(value.as_str().ok()?).ok(),
        (Type::Integer, ValueRef::Integer(number)) => Some(number.to_string()),
        (Type::Boolean, ValueRef::Integer(number)) => Some((number != 0).to_string()),
        (Type::Timestamp, ValueRef::Text(_)) => Some(millis(value.as_str().ok()?)?.to_string()),
        (Type::Json, ValueRef::Text(_)) => {
            let text = value.as_str().ok()?;
            serde_json::from_str::<IgnoredAny>(text).ok()?;
            Some(text.to_owned())
        }
        _ => None,
    }
}
