//! The instance that a key is for, and its clock.

use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use crate::governor::{SystemWall, WallClock as _};

/// The instance that a key is for, and its clock.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its id.
    pub id: String,
    /// How much its clock is ahead of ours, in milliseconds.
    pub skew: i64,
}

impl Instance {
    /// Asks for it.
    ///
    /// # Errors
    /// The request fails, or its response has no id.
    pub async fn ask(client: &Client) -> Outcome<Self> {
        let tried = "cannot find out which instance the key is for";
        let reply = client.call(operation("instance.get")?, Args::new()).await;
        let reply = reply.map_err(|error| Problem::of_call(tried, error))?;
        let found: Option<Value> = serde_json::from_slice(&reply.raw).ok();
        let id = found
            .as_ref()
            .and_then(|found| found["id"].as_str())
            .map(str::to_owned);
        let id = id.ok_or_else(|| Problem::refused(format!("{tried}: the response has no id")))?;
        // The server's clock is known to the second only.
        let now = SystemWall.micros() / 1000;
        let skew = reply.date.map_or(0, |date| date.as_millis() - now);
        let skew = if skew.abs() < 1500 { 0 } else { skew };
        Ok(Self { id, skew })
    }
}
