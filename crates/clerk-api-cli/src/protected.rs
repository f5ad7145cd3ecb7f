//! The objects that the configuration protects: they are never destroyed (reliability.md 6.3).

use clerk_api::endpoint::{Effect, Kind, Meta};
use clerk_api::{Args, Client};
use serde::Deserialize;

use crate::call::{Call, operation};
use crate::error::{Failure, Outcome};
use crate::phrase;
use crate::reference::{Reference, is_id};
use crate::resolve;

/// The names and ids that a call is about.
pub(crate) fn named(call: &Call, given: Option<&str>) -> Vec<String> {
    let ids = call
        .meta
        .fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Id { .. }));
    let ids = ids.filter_map(|field| call.args.text(field.name));
    ids.chain(given.map(str::to_owned)).collect()
}

/// Refuses what would destroy a protected object. Addresses and slugs are looked up, so that an id does not get past them.
pub(crate) async fn check(
    client: &Client,
    protected: &[String],
    meta: &Meta,
    named: &[String],
) -> Outcome<()> {
    if protected.is_empty() || !matches!(meta.effect, Effect::Destroy | Effect::Replace) {
        return Ok(());
    }
    let hit = |text: &str| named.iter().any(|name| name == text);
    if let Some(entry) = protected.iter().find(|entry| hit(entry)) {
        return Err(refuse(meta, entry));
    }
    let addresses: Vec<&String> = protected
        .iter()
        .filter(|entry| entry.contains('@'))
        .collect();
    for (id, entry) in addressed(client, &addresses).await? {
        if hit(&id) {
            return Err(refuse(meta, &entry));
        }
    }
    for slug in protected
        .iter()
        .filter(|entry| !entry.contains('@') && !is_id(entry))
    {
        match resolve::id(client, &Reference::Slug(slug.clone())).await {
            Ok(id) if hit(&id) => return Err(refuse(meta, slug)),
            Err(failure) if failure.http != Some(404) => return Err(failure),
            _ => {}
        }
    }
    Ok(())
}

fn refuse(meta: &Meta, entry: &str) -> Box<Failure> {
    Failure::refused(format!(
        "cannot {}: {entry} is protected",
        phrase::one(meta, None)
    ))
    .hint("the list `protected` in the configuration names it: `clerk-api doctor` shows the file")
}

/// The users who have these addresses, each with the entry that names it.
async fn addressed(client: &Client, addresses: &[&String]) -> Outcome<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct User {
        id: String,
    }
    let meta = operation("users.list")?;
    let mut found = Vec::new();
    for address in addresses {
        let mut args = Args::new();
        args.set("email_address", &[address])
            .map_err(|error| Failure::usage(error.to_string()))?;
        let reply = client
            .call(meta, args)
            .await
            .map_err(|error| Failure::of_call("cannot look up a protected address", error))?;
        let users: Vec<User> = serde_json::from_slice(&reply.raw).unwrap_or_default();
        found.extend(users.into_iter().map(|user| (user.id, (*address).clone())));
    }
    Ok(found)
}
