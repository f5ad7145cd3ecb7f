//! `local reset`: takes everything out of an instance.

use clap::Command;
use clerk_api_admin::problem::Outcome;
use serde_json::json;

use super::{confirm, show_object};
use crate::local::{self, Instance};
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    Command::new("reset").about("Delete everything in a local instance; its key stays")
}

pub(super) fn run(context: &Context, name: &str, instance: &Instance) -> Outcome<Exit> {
    if instance.database.exists() {
        confirm(
            context,
            &format!("Delete everything in the local instance {name}?"),
            &format!("cannot empty the local instance {name}"),
        )?;
    }
    local::reset(instance)?;
    show_object(
        context,
        &json!({"instance": name, "database": instance.database, "reset": true}),
    )?;
    Ok(Exit::Done)
}
