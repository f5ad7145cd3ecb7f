//! How a fault goes wrong.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

use crate::http::error;
use crate::lab::faults::{Connection, Fault, FaultBody, FaultCut};

const PAGE: &str =
    "<!doctype html><title>Bad gateway</title><h1>Something is wrong in front of the API</h1>\n";
/// How long the first half of a response has to leave before its connection breaks.
const HALFWAY: Duration = Duration::from_millis(20);

/// Does what comes before the request is carried out; a response means that it is not carried out at all.
pub(super) async fn before(fault: &Fault) -> Option<Response> {
    if fault.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    if fault.hang {
        std::future::pending::<()>().await;
    }
    if fault.cut == Some(FaultCut::Before) {
        return Some(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    let status = StatusCode::from_u16(fault.status?).ok()?;
    let mut response = match fault.body {
        FaultBody::Api => error::of_fault(status).into_response(),
        FaultBody::Html => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(CONTENT_TYPE, html)], PAGE).into_response()
        }
        FaultBody::Empty => status.into_response(),
    };
    let usual = (status == StatusCode::TOO_MANY_REQUESTS).then_some("1");
    let wait = fault.retry_after.as_deref().or(usual);
    if let Some(wait) = wait.filter(|wait| !wait.is_empty())
        && let Ok(wait) = HeaderValue::from_str(wait)
    {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    Some(response)
}

/// Breaks the connection that a response would take.
pub(super) async fn cut(response: Response, cut: FaultCut, connection: Connection) -> Response {
    if cut != FaultCut::Body {
        connection.cut();
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, whole.len().into());
    let half = whole.slice(..whole.len() / 2);
    let pieces = stream::unfold(Some(half), move |half| {
        let connection = connection.clone();
        async move {
            match half {
                Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
                Some(_) => {
                    tokio::time::sleep(HALFWAY).await;
                    connection.cut();
                    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                    Some((Err(broken), None))
                }
                None => None,
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}
