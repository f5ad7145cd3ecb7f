//! `PUT` and `DELETE /organizations/{organization_id}/logo`.

use axum::extract::{Path, State};

use super::{rows, wire};
use crate::app::Shared;
use crate::http::error::{self, ApiError};
use crate::http::reply::Json;
use crate::http::upload::Upload;
use crate::resource::images::{rows as images, wire as image};
use crate::resource::users::rows as users;
use crate::store::Tx;

pub(super) async fn put(
    State(app): State<Shared>,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let (seq, before) = rows::load(tx.db(), &id)?;
        if let Some(user) = upload.text("uploader_user_id") {
            users::number(tx.db(), user)?.ok_or_else(|| error::user_not_found(user))?;
        }
        let now = inner.clock.now();
        let image_id = inner.new_id("img", now);
        images::put(tx, &id, &image_id, &upload.image)?;
        let mut after = before.clone();
        after.has_image = true;
        after.image_url = image::uploaded(inner.store.instance_id(), &image_id);
        after.updated_at = now;
        let wire = rows::save(tx, seq, &before, &after)?;
        Ok(wire::with_logo(&wire, &after.image_url))
    };
    Ok(Json::raw(app.store.write(work).await?))
}

pub(super) async fn delete(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let (seq, before) = rows::load(tx.db(), &id)?;
        images::remove(tx, &id)?;
        let mut after = before.clone();
        after.has_image = false;
        after.draw_image(inner.store.instance_id());
        after.updated_at = inner.clock.now();
        rows::save(tx, seq, &before, &after)
    };
    Ok(Json::raw(app.store.write(work).await?))
}
