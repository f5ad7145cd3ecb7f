//! `POST /organizations`.

use axum::extract::State;
use bytes::Bytes;
use rusqlite::Connection;

use super::wire::Organization;
use super::{errors, rows};
use crate::app::{App, Shared};
use crate::http::body::{Body, Given, Unknown};
use crate::http::check;
use crate::http::error::ApiError;
use crate::http::problem::{self, Problem};
use crate::http::reply::Json;
use crate::resource::memberships::rows::{self as memberships, Parties};
use crate::resource::memberships::wire::Membership;
use crate::resource::role_sets::rows as role_sets;
use crate::resource::users::rows as users;
use crate::store::Tx;

/// Longest slug; the address of an organization's page should stay readable.
const SLUG: usize = 64;
/// Longest part of a made slug that comes from the name, so that there is room for what makes it unique.
const SLUG_OF_NAME: usize = 40;

pub(super) async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let mut body = Body::parse(&bytes)?;
    let name = body.text("name");
    let name = body.required("name", name);
    if body.is_good() {
        body.check(name_problem(&name));
    }
    let mut organization = Organization::new(app.new_id("org", now), name, now);
    let described = describe(&mut body, &mut organization);
    organization.role_set_key = described.role_set;
    organization.slug = body.text("slug").value();
    organization.created_by = body.text("created_by").value();
    for (param, slot) in [
        ("public_metadata", &mut organization.public_metadata),
        ("private_metadata", &mut organization.private_metadata),
    ] {
        if let Given::Value(text) = body.metadata(param) {
            *slot = text;
        }
    }
    if let Some(slug) = &organization.slug {
        body.check(slug_problem(slug));
    }
    body.finish(Unknown::Refuse)?;
    organization.draw_image(app.store.instance_id());
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let settings = &tx.settings()?.organizations;
        if organization.slug.is_some() && settings.slug_disabled {
            return Err(errors::slugs_disabled());
        }
        if !described.limited {
            organization.max_allowed_memberships = settings.max_allowed_memberships;
        }
        organization.admin_delete_enabled = settings.admin_delete_enabled;
        insert(&inner, tx, organization, now)
    };
    Ok(Json::raw(app.store.write_after_checks(work).await?))
}

/// Adds the organization and its creator's membership; returns the organization's JSON.
fn insert(
    app: &App,
    tx: &Tx<'_>,
    mut organization: Organization,
    now: i64,
) -> Result<String, ApiError> {
    let creator = match &organization.created_by {
        None => None,
        Some(id) => Some(users::number(tx.db(), id)?.ok_or_else(|| errors::no_creator(id))?),
    };
    if organization.slug.is_none() && !tx.settings()?.organizations.slug_disabled {
        let base = slug_of(&organization.name);
        organization.slug = Some(rows::free_slug(tx.db(), &base, now)?);
    }
    let set = match &organization.role_set_key {
        None => role_sets::initial(tx.db())?,
        Some(key) => find_role_set(tx.db(), key)?,
    };
    organization.role_set = set.seq;
    organization.role_set_key = Some(set.key);
    let wire = serde_json::to_string(&organization)?;
    let seq = rows::insert(tx, &organization, &wire)?;
    if let Some(user) = creator {
        let parties = Parties {
            organization: seq,
            user,
        };
        let membership = Membership::new(app.new_id("orgmem", now), set.creator_role, now);
        let wire = serde_json::to_string(&membership)?;
        memberships::insert(tx, parties, &membership, &wire)?;
    }
    Ok(wire)
}

/// What a body says that takes more than itself to be applied.
pub(super) struct Described {
    /// The key of the role set.
    pub(super) role_set: Option<String>,
    /// Whether it says how many members there may be.
    limited: bool,
}

/// What creation and update read alike.
pub(super) fn describe(body: &mut Body<'_>, organization: &mut Organization) -> Described {
    let most = body.whole("max_allowed_memberships").value();
    if let Some(most) = most {
        if most < 0 {
            let problem = problem::value_invalid("max_allowed_memberships", &most.to_string());
            body.problem(problem);
        }
        organization.max_allowed_memberships = most;
    }
    if let Given::Value(millis) = body.instant("created_at") {
        organization.created_at = millis;
    }
    Described {
        role_set: body.text("role_set_key").value(),
        limited: most.is_some(),
    }
}

pub(super) fn find_role_set(db: &Connection, key: &str) -> Result<role_sets::Known, ApiError> {
    role_sets::find(db, key)?.ok_or_else(|| {
        let long = format!("No role set was found with key {key}.");
        problem::no_such("role_set_key", long).into()
    })
}

/// Names may hold neither HTML nor addresses, as they are put into mails.
pub(super) fn name_problem(name: &str) -> Result<(), Problem> {
    if name.trim().is_empty() {
        return Err(problem::too_short("name", 1));
    }
    check::length("name", name, check::NAME)?;
    let is_tag = |rest: &str| {
        let first = rest.chars().next().unwrap_or(' ');
        (first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) && rest.contains('>')
    };
    let is_html = name.split('<').skip(1).any(is_tag);
    let is_url = name.contains("://")
        || name
            .split_whitespace()
            .any(|word| word.to_lowercase().starts_with("www."));
    if is_html || is_url {
        return Err(problem::value_invalid("name", name));
    }
    Ok(())
}

pub(super) fn slug_problem(slug: &str) -> Result<(), Problem> {
    check::length("slug", slug, SLUG)?;
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || !slug.chars().all(good) {
        return Err(problem::format_invalid(
            "slug",
            "slug of lowercase letters, digits and dashes",
        ));
    }
    Ok(())
}

/// Makes a slug of a name: its letters and digits in lower case, dashes for what is between them.
fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if slug.len() >= SLUG_OF_NAME {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "org" } else { slug }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_made_of_what_a_name_has() {
        for (name, slug) in [
            ("Acme Inc.", "acme-inc"),
            ("  --Größe & Söhne--", "gr-e-s-hne"),
            ("日本", "org"),
            (&"x".repeat(256), &"x".repeat(40)),
        ] {
            assert_eq!(slug_of(name), slug);
            assert!(slug_problem(&slug_of(name)).is_ok());
        }
    }

    #[test]
    fn names_hold_no_html_and_no_addresses() {
        for good in ["Acme", "monday.com", "a < b > c", "AT&T", "I <3 you"] {
            assert!(name_problem(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "  ",
            "<b>Acme</b>",
            "x </a>",
            "see https://acme.com",
            "WWW.acme.com",
        ] {
            assert!(name_problem(bad).is_err(), "{bad}");
        }
    }
}
