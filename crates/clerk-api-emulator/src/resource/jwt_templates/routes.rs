//! `/jwt_templates`. What tokens are made of them is in `jwt::template`.

use std::borrow::Cow;

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::rows::{self, Stored};
use super::wire::JwtTemplate;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::list::{self, Page};
use crate::http::params::Params;
use crate::http::problem::{self, Problem};
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::jwt::template::RESERVED;
use crate::jwt::{Algorithm, SigningKey};
use crate::resource::sessions::errors as sessions_errors;
use crate::resource::sessions::tokens::LIFETIMES;
use crate::store::{Snapshot, Tx};

const SKEWS: std::ops::RangeInclusive<i64> = 0..=300;
/// Longest name of a template.
const NAME: usize = 64;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/jwt_templates", get(list).post(create))
        .at(
            "/jwt_templates/{template_id}",
            get(read).patch(update).delete(delete),
        )
}

/// A bare array, or the envelope if `paginated` asks for it.
async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let counted = params.flag("paginated")?.unwrap_or(false);
    let work =
        move |snapshot: &Snapshot<'_>| list::newest(snapshot, "jwt_templates", page, counted);
    Ok(Json::raw(app.store.read(work).await?))
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let mut stored = Stored {
        template: JwtTemplate::new(app.new_id("jtmpl", now), now),
        signing_key: None,
    };
    change(&mut stored, &bytes)?;
    let work = move |tx: &Tx<'_>| rows::insert(tx, &stored);
    Ok(Json::raw(app.store.write_after_checks(work).await?))
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let work = move |snapshot: &Snapshot<'_>| Ok(rows::load(snapshot, &id)?.template);
    Json::of(&app.store.read(work).await?)
}

/// Name and claims must be given, what else is not given stays.
async fn update(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let mut stored = rows::load(tx.db(), &id)?;
        change(&mut stored, &bytes)?;
        stored.template.updated_at = now;
        rows::save(tx, &stored)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| rows::delete(tx, &gone);
    app.store.write(work).await?;
    Json::deleted("jwt_template", &id, &[])
}

/// Applies a body to a template.
fn change(stored: &mut Stored, bytes: &Bytes) -> Result<(), ApiError> {
    let mut body = Body::parse(bytes)?;
    let template = &mut stored.template;
    let name = body.text("name");
    if let Given::Value(name) = &name {
        body.check(check_name(name));
    }
    template.name = body.required("name", name);
    match body.metadata("claims") {
        Given::Value(claims) => template.claims = claims,
        Given::Null => body.problem(problem::null("claims")),
        Given::Absent => body.missing("claims"),
    }
    let lifetime = within(&mut body, "lifetime", LIFETIMES);
    set(&lifetime, &mut template.lifetime, JwtTemplate::LIFETIME);
    let skew = within(&mut body, "allowed_clock_skew", SKEWS);
    set(&skew, &mut template.allowed_clock_skew, JwtTemplate::SKEW);
    sign(&mut body, stored);
    body.finish(Unknown::Ignore)?;
    let claims: Map<String, Value> = serde_json::from_str(stored.template.claims.get())?;
    match claims
        .keys()
        .find(|claim| RESERVED.contains(&claim.as_str()))
    {
        Some(claim) => Err(sessions_errors::reserved_claim(claim)),
        None => Ok(()),
    }
}

/// A name becomes a part of a path.
fn check_name(name: &str) -> Result<(), Problem> {
    let good = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !good {
        return Err(problem::format_invalid(
            "name",
            "name of letters, digits, '_' and '-'",
        ));
    }
    crate::http::check::length("name", name, NAME)
}

fn within(body: &mut Body<'_>, name: &str, range: std::ops::RangeInclusive<i64>) -> Given<i64> {
    let given = body.whole(name);
    if let Given::Value(number) = given
        && !range.contains(&number)
    {
        body.problem(problem::value_invalid(name, &number.to_string()));
    }
    given
}

/// Null gives the default back.
fn set(given: &Given<i64>, slot: &mut i64, default: i64) {
    match given {
        Given::Absent => {}
        Given::Null => *slot = default,
        Given::Value(number) => *slot = *number,
    }
}

/// Reads what signs the tokens. A key that a template has stays until another one is given.
fn sign(body: &mut Body<'_>, stored: &mut Stored) {
    let template = &mut stored.template;
    let custom = body.flag("custom_signing_key");
    let custom = body.not_null("custom_signing_key", custom);
    let custom = custom.unwrap_or(template.custom_signing_key);
    let algorithm = body.text("signing_algorithm").value();
    let key = body.text("signing_key").value();
    if !custom {
        let only = |name: &str| problem::only_with(name, "custom_signing_key");
        if algorithm.is_some_and(|name| name != JwtTemplate::ALGORITHM) {
            body.problem(only("signing_algorithm"));
        }
        if key.is_some() {
            body.problem(only("signing_key"));
        }
        template.custom_signing_key = false;
        template.signing_algorithm = Cow::Borrowed(JwtTemplate::ALGORITHM);
        stored.signing_key = None;
        return;
    }
    let had = template.custom_signing_key;
    let kept = had.then(|| template.signing_algorithm.clone().into_owned());
    let needs = |name: &str| problem::needs(name, "custom_signing_key");
    let Some(algorithm) = algorithm.or(kept) else {
        return body.problem(needs("signing_algorithm"));
    };
    let Some(key) = key.or_else(|| stored.signing_key.take()) else {
        return body.problem(needs("signing_key"));
    };
    let Some(known) = Algorithm::parse(&algorithm) else {
        let long = format!(
            "signing_algorithm must be one of {}; this local instance signs with no other.",
            Algorithm::names()
        );
        let problem = Problem::new("form_param_value_invalid", "is invalid", long);
        return body.problem(problem.of("signing_algorithm"));
    };
    if SigningKey::read(known, &key).is_none() {
        let wanted = format!("key for {}", known.name());
        return body.problem(problem::format_invalid("signing_key", &wanted));
    }
    template.custom_signing_key = true;
    template.signing_algorithm = Cow::Borrowed(known.name());
    stored.signing_key = Some(key);
}
