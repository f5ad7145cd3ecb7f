//! What of a row differs from the user who is there, and the requests that change it.

use clerk_api::declare::Kind;
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;
use serde_json::value::RawValue;

use super::date;
use crate::job::{Shown, Step};

/// What is to be done with a user who is there.
pub(super) enum Change {
    /// These requests; none where all is the same.
    Steps(Vec<Step>),
    /// The user is somebody else's: it has another external id.
    Other(String),
}

/// The requests that make a user what a create would have made: names and settings by one, metadata by another. Addresses and numbers
/// stay as they are, and so do passwords and authenticator apps that the user has.
pub(super) fn change(create: &Call, user: &Shown, id: &str) -> Outcome<Change> {
    if let (Some(wanted), Some(there)) = (
        create.args.text("external_id"),
        user.value.get("external_id").and_then(Value::as_str),
    ) && wanted != there
        && !there.is_empty()
    {
        return Ok(Change::Other(there.to_owned()));
    }
    let mut update = Draft::new("users.update", id)?;
    let mut metadata = Draft::new("users.update_metadata", id)?;
    let lacks = |name: &str| user.value.get(name) == Some(&Value::Bool(false));
    let sets_password = lacks("password_enabled");
    for (name, raw) in create.args.iter() {
        let differs = match name {
            "password" | "password_digest" | "password_hasher" => sets_password,
            "skip_password_checks" => sets_password && create.args.has("password"),
            "totp_secret" => lacks("totp_enabled"),
            "backup_codes" => lacks("backup_code_enabled"),
            "skip_legal_checks" => false,
            _ => differs(create, name, raw, &user.value),
        };
        if differs {
            let target = if name.ends_with("_metadata") {
                &mut metadata
            } else {
                &mut update
            };
            target.set(name, raw);
        }
    }
    let drafts = [update, metadata].into_iter().filter(|draft| draft.changes);
    let steps = drafts.map(|draft| Step {
        call: draft.call,
        before: Some(user.text.clone()),
    });
    Ok(Change::Steps(steps.collect()))
}

/// A change in the making; it has the user's id only, until something differs.
struct Draft {
    call: Call,
    changes: bool,
}

impl Draft {
    fn new(name: &str, id: &str) -> Outcome<Self> {
        let mut call = Call::new(operation(name)?);
        let set = call.args.set("user_id", &id);
        set.map_err(|error| Problem::usage(error.to_string()))?;
        let changes = false;
        Ok(Self { call, changes })
    }

    /// Takes an argument that the operation has; what only a create takes is left alone.
    fn set(&mut self, name: &str, raw: &RawValue) {
        if self.call.meta.field(name).is_some() {
            self.call.args.set_raw(name, raw.to_owned());
            self.changes = true;
        }
    }
}

/// Whether a user has something else than this argument says.
fn differs(create: &Call, name: &str, raw: &RawValue, user: &Value) -> bool {
    let Ok(wanted) = serde_json::from_str::<Value>(raw.get()) else {
        return true;
    };
    let there = user.get(name).unwrap_or(&Value::Null);
    let is_moment = create
        .meta
        .field(name)
        .is_some_and(|field| matches!(field.kind, Kind::Instant));
    match (&wanted, there) {
        (Value::String(text), Value::Number(there)) if is_moment => {
            date::read(text).map(|(at, _)| at) != there.as_i64()
        }
        (Value::String(text), Value::String(there)) if name == "username" => {
            !text.eq_ignore_ascii_case(there)
        }
        (Value::Object(_), _) => !merged(there, &wanted),
        _ => wanted != *there,
    }
}

/// Whether merging an object into another would leave it as it is.
fn merged(there: &Value, sent: &Value) -> bool {
    match (there, sent) {
        (Value::Object(there), Value::Object(sent)) => sent.iter().all(|(key, value)| {
            there
                .get(key)
                .map_or(value.is_null(), |there| merged(there, value))
        }),
        _ => there == sent,
    }
}
