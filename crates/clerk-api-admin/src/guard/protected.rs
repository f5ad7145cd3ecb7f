//! The objects that the configuration protects: no write touches them (reliability.md 6.3).
//!
//! A look-up that fails, or that returns something else than was asked for, refuses the write (7.7c).

use std::collections::BTreeMap;

use clerk_api::declare::{Effect, Field, Kind, Meta, Resource};
use clerk_api::form::is_email;
use clerk_api::{Args, Client};
use serde_json::Value;

use crate::call::{Call, operation};
use crate::phrase;
use crate::problem::{Outcome, Problem};
use crate::target::reference::{UserKey, is_id};
use crate::target::resolve;

/// How many users one look-up asks for (spec: `GetUserList`).
const AT_ONCE: usize = 100;

/// The protected objects, looked up once for a piece of work, however many rows it has.
pub struct Protected {
    client: Client,
    entries: Vec<String>,
    /// The ids behind the entries, each with the entry that protects it.
    ids: BTreeMap<String, String>,
}

impl Protected {
    /// Whether anything has to be looked up before a call: reads, and calls where nothing is protected, cost nothing.
    #[must_use]
    pub fn matters(entries: &[String], meta: &Meta) -> bool {
        !entries.is_empty() && meta.effect != Effect::Read
    }

    /// Looks up what a call could touch.
    ///
    /// # Errors
    /// The protected objects are not known, so nothing may be sent.
    pub async fn load(client: Client, entries: &[String], call: &Call) -> Outcome<Self> {
        let mut guard = Self {
            client,
            entries: entries.to_vec(),
            ids: BTreeMap::new(),
        };
        let loaded = guard.look_up(&named(call)).await;
        loaded.map_err(|failure| unknown(call.meta, *failure))?;
        Ok(guard)
    }

    /// Looks up all that is protected, for work whose calls are not known yet.
    ///
    /// # Errors
    /// As those of `load`.
    pub async fn load_all(client: Client, entries: &[String], meta: &Meta) -> Outcome<Self> {
        let mut guard = Self {
            client,
            entries: entries.to_vec(),
            ids: BTreeMap::new(),
        };
        let loaded = guard
            .look_up(&[Resource::USER, Resource::ORGANIZATION])
            .await;
        loaded.map_err(|failure| unknown(meta, *failure))?;
        Ok(guard)
    }

    async fn look_up(&mut self, named: &[&Resource]) -> Outcome<()> {
        // Whatever is not an organization may belong to a user.
        if named.iter().any(|one| *one != Resource::ORGANIZATION) {
            self.users(UserKey::Email).await?;
            self.users(UserKey::Id).await?;
        }
        if named.contains(&Resource::ORGANIZATION) {
            self.organizations().await?;
        }
        Ok(())
    }

    async fn users(&mut self, by: UserKey) -> Outcome<()> {
        let wanted = |entry: &&str| match by {
            UserKey::Email => is_email(entry),
            _ => is_id(entry) && entry.starts_with("user_"),
        };
        let entries: Vec<&str> = self
            .entries
            .iter()
            .map(String::as_str)
            .filter(wanted)
            .collect();
        for entries in entries.chunks(AT_ONCE) {
            for user in resolve::users(&self.client, by, entries, AT_ONCE).await? {
                let entry = entries.iter().find(|entry| user.has(by, entry));
                let entry = entry.map_or(user.id.as_str(), |entry| entry);
                for id in std::iter::once(user.id.as_str()).chain(user.parts()) {
                    self.ids.insert(id.to_owned(), entry.to_owned());
                }
            }
        }
        Ok(())
    }

