//! The request that undoes another one, from the line that was kept of it. Nothing is looked up.

mod anew;

use std::collections::BTreeMap;

use clerk_api::declare::{Field, Kind, Meta, Place};
use clerk_api::time::{Rfc3339, Timestamp};
use clerk_api_admin::call::{Call, operation};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::lost::Lost;
use super::metadata;
use super::table::{Inverse, inverse};
use crate::job::backup::Line;

/// A request of the old job, and the one that undoes it.
#[derive(Debug)]
pub(super) struct Part {
    /// The operation that was done.
    pub(super) meta: &'static Meta,
    pub(super) line: Line,
    /// The object as it was.
    pub(super) before: Value,
    pub(super) inverse: Inverse,
    /// What undoes it.
    pub(super) call: Call,
    /// What does not come back.
    pub(super) lost: Lost,
}

const NOT_KEPT: &str = "what was there before was not kept";

/// What undoes a request; `id` is that of what the row made. Or why it cannot be undone.
pub(super) fn part(line: Line, id: Option<&str>) -> Result<Part, String> {
    let inverse = inverse(&line.op)?;
    let meta = operation(&line.op).map_err(|problem| problem.message)?;
    let before = line.before.as_deref().map(RawValue::get);
    let before: Value = before
        .and_then(|before| serde_json::from_str(before).ok())
        .unwrap_or_default();
    if before.is_null() && !matches!(inverse, Inverse::Take(_)) {
        return Err(NOT_KEPT.to_owned());
    }
    let mut part = Part {
        meta,
        line,
        before,
        inverse,
        call: Call::new(meta),
        lost: Lost::default(),
    };
    part.fill(id)?;
    Ok(part)
}

impl Part {
    fn fill(&mut self, id: Option<&str>) -> Result<(), String> {
        match self.inverse {
            Inverse::Opposite(op) => {
                self.call = call(op)?;
                self.copy_path();
            }
            Inverse::Fields => {
                self.copy_path();
                self.fields()?;
            }
            Inverse::Merge => {
                self.copy_path();
                self.each_sent(metadata::inverse)?;
            }
            Inverse::Whole => {
                self.copy_path();
                self.each_sent(|_, before| match before.filter(|raw| raw.get() != "null") {
                    Some(before) => Some(before.to_owned()),
                    None => to_raw_value(&serde_json::json!({})).ok(),
                })?;
            }
            Inverse::Take(op) => self.take(op, id)?,
            Inverse::Join => {
                self.call = call("organizations.add_member")?;
                for name in ["organization_id", "user_id"] {
                    self.copy(name);
                }
                self.restore(&["role", "public_metadata", "private_metadata"]);
                self.lost = Lost::of_member();
            }
            Inverse::Anew(op) => {
                self.call = call(op)?;
                let anew = match op {
                    "users.create" => anew::user(&self.before),
                    _ => anew::organization(&self.before),
                };
                self.restore(anew.restored);
                for (name, value) in anew.set {
                    let set = self.call.args.set(name, &value);
                    set.map_err(|error| error.to_string())?;
                }
                self.lost = anew.lost;
            }
        }
        Ok(())
    }

    /// The members of the former object, as their exact text.
    fn members(&self) -> BTreeMap<String, &RawValue> {
        let before = self.line.before.as_deref().map(RawValue::get);
        before
            .and_then(|before| serde_json::from_str(before).ok())
            .unwrap_or_default()
    }

    /// Sets these arguments to what the former object shows, where that is something.
    fn restore(&mut self, names: &[&str]) {
        let mut found = Vec::new();
        let members = self.members();
        for name in names {
            let field = self.call.meta.field(name);
            let back = field.and_then(|field| put_back(field, members.get(*name).copied()));
            found.extend(
                back.filter(|raw| !matches!(raw.get(), "null" | "{}"))
                    .map(|raw| ((*name).to_owned(), raw)),
            );
        }
        for (name, raw) in found {
            self.call.args.set_raw(&name, raw);
        }
    }

    fn copy(&mut self, name: &str) {
        if let Some(value) = self.line.args.get(name) {
            self.call.args.set_raw(name, value.to_owned());
        }
    }

    fn copy_path(&mut self) {
        for field in self.meta.fields {
            if field.place == Place::Path {
                self.copy(field.name);
            }
        }
    }

    /// The fields of the body that were sent.
    pub(super) fn sent(&self) -> impl Iterator<Item = (&'static Field, &RawValue)> {
        let body = self
            .meta
            .fields
            .iter()
            .filter(|field| field.place == Place::Body);
        body.filter_map(|field| Some((field, self.line.args.get(field.name)?)))
    }

    /// Each field that was sent, from what was sent and what was there before.
    fn each_sent(
        &mut self,
        back: impl Fn(&RawValue, Option<&RawValue>) -> Option<Box<RawValue>>,
    ) -> Result<(), String> {
        let members = self.members();
        let mut values = Vec::new();
        for (field, sent) in self.sent() {
            let value = back(sent, members.get(field.name).copied());
            values.push((field.name, value.ok_or(NOT_KEPT)?));
        }
        for (name, value) in values {
            self.call.args.set_raw(name, value);
        }
        Ok(())
    }

    /// The former value of each field; what the object does not show is lost.
    fn fields(&mut self) -> Result<(), String> {
        let members = self.members();
        let (mut values, mut lost) = (Vec::new(), Lost::default());
        let mut hidden: Vec<String> = self.line.withheld.clone();
        for (field, _) in self.sent() {
            match put_back(field, members.get(field.name).copied()) {
                Some(value) => values.push((field.name, value)),
                // A switch that the object does not show says how to do it, and is no value.
                None if matches!(field.kind, Kind::Boolean) => {}
                None => hidden.push(field.name.to_owned()),
            }
        }
        if values.is_empty() {
            return Err(format!("the API does not show {}", hidden.join(", ")));
        }
        for name in hidden {
            lost.add(format!("former {name}"));
        }
        self.lost = lost;
        for (name, value) in values {
            self.call.args.set_raw(name, value);
        }
        Ok(())
    }

    /// Takes away what was made: its own id goes where the request that made it has no argument for.
    fn take(&mut self, op: &str, id: Option<&str>) -> Result<(), String> {
        self.call = call(op)?;
        let path = self.call.meta.fields.iter();
        for field in path.filter(|field| field.place == Place::Path) {
            if self.line.args.has(field.name) {
                self.copy(field.name);
                continue;
            }
            let id = id.ok_or("the id of what it made is not known")?;
            let set = self.call.args.set(field.name, &id);
            set.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// A former value as an argument; nothing where it is not shown, or where the API does not take it back.
fn put_back(field: &Field, before: Option<&RawValue>) -> Option<Box<RawValue>> {
    let before = before?;
    if before.get() == "null" && !field.nullable {
        return None;
    }
    match (field.kind, before.get().parse::<i64>()) {
        (Kind::Instant, Ok(millis)) => to_raw_value(&Rfc3339(Timestamp::from_millis(millis))).ok(),
        _ => Some(before.to_owned()),
    }
}

fn call(op: &str) -> Result<Call, String> {
    operation(op)
        .map(Call::new)
        .map_err(|problem| problem.message)
}
