//! `--resume`: what an export that was cut has read, and where this one goes on.

use clerk_api::Client;
use clerk_api::id::UserId;
use clerk_api::ops::users::GetUser;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::export::{Options, Origin, Partial};
use clerk_api_tasks::sweep::{Begin, Count};

use crate::setup::context::Context;

/// Opens what is kept beside the target. Users go on behind one that must still be there.
pub(super) async fn open(
    client: &Client,
    options: &Options,
    instance: &str,
    begin: &Begin,
    now: i64,
) -> Outcome<Partial> {
    let origin = Origin {
        instance_id: instance.to_owned(),
        urls: options.urls,
        since: begin.since.map(|since| since.as_millis()),
    };
    let mut partial = Partial::open(&options.target, &origin, now)?;
    if let Some((id, _)) = partial.users_after()?
        && !is_there(client, &id).await?
    {
        partial.drop_users()?;
    }
    Ok(partial)
}

async fn is_there(client: &Client, id: &str) -> Outcome<bool> {
    let Ok(id) = id.parse::<UserId>() else {
        return Ok(false);
    };
    match client.send(&GetUser::new(id)).await {
        Ok(_) => Ok(true),
        Err(error) if error.status == Some(404) => Ok(false),
        Err(error) => Err(Problem::of_call(
            "cannot read the last user of the export that was cut",
            error,
        )),
    }
}

/// Says what is not read again.
pub(super) fn note(context: &Context, whole: &[Count], begin: &Begin) {
    let mut known: Vec<String> = whole
        .iter()
        .map(|count| format!("{} {}", count.rows, count.kind().name().replace('_', " ")))
        .collect();
    known.extend(
        begin
            .users_after
            .iter()
            .map(|(_, rows)| format!("{rows} users so far")),
    );
    if !known.is_empty() {
        context.ui.note(&format!(
            "going on with what an export that was cut has read: {}; other kinds are read from the beginning, since their places move",
            known.join(", ")
        ));
    }
}
