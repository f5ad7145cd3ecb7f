//! Shows what a command received, with notes about it.

use clerk_api::Reply;
use clerk_api_admin::format::{Format, OutputError, OutputOptions, RenderError, Renderer, Report};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::text::secrets::Secrets;
use clerk_api_admin::view;

use crate::setup::context::Context;
use crate::setup::terminal;
use crate::show::exit::Exit;

/// The renderer that the user asked for; its mistakes are found before anything is sent.
pub(super) fn renderer(context: &Context, view: &str) -> Outcome<Renderer> {
    made(&options(context, view)?)
}

/// The same for a file that is not standard output.
pub(super) fn renderer_of_file(context: &Context, view: &str) -> Outcome<Renderer> {
    made(&OutputOptions {
        color: false,
        pretty: false,
        width: None,
        to_terminal: false,
        to_file: true,
        ..options(context, view)?
    })
}

/// Tables of this width, for a person who chooses one of their rows.
pub(super) fn table(context: &Context, view: &str, width: u16) -> Outcome<Renderer> {
    made(&OutputOptions {
        format: Format::Table,
        width: Some(width),
        view: view::view(view),
        to_terminal: true,
        secrets: context.ui.secrets.clone(),
        ..OutputOptions::default()
    })
}

fn options(context: &Context, view: &str) -> Outcome<OutputOptions> {
    let ui = &context.ui;
    Ok(OutputOptions {
        format: context.settings.output.value,
        fields: context.flags.fields.clone(),
        jq: context.flags.jq.clone(),
        color: ui.color_out,
        pretty: ui.stdout_terminal,
        width: terminal::width(ui.stdout_terminal).filter(|_| !context.flags.wide),
        view: view::view(view),
        to_terminal: ui.stdout_terminal,
        to_file: ui.stdout_file,
        raw: context.flags.raw,
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
    })
}

fn made(options: &OutputOptions) -> Outcome<Renderer> {
    Renderer::new(options).map_err(|error| match error {
        OutputError::Start(ref cause) => Problem::io(error.to_string(), cause),
        other => Problem::usage(other.to_string()),
    })
}

/// This program, to be started once more for the filter.
fn this_program() -> Outcome<std::path::PathBuf> {
    std::env::current_exe().map_err(|error| Problem::io("cannot find this program", &error))
}

/// A failure to show what was received.
pub(super) fn unshown(error: RenderError) -> Box<Problem> {
    match error {
        RenderError::Write(error) => Problem::output(&error),
        other => Problem::new(ProblemKind::Failed, "output", other.to_string()),
    }
}

/// Shows one response, or an object of ours, in the format that was asked for.
pub(super) fn show(context: &Context, renderer: &mut Renderer, raw: &[u8]) -> Outcome<Exit> {
    use std::io::Write as _;
    let mut out = context.ui.out();
    let report = renderer.answer(raw, &mut out).map_err(unshown)?;
    out.flush().map_err(|error| Problem::output(&error))?;
    context.sending.shown();
    reported(context, &report)
}

/// Prints the notes about an output that was written.
pub(super) fn reported(context: &Context, report: &Report) -> Outcome<Exit> {
    for warning in &report.warnings {
        context.ui.warn(warning);
    }
    for note in &report.notes {
        context.ui.note(note);
    }
    match report.left_out {
        0 => Ok(Exit::Done),
        1 => Err(left_out("1 row is missing from the output")),
        many => Err(left_out(format!("{many} rows are missing from the output"))),
    }
}

fn left_out(message: impl Into<String>) -> Box<Problem> {
    Problem::new(ProblemKind::Partly, "rows_left_out", message)
        .hint("json and ndjson without --jq show every row as received")
}

/// Details for those who asked.
pub(super) fn told(context: &Context, reply: &Reply<()>) {
    let trace = reply.trace_id.as_deref().unwrap_or("none");
    context.ui.detail(
        1,
        &format!(
            "HTTP {} after {} attempt(s), trace {trace}",
            reply.status, reply.attempts
        ),
    );
    if reply.reconciled {
        context
            .ui
            .note("the response did not say whether it was done; a look-up shows that it was");
    }
}
