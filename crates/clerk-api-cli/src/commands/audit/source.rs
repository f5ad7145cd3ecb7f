//! What an audit looks at: the file that was named, or the instance as it is now.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::{Shelf, iso};
use clerk_api_tasks::export::{Format, Options, Target};
use clerk_api_tasks::sweep::Kind;

use super::args::{FROM, path};
use crate::commands::export;
use crate::commands::jobs::instance::Instance;
use crate::setup::context::Context;

/// Opens the file that was named; without one, reads the instance and keeps that in the state folder.
pub(super) async fn open(matches: &ArgMatches, context: &mut Context) -> Outcome<Database> {
    if let Some(file) = path(matches, FROM) {
        return Database::open(file);
    }
    let (shelf, instance) = shelf(context).await?;
    let latest = shelf.latest();
    sweep(context, &latest, instance).await?;
    Database::open(&latest)
}

/// The same, but what was read before is good enough, if there is something.
pub(super) async fn open_latest(matches: &ArgMatches, context: &mut Context) -> Outcome<Database> {
    if path(matches, FROM).is_some() {
        return open(matches, context).await;
    }
    let latest = shelf(context).await?.0.latest();
    if !latest.exists() {
        return open(matches, context).await;
    }
    let database = Database::open(&latest)?;
    let read_at = database.source()?.read_at;
    context.ui.note(&format!(
        "this was read at {}; `clerk-api audit` reads it again",
        iso(read_at).unwrap_or_default()
    ));
    Ok(database)
}

/// The instance that the key is for, and its place.
pub(super) async fn shelf(context: &mut Context) -> Outcome<(Shelf, Instance)> {
    let state: Option<PathBuf> = context.settings.state_dir.clone();
    let state = state.ok_or_else(|| {
        Problem::config("there is no place to keep what is read: your home folder is not known")
            .hint("set XDG_STATE_HOME or HOME, or name an export: --from acme.sqlite")
    })?;
    let link = context.link().await?;
    let instance = Instance::ask(&link.client).await?;
    Ok((Shelf::of(&state, &instance.id)?, instance))
}

/// Reads the instance into a file, and says what is missing there.
pub(super) async fn sweep(context: &mut Context, file: &Path, instance: Instance) -> Outcome<()> {
    let options = Options {
        kinds: Kind::ALL.to_vec(),
        target: Target::File(file.to_owned()),
        format: Format::Sqlite,
        replaces: true,
        urls: false,
        mode: None,
        // Only folders have a day in their name.
        date: String::new(),
    };
    let how = export::How {
        instance: Some(instance),
        ..Default::default()
    };
    let exported = export::write(context, &options, how).await?;
    if exported.unreadable > 0 {
        context.ui.warn(&export::missing(exported.unreadable));
    }
    Ok(())
}
