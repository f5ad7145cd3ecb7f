//! What makes a row unique within a job, so that two rows for the same thing are found before anything is sent
//! (reliability.md 8.5).

use clerk_api::declare::{Effect, Field, Kind, Place};
use clerk_api::form::{self, is_email};
use clerk_api_admin::call::Call;
use clerk_api_admin::target;
use clerk_api_admin::target::reference::{Reference, UserKey};

/// The arguments that make a call unique, as bytes: two calls of one operation with equal keys do the same thing twice.
///
/// A create is known by the first argument that finds it again, with what it is created in; anything else by the objects in
/// its path. Nothing for reads, and for creates that may well be repeated.
///
/// Objects are compared by how they are named: an id and an email address of the same user are two keys.
#[must_use]
pub fn natural_key(call: &Call) -> Option<Vec<u8>> {
    let names: Vec<&str> = match call.meta.effect {
        Effect::Read => return None,
        Effect::Update | Effect::Replace | Effect::Destroy => {
            let fields = call.meta.fields.iter();
            let path = fields.filter(|field| field.place == Place::Path);
            path.map(|field| field.name).collect()
        }
        _ => created(call)?,
    };
    if names.is_empty() {
        return None;
    }
    let mut key = Vec::new();
    for name in names {
        key.extend_from_slice(name.as_bytes());
        for value in values(call, name)? {
            // The length keeps two values apart from one with the separator in it.
            key.extend_from_slice(&(value.len() as u64).to_le_bytes());
            key.extend_from_slice(value.as_bytes());
        }
        key.push(0);
    }
    Some(key)
}

/// The arguments that a create is known by.
fn created(call: &Call) -> Option<Vec<&'static str>> {
    let lookup = call.meta.lookup?;
    let given = |name: &&'static str| values(call, name).is_some();
    let unique = lookup.unique.iter().copied().find(given);
    let by = || lookup.by.iter().map(|(name, _)| *name).find(given);
    let known = unique.or_else(by)?;
    Some(lookup.scope.iter().copied().chain([known]).collect())
}

/// The values of an argument as the server compares them, in order.
fn values(call: &Call, name: &str) -> Option<Vec<String>> {
    let field = call.meta.field(name)?;
    let is_target = target::field_of(call.meta).is_some_and(|target| target.name == name);
    if let Some(targets) = call.targets.as_ref().filter(|_| is_target) {
        let items = targets.items.iter();
        return Some(items.map(|item| named(&item.reference)).collect());
    }
    if let Some(pending) = call
        .pending
        .iter()
        .find(|pending| pending.field.name == name)
    {
        return Some(pending.items.iter().map(|(_, item)| named(item)).collect());
    }
    if !call.args.has(name) {
        return None;
    }
    let json = call.args.get(name)?.get();
    let texts: Vec<String> = serde_json::from_str(json)
        .or_else(|_| serde_json::from_str(json).map(|text| vec![text]))
        .unwrap_or_else(|_| vec![json.to_owned()]);
    let mut texts: Vec<String> = texts.iter().map(|text| folded(call, field, text)).collect();
    texts.sort_unstable();
    Some(texts)
}

fn named(reference: &Reference) -> String {
    match reference {
        Reference::Ready(id) => id.clone(),
        Reference::Slug(slug) => format!("slug:{}", slug.to_lowercase()),
        Reference::User { by, value } => {
            let value = match by {
                UserKey::Email | UserKey::Username => value.to_lowercase(),
                _ => value.clone(),
            };
            format!("{}:{value}", by.parameter())
        }
    }
}

/// Addresses, usernames, keys and slugs count without their case; ids of other systems with it.
fn folded(call: &Call, field: &Field, text: &str) -> String {
    let folds_by_form = match field.kind {
        Kind::Form(form) => !std::ptr::eq(form, &raw const form::WORD),
        _ => false,
    };
    let lookups = call.meta.lookup.iter().flat_map(|lookup| lookup.by);
    let mut parameters = lookups.filter(|(name, _)| *name == field.name);
    let folds_by_list =
        parameters.any(|(_, parameter)| *parameter == UserKey::Username.parameter());
    if folds_by_form || folds_by_list || is_email(text) {
        return text.to_lowercase();
    }
    text.to_owned()
}
