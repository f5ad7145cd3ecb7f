//! `PATCH /organizations/{organization_id}`.

use axum::Extension;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::create::{describe, find_role_set, name_problem, slug_problem};
use super::wire::Organization;
use super::{errors, rows};
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::version::ApiVersion;
use crate::resource::role_sets::rows as role_sets;
use crate::store::Tx;

pub(super) async fn update(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Extension(version): Extension<ApiVersion>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let (seq, before) = rows::load(tx.db(), &id)?;
        let mut after = before.clone();
        if let Some(key) = change(tx, &bytes, &mut after, version)? {
            let set = find_role_set(tx.db(), &key)?;
            role_sets::check_fits(tx.db(), set.seq, seq, inner.clock.peek())?;
            after.role_set = set.seq;
            after.role_set_key = Some(set.key);
        }
        after.updated_at = inner.clock.now();
        after.draw_image(inner.store.instance_id());
        rows::save(tx, seq, &before, &after)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// Applies the body and returns the key of the role set that it asks for; null leaves a field as it is, since none of them can be empty.
fn change(
    tx: &Tx<'_>,
    bytes: &Bytes,
    organization: &mut Organization,
    version: ApiVersion,
) -> Result<Option<String>, ApiError> {
    let mut body = Body::parse(bytes)?;
    if let Given::Value(name) = body.text("name") {
        body.check(name_problem(&name));
        organization.name = name;
    }
    let slug = body.text("slug").value();
    if let Some(slug) = &slug {
        body.check(slug_problem(slug));
        organization.slug = Some(slug.clone());
    }
    if let Given::Value(flag) = body.flag("admin_delete_enabled") {
        organization.admin_delete_enabled = flag;
    }
    let role_set = describe(&mut body, organization).role_set;
    old_metadata(&mut body, organization, version);
    body.finish(Unknown::Refuse)?;
    if slug.is_some() && tx.settings()?.organizations.slug_disabled {
        return Err(errors::slugs_disabled());
    }
    Ok(role_set)
}

/// Until 2026-05-12 metadata given here replaced the stored one; since then it is refused.
fn old_metadata(body: &mut Body<'_>, organization: &mut Organization, version: ApiVersion) {
    for (param, slot) in [
        ("public_metadata", &mut organization.public_metadata),
        ("private_metadata", &mut organization.private_metadata),
    ] {
        body.replace_metadata(
            param,
            slot,
            version,
            "PATCH or PUT /organizations/{organization_id}/metadata",
        );
    }
}
