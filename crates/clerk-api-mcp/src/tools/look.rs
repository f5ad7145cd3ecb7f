//! `find` and `show`.

use clerk_api::declare::{Effect, Meta};
use clerk_api::ops;
use clerk_api_admin::find;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::approval::Ended;
use crate::arguments::Arguments;
use crate::project::Projection;
use crate::turn::Turn;

/// How many of each kind are shown unless more are asked for.
const USUAL: u64 = 5;
/// How many of each kind hang on an object that is shown.
const HANGING: usize = 20;

pub(super) async fn find(turn: &Turn, arguments: &Arguments) -> Ended {
    let connected = turn.connected().await?;
    let most = arguments.number("limit").unwrap_or(USUAL);
    let text = arguments.needed("text");
    let rows = find::find(&connected.connection.client, text, most).await?;
    let count = rows.len();
    Ok(Answer::rows(
        &turn.cleaner(),
        rows,
        |shown| json!({"count": count, "left_out": count - shown, "note": "limit is for each kind; list has more"}),
    ))
}

/// Shows an object with what hangs on it, of each the members that matter.
pub(crate) async fn show(turn: &Turn, id: &str, fields: &[String]) -> Ended {
    let connected = turn.connected().await?;
    let shown = find::show(&connected.connection.client, id, false).await?;
    let kind = shown["kind"].as_str().unwrap_or_default().to_owned();
    let mut told = Map::new();
    let mut counts = Map::new();
    for (name, value) in shown.as_object().into_iter().flatten() {
        let meta = reader(&kind, name);
        match (meta, value) {
            (Some(meta), Value::Array(rows)) => {
                let projection = Projection::new(meta, &[], &[]);
                let rows: Vec<Value> = rows.iter().map(|row| projection.of(row)).collect();
                counts.insert(name.clone(), rows.len().into());
                told.insert(name.clone(), rows.into_iter().take(HANGING).collect());
            }
            (Some(meta), one @ Value::Object(_)) => {
                let projection = Projection::new(
                    meta,
                    fields,
                    &["public_metadata", "private_metadata", "unsafe_metadata"],
                );
                told.insert(name.clone(), projection.of(one));
            }
            _ => {}
        }
    }
    let facts = json!({"kind": kind, "hanging": counts, "note": format!("at most {HANGING} of each are shown; list has all")});
    Ok(Answer::one(&turn.cleaner(), facts, Value::Object(told)))
}

/// The operation whose rows these are.
fn reader(kind: &str, name: &str) -> Option<&'static Meta> {
    let list = match (kind, name) {
        ("user", "memberships") => "users.memberships",
        ("user", "sessions") => "sessions.list",
        ("user", "invitations") => "users.invitations",
        ("organization", "members") => "organizations.members",
        ("organization", "invitations") => "invitations.list",
        ("organization", "domains") => "domains.list",
        _ => {
            let mut all = ops::all().map(|op| op.meta);
            return all.find(|meta| {
                meta.effect == Effect::Read
                    && meta.action() == "get"
                    && meta.resource().noun.replace(' ', "_") == name
            });
        }
    };
    ops::find(list).map(|op| op.meta)
}