    async fn organizations(&mut self) -> Outcome<()> {
        for slug in self
            .entries
            .iter()
            .filter(|entry| !is_id(entry) && !is_email(entry))
        {
            match resolve::by_slug(&self.client, slug).await {
                Ok(id) => {
                    self.ids.insert(id, slug.clone());
                }
                // Only Clerk's own words say that there is none.
                Err(failure) if failure.http == Some(404) && !failure.errors.is_empty() => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Refuses a call that names a protected object, in its path or anywhere in its body. `given` is the target as it was named.
    ///
    /// # Errors
    /// The call names one, or it cannot be found out whether it does.
    pub async fn check(&self, call: &Call, given: Option<&str>) -> Outcome<()> {
        let mut named: Vec<String> = given.map(str::to_owned).into_iter().collect();
        for (_, value) in call.args.iter() {
            let value = serde_json::from_str(value.get());
            let value = value.map_err(|error| Problem::usage(error.to_string()))?;
            texts(&value, &mut named);
        }
        named.extend(self.owner(call).await?);
        for name in &named {
            let name = name.trim_start_matches(['+', '-']);
            let entry = self.ids.get(name).or_else(|| self.entry(name));
            // A slug may be any word: only a target is one.
            let slug = self.entries.iter().find(|entry| given == Some(entry));
            if let Some(entry) = entry.or(slug) {
                return Err(refuse(call.meta, entry));
            }
        }
        Ok(())
    }

    /// The entry that is this id, or this address in any case.
    fn entry(&self, name: &str) -> Option<&String> {
        self.entries.iter().find(|entry| {
            is_id(entry) && *entry == name
                || is_email(entry) && entry.to_lowercase() == name.to_lowercase()
        })
    }

    /// The user of the session that a call names; a user's row does not list its sessions.
    async fn owner(&self, call: &Call) -> Outcome<Option<String>> {
        let mut fields = call.meta.fields.iter();
        let session = fields.find(|field| field.resource() == Some(Resource::SESSION));
        let session = session.and_then(|field| call.args.text(field.name));
        let Some(session) = session.filter(|_| !self.ids.is_empty()) else {
            return Ok(None);
        };
        let mut args = Args::new();
        args.set("session_id", &session)
            .map_err(|error| Problem::usage(error.to_string()))?;
        let reply = self
            .client
            .call(operation("sessions.get")?, args)
            .await
            .map_err(|error| Problem::of_call("cannot look up the session", error))
            .map_err(|failure| unknown(call.meta, *failure))?;
        let found: Option<Value> = serde_json::from_slice(&reply.raw).ok();
        let found = found.filter(|found| found["id"] == session.as_str());
        match found.as_ref().and_then(|found| found["user_id"].as_str()) {
            Some(user) => Ok(Some(user.to_owned())),
            None => Err(unknown(
                call.meta,
                *Problem::refused("the look-up of the session did not return its user"),
            )),
        }
    }
}

/// Returns what the ids of a call name.
fn named(call: &Call) -> Vec<&'static Resource> {
    let target = crate::target::field_of(call.meta).filter(|_| call.targets.is_some());
    let is_given = |name: &str| {
        call.args.get(name).is_some()
            || call
                .pending
                .iter()
                .any(|pending| pending.field.name == name)
            || target.is_some_and(|target| target.name == name)
    };
    let given = call.meta.fields.iter().filter(|field| is_given(field.name));
    let within = |field: &'static Field| match field.kind {
        Kind::Records(fields) => fields,
        _ => std::slice::from_ref(field),
    };
    given.flat_map(within).filter_map(Field::resource).collect()
}

/// Every text within a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

fn refuse(meta: &Meta, entry: &str) -> Box<Problem> {
    Problem::refused(format!(
        "cannot {}: {entry} is protected",
        phrase::one(meta, None)
    ))
    .hint("the list `protected` in the configuration names it: `clerk-api doctor` shows the file")
}

/// The protected objects could not be looked up, so nothing is sent.
fn unknown(meta: &Meta, failure: Problem) -> Box<Problem> {
    let message = format!(
        "cannot {}: cannot look up what the configuration protects",
        phrase::one(meta, None)
    );
    let mut refused = Problem::refused(message).cause(failure.message);
    refused.causes.extend(failure.causes);
    refused.http = failure.http;
    refused.errors = failure.errors;
    refused.trace_id = failure.trace_id;
    refused.hint("nothing was sent; try again, or see `clerk-api doctor`")
}

#[cfg(test)]
mod tests;
