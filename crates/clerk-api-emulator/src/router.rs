//! All routes: those of the resources, of the server itself and of its pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::routing::any;

use crate::app::Shared;
use crate::http::context::RequestContext;
use crate::http::{error, gate};
use crate::resource::instance::rows::check_organizations;
use crate::resource::{self, jwks};
use crate::{control, ui};

/// Builds the service of an instance.
pub(crate) fn build(app: Shared) -> Router {
    let endpoints = || {
        Router::new()
            .nest("/v1", resources())
            .nest("/local/api", control::router())
            .merge(jwks::routes::public())
    };
    let bare = endpoints().with_state(Arc::clone(&app));
    let pages = ui::router(Arc::clone(&app), bare);
    endpoints()
        // The pages have what is left below `/local`.
        .route("/local/api/{*rest}", any(error::unknown_endpoint))
        .fallback(error::unknown_endpoint)
        .method_not_allowed_fallback(error::unknown_endpoint)
        // The gate has its own limits.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(&app), gate::pass))
        .with_state(app)
        .merge(pages)
}

/// The endpoints of the API. Some are refused while the instance has no organizations.
fn resources() -> Router<Shared> {
    let of_organizations =
        resource::routes(true).route_layer(middleware::from_fn(|request: Request, next: Next| {
            let needing = |context: &mut RequestContext| {
                context.check = Some(check_organizations);
            };
            RequestContext::extend(needing, next.run(request))
        }));
    resource::routes(false).merge(of_organizations)
}
