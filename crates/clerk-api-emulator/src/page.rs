//! `/local`: pages to look at the instance and to change it. What they show and do goes through the instance's own
//! endpoints, so that rules, limits of fields and events are the API's. Safety: reliability.md section 11.

mod api;
mod assets;
mod form;
mod frame;
mod guard;
mod icon;
mod list;
mod note;
mod organizations;
mod overview;
mod part;
mod pass;
mod text;
mod time;
mod users;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use http::Uri;

use crate::app::Shared;
use api::Api;
use assets::Assets;
use frame::Failed;
use note::Notes;
use pass::Pass;

/// What all pages are made with.
#[derive(Debug)]
pub(crate) struct Site {
    app: Shared,
    api: Api,
    assets: Assets,
    notes: Notes,
    pass: Pass,
}

type Shape = Arc<Site>;

/// Builds the pages. `resources` are the endpoints without what stands before them: a page that is looked at must not
/// use up limits or meet faults that were made for a test.
pub(crate) fn router(app: Shared, resources: Router) -> Router {
    let pass = Pass::new(&app.control_token.0, app.port);
    let site = Arc::new(Site {
        app,
        api: Api::new(resources),
        assets: Assets::new(),
        notes: Notes::default(),
        pass,
    });
    Router::new()
        .merge(assets::router())
        .merge(organizations::router())
        .merge(overview::router())
        .merge(users::router())
        .route("/local/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&site),
            guard::pass,
        ))
        .with_state(site)
}

async fn unknown(uri: Uri) -> Failed {
    Failed::not_found(format!("There is no page at {}.", uri.path()))
}
