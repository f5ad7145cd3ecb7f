//! Which list shows the objects that calls are about, many at once.

use std::collections::BTreeMap;

use clerk_api::declare::{Effect, Field, Meta, Paging, Place, Verb};
use clerk_api::{Args, Client, ops};
use clerk_api_admin::format::rows::Shape;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;
use serde_json::Value;
use serde_json::value::to_raw_value;

/// The most values that one request asks for (spec: the filters of `GetUserList` and the other lists).
pub(crate) const AT_ONCE: usize = 100;

/// A list, and the filter by which it shows the objects of an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Current {
    pub(crate) list: &'static Meta,
    /// The argument of the operation with the object's id, and the list's filter: they have the same name.
    pub(crate) id: &'static Field,
}

/// An object as a list shows it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) value: Value,
}

impl Current {
    /// The list that shows what an operation changes; nothing where no list can be asked for many.
    pub(crate) fn of(meta: &'static Meta) -> Option<Self> {
        if matches!(
            meta.effect,
            Effect::Read | Effect::Create | Effect::Mail | Effect::Once
        ) {
            return None;
        }
        let id = target::object_of(meta)?;
        let object = model_of(meta)?;
        let fits = |list: &&'static Meta| {
            let filter = list.field(id.name);
            let scope = list
                .fields
                .iter()
                .filter(|field| field.place == Place::Path);
            let shared = |field: &Field| {
                meta.fields
                    .iter()
                    .any(|ours| ours.place == Place::Path && ours.name == field.name)
            };
            list.paging != Paging::None
                && is_list_of(list.answer, object)
                && filter.is_some_and(|filter| filter.many && filter.place == Place::Query)
                && scope.clone().all(shared)
                && scope.count() + 1 == paths(meta)
        };
        let list = ops::all().map(|op| op.meta).find(fits)?;
        Some(Self { list, id })
    }

    /// The objects with these ids, by id. All calls share the other arguments of the path.
    pub(crate) async fn look(
        &self,
        client: &Client,
        scope: &Args,
        ids: &[String],
    ) -> Outcome<BTreeMap<String, Shown>> {
        let mut found = BTreeMap::new();
        for row in ask(client, self.list, scope, self.id.name, ids).await? {
            if let Some(id) = self.id_in(&row.value) {
                found.insert(id, row);
            }
        }
        Ok(found)
    }

    /// The id of a row: members are named by the user's.
    fn id_in(&self, row: &Value) -> Option<String> {
        let member = (self.id.name == "user_id")
            .then(|| row.get("public_user_data"))
            .flatten();
        let id = match member {
            Some(member) => member.get("user_id"),
            None => row.get("id"),
        };
        id?.as_str().map(str::to_owned)
    }
}

/// Checks that a list can be asked for a value; one with a comma, say, it would take for two.
///
/// # Errors
/// What the value must be.
pub(crate) fn check_askable(list: &Meta, filter: &str, value: &str) -> Result<(), String> {
    let value = to_raw_value(value).map_err(|error| error.to_string())?;
    list.field(filter)
        .map_or(Ok(()), |field| field.check(&value))
}

/// The rows of a list that have one of these values. Those that it cannot be asked for are not found.
pub(crate) async fn ask(
    client: &Client,
    list: &'static Meta,
    scope: &Args,
    filter: &str,
    values: &[String],
) -> Outcome<Vec<Shown>> {
    let mut args = within(list, scope);
    let sign = if list.field(filter).is_some_and(|field| field.signed) {
        "+"
    } else {
        ""
    };
    let signed: Vec<String> = values
        .iter()
        .map(|value| format!("{sign}{value}"))
        .filter(|value| check_askable(list, filter, value).is_ok())
        .collect();
    if signed.is_empty() {
        return Ok(Vec::new());
    }
    let set = args
        .set(filter, &signed)
        .and_then(|()| args.set("limit", &500));
    set.map_err(|error| Problem::usage(error.to_string()))?;
    let reply = client
        .call(list, args)
        .await
        .map_err(|error| Problem::of_call("cannot look at what is there", error))?;
    let text = String::from_utf8_lossy(&reply.raw);
    Shape::of(&text).rows().map(shown).collect()
}

