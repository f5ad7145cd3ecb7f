//! `audit` itself: runs the rules, and writes the report in the form that was asked for.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use clap::{ArgMatches, Command};
use clerk_api_admin::format::{RenderError, Renderer, Report as Told};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::report::{charts, file, findings, html, json, junit, markdown, sarif};
use clerk_api_tasks::audit::{
    Config, Fingerprint, Options, Organization, Report, Rule, Severity, check, fingerprints,
};
use fs_err as fs;

use super::args::{self, ANCHOR, BASELINE, FAIL_ON, FORCE, ORG, TO, path, text};
use super::{shows_rows, source};
use crate::args::root::flag;
use crate::commands::jobs::place::now;
use crate::commands::output;
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// How every SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

pub(super) fn command() -> Command {
    Command::new("audit")
        .about("Report what is wrong: organizations, admins, members, invitations, users")
        .long_about("Report what is wrong: organizations that nobody manages, dormant admins, admins without a second factor, old invitations and more. Each rule is a file of SQL over an export of the instance, and you can add your own.")
        .after_help("Examples:\n  clerk-api audit --output html --to audit.html\n  clerk-api audit --from acme.sqlite --output table --org acme\n  clerk-api audit --config audit.toml --fail-on high --output sarif --to audit.sarif")
        .arg(args::from())
        .arg(args::org())
        .arg(args::rules_folder())
        .arg(args::config())
        .args(args::of_report())
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let form = text(matches, flag::OUTPUT);
    let is_filtered = context.flags.jq.is_some() || !context.flags.fields.is_empty();
    if let Some(form @ ("markdown" | "sarif" | "junit" | "html")) = form
        && is_filtered
    {
        let message = format!("--jq and --fields choose from data, and {form} is a whole report");
        return Err(Problem::usage(message));
    }
    let (rules, config) = args::chosen(matches)?;
    let baseline = match path(matches, BASELINE) {
        Some(file) => Some(baseline(file, &rules, &config)?),
        None => None,
    };
    let database = source::open(matches, context).await?;
    let organization = match text(matches, ORG) {
        Some(wanted) => Some(Organization::find(&database, wanted)?),
        None => None,
    };
    let options = Options {
        audited_at: now(),
        config,
        baseline,
        organization,
    };
    let report = check(&database, &rules, &options)?;
    let shown = write(matches, context, &database, &report)?;
    for (suppression, count) in &report.expired {
        context.ui.warn(&format!(
            "the suppression of {} {} was over on {}: {}",
            suppression.rule,
            suppression.id,
            suppression.until,
            findings(*count)
        ));
    }
    for (rule, table) in &report.skipped {
        context
            .ui
            .warn(&format!("{rule} was not run: the export has no {table}"));
    }
    failing(matches, &report)?;
    Ok(shown)
}

/// What was found before: in a report, or in an export of that time.
fn baseline(file: &Path, rules: &[Rule], config: &Config) -> Outcome<BTreeSet<Fingerprint>> {
    let bytes = fs::read(file).map_err(|error| {
        Problem::usage(format!("cannot read the baseline {}", file.display()))
            .cause(error.to_string())
    })?;
    if bytes.starts_with(SQLITE) {
        return fingerprints(&Database::open(file)?, rules, config);
    }
    json::baseline(&file.display().to_string(), &bytes)
}

/// Ends with a problem if there are findings as bad as the user said.
fn failing(matches: &ArgMatches, report: &Report) -> Outcome<()> {
    let Some(severity) = text(matches, FAIL_ON) else {
        return Ok(());
    };
    let severity: Severity = severity.parse().map_err(Problem::usage)?;
    match report.at_least(severity) {
        0 => Ok(()),
        count => Err(Problem::new(
            ProblemKind::Partly,
            "findings",
            format!("found what is {severity} or worse: {}", findings(count)),
        )
        .hint(
            "`clerk-api audit rules RULE` says why a rule matters; --config FILE accepts findings for a time",
        )),
    }
}

