//! `POST` and `DELETE /users/{user_id}/profile_image`.

use axum::Router;
use axum::extract::{Path, State};

use super::change::{self, Draft};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::http::upload::Upload;
use crate::resource::images::{rows as images, wire as image};
use crate::store::Tx;

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/users/{user_id}/profile_image", post(put).delete(delete))
}

async fn put(
    State(app): State<Shared>,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let image_id = inner.new_id("img", now);
        let wire = change::within(tx, &id, now, |draft: &mut Draft| {
            draft.user.has_image = true;
            draft.user.image_url = image::uploaded(inner.store.instance_id(), &image_id);
            Ok(true)
        })?;
        images::put(tx, &id, &image_id, &upload.image)?;
        Ok(wire)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        images::remove(tx, &id)?;
        change::within(tx, &id, inner.clock.now(), |draft: &mut Draft| {
            let had = std::mem::replace(&mut draft.user.has_image, false);
            draft.user.draw_image(inner.store.instance_id());
            Ok(had)
        })
    };
    Ok(Json::raw(app.store.write(work).await?))
}
