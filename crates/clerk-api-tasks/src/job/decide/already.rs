//! What is there under the keys of creates and invitations.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use clerk_api::declare::{Lookup, Meta, RateClass};
use clerk_api::{Args, Client, ops};
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::Outcome;
use serde_json::Value;

use super::super::current::{AT_ONCE, Shown, ask, walk};

/// Something that has the key of a create.
pub(super) struct Existing {
    pub(super) id: Option<String>,
    /// Whether it is what the create would make.
    pub(super) equal: bool,
    /// In words.
    pub(super) what: String,
}

/// An object that a list shows.
#[derive(Clone)]
struct Listed {
    object: Value,
    /// The id of the row that it stands in, where it is not the row itself: an address stands in its user.
    owner: Option<Value>,
}

/// What lists show, by key. Lists that cannot be asked for many keys at once are read once a job.
type ByKey = Rc<BTreeMap<String, Vec<Listed>>>;

/// What was seen so far.
#[derive(Default)]
pub(super) struct Seen(RefCell<BTreeMap<String, ByKey>>);

impl Seen {
    /// What is there for each of these creates. They are of one operation and share the path.
    pub(super) async fn find(
        &self,
        client: &Client,
        calls: &[&Call],
    ) -> Outcome<Vec<Option<Existing>>> {
        let mut found: Vec<Option<Existing>> = calls.iter().map(|_| None).collect();
        let Some(first) = calls.first() else {
            return Ok(found);
        };
        self.members(client, calls, &mut found).await?;
        let Some(lookup) = first.meta.lookup else {
            return Ok(found);
        };
        for (argument, filter) in lookup.by {
            let open: Vec<usize> = (0..calls.len())
                .filter(|at| {
                    found[*at].is_none() && first_key(lookup, &calls[*at].args) == Some(argument)
                })
                .collect();
            if open.is_empty() {
                continue;
            }
            let rows = self
                .rows(client, lookup, argument, filter, calls, &open)
                .await?;
            for at in open {
                found[at] = judged(lookup, argument, &calls[at].args, &rows);
            }
        }
        Ok(found)
    }

    /// The rows of the lookup's list that have the keys of these creates, by key.
    async fn rows(
        &self,
        client: &Client,
        lookup: &'static Lookup,
        argument: &'static str,
        filter: &'static str,
        calls: &[&Call],
        open: &[usize],
    ) -> Outcome<ByKey> {
        let args = &calls[open[0]].args;
        if lookup.list.field(filter).is_some_and(|field| field.many) {
            let keys: Vec<String> = open
                .iter()
                .flat_map(|at| texts(&calls[*at].args, argument))
                .collect();
            let mut rows = Vec::new();
            for keys in keys.chunks(AT_ONCE) {
                rows.extend(ask(client, lookup.list, args, filter, keys).await?);
            }
            return Ok(Rc::new(by_key(lookup, argument, rows)));
        }
        let scope: String = lookup
            .scope
            .iter()
            .filter_map(|name| args.get(name))
            .map(|value| value.get())
            .collect();
        let name = format!("{} {scope}", lookup.list.name);
        if let Some(known) = self.0.borrow().get(&name) {
            return Ok(Rc::clone(known));
        }
        // Invitations that are not open any more say nothing about a new one.
        let status = lookup.list.field("status").map(|_| "pending");
        let rows = walk(client, lookup.list, args, status).await?;
        let rows = Rc::new(by_key(lookup, argument, rows));
        self.0.borrow_mut().insert(name, Rc::clone(&rows));
        Ok(rows)
    }

