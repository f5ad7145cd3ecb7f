//! `audit tree`: every organization with its members, open invitations and what is wrong with it.

use std::io::Write;

use clap::{ArgMatches, Command};
use clerk_api_admin::format::Format;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::text::sanitize;
use clerk_api_tasks::audit::{Options, Organization, check, tree};
use serde_json::Value;

use super::args::{self, ORG, text};
use super::{show_rows, source};
use crate::commands::jobs::place::now;
use crate::setup::config::Source;
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    Command::new("tree")
        .about("Show every organization with its members, roles, open invitations and what is wrong with it")
        .after_help("Examples:\n  clerk-api audit tree\n  clerk-api audit tree --from acme.sqlite --org acme --output table")
        .arg(args::from())
        .arg(args::org())
        .arg(args::rules_folder())
        .arg(args::config())
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let (rules, config) = args::chosen(matches)?;
    let database = source::open(matches, context).await?;
    let organization = match text(matches, ORG) {
        Some(wanted) => Some(Organization::find(&database, wanted)?),
        None => None,
    };
    let options = Options {
        audited_at: now(),
        config,
        baseline: None,
        organization,
    };
    let report = check(&database, &rules, &options)?;
    let organizations = tree::organizations(&database, &report)?;
    let output = &context.settings.output;
    let is_default = matches!(output.source, Source::Default) && context.flags.jq.is_none();
    let as_tree = match output.value {
        Format::Table => context.flags.fields.is_empty() && context.flags.jq.is_none(),
        Format::Json => is_default && context.ui.stdout_terminal && context.flags.fields.is_empty(),
        _ => false,
    };
    if !as_tree {
        return show_rows(context, "audit.tree", organizations);
    }
    let mut out = context.ui.out();
    let written = organizations
        .iter()
        .try_for_each(|organization| branch(organization, context.ui.color_out, &mut out))
        .and_then(|()| out.flush());
    written.map_err(|error| Problem::output(&error))?;
    Ok(Exit::Done)
}

/// One organization and what hangs on it.
fn branch(organization: &Value, color: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let rows = |name: &str| organization[name].as_array().cloned().unwrap_or_default();
    let (members, invitations, findings) = (rows("members"), rows("invitations"), rows("findings"));
    let admins = members.iter().filter(|member| member["can_manage"] == true);
    let counts = [
        counted(members.len(), "member", "members"),
        counted(admins.count(), "admin", "admins"),
        counted(invitations.len(), "invitation", "invitations"),
        counted(findings.len(), "finding", "findings"),
    ];
    let name = shown(&organization["name"]);
    let title = match organization["slug"].as_str() {
        Some(slug) => format!("{name} ({})", sanitize::text(slug)),
        None => format!("{name} ({})", shown(&organization["id"])),
    };
    let (bold, plain) = if color {
        ("\x1b[1m", "\x1b[0m")
    } else {
        ("", "")
    };
    writeln!(out, "{bold}{title}{plain}  {}", counts.join(", "))?;
    let mut lines: Vec<String> = Vec::new();
    lines.extend(members.iter().map(member));
    lines.extend(invitations.iter().map(|row| {
        format!(
            "{}  invited as {}, {}",
            shown(&row["email_address"]),
            shown(&row["role"]),
            day(&row["created_at"])
        )
    }));
    lines.extend(findings.iter().map(|row| {
        let severity = shown(&row["severity"]);
        let mark = match (color, severity.as_str()) {
            (true, "critical" | "high") => format!("\x1b[31m! {severity}\x1b[0m"),
            (true, "medium") => format!("\x1b[33m! {severity}\x1b[0m"),
            _ => format!("! {severity}"),
        };
        format!("{mark}: {}", shown(&row["says"]))
    }));
    let last = lines.len();
    for (number, line) in (1..).zip(lines) {
        let arm = if number == last { "└─" } else { "├─" };
        writeln!(out, "{arm} {line}")?;
    }
    writeln!(out)
}

fn member(row: &Value) -> String {
    let person = shown(&row["person"]);
    let seen = match row["last_sign_in_at"].as_str() {
        Some(_) => format!("last sign-in {}", day(&row["last_sign_in_at"])),
        None => "never signed in".to_owned(),
    };
    let status = match row["status"].as_str() {
        Some("active") | None => String::new(),
        Some(status) => format!(", {status}"),
    };
    format!("{person}  {}, {seen}{status}", shown(&row["role"]))
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn day(value: &Value) -> String {
    let text = value.as_str().unwrap_or("at an unknown time");
    text.split('T').next().unwrap_or_default().to_owned()
}

fn shown(value: &Value) -> String {
    sanitize::text(value.as_str().unwrap_or("nobody")).into_owned()
}
