//! All routes. A resource adds one `merge`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::routing::any;

use crate::app::Shared;
use crate::context::RequestContext;
use crate::error;
use crate::store::settings::check_organizations;
use crate::{control, gate, page, routes};

/// Builds the service of an instance.
pub(crate) fn build(app: Shared) -> Router {
    let endpoints = || {
        Router::new()
            .nest("/v1", resources())
            .nest("/local/api", control::router())
            .merge(routes::jwks::public())
    };
    let bare = endpoints().with_state(Arc::clone(&app));
    let pages = page::router(Arc::clone(&app), bare);
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

fn resources() -> Router<Shared> {
    Router::new()
        .merge(routes::actor_tokens::router())
        .merge(routes::contacts::router())
        .merge(routes::invitations::router())
        .merge(routes::instance::router())
        .merge(routes::jwks::router())
        .merge(routes::jwt_templates::router())
        .merge(routes::listed::router())
        .merge(of_organizations())
        .merge(routes::redirect_urls::router())
        .merge(routes::sessions::router())
        .merge(routes::sign_in_tokens::router())
        .merge(routes::testing_tokens::router())
        .merge(routes::tickets::router())
        .merge(routes::users::router())
        .merge(routes::waitlist::router())
}

/// What is refused while the instance has no organizations.
fn of_organizations() -> Router<Shared> {
    Router::new()
        .merge(routes::domains::router())
        .merge(routes::memberships::router())
        .merge(routes::organization_invitations::router())
        .merge(routes::organizations::router())
        .merge(routes::permissions::router())
        .merge(routes::role_sets::router())
        .merge(routes::roles::router())
        .route_layer(middleware::from_fn(|request: Request, next: Next| {
            let needing = |context: &mut RequestContext| {
                context.check = Some(check_organizations);
            };
            RequestContext::extend(needing, next.run(request))
        }))
}
