//! `/instance` and its groups of settings.

use axum::Router;
use axum::extract::State;
use bytes::Bytes;
use http::StatusCode;

use super::change::Change;
use super::rows::Group;
use super::wire::{
    Communication, General, Instance, OAuthApplications, OrganizationSettings, Protect,
    Restrictions,
};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{self, Routes, get};
use crate::store::Tx;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/instance", get(read).patch(update))
        .at(
            "/instance/communication",
            get(read_group::<Communication>).patch(update_group::<Communication>),
        )
        .at(
            "/instance/oauth_application_settings",
            get(read_group::<OAuthApplications>).patch(update_group::<OAuthApplications>),
        )
        .at(
            "/instance/organization_settings",
            get(read_group::<OrganizationSettings>).patch(update_group::<OrganizationSettings>),
        )
        .at(
            "/instance/protect",
            get(read_group::<Protect>).patch(update_group::<Protect>),
        )
        .at(
            "/instance/restrictions",
            route::patch(update_group::<Restrictions>),
        )
}

async fn read(State(app): State<Shared>) -> Result<Json, ApiError> {
    let general: General = app
        .store
        .read(|snapshot| Ok(snapshot.settings_of()?))
        .await?;
    Json::of(&Instance::new(app.store.instance_id(), &general))
}

/// The one update that answers nothing.
async fn update(State(app): State<Shared>, bytes: Bytes) -> Result<StatusCode, ApiError> {
    change::<General>(&app, bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read_group<G: Group + Send + 'static>(
    State(app): State<Shared>,
) -> Result<Json, ApiError> {
    let group: G = app
        .store
        .read(|snapshot| Ok(snapshot.settings_of()?))
        .await?;
    Json::of(&group)
}

async fn update_group<G: Change>(
    State(app): State<Shared>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    Json::of(&change::<G>(&app, bytes).await?)
}

async fn change<G: Change>(app: &Shared, bytes: Bytes) -> Result<G, ApiError> {
    let work = move |tx: &Tx<'_>| {
        tx.change_settings(|group: &mut G| {
            let mut body = Body::parse(&bytes)?;
            group.change(&mut body, tx)?;
            body.finish(Unknown::Refuse)
        })
    };
    app.store.write(work).await
}
