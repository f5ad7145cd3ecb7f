//! `audit sql`: one statement of the user's over an export, which can only read.

use clap::{Arg, ArgMatches, Command};
use clerk_api_admin::format::Report;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::database::Bounds;
use serde_json::{Map, Value, json};

use super::{args, source};
use crate::commands::output;
use crate::setup::context::Context;
use crate::show::exit::Exit;

const SQL: &str = "audit.sql";
const LIMIT: &str = "audit.limit";
const TIMEOUT: &str = "audit.timeout";

pub(super) fn command() -> Command {
    Command::new("sql")
        .about("Run one SQL statement that reads, over an export")
        .after_help("Examples:\n  clerk-api audit sql \"SELECT role, COUNT(*) AS members FROM memberships GROUP BY role\" --output table\n  clerk-api audit schema --output table")
        .arg(
            Arg::new(SQL)
                .value_name("STATEMENT")
                .required(true)
                .help("One SELECT, @FILE or -; `audit schema` lists the tables"),
        )
        .arg(args::from())
        .arg(
            Arg::new(LIMIT)
                .long("limit")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(1..))
                .default_value("10000")
                .help("Show no more rows than this"),
        )
        .arg(
            Arg::new(TIMEOUT)
                .long("timeout")
                .value_name("SECONDS")
                .value_parser(clap::value_parser!(u32).range(1..))
                .default_value("30")
                .help("Stop the statement after this many seconds"),
        )
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let number = |id: &str| matches.get_one::<u32>(id).copied().unwrap_or_default();
    let bounds = Bounds {
        millis: i64::from(number(TIMEOUT)) * 1000,
        rows: usize::try_from(number(LIMIT)).unwrap_or(usize::MAX),
    };
    let given = args::text(matches, SQL).unwrap_or_default();
    let sql = context.inputs.text("<STATEMENT>", given)?;
    let mut renderer = output::renderer(context, "audit.sql")?;
    let database = source::open_latest(matches, context).await?;
    let mut out = context.ui.out();
    let mut begun = false;
    let read = database.read(&sql, bounds, |columns, cells| {
        if !std::mem::replace(&mut begun, true) {
            renderer
                .list_start(None, &mut out)
                .map_err(output::unshown)?;
        }
        let mut row = Map::new();
        for (name, cell) in columns.iter().zip(&cells) {
            row.insert(unused(&row, name), json!(cell));
        }
        let row = Value::Object(row).to_string();
        renderer.row(&row, &mut out).map_err(output::unshown)
    });
    // A statement that is wrong prints nothing; after a failure in the middle, what was written is well-formed.
    if read.is_ok() && !begun {
        renderer
            .list_start(None, &mut out)
            .map_err(output::unshown)?;
        begun = true;
    }
    let ended = match begun {
        true => renderer.list_end(&mut out).map_err(output::unshown),
        false => Ok(Report::default()),
    };
    std::io::Write::flush(&mut out).map_err(|error| Problem::output(&error))?;
    drop(out);
    let (_, is_cut) = read?;
    let report = ended?;
    if is_cut {
        context.ui.note(&format!(
            "these are the first {} rows; --limit shows more",
            bounds.rows
        ));
    }
    output::reported(context, &report)
}

/// The name of a column, or one like it where two have the same.
fn unused(row: &Map<String, Value>, name: &str) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !row.contains_key(name))
        .unwrap_or_default()
}
