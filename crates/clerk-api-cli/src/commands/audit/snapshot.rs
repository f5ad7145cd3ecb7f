//! `audit snapshot`: reads the instance and keeps a dated copy, since Clerk's own logs last 1 to 30 days.

use clap::{Arg, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::iso;
use serde_json::json;

use super::{args, source};
use crate::commands::jobs::place::now;
use crate::commands::jobs::report::show_document;
use crate::setup::context::Context;
use crate::show::exit::Exit;

const KEEP: &str = "audit.keep";
const DAY: i64 = 24 * 60 * 60 * 1000;

pub(super) fn command() -> Command {
    Command::new("snapshot")
        .about("Read the instance and keep a dated copy, to compare with `audit diff`")
        .after_help("Examples:\n  clerk-api audit snapshot\n  clerk-api audit snapshot --keep 90d")
        .arg(
            Arg::new(KEEP)
                .long("keep")
                .value_name("DAYS")
                .help("Delete copies that are older, such as 90d"),
        )
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let keep = args::text(matches, KEEP).map(days).transpose()?;
    let (shelf, instance) = source::shelf(context).await?;
    let latest = shelf.latest();
    source::sweep(context, &latest, instance).await?;
    let read_at = Database::open(&latest)?.source()?.read_at;
    let snapshot = shelf.keep(read_at)?;
    let deleted = match keep {
        Some(days) => shelf.forget(now() - days * DAY)?,
        None => Vec::new(),
    };
    let kept = shelf.snapshots()?;
    let document = json!({
        "object": "audit_snapshot",
        "file": snapshot,
        "swept_at": iso(read_at),
        "kept": kept,
        "deleted": deleted,
    });
    show_document(context, &document)
}

/// A number of days.
fn days(text: &str) -> Outcome<i64> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<u32>();
    number
        .map(i64::from)
        .map_err(|_| Problem::usage(format!("--keep must be days such as 90d, not {text:?}")))
}
