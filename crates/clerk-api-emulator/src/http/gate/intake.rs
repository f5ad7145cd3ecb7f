//! What is read of a request's body: so much and no more, in time, of a kind that the endpoint takes, and readable.

use std::time::Duration;

use axum::body::Body;
use axum::extract::MatchedPath;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_TYPE, EXPECT};
use http::request::Parts;
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;

use crate::http::error::{self, ApiError};
use crate::http::readable::check_readable;
use crate::http::{area, upload};

/// Most bytes of a JSON body.
const JSON_MOST: usize = 1 << 20;
/// Most bytes of an upload: an image of 10 MB, which its handler checks, and what is around it.
const UPLOAD_MOST: usize = 12 << 20;
/// Most bytes of a body that says nothing, from somebody without a key.
const TICKET_MOST: usize = 16 << 10;
/// How long a body may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How long and how much of an unwanted body is read, so that its sender can read the response.
const FAREWELL: Duration = Duration::from_secs(2);
const FAREWELL_MOST: usize = UPLOAD_MOST;

/// Reads the body of a request that was admitted.
pub(super) async fn read(parts: &Parts, mut body: Body) -> Result<Bytes, ApiError> {
    let uploads = is_type(&parts.headers, "multipart/form-data") && takes_uploads(parts);
    let most = if uploads {
        UPLOAD_MOST
    } else if area::is_ticket(parts.uri.path()) {
        TICKET_MOST
    } else {
        JSON_MOST
    };
    let collected = tokio::time::timeout(PATIENCE, collect(&mut body, most)).await;
    let Some(all) = collected.unwrap_or_else(|_| Err(error::body_stalled()))? else {
        pass_over(parts, body).await;
        return Err(error::body_too_large());
    };
    // Only a body needs a type: official clients name one on every request.
    if all.is_empty() || parts.method == Method::GET || uploads {
        return Ok(all);
    }
    if !is_type(&parts.headers, "application/json") {
        return Err(error::content_type());
    }
    if !all.trim_ascii().is_empty() {
        check_readable(&all)?;
    }
    Ok(all)
}

/// Reads a body to its end; `None` if it is longer than it may be.
async fn collect(body: &mut Body, most: usize) -> Result<Option<Bytes>, ApiError> {
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| error::body_stalled())?;
        let data = frame.into_data().unwrap_or_default();
        if all.len() + data.len() > most {
            return Ok(None);
        }
        all.extend_from_slice(&data);
    }
    Ok(Some(all.freeze()))
}

/// Lets a body pass without keeping any of it.
pub(super) async fn pass_over(parts: &Parts, mut body: Body) {
    // A client that waits for `100 Continue` has sent nothing yet.
    if parts.headers.contains_key(EXPECT) {
        return;
    }
    let passing = async {
        let mut passed = 0;
        while let Some(Ok(frame)) = body.frame().await {
            passed += frame.data_ref().map_or(0, Bytes::len);
            if passed > FAREWELL_MOST {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(FAREWELL, passing).await;
}

fn takes_uploads(parts: &Parts) -> bool {
    let template = parts.extensions.get::<MatchedPath>();
    template.is_some_and(|template| upload::PATHS.contains(&template.as_str()))
}

fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}
