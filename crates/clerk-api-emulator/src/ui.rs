//! `/local`: pages to look at the instance and to change it. What they show and do goes through the instance's own
//! endpoints, so that rules, limits of fields and events are the API's. Safety: reliability.md section 11.

mod api;
mod assets;
mod failed;
mod faults;
mod form;
mod frame;
mod guard;
mod icon;
mod inbox;
mod input;
mod limits;
mod list;
mod note;
mod organizations;
mod overview;
mod part;
mod pass;
mod requests;
mod text;
mod ticket;
mod time;
mod users;
mod view;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use http::Uri;

use crate::app::{App, Shared};
use crate::lab::clock::Clock;
use api::Api;
use assets::Assets;
use failed::Failed;
use note::Notes;
use pass::Pass;

/// What all pages are made with.
#[derive(Debug)]
pub(crate) struct Site {
    app: Shared,
    /// Clerk's API.
    api: Api,
    /// What concerns this server.
    control: Api,
    assets: Assets,
    notes: Notes,
    pass: Pass,
}

type Shape = Arc<Site>;

/// Builds the pages. `endpoints` are those of both APIs without what stands before them: a page that is looked at must
/// not use up limits or meet faults that were made for a test.
pub(crate) fn router(app: Shared, endpoints: Router) -> Router {
    let pass = Pass::new(&app.control_token.0, app.port);
    let site = Arc::new(Site {
        app,
        api: Api::new(endpoints.clone(), "/v1"),
        control: Api::new(endpoints, "/local/api"),
        assets: Assets::new(),
        notes: Notes::default(),
        pass,
    });
    Router::new()
        .merge(assets::router())
        .merge(faults::router())
        .merge(inbox::router())
        .merge(limits::router())
        .merge(organizations::router())
        .merge(overview::router())
        .merge(requests::router())
        .merge(ticket::router())
        .merge(users::router())
        .merge(webhooks::router())
        .route("/local/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&site),
            guard::pass,
        ))
        .with_state(site)
}

/// An address of the first page. Anyone who opens it within a minute gets in.
pub(crate) fn address(app: &App) -> String {
    let token = pass::brief(&app.control_token.0, Clock::system().peek());
    format!("{}/local?token={token}", app.url())
}

async fn unknown(uri: Uri) -> Failed {
    Failed::not_found(format!("There is no page at {}.", uri.path()))
}
