//! What happens to every request before its handler and to every answer after it.

mod fault;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, RETRY_AFTER, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::app::{App, Shared};
use crate::error::{self, ApiError};
use crate::faults::{Connection, Strike};
use crate::record::{Asked, Recorder};
use crate::reply::JSON;
use crate::request_log::Entry;
use crate::routes::{jwks, tickets};
use crate::version::{self, ApiVersion};
use crate::{auth, caller, clock, control, request_log};

/// Most bytes of a JSON body.
const JSON_MOST: usize = 1 << 20;
/// Most bytes of an upload: an image of 10 MB, which its handler checks, and what is around it.
const UPLOAD_MOST: usize = 12 << 20;

/// What happened to a request on its way.
#[derive(Debug, Default)]
struct Met {
    limit: Option<&'static str>,
    strike: Option<Strike>,
}

/// Runs a request through all checks and dresses its answer.
pub(crate) async fn pass(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let began = request_log::ticks();
    let (mut parts, body) = request.into_parts();
    let connection = parts.extensions.remove::<ConnectInfo<Connection>>();
    let trace = app.ids.trace();
    let version = version::of_request(&parts, app.default_version);
    let read = read_body(&parts.headers, body).await;
    let path = parts.uri.path();
    let own = control::is_own(path) || tickets::is_ticket(path) || path == jwks::PUBLIC;
    let (method, uri) = (parts.method.clone(), parts.uri.clone());
    let asked = app.recorder.as_ref().filter(|_| !own).map(|_| Asked {
        method: method.clone(),
        uri: uri.clone(),
        headers: parts.headers.clone(),
        body: read.clone().unwrap_or_default(),
    });
    let checked = check(&app, &parts)
        .and_then(|()| Ok((version.clone()?, read?)))
        .and_then(|(version, body)| {
            check_content_type(&parts.method, &parts.headers, &body)?;
            Ok((version, body))
        });
    let mut met = Met::default();
    let mut response = match checked {
        Ok((version, body)) => {
            parts.extensions.insert(version);
            let agent = parts.headers.get(USER_AGENT).cloned();
            let serving = async {
                if own {
                    next.run(Request::from_parts(parts, Body::from(body))).await
                } else {
                    answer(&app, parts, body, next, &mut met).await
                }
            };
            caller::scope(agent, serving).await
        }
        Err(error) => error.into_response(),
    };
    dress(
        &app,
        &mut response,
        &trace,
        version.unwrap_or(app.default_version),
    );
    if own {
        return response;
    }
    let cut = met.strike.as_ref().and_then(|strike| strike.fault.cut);
    app.requests.add(Entry {
        id: 0,
        at: app.clock.peek(),
        method: method.to_string(),
        path: uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        status: if cut.is_some() {
            0
        } else {
            response.status().as_u16()
        },
        duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        bytes: response.body().size_hint().exact().unwrap_or(0),
        trace_id: trace,
        limit: met.limit,
        fault: met.strike.as_ref().map(|strike| strike.id),
    });
    if let (Some(cut), Some(ConnectInfo(connection))) = (cut, connection) {
        return fault::cut(response, cut, connection).await;
    }
    // What a fault made up is not the server's own word.
    let judged = asked.filter(|_| met.strike.is_none());
    match (&app.recorder, judged) {
        (Some(recorder), Some(asked)) => record(recorder, &asked, response).await,
        _ => response,
    }
}

async fn record(recorder: &Recorder, asked: &Asked, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    recorder.write(asked, parts.status, &parts.headers, &body);
    Response::from_parts(parts, Body::from(body))
}

/// Lets a request to the API meet its fault and its limits, and counts what it does.
async fn answer(app: &App, parts: Parts, body: Bytes, next: Next, met: &mut Met) -> Response {
    met.strike = app.faults.strike(&parts.method, parts.uri.path());
    let mut frozen = None;
    if let Some(strike) = &met.strike {
        if let Some(answer) = fault::before(&strike.fault).await {
            return answer;
        }
        frozen.clone_from(&strike.frozen);
    }
    let admitted = app
        .limiter
        .admit(&parts.method, parts.uri.path(), app.clock.peek());
    if let Err(refusal) = admitted {
        met.limit = Some(refusal.limit);
        let mut response = error::too_many_requests().into_response();
        response
            .headers_mut()
            .insert(RETRY_AFTER, refusal.retry_after.into());
        return response;
    }
    let counted = (app.effects.is_on() && parts.method != Method::GET).then(|| {
        let template = parts.extensions.get::<MatchedPath>();
        let template =
            template.map_or_else(|| parts.uri.path().to_owned(), |it| it.as_str().to_owned());
        (
            parts.method.clone(),
            template,
            parts.uri.clone(),
            body.clone(),
        )
    });
    let request = Request::from_parts(parts, Body::from(body));
    let response = match frozen {
        Some(frozen) => frozen.seen_by(next.run(request)).await,
        None => next.run(request).await,
    };
    if let Some((method, template, uri, body)) = counted
        && response.status().is_success()
    {
        app.effects
            .count(method.as_str(), &template, uri.path(), &body);
    }
    response
}

fn check(app: &App, parts: &Parts) -> Result<(), ApiError> {
    let headers = &parts.headers;
    auth::check_host(headers, app.port)?;
    let path = parts.uri.path();
    if path == jwks::PUBLIC {
        return Ok(());
    }
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
