//! `/redirect_urls`: where native applications may be sent back to.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use http::Uri;

use super::rows;
use super::wire::RedirectUrl;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::list::{self, Page};
use crate::http::params::Params;
use crate::http::problem::{self, Problem};
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::resource::invitations::terms::has_scheme;
use crate::store::{Snapshot, Tx};

/// Hosts that a page without encryption may be on.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/redirect_urls", get(list).post(create))
        .at("/redirect_urls/{id}", get(read).delete(delete))
}

/// A bare array, or the envelope if `paginated` asks for it.
async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let counted = params.flag("paginated")?.unwrap_or(false);
    let work =
        move |snapshot: &Snapshot<'_>| list::newest(snapshot, "redirect_urls", page, counted);
    Ok(Json::raw(app.store.read(work).await?))
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let mut body = Body::parse(&bytes)?;
    let url = body.text("url");
    if let Given::Value(url) = &url {
        body.check(check(url));
    }
    let url = body.required("url", url);
    body.finish(Unknown::Ignore)?;
    let one = RedirectUrl {
        object: "redirect_url",
        id: app.new_id("ru", now),
        url,
        created_at: now,
        updated_at: now,
    };
    let work = move |tx: &Tx<'_>| rows::insert(tx, &one);
    Ok(Json::raw(app.store.write_after_checks(work).await?))
}

/// Accepts `https`, the scheme of an application, and `http` on the own computer.
fn check(url: &str) -> Result<(), Problem> {
    if !has_scheme(url) {
        return Err(problem::format_invalid("url", "URL"));
    }
    let Some((scheme, _)) = url.split_once("://") else {
        return Ok(());
    };
    let web = ["http", "https"].map(|name| scheme.eq_ignore_ascii_case(name));
    if web == [false, false] {
        return Ok(());
    }
    let uri: Uri = url
        .parse()
        .map_err(|_| problem::format_invalid("url", "URL"))?;
    let host = uri.host().unwrap_or_default();
    if web[0] && !OWN.contains(&host) {
        let text = "Only https:// and the schemes of applications are secure.";
        return Err(Problem::new("insecure_url", "Insecure URL", text).of("url"));
    }
    Ok(())
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let work = move |snapshot: &Snapshot<'_>| rows::wire(snapshot, &id);
    Ok(Json::raw(app.store.read(work).await?))
}

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| rows::delete(tx, &gone);
    app.store.write(work).await?;
    Json::deleted("redirect_url", &id, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_must_be_secure_and_applications_need_a_scheme() {
        for good in [
            "https://example.com/callback?a=b",
            "my-app://oauth-callback",
            "http://localhost:3000/callback",
            "HTTP://127.0.0.1",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["http://example.com", "http://localhost.example.com"] {
            let problem = check(bad).expect_err(bad).to_string();
            assert!(problem.starts_with("insecure_url"), "{bad}: {problem}");
        }
        for bad in ["", "/callback", "example.com", "https://", "https://a b"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
