//! The instance's own endpoints, called in this process.

use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::http::error::{self, ApiError};
use crate::http::reply::JSON;
use crate::http::version::ApiVersion;

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Listed<T> {
    pub(super) data: Vec<T>,
    pub(super) total_count: u64,
}

/// The endpoints below a path.
#[derive(Clone, Debug)]
pub(super) struct Api {
    router: Router,
    base: &'static str,
}

impl Api {
    pub(super) fn new(router: Router, base: &'static str) -> Self {
        Self { router, base }
    }

    /// Reads what is at a path.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        let answer = self.exchange(Method::GET, path, Body::empty()).await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Changes something and returns the response.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let answer = self
            .exchange(method, path, Body::from(body.to_string()))
            .await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Deletes what is at a path.
    pub(super) async fn delete(&self, path: &str) -> Result<(), ApiError> {
        self.exchange(Method::DELETE, path, Body::empty())
            .await
            .map(drop)
    }

    async fn exchange(&self, method: Method, path: &str, body: Body) -> Result<Bytes, ApiError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, JSON)
            .body(body)
            .map_err(|error| error::internal(format!("No such path: {error}.")))?;
        request.extensions_mut().insert(ApiVersion::LATEST);
        let Ok(mut response) = self.router.clone().oneshot(request).await;
        if let Some(error) = response.extensions_mut().remove::<ApiError>() {
            return Err(error);
        }
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        match body {
            Ok(body) if status.is_success() => Ok(body),
            _ => Err(error::internal(format!(
                "The instance responded with {status} and no reason."
            ))),
        }
    }
}
