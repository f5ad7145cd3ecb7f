//! What a job has to know of its instance before it looks at anything.

use clerk_api::declare::Meta;
use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::Decider;
use serde_json::Value;

use super::place::now;
use crate::setup::context::{Context, Link};

/// Who looks at what is there; what the configuration protects is looked up once.
pub(crate) async fn decider(
    context: &Context,
    link: &Link,
    operation: &'static Meta,
) -> Outcome<Decider> {
    let entries = &context.settings.protected;
    let protected = if Protected::matters(entries, operation) {
        Some(Protected::load_all(link.client.clone(), entries, operation).await?)
    } else {
        None
    };
    Ok(Decider::new(link.client.clone(), protected))
}

/// The instance that a key is for, and its clock.
pub(crate) struct Instance {
    pub(crate) id: String,
    /// How much its clock is ahead of ours, in milliseconds.
    pub(crate) skew: i64,
}

impl Instance {
    pub(crate) async fn ask(client: &Client) -> Outcome<Self> {
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
        let skew = reply.date.map_or(0, |date| date.as_millis() - now());
        let skew = if skew.abs() < 1500 { 0 } else { skew };
        Ok(Self { id, skew })
    }
}
