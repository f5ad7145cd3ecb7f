//! `PATCH /users/{user_id}`.

use axum::Extension;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::wire::User;
use super::{create, rows, secret};
use crate::app::{App, Shared};
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::version::ApiVersion;
use crate::http::{check, problem};
use crate::resource::identifications::wire::{Identification, Kind};
use crate::resource::sessions::rows as sessions;

pub(super) async fn update(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Extension(version): Extension<ApiVersion>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &crate::store::Tx<'_>| {
        let now = inner.clock.now();
        let (seq, before) = rows::load(tx.db(), &id)?;
        let mut after = before.clone();
        let mut secrets = rows::secrets(tx.db(), seq)?;
        let mut body = Body::parse(&bytes)?;
        let change = change(&inner, &mut body, &mut after, version, |body, user| {
            secret::read(&inner, body, user, &mut secrets, now)
        });
        body.finish(Unknown::Refuse)?;
        after.updated_at = now;
        after.draw_image(inner.store.instance_id());
        if change.secret {
            rows::save_secrets(tx, seq, &secrets)?;
        }
        if change.signs_out {
            sessions::revoke_of_user(tx, seq, now)?;
        }
        rows::save(tx, seq, &before, &after)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// What an update changes beside the user itself.
struct Change {
    secret: bool,
    signs_out: bool,
}

/// Applies the body to the user.
fn change(
    app: &App,
    body: &mut Body<'_>,
    user: &mut User,
    version: ApiVersion,
    read_secrets: impl FnOnce(&mut Body<'_>, &mut User) -> bool,
) -> Change {
    match body.text("username") {
        Given::Absent => {}
        Given::Null => user.username = None,
        Given::Value(name) if name.is_empty() => user.username = None,
        Given::Value(name) => {
            body.check(check::username("username", &name));
            user.username = Some(name);
        }
    }
    create::describe(body, user);
    primaries(body, user);
    old_metadata(body, user, version);
    body.flag("notify_primary_email_address_changed");
    let image = body.text("profile_image_id").value();
    if let Some(image) = image {
        user.has_image = true;
        user.image_url = crate::resource::images::wire::uploaded(app.store.instance_id(), &image);
    }
    let signs_out = body.flag("sign_out_of_other_sessions").value();
    let had = user.password_last_updated_at;
    let secret = read_secrets(body, user);
    if signs_out.is_some() && user.password_last_updated_at == had {
        body.problem(problem::only_with("sign_out_of_other_sessions", "password"));
    }
    Change {
        secret,
        signs_out: signs_out == Some(true),
    }
}

/// A primary identification must be a proven one of this user, of the right kind.
fn primaries(body: &mut Body<'_>, user: &mut User) {
    for (param, kind) in [
        ("primary_email_address_id", Kind::Email),
        ("primary_phone_number_id", Kind::Phone),
        ("primary_web3_wallet_id", Kind::Wallet),
    ] {
        let given = body.text(param);
        if let Given::Value(id) = &given {
            let is_it = |own: &Identification<'_>| own.id == id && own.kind == kind;
            if !user.identifications().any(|own| is_it(&own)) {
                let long = format!("This user has nothing with id {id}.");
                body.problem(problem::no_such(param, long));
            } else if user.is_verified(id) != Some(true) {
                body.problem(problem::unverified(param));
            }
        }
        given.apply(match kind {
            Kind::Email => &mut user.primary_email_address_id,
            Kind::Phone => &mut user.primary_phone_number_id,
            Kind::Wallet => &mut user.primary_web3_wallet_id,
        });
    }
}

/// Until 2026-05-12 metadata given here replaced the stored one; since then it is refused.
fn old_metadata(body: &mut Body<'_>, user: &mut User, version: ApiVersion) {
    for (param, slot) in [
        ("public_metadata", &mut user.public_metadata),
        ("private_metadata", &mut user.private_metadata),
        ("unsafe_metadata", &mut user.unsafe_metadata),
    ] {
        body.replace_metadata(
            param,
            slot,
            version,
            "PATCH or PUT /users/{user_id}/metadata",
        );
    }
}
