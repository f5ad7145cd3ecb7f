//! `list`: a page of any list, with the total and how to get the rest.

use clerk_api::declare::{Effect, Field, Meta, Paging, Place};
use clerk_api::{Args, Client, ops};
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::{Value, json};

use super::{Given, perform};
use crate::answer::Answer;
use crate::approval::Ended;
use crate::arguments::Arguments;
use crate::offer::lists;
use crate::project::Projection;
use crate::turn::Turn;

/// How many rows are shown unless more are asked for.
const USUAL: u64 = 20;

pub(super) async fn list(turn: &Turn, arguments: &Arguments) -> Ended {
    let resource = arguments.needed("resource");
    let found = lists(&turn.session.settings).find(|(name, _)| name == resource);
    let (_, meta) =
        found.ok_or_else(|| Problem::usage(format!("there is no list {resource:?}")))?;
    page(turn, meta, arguments.object("filters"), arguments).await
}

/// A page of the list of an operation; limit, cursor and fields are those of the tool.
pub(super) async fn page(
    turn: &Turn,
    meta: &'static Meta,
    mut given: Given,
    arguments: &Arguments,
) -> Ended {
    let most = arguments.number("limit").unwrap_or(USUAL);
    let start = arguments.cursor()?.unwrap_or(0);
    for name in ["limit", "offset", "starting_after", "paginated"] {
        given.remove(name);
    }
    let mut call = perform::call(meta, &given)?;
    let connected = turn.connected().await?;
    let client = &connected.connection.client;
    perform::resolve(client, &mut call).await?;
    let is_paged = meta.paging != Paging::None;
    let mut args = call.args.clone();
    if is_paged {
        args.set("limit", &most)
            .and_then(|()| args.set("offset", &start))
            .map_err(|error| Problem::usage(error.to_string()))?;
    }
    let tried = format!("cannot {}", phrase::one(meta, None));
    let reply = client.call(meta, args).await;
    let reply = reply.map_err(|error| Problem::of_call(&tried, error))?;
    let (mut rows, mut total) = rows(&reply.raw)?;
    if !is_paged {
        total = Some(rows.len() as u64);
        rows.drain(..usize::try_from(start).unwrap_or(usize::MAX).min(rows.len()));
        rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    }
    if total.is_none() {
        total = count(client, meta, &call.args).await;
    }
    let projection = Projection::new(meta, &arguments.texts("fields"), &[]);
    let rows: Vec<Value> = rows.iter().map(|row| projection.of(row)).collect();
    let had = rows.len() as u64;
    Ok(Answer::rows(&turn.cleaner(), rows, |shown| {
        let end = start.saturating_add(shown as u64);
        let more = total.map_or(had == most || end < start.saturating_add(had), |total| {
            end < total
        });
        let mut facts = json!({"shown": shown});
        if let Some(total) = total {
            facts["count"] = total.into();
            facts["left_out"] = total.saturating_sub(shown as u64).into();
        }
        if more {
            facts["next"] = end.to_string().into();
        }
        facts
    }))
}

/// The rows of a response, and the total where it says it.
fn rows(raw: &[u8]) -> Outcome<(Vec<Value>, Option<u64>)> {
    let bad = |cause: String| Problem::refused("the response is not a list").cause(cause);
    let value: Value = serde_json::from_slice(raw).map_err(|error| bad(error.to_string()))?;
    match value {
        Value::Array(rows) => Ok((rows, None)),
        Value::Object(mut members) => {
            let total = members.get("total_count").and_then(Value::as_u64);
            match members.get_mut("data").map(Value::take) {
                Some(Value::Array(rows)) => Ok((rows, total)),
                _ => Err(bad("it has no rows".to_owned())),
            }
        }
        _ => Err(bad("it is a plain value".to_owned())),
    }
}

/// How many there are, where the group can count and knows all filters. A list without a total is still a list.
async fn count(client: &Client, meta: &Meta, args: &Args) -> Option<u64> {
    let counter = ops::find(&format!("{}.count", meta.group()))?.meta;
    let knows = |name: &str| {
        counter
            .fields
            .iter()
            .any(|field: &Field| field.name == name)
    };
    let filters = || args.iter().filter(|(name, _)| *name != "order_by");
    let is_list = meta.action() == "list" && counter.effect == Effect::Read;
    let places = meta.fields.iter().all(|field| field.place == Place::Query);
    if !is_list || !places || !filters().all(|(name, _)| knows(name)) {
        return None;
    }
    let mut counted = Args::new();
    for (name, value) in filters() {
        counted.set_raw(name, value.to_owned());
    }
    let reply = client.call(counter, counted).await.ok()?;
    let found: Value = serde_json::from_slice(&reply.raw).ok()?;
    found["total_count"].as_u64()
}
