//! What stands before every page: the right host, the cookie, the form's token; and the headers behind it
//! (reliability 11.2, 11.3).

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, ORIGIN, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use tokio::time::timeout;

use super::failed::Failed;
use super::form::Form;
use super::{Shape, Site, assets, frame};
use crate::http::area::TICKET_PAGES;
use crate::http::auth;
use crate::http::gate::intake::PATIENCE;

/// Most bytes of a form.
const MOST: usize = 256 << 10;
/// The same from somebody who has a ticket and nothing else: its forms are buttons.
const INVITED_MOST: usize = 4 << 10;
/// Carries the form's token in requests of the script.
const CSRF_HEADER: &str = "x-csrf-token";

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Runs a request through all checks and dresses its response.
pub(super) async fn pass(State(site): State<Shape>, request: Request, next: Next) -> Response {
    let mut response = match admit(&site, request).await {
        Ok(Some(request)) => next.run(request).await,
        Ok(None) => enter(&site),
        Err(failed) => failed.into_response(),
    };
    if let Some(failed) = response.extensions_mut().remove::<Failed>() {
        let page = frame::of_failure(&site, &failed);
        *response.body_mut() = Body::from(page.into_string());
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, html);
    }
    dress(response.headers_mut());
    response
}

/// Lets a request pass; `None` if it came with the start-up address.
async fn admit(site: &Site, request: Request) -> Result<Option<Request>, Failed> {
    let (parts, body) = request.into_parts();
    check_source(&parts.headers, site.app.port)?;
    let path = parts.uri.path();
    if path.starts_with(assets::PREFIX) {
        return Ok(Some(Request::from_parts(parts, body)));
    }
    if let Some(token) = token(&parts.uri) {
        return if parts.method == Method::GET && site.pass.is_token(&token) {
            Ok(None)
        } else {
            Err(Failed::locked())
        };
    }
    // An invited person has a ticket and nothing else.
    let invited = path.starts_with(TICKET_PAGES);
    if !invited && !site.pass.admits(&parts.headers) {
        return Err(Failed::locked());
    }
    match parts.method {
        Method::GET | Method::HEAD => Ok(Some(Request::from_parts(parts, body))),
        Method::POST => form(site, parts, body, invited).await.map(Some),
        _ => Err(Failed::not_found("There is nothing of this kind here.")),
    }
}

/// As for the API. One of our pages, which has no referrer (`Referrer-Policy`), sends its forms with the origin
/// `null`; then the browser's own word decides, which no page can forge.
fn check_source(headers: &HeaderMap, port: u16) -> Result<(), Failed> {
    auth::check_host(headers, port).map_err(|error| Failed::of(&error))?;
    let is = |name: HeaderName, wanted: &str| {
        headers
            .get(name)
            .is_some_and(|value| value.as_bytes() == wanted.as_bytes())
    };
    let same_origin = HeaderName::from_static("sec-fetch-site");
    if is(ORIGIN, "null") && is(same_origin, "same-origin") {
        return Ok(());
    }
    auth::check_origin(headers, port).map_err(|error| Failed::of(&error))
}

/// The token of the start-up address, which is that of the first page.
fn token(uri: &Uri) -> Option<String> {
    if uri.path() != "/local" {
        return None;
    }
    let mut pairs = Form::pairs(uri.query().unwrap_or_default().as_bytes()).into_iter();
    let found = pairs.find(|(name, _)| name == "token");
    found.map(|(_, token)| token)
}

fn enter(site: &Site) -> Response {
    let mut response = Redirect::to("/local").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&site.pass.set_cookie()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Reads a form, checks its token and hands it on. An address that holds a ticket is as hard to guess as the token.
async fn form(site: &Site, parts: Parts, body: Body, invited: bool) -> Result<Request, Failed> {
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok());
    if kind.and_then(|kind| kind.split(';').next()) != Some("application/x-www-form-urlencoded") {
        return Err(Failed::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Forms must be sent as application/x-www-form-urlencoded.",
        ));
    }
    let most = if invited { INVITED_MOST } else { MOST };
    let bytes = timeout(PATIENCE, to_bytes(body, most)).await;
    let bytes = bytes.ok().and_then(Result::ok).ok_or_else(|| {
        Failed::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The form is larger than what is read here, or does not come to its end.",
        )
    })?;
    let (form, in_form) = Form::new(parts.uri.path().to_owned(), Form::pairs(&bytes));
    let in_header = parts.headers.get(CSRF_HEADER);
    let given = in_header
        .and_then(|value| value.to_str().ok())
        .or(in_form.as_deref());
    if !invited && !site.pass.is_csrf(given.unwrap_or_default()) {
        return Err(Failed::new(
            StatusCode::FORBIDDEN,
            "The form is not of this server, or the server was restarted. Go back, load the page again and repeat.",
        ));
    }
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(form);
    Ok(request)
}

fn dress(headers: &mut HeaderMap) {
    let policy = HeaderName::from_static("content-security-policy");
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    let resource = HeaderName::from_static("cross-origin-resource-policy");
    for (name, value) in [
        (policy, POLICY),
        (opener, "same-origin"),
        (resource, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
