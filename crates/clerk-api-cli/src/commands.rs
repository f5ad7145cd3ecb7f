//! The commands that are written by hand.

mod completions;
mod doctor;
mod local;
mod man;
mod many;
mod operation;

use clap::{ArgMatches, Command};

use crate::context::Context;
use crate::show::exit::Exit;
use crate::show::ui::Ui;
use crate::terminal;
use clerk_api_admin::format::{OutputError, OutputOptions, RenderError, Renderer, Report};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::text::secrets::Secrets;
use clerk_api_admin::view;

pub(crate) use operation::run as run_operation;

/// Their part of the command tree.
pub(crate) fn tree() -> [Command; 4] {
    [
        local::command(),
        doctor::command(),
        completions::command(),
        man::command(),
    ]
}

/// Runs one of them, or gives nothing if it is none of them. Those that need neither settings nor network come first.
pub(crate) fn run_plain(name: &str, matches: &ArgMatches, ui: &Ui) -> Option<Outcome<Exit>> {
    match name {
        "completions" => Some(completions::run(matches, ui)),
        "man" => Some(man::run(matches, ui)),
        _ => None,
    }
}

/// Runs one that works with settings.
pub(crate) async fn run(name: &str, matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    // What cannot be shown is refused before anything is done.
    if context.flags.jq.is_some() || !context.flags.fields.is_empty() {
        drop(renderer(context, name)?);
    }
    match name {
        "local" => local::run(matches, context).await,
        "doctor" => doctor::run(matches, context).await,
        _ => Err(Problem::usage(format!("there is no command {name}"))),
    }
}

/// The renderer that the user asked for; its mistakes are found before anything is sent.
fn renderer(context: &Context, view: &str) -> Outcome<Renderer> {
    let ui = &context.ui;
    let options = OutputOptions {
        format: context.settings.output.value,
        fields: context.flags.fields.clone(),
        jq: context.flags.jq.clone(),
        color: ui.color_out,
        pretty: ui.stdout_terminal,
        width: terminal::width(ui.stdout_terminal),
        view: view::view(view),
        to_terminal: ui.stdout_terminal,
        to_file: ui.stdout_file,
        show_secrets: context.flags.show_secrets,
        // A local Clerk's own key is what its commands are asked for.
        secrets: match view {
            "local" => Secrets::default(),
            _ => ui.secrets.clone(),
        },
        filter_program: context
            .flags
            .jq
            .as_ref()
            .map(|_| this_program())
            .transpose()?,
    };
    Renderer::new(&options).map_err(|error| match error {
        OutputError::Start(ref cause) => Problem::io(error.to_string(), cause),
        other => Problem::usage(other.to_string()),
    })
}

/// This program, to be started once more for the filter.
fn this_program() -> Outcome<std::path::PathBuf> {
    std::env::current_exe().map_err(|error| Problem::io("cannot find this program", &error))
}

/// A failure to show what was received.
fn unshown(error: RenderError) -> Box<Problem> {
    match error {
        RenderError::Write(error) => Problem::output(&error),
        other => Problem::new(ProblemKind::Failed, "output", other.to_string()),
    }
}

/// Shows one answer, or an object of ours, in the format that was asked for.
fn show(context: &Context, renderer: &mut Renderer, raw: &[u8]) -> Outcome<Exit> {
    use std::io::Write as _;
    let mut out = context.ui.out();
    let report = renderer.answer(raw, &mut out).map_err(unshown)?;
    out.flush().map_err(|error| Problem::output(&error))?;
    context.sending.shown();
    reported(context, &report)
}

/// Tells what should be known of an output that was written.
fn reported(context: &Context, report: &Report) -> Outcome<Exit> {
    for warning in &report.warnings {
        context.ui.warn(warning);
    }
    match report.left_out {
        0 => Ok(Exit::Done),
        1 => Err(left_out("1 row is not in the output")),
        many => Err(left_out(format!("{many} rows are not in the output"))),
    }
}

fn left_out(message: impl Into<String>) -> Box<Problem> {
    Problem::new(ProblemKind::Partly, "rows_left_out", message)
        .hint("json and ndjson without --jq show every row as it came")
}
