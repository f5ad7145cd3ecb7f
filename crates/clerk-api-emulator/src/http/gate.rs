//! What happens to every request before its handler and to every response after it.

mod fault;
pub(crate) mod intake;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, RETRY_AFTER, USER_AGENT};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Uri};

use percent_encoding::percent_decode_str;

use super::context::RequestContext;
use super::error::{self, ApiError};
use super::params::Params;
use super::reply::JSON;
use super::unread::Unread;
use super::version::{self, ApiVersion};
use super::{area, auth};
use crate::app::{App, Shared};
use crate::lab::faults::{Connection, Strike};
use crate::lab::record::Asked;
use crate::lab::requests::{self, Entry, Exchange};
use crate::lab::{clock, mask};

/// Most characters of a path in the log.
const PATH_MOST: usize = 4_096;

/// Marks a request that came over a connection that is kept for the server's own API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowded;

/// What happened to a request on its way.
#[derive(Debug, Default)]
struct Met {
    limit: Option<&'static str>,
    strike: Option<Strike>,
}

/// Runs a request through all checks and dresses its response.
pub(crate) async fn pass(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let began = requests::ticks();
    let (mut parts, body) = request.into_parts();
    let connection = parts.extensions.remove::<Connection>();
    let trace = app.ids.trace();
    let version = version::of_request(&parts, app.default_version);
    // A request without access is refused before its body is read.
    let read = match check(&app, &parts).and_then(|()| version.clone()) {
        Ok(_) => intake::read(&parts, body).await,
        Err(error) => {
            intake::pass_over(&parts, body).await;
            Err(error)
        }
    };
    let path = parts.uri.path();
    let own = area::is_control(path) || area::is_ticket(path) || path == area::PUBLIC_KEYS;
    let (method, uri) = (parts.method.clone(), parts.uri.clone());
    let asked = app.recorder.as_ref().filter(|_| !own).map(|_| Asked {
        method: method.clone(),
        uri: uri.clone(),
        headers: parts.headers.clone(),
        body: read.clone().unwrap_or_default(),
    });
    let mut exchange = Exchange::asked(&parts.headers, read.as_deref().unwrap_or_default());
    let query = Params::parse(uri.query().unwrap_or_default());
    let query = query.map(|params| params.names()).unwrap_or_default();
    let unread = Unread::of(app.strict, query);
    let mut met = Met::default();
    let version = version.unwrap_or(app.default_version);
    let mut response = match read.clone() {
        Ok(body) => {
            parts.extensions.insert(version);
            let agent = parts.headers.get(USER_AGENT).cloned();
            let serving = async {
                if own {
                    next.run(Request::from_parts(parts, Body::from(body))).await
                } else {
                    let serving = answer(&app, parts, body, next, &unread, &mut met);
                    Arc::clone(&unread).scope(serving).await
                }
            };
            RequestContext::begin(agent, serving).await
        }
        Err(error) => error.into_response(),
    };
    dress(&app, &mut response, &trace, version);
    if own {
        return response;
    }
    // Only who has served a request knows what there was to read.
    let served = response.status().is_success() && met.strike.is_none();
    let unread = served.then(|| unread.names(read.as_deref().unwrap_or_default()));
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    exchange.answered(&head.headers, &body);
    let cut = met.strike.as_ref().and_then(|strike| strike.fault.cut);
    app.requests.add(Entry {
        id: 0,
        at: app.clock.peek(),
        method: method.to_string(),
        path: mask::words(&shown(&uri)),
        status: if cut.is_some() {
            0
        } else {
            head.status.as_u16()
        },
        duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        bytes: u64::try_from(body.len()).unwrap_or(u64::MAX),
        trace_id: trace,
        limit: met.limit,
        fault: met.strike.as_ref().map(|strike| strike.id),
        unread: unread.unwrap_or_default(),
        exchange: Some(Arc::new(exchange)),
    });
    // What a fault made up is not the server's own word.
    if let (Some(recorder), Some(asked), None) = (&app.recorder, asked, &met.strike) {
        recorder.write(&asked, head.status, &head.headers, &body);
    }
    let response = Response::from_parts(head, Body::from(body));
    match (cut, connection) {
        (Some(cut), Some(connection)) => fault::cut(response, cut, connection).await,
        _ => response,
    }
}

/// Lets a request to the API meet its fault and its limits, and counts what it does.
async fn answer(
    app: &App,
    parts: Parts,
    body: Bytes,
    next: Next,
    unread: &Unread,
    met: &mut Met,
) -> Response {
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
    // No write reads its query, so that nothing of a wrong one is done; what a read looks at it shows afterwards.
    let reads = parts.method == Method::GET;
    if !reads && let Err(error) = unread.check_query() {
        return error.into_response();
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
        Some(frozen) => {
            let seen = |context: &mut RequestContext| context.frozen = Some(frozen);
            RequestContext::extend(seen, next.run(request)).await
        }
        None => next.run(request).await,
    };
    if reads
        && response.status().is_success()
        && let Err(error) = unread.check_query()
    {
        return error.into_response();
    }
    if let Some((method, template, uri, body)) = counted
        && response.status().is_success()
    {
        app.effects
            .count(method.as_str(), &template, uri.path(), &body);
    }
    response
}

/// The path with its query, as far as it is kept.
fn shown(uri: &Uri) -> String {
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    path.chars().take(PATH_MOST).collect()
}

fn check(app: &App, parts: &Parts) -> Result<(), ApiError> {
    let headers = &parts.headers;
    auth::check_host(headers, app.port)?;
    let path = parts.uri.path();
    if parts.extensions.get::<Crowded>().is_some() && !area::is_control(path) {
        return Err(error::crowded());
    }
    if percent_decode_str(path).decode_utf8().is_err() {
        return Err(error::not_found("The path is not percent-encoded UTF-8."));
    }
    if path == area::PUBLIC_KEYS {
        return Ok(());
    }
    if area::is_ticket(path) && parts.method == Method::GET {
        // A link in an email or on a page of the application; opening it changes nothing.
        return Ok(());
    }
    auth::check_origin(headers, app.port)?;
    if area::is_ticket(path) {
        Ok(())
    } else if area::is_control(path) {
        auth::check_control_token(headers, &app.control_token.0)
    } else {
        auth::check_key(headers, &app.secret_key.0)
    }
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
