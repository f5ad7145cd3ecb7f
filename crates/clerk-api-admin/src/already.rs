//! What is so already: an object under the key of a create, with what of it differs from what the create would make, and what a removal
//! finds removed.

use clerk_api::declare::{Effect, Field, Kind, Meta, Place, Verb};
use clerk_api::{Args, Client, ops};
use serde_json::Value;

use crate::call::Call;
use crate::phrase;
use crate::problem::{Outcome, Problem, ProblemKind};
use crate::target::object_of;

/// An object that has a key of a create.
#[derive(Debug)]
pub struct Existing {
    /// Its JSON, as the API gave it.
    pub text: String,
    value: Value,
}

/// What makes an object what a create would have made.
#[derive(Debug, Default)]
pub struct Changes {
    /// The requests; none where the object is so already.
    pub calls: Vec<Call>,
    /// The names of the arguments that they change.
    pub changed: Vec<&'static str>,
    /// The names of the arguments that differ and that no request changes: keys of the object, and what is only given at its creation.
    pub fixed: Vec<&'static str>,
}

/// The end of the path of operations that revoke something.
const REVOKE: &str = "/revoke";
/// The states of an object that a revocation would leave as it is.
const OVER: [&str; 2] = ["revoked", "expired"];

/// Whether an operation takes something away, so that it can be gone already.
#[must_use]
pub fn removes(meta: &Meta) -> bool {
    meta.verb == Verb::Delete || meta.path.ends_with(REVOKE)
}

/// Whether a problem says, in the API's own words or because a look-up found nothing, that the object is not there.
#[must_use]
pub fn is_absent(problem: &Problem) -> bool {
    problem.kind == ProblemKind::Absent && (problem.http.is_none() || !problem.errors.is_empty())
}

/// The response to a removal whose object is not there, as the API would have given it.
///
/// # Errors
/// What the object belongs to, such as the organization of a member, is not there either, or looking for it failed.
pub async fn absent(client: &Client, call: &Call) -> Outcome<String> {
    if let Some(owner) = owner(call.meta) {
        let tried = format!("cannot {}", phrase::one(call.meta, None));
        look(client, call, owner, &tried).await.transpose()?;
    }
    Ok(gone(call))
}

/// The path of what the object of a removal belongs to: that of the organization, where a member is removed.
fn owner(meta: &Meta) -> Option<&'static str> {
    let object = meta.path.strip_suffix(REVOKE).unwrap_or(meta.path);
    let end = object.strip_suffix('}').unwrap_or(object).rfind('}')?;
    Some(&object[..=end])
}

fn gone(call: &Call) -> String {
    let id = object_of(call.meta).and_then(|field| call.args.get(field.name));
    let id = id.map_or("null", |id| id.get());
    format!("{{\"id\":{id},\"deleted\":true}}")
}

/// What a removal that failed with this problem has left as it was asked for: the object as it is, or that it is gone; nothing where the
/// problem is a real one.
///
/// # Errors
/// As those of [`absent`].
pub async fn removed(client: &Client, call: &Call, problem: &Problem) -> Outcome<Option<String>> {
    let is_absent_now = is_absent(problem);
    let Some(object) = call.meta.path.strip_suffix(REVOKE) else {
        return match is_absent_now {
            true => absent(client, call).await.map(Some),
            false => Ok(None),
        };
    };
    if !matches!(problem.kind, ProblemKind::Absent | ProblemKind::Rejected) {
        return Ok(None);
    }
    let tried = "cannot look at what is there";
    let text = match look(client, call, object, tried).await {
        Some(Ok(text)) => text,
        Some(Err(failed)) if is_absent(&failed) => return absent(client, call).await.map(Some),
        Some(Err(failed)) => return Err(failed),
        None if is_absent_now => return absent(client, call).await.map(Some),
        None => {
            let mut codes = problem.errors.iter().map(|error| error.code.as_str());
            let is_over = codes.any(|code| code.ends_with("_already_revoked"));
            return Ok(is_over.then(|| gone(call)));
        }
    };
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| Problem::refused(tried).cause(error.to_string()))?;
    let is_over = value["status"]
        .as_str()
        .is_some_and(|status| OVER.contains(&status));
    Ok(is_over.then_some(text))
}

/// Reads the object of a path, with the ids of a call; nothing where no operation reads it.
async fn look(client: &Client, call: &Call, path: &str, tried: &str) -> Option<Outcome<String>> {
    let mut all = ops::all().map(|op| op.meta);
    let reader = all.find(|meta| meta.verb == Verb::Get && meta.path == path)?;
    let mut args = Args::new();
    let fields = reader.fields.iter();
    for field in fields.filter(|field| field.place == Place::Path) {
        if let Some(raw) = call.args.get(field.name) {
            args.set_raw(field.name, raw.to_owned());
        }
    }
    let reply = client.call(reader, args).await;
    let text = reply.map(|reply| String::from_utf8_lossy(&reply.raw).into_owned());
    Some(text.map_err(|error| Problem::of_call(tried, error)))
}

/// Whether an operation creates something that can be there already.
#[must_use]
pub fn makes(meta: &Meta) -> bool {
    matches!(meta.effect, Effect::Create | Effect::Mail) && !keys(meta).is_empty()
}