    /// Who is a member already, or a user, needs no invitation.
    async fn members(
        &self,
        client: &Client,
        calls: &[&Call],
        found: &mut [Option<Existing>],
    ) -> Outcome<()> {
        let Some((list, what)) = calls.first().and_then(|call| joined(call.meta)) else {
            return Ok(());
        };
        let invited = |call: &Call| {
            call.args
                .text("email_address")
                .map(|address| address.to_lowercase())
        };
        let anew = |call: &Call| {
            call.args
                .get("ignore_existing")
                .is_some_and(|value| value.get() == "true")
        };
        let addresses: Vec<String> = calls
            .iter()
            .filter(|call| !anew(call))
            .filter_map(|call| invited(call))
            .collect();
        for chunk in addresses.chunks(AT_ONCE) {
            let rows = ask(client, list, &calls[0].args, "email_address", chunk).await?;
            let mut there: BTreeMap<String, Option<String>> = BTreeMap::new();
            for row in rows {
                let id = row
                    .value
                    .get("id")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                there.extend(addresses_of(&row.value).map(|address| (address, id.clone())));
            }
            for (call, found) in calls
                .iter()
                .zip(found.iter_mut())
                .filter(|(call, _)| !anew(call))
            {
                let known = invited(call).and_then(|address| there.get(&address));
                if let Some(id) = known {
                    *found = Some(Existing {
                        id: id.clone(),
                        equal: true,
                        what: what.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Where those are who accepted an invitation of this kind.
fn joined(meta: &'static Meta) -> Option<(&'static Meta, &'static str)> {
    let find = |name| ops::find(name).map(|op| op.meta);
    match meta.rate {
        RateClass::OrganizationInvitations => Some((
            find("organizations.members")?,
            "the person is a member already",
        )),
        RateClass::Invitations => Some((find("users.list")?, "the person is a user already")),
        _ => None,
    }
}

/// All addresses of a user or a member, in lower case.
fn addresses_of(row: &Value) -> impl Iterator<Item = String> {
    let identifier = row
        .get("public_user_data")
        .and_then(|user| user.get("identifier"));
    let listed = row
        .get("email_addresses")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let listed = listed.filter_map(|address| address.get("email_address"));
    listed
        .chain(identifier)
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
}

/// The first argument of a create by which it can be found.
fn first_key(lookup: &Lookup, args: &Args) -> Option<&'static str> {
    let keys = lookup.by.iter().map(|(argument, _)| *argument);
    let mut given = keys.filter(|argument| args.has(argument));
    given.next()
}

fn by_key(lookup: &Lookup, argument: &str, rows: Vec<Shown>) -> BTreeMap<String, Vec<Listed>> {
    let mut found: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for listed in rows.into_iter().flat_map(|row| objects(lookup, row.value)) {
        let keys = lookup.shown(argument, &listed.object).into_iter();
        let keys: Vec<String> = keys.map(str::to_lowercase).collect();
        for key in keys {
            found.entry(key).or_default().push(listed.clone());
        }
    }
    found
}

/// The objects that a row of the lookup's list shows.
fn objects(lookup: &Lookup, row: Value) -> Vec<Listed> {
    if lookup.within.is_empty() {
        return vec![Listed {
            object: row,
            owner: None,
        }];
    }
    let owner = row.get("id").cloned();
    let inner = row.get(lookup.within).and_then(Value::as_array);
    let listed = |object: &Value| Listed {
        object: object.clone(),
        owner: owner.clone(),
    };
    inner.into_iter().flatten().map(listed).collect()
}

fn judged(
    lookup: &Lookup,
    argument: &str,
    args: &Args,
    rows: &BTreeMap<String, Vec<Listed>>,
) -> Option<Existing> {
    let keys = texts(args, argument);
    let mut candidates = keys
        .iter()
        .filter_map(|key| rows.get(&key.to_lowercase()))
        .flatten();
    let Listed { object, owner } = candidates.next()?;
    let belongs = owner.as_ref().is_none_or(|owner| {
        let mut scope = lookup.scope.iter();
        scope.all(|name| owner.as_str() == args.text(name).as_deref())
    });
    let equal = belongs && lookup.matches(args, object);
    let id = object.get("id").and_then(Value::as_str).map(str::to_owned);
    let name = argument.replace('_', " ");
    let what = if equal {
        format!("something with this {name} is there already")
    } else {
        format!("something else has this {name} already")
    };
    Some(Existing { id, equal, what })
}

/// The texts of an argument.
fn texts(args: &Args, name: &str) -> Vec<String> {
    let Some(raw) = args.get(name) else {
        return Vec::new();
    };
    serde_json::from_str::<Vec<String>>(raw.get())
        .or_else(|_| serde_json::from_str(raw.get()).map(|one: String| vec![one]))
        .unwrap_or_default()
}
