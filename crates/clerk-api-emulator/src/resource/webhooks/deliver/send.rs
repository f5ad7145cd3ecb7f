//! One request to a webhook endpoint, on a connection of its own.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderName, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::lab::clock::Clock;
use crate::resource::webhooks::deliveries::{Attempt, Leased};
use crate::resource::webhooks::endpoint::{self, Target};

/// Bytes of a response that are kept.
const KEPT: usize = 1_024;

/// Sends an event and returns the result.
pub(super) async fn send(leased: &Leased, patience: Duration) -> Attempt {
    let clock = Clock::system();
    let at = clock.peek();
    let outcome = match timeout(patience, exchange(leased, at)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("there was no response within {patience:?}")),
    };
    let (status, error, response) = match outcome {
        Ok((status, response)) => (Some(status), None, response),
        Err(error) => (None, Some(error), String::new()),
    };
    Attempt {
        at,
        duration_ms: clock.peek().saturating_sub(at),
        status,
        error,
        response,
    }
}

async fn exchange(leased: &Leased, now: i64) -> Result<(u16, String), String> {
    let target = Target::parse(&leased.url).map_err(|error| error.to_string())?;
    let request = request(leased, &target, now)?;
    let stream = connect(&target).await.map_err(|error| error.to_string())?;
    let failed = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(failed)?;
    let driving = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(failed)?;
    let status = response.status().as_u16();
    // Whatever the body is, the status counts.
    let body = Limited::new(response.into_body(), 64 * KEPT)
        .collect()
        .await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    driving.abort();
    let kept = &body[..body.len().min(KEPT)];
    Ok((status, String::from_utf8_lossy(kept).into_owned()))
}

fn request(leased: &Leased, target: &Target, now: i64) -> Result<Request<Full<Bytes>>, String> {
    let seconds = now.div_euclid(1_000);
    let signature = endpoint::sign(&leased.secret, &leased.event_id, seconds, &leased.payload);
    let signature = signature.ok_or("the endpoint's secret cannot be used")?;
    Request::post(&target.path)
        .header(HOST, &target.authority)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("clerk-api/", env!("CARGO_PKG_VERSION")))
        .header(HeaderName::from_static("svix-id"), &leased.event_id)
        .header(HeaderName::from_static("svix-timestamp"), seconds)
        .header(HeaderName::from_static("svix-signature"), signature)
        .body(Full::new(Bytes::from(leased.payload.clone())))
        .map_err(|error| error.to_string())
}

async fn connect(target: &Target) -> std::io::Result<TcpStream> {
    let mut last = None;
    for host in &target.hosts {
        match TcpStream::connect((*host, target.port)).await {
            Ok(stream) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::NotFound.into()))
}
