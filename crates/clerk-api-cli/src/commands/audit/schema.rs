//! `audit schema`: the tables that rules and `audit sql` read.

use clap::Command;
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::audit::disposable;
use clerk_api_tasks::export::table::{TABLES, VIEWS};
use serde_json::{Value, json};

use super::show_rows;
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    Command::new("schema")
        .about("List the tables and columns that rules and `audit sql` read")
        .after_help("Examples:\n  clerk-api audit schema --output table\n  clerk-api audit schema --jq '.[] | select(.table == \"users\") | .column'")
}

pub(super) fn run(context: &Context) -> Outcome<Exit> {
    let mut rows = Vec::new();
    let tables = TABLES.iter().map(|table| (table.name, table.columns));
    let views = VIEWS.iter().map(|view| (view.name, view.columns));
    for (table, columns) in tables.chain(views) {
        rows.extend(
            columns
                .iter()
                .map(|column| row(table, column.name, column.kind.name(), column.doc)),
        );
    }
    let doc = "A domain of a service for throw-away mailboxes; a list of this program.";
    rows.push(row(disposable::TABLE, "domain", "text", doc));
    show_rows(context, "audit.schema", rows)
}

fn row(table: &str, column: &str, kind: &str, doc: &str) -> Value {
    json!({"table": table, "column": column, "type": kind, "doc": doc})
}