fn write(
    matches: &ArgMatches,
    context: &Context,
    database: &Database,
    report: &Report,
) -> Outcome<Exit> {
    let to = path(matches, TO);
    let force = matches.get_flag(FORCE);
    let whole = match text(matches, flag::OUTPUT) {
        Some("markdown") => markdown::text(report),
        Some("junit") => junit::text(report),
        Some("sarif") => {
            let left_out = sarif::left_out(report);
            if left_out > 0 {
                context.ui.warn(&format!(
                    "{left_out} findings are not in the report: code scanning takes no more"
                ));
            }
            sarif::document(report, text(matches, ANCHOR)).to_string() + "\n"
        }
        Some("html") => html(context, database, report, to, force)?,
        _ => return written_by_renderer(context, report, to, force),
    };
    match to {
        Some(path) => file::write(path, force, |out| out.write_all(whole.as_bytes()))?,
        None => context.ui.print(&whole)?,
    }
    Ok(Exit::Done)
}

/// The page, and beside it a file with what it leaves out.
fn html(
    context: &Context,
    database: &Database,
    report: &Report,
    to: Option<&Path>,
    force: bool,
) -> Outcome<String> {
    let organization = report.organization.as_ref().map(|(id, _)| id.as_str());
    let charts = charts::read(database, report.source.read_at, organization)?;
    let is_cut = report
        .rules
        .iter()
        .any(|rule| rule.findings.len() > html::SHOWN);
    let beside = to.filter(|_| is_cut).map(|to| to.with_extension("csv"));
    if let Some(path) = &beside {
        file::write(path, force, |out| file::csv(report, out))?;
        context
            .ui
            .note(&format!("all findings are in {}", path.display()));
    }
    let name = beside.as_deref().and_then(Path::file_name);
    let name = name.map(|name| name.to_string_lossy().into_owned());
    Ok(html::page(report, &charts, name.as_deref()))
}

/// The forms that every command has: a document, or the findings as rows.
fn written_by_renderer(
    context: &Context,
    report: &Report,
    to: Option<&Path>,
    force: bool,
) -> Outcome<Exit> {
    let mut told = Told::default();
    match to {
        None => {
            let mut renderer = output::renderer(context, "audit")?;
            let mut out = context.ui.out();
            told = rendered(context, report, &mut renderer, &mut out).map_err(output::unshown)?;
            out.flush().map_err(|error| Problem::output(&error))?;
        }
        Some(path) => {
            let mut renderer = output::renderer_of_file(context, "audit")?;
            file::write(path, force, |out: &mut dyn Write| {
                told = match rendered(context, report, &mut renderer, out) {
                    Ok(told) => told,
                    Err(RenderError::Write(error)) => return Err(error),
                    // Half a report takes no file's place.
                    Err(other) => return Err(io::Error::other(other)),
                };
                Ok(())
            })?;
        }
    }
    output::reported(context, &told)
}

/// Writes finding by finding, since all of them as text can be a gigabyte; only who picks fields of the findings in the document
/// needs it whole.
fn rendered(
    context: &Context,
    report: &Report,
    renderer: &mut Renderer,
    out: &mut dyn Write,
) -> Result<Told, RenderError> {
    if shows_rows(context) {
        renderer.list_start(None, out)?;
    } else if context.flags.fields.is_empty() {
        renderer.start_within(&json::around(report).to_string(), json::FINDINGS, out)?;
    } else {
        let is_of_findings =
            |field: &String| field.trim().split('.').next() == Some(json::FINDINGS);
        let document = match context.flags.fields.iter().any(is_of_findings) {
            true => json::document(report),
            false => json::around(report),
        };
        return renderer.answer(document.to_string().as_bytes(), out);
    }
    json::each_text(report, |row| renderer.row(row, out))?;
    renderer.list_end(out)
}