/// The arguments by which a create finds what is there already; none where the API keeps nothing unique.
#[must_use]
pub fn keys(meta: &Meta) -> Vec<&'static Field> {
    let lookup = meta.lookup.into_iter();
    let names = lookup.flat_map(|lookup| lookup.keys());
    names.filter_map(|name| meta.field(name)).collect()
}

impl Existing {
    /// Looks for what has a key of this create.
    ///
    /// # Errors
    /// None of the keys was given, or looking failed.
    pub async fn find(client: &Client, call: &Call) -> Outcome<Option<Self>> {
        let tried = "cannot look at what is there";
        let found = client.existing(call.meta, &call.args).await;
        let Some(text) = found.map_err(|error| Problem::of_call(tried, error))? else {
            return Ok(None);
        };
        let value = serde_json::from_str(&text)
            .map_err(|error| Problem::refused(tried).cause(error.to_string()))?;
        Ok(Some(Self { text, value }))
    }

    /// The id, where it shows one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.value.get("id")?.as_str()
    }

    /// The given arguments that the object shows with another value. What it does not show, such as a password, is not compared.
    #[must_use]
    pub fn differing(&self, call: &Call) -> Vec<&'static Field> {
        let fields = call.meta.fields.iter();
        let given = fields
            .filter(|field| field.place == Place::Body && !matches!(field.kind, Kind::Secret));
        given.filter(|field| self.differs(call, field)).collect()
    }

    /// The requests that change what differs.
    ///
    /// # Errors
    /// The object shows no id.
    pub fn changes(&self, call: &Call) -> Outcome<Changes> {
        let updates = updates(call.meta);
        let unique = call
            .meta
            .lookup
            .map_or(&[] as &[&str], |lookup| lookup.unique);
        let mut changes = Changes::default();
        for field in self.differing(call) {
            let can = |meta: &&&'static Meta| {
                let body = |one: &&Field| one.name == field.name && one.place == Place::Body;
                meta.fields.iter().any(|one| body(&one))
            };
            let Some(update) = updates
                .iter()
                .find(can)
                .filter(|_| !unique.contains(&field.name))
            else {
                changes.fixed.push(field.name);
                continue;
            };
            let known = changes
                .calls
                .iter()
                .position(|call| call.meta.name == update.name);
            let at = match known {
                Some(at) => at,
                None => {
                    changes.calls.push(self.update(call, update)?);
                    changes.calls.len() - 1
                }
            };
            if let Some(raw) = call.args.get(field.name) {
                changes.calls[at].args.set_raw(field.name, raw.to_owned());
            }
            changes.changed.push(field.name);
        }
        Ok(changes)
    }

    /// A change of the object, with nothing but its path.
    fn update(&self, call: &Call, meta: &'static Meta) -> Outcome<Call> {
        let mut update = Call::new(meta);
        for field in meta
            .fields
            .iter()
            .filter(|field| field.place == Place::Path)
        {
            if let Some(raw) = call.args.get(field.name) {
                update.args.set_raw(field.name, raw.to_owned());
            } else {
                let id = self.id();
                let id = id.ok_or_else(|| Problem::refused("what is there already shows no id"))?;
                update.set_ids(field, &[id.to_owned()])?;
            }
        }
        Ok(update)
    }

    fn differs(&self, call: &Call, field: &Field) -> bool {
        let Some(raw) = call.args.get(field.name) else {
            return false;
        };
        let shown = self.value.get(field.name);
        if let Some(lookup) = call.meta.lookup
            && lookup.same.iter().any(|(name, _)| *name == field.name)
        {
            let is_empty = !call.args.has(field.name) && matches!(shown, None | Some(Value::Null));
            return !is_empty && !lookup.has_key(&call.args, field.name, &self.value);
        }
        let Some(shown) = shown else {
            return false;
        };
        if matches!(field.kind, Kind::Instant) {
            let sent = call.args.text(field.name);
            let sent = sent.and_then(|text| text.parse::<jiff::Timestamp>().ok());
            return sent.map(|at| at.as_millisecond()) != shown.as_i64();
        }
        let mut one = Args::new();
        one.set_raw(field.name, raw.to_owned());
        // A merge that changes nothing leaves metadata as it is.
        let updates = updates(call.meta);
        let judge = updates.iter().find(|meta| meta.field(field.name).is_some());
        !judge.unwrap_or(&call.meta).is_so_already(&one, &self.value)
    }
}

/// The operations that change what an operation creates: `users.update` and `users.update_metadata` for `users.create`.
fn updates(create: &Meta) -> Vec<&'static Meta> {
    let action = create.action();
    let made = action
        .strip_prefix("create")
        .or_else(|| action.strip_prefix("add"));
    let Some(made) = made else {
        return Vec::new();
    };
    let group = create.group();
    let names = [
        format!("{group}.update{made}"),
        format!("{group}.update{made}_metadata"),
    ];
    let found = names.iter().filter_map(|name| ops::find(name));
    found.map(|op| op.meta).collect()
}

#[cfg(test)]
mod tests;
