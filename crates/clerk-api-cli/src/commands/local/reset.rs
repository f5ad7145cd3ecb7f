//! `local reset`: takes everything out of an instance.

use clap::Command;
use serde_json::json;

use super::show_object;
use crate::context::Context;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::local::{self, Instance};

pub(super) fn command() -> Command {
    Command::new("reset").about("Take everything out of a local instance; its key stays")
}

pub(super) fn run(context: &Context, name: &str, instance: &Instance) -> Outcome<Exit> {
    if instance.database.exists() && !context.flags.yes {
        let question = format!("Take everything out of the local instance {name}? [y/N]");
        if !context.can_ask() {
            return Err(Failure::refused(format!(
                "cannot empty the local instance {name}: not confirmed"
            ))
            .hint("without a terminal to ask at, add --yes"));
        }
        let answer = context.ui.ask(&question).unwrap_or_default();
        if !matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") {
            return Err(Failure::refused("not confirmed: nothing was changed"));
        }
    }
    local::reset(instance)?;
    show_object(
        context,
        &json!({"instance": name, "database": instance.database, "reset": true}),
    )?;
    Ok(Exit::Done)
}
