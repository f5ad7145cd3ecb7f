//! `local status`: where an instance is and what is in it.

use clap::Command;
use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use serde::Deserialize;
use serde_json::json;

use super::show_object;
use crate::local::{Instance, Options, Running, Server};
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    Command::new("status").about("Show where a local instance is and what is in it")
}

pub(super) async fn run(context: &Context, name: &str, instance: &Instance) -> Outcome<Exit> {
    let exists = instance.database.exists();
    let mut status = json!({
        "instance": name,
        "database": instance.database,
        "exists": exists,
        "key_file": instance.key_file,
    });
    if exists {
        let size = fs_err::metadata(&instance.database).map_or(0, |facts| facts.len());
        let server = Server::start(instance, &Options::of(&context.settings))?;
        let (users, organizations) = counts(&server).await?;
        status["bytes"] = json!(size);
        status["secret_key"] = json!(server.secret_key());
        status["users"] = json!(users);
        status["organizations"] = json!(organizations);
        server.stop();
        if let Some(running) = Running::find(instance)?
            && running.call("GET", "/status", None).await.is_ok()
        {
            status["running"] = json!({"url": running.url, "pid": running.pid});
        }
    }
    show_object(context, &status)?;
    Ok(Exit::Done)
}

/// How many users and organizations there are.
async fn counts(server: &Server) -> Outcome<(u64, u64)> {
    #[derive(Deserialize)]
    struct Total {
        total_count: u64,
    }
    let client = Client::builder(server.key()?)
        .base_url(server.url())
        .build()
        .map_err(|error| Problem::of_call("cannot reach the local Clerk", error))?;
    let mut totals = [0; 2];
    for (slot, id) in totals.iter_mut().zip(["users.count", "organizations.list"]) {
        let reply = client
            .call(operation(id)?, Args::new())
            .await
            .map_err(|error| Problem::of_call("cannot read the local instance", error))?;
        let total: Total = serde_json::from_slice(&reply.raw)
            .map_err(|error| Problem::new(ProblemKind::Failed, "bad_answer", error.to_string()))?;
        *slot = total.total_count;
    }
    Ok((totals[0], totals[1]))
}