/// All rows of a list.
pub(crate) async fn walk(
    client: &Client,
    list: &'static Meta,
    scope: &Args,
    status: Option<&str>,
) -> Outcome<Vec<Shown>> {
    let mut args = within(list, scope);
    if let Some(status) = status {
        args.set("status", &status)
            .map_err(|error| Problem::usage(error.to_string()))?;
    }
    let mut pages = client.walk(list, args, None);
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Problem::of_call("cannot look at what is there", error))?;
        for row in page.rows() {
            found.push(shown(row)?);
        }
    }
    Ok(found)
}

/// The arguments of a list's path, which it shares with the calls that it is asked for.
fn within(list: &Meta, scope: &Args) -> Args {
    let mut args = Args::new();
    for field in list
        .fields
        .iter()
        .filter(|field| field.place == Place::Path)
    {
        if let Some(value) = scope.get(field.name) {
            args.set_raw(field.name, value.to_owned());
        }
    }
    args
}

fn shown(row: &str) -> Outcome<Shown> {
    let value = serde_json::from_str(row);
    let value = value.map_err(|error| {
        Problem::refused("a row of the list cannot be read").cause(error.to_string())
    })?;
    Ok(Shown {
        text: row.to_owned(),
        value,
    })
}

fn is_list_of(answer: &str, object: &str) -> bool {
    let inner = answer.strip_prefix("List<");
    inner.and_then(|inner| inner.strip_suffix('>')) == Some(object)
}

fn paths(meta: &Meta) -> usize {
    meta.fields
        .iter()
        .filter(|field| field.place == Place::Path)
        .count()
}

/// The type of the object that an operation changes: its answer's, or, where it answers something else, that of the GET on the
/// longest path which its own begins with.
fn model_of(meta: &'static Meta) -> Option<&'static str> {
    let is_model = |answer: &str| {
        !answer.starts_with("List<")
            && !matches!(answer, "DeletedObject" | "()" | "UserRef" | "Verified")
    };
    if is_model(meta.answer) && meta.answer != "CreditLedger" {
        return Some(meta.answer);
    }
    let below = |get: &&'static Meta| {
        get.verb == Verb::Get
            && is_model(get.answer)
            && get.path.ends_with('}')
            && meta
                .path
                .strip_prefix(get.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ops::all()
        .map(|op| op.meta)
        .filter(below)
        .max_by_key(|get| get.path.len())
        .map(|get| get.answer)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use clerk_api::declare::Kind;

    use super::*;

    #[test]
    fn objects_are_looked_at_by_the_list_that_takes_many_ids() {
        let mut table = String::new();
        for meta in ops::all().map(|op| op.meta) {
            if let Some(current) = Current::of(meta) {
                // Every id can be asked for, so one that is not found is not there.
                assert!(matches!(current.id.kind, Kind::Id { .. }));
                let _ = writeln!(
                    table,
                    "{} by {} {}",
                    meta.name, current.list.name, current.id.name
                );
            }
        }
        insta::assert_snapshot!(table, @r"
        users.update by users.list user_id
        users.delete by users.list user_id
        users.update_metadata by users.list user_id
        users.replace_metadata by users.list user_id
        users.set_profile_image by users.list user_id
        users.delete_profile_image by users.list user_id
        users.ban by users.list user_id
        users.unban by users.list user_id
        users.lock by users.list user_id
        users.unlock by users.list user_id
        users.remove_password by users.list user_id
        users.set_password_compromised by users.list user_id
        users.unset_password_compromised by users.list user_id
        users.verify_password by users.list user_id
        users.disable_mfa by users.list user_id
        users.delete_backup_codes by users.list user_id
        users.delete_totp by users.list user_id
        organizations.update by organizations.list organization_id
        organizations.delete by organizations.list organization_id
        organizations.update_metadata by organizations.list organization_id
        organizations.replace_metadata by organizations.list organization_id
        organizations.set_logo by organizations.list organization_id
        organizations.delete_logo by organizations.list organization_id
        organizations.update_member by organizations.members user_id
        organizations.remove_member by organizations.members user_id
        organizations.update_member_metadata by organizations.members user_id
        ");
    }
}
