//! What happens to every request before its handler and to every answer after it.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::app::{App, Shared};
use crate::error::{self, ApiError};
use crate::record::Asked;
use crate::reply::JSON;
use crate::routes::tickets;
use crate::version::{self, ApiVersion};
use crate::{auth, clock, control};

/// Most bytes of a JSON body.
const JSON_MOST: usize = 1 << 20;
/// Most bytes of an upload: an image of 10 MB, which its handler checks, and what is around it.
const UPLOAD_MOST: usize = 12 << 20;

/// Runs a request through all checks and dresses its answer.
pub(crate) async fn pass(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let trace = app.ids.trace();
    let version = version::of_request(&parts, app.default_version);
    let read = read_body(&parts.headers, body).await;
    let path = parts.uri.path();
    let own = control::is_own(path) || tickets::is_ticket(path);
    let asked = app.recorder.as_ref().filter(|_| !own).map(|_| Asked {
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        headers: parts.headers.clone(),
        body: read.clone().unwrap_or_default(),
    });
    let checked = check(&app, &parts)
        .and_then(|()| Ok((version.clone()?, read?)))
        .and_then(|(version, body)| {
            check_content_type(&parts.method, &parts.headers, &body)?;
            Ok((version, body))
        });
    let mut response = match checked {
        Ok((version, body)) => {
            let mut request = Request::from_parts(parts, Body::from(body));
            request.extensions_mut().insert(version);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    };
    dress(
        &app,
        &mut response,
        &trace,
        version.unwrap_or(app.default_version),
    );
    match (&app.recorder, asked) {
        (Some(recorder), Some(asked)) => {
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            recorder.write(&asked, parts.status, &parts.headers, &body);
            Response::from_parts(parts, Body::from(body))
        }
        _ => response,
    }
}

fn check(app: &App, parts: &Parts) -> Result<(), ApiError> {
    let headers = &parts.headers;
    auth::check_host(headers, app.port)?;
    let path = parts.uri.path();
    if tickets::is_ticket(path) && parts.method == Method::GET {
        // A link in a mail or on a page of the application; opening it changes nothing.
        return Ok(());
    }
    auth::check_origin(headers, app.port)?;
    if tickets::is_ticket(path) {
        Ok(())
    } else if control::is_own(path) {
        control::check(headers, &app.control_token.0)
    } else {
        auth::check_key(headers, &app.secret_key.0)
    }
}

async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes, ApiError> {
    let most = if is_type(headers, "multipart/form-data") {
        UPLOAD_MOST
    } else {
        JSON_MOST
    };
    to_bytes(body, most)
        .await
        .map_err(|_| error::body_too_large())
}

/// Only a body needs a type: official clients name one on every request.
fn check_content_type(method: &Method, headers: &HeaderMap, body: &Bytes) -> Result<(), ApiError> {
    let good = body.is_empty()
        || method == Method::GET
        || is_type(headers, "application/json")
        || is_type(headers, "multipart/form-data");
    if good {
        Ok(())
    } else {
        Err(error::content_type())
    }
}

fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}

fn dress(app: &App, response: &mut Response, trace: &str, version: ApiVersion) {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        *response.body_mut() = Body::from(error.body(trace));
        response.headers_mut().insert(CONTENT_TYPE, JSON);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("clerk-api-version"),
        HeaderValue::from_static(version.as_str()),
    );
    let text = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
    headers.insert(HeaderName::from_static("x-clerk-trace-id"), text(trace));
    headers.insert(DATE, text(&clock::http_date(app.clock.peek())));
}
