//! A problem as the command line reports it: with an exit code, and with the commands that help.

use clerk_api_admin::problem::{Interruption, Problem, ProblemKind};
use clerk_api_admin::text::secrets::Secrets;
use serde_json::{Map, Value};

use super::exit::Exit;
use super::hints;

/// The word of a command that `local exec` did not find.
pub(crate) const COMMAND_NOT_FOUND: &str = "command_not_found";
/// The word of a command that `local exec` could not run.
pub(crate) const COMMAND_NOT_RUN: &str = "command_not_run";

/// How the process ends for a problem. This is the only place that decides it.
pub(crate) fn exit(problem: &Problem) -> Exit {
    match problem.code {
        COMMAND_NOT_FOUND => Exit::NoCommand,
        COMMAND_NOT_RUN => Exit::NotRun,
        _ => exit_of_kind(problem.kind),
    }
}

const fn exit_of_kind(kind: ProblemKind) -> Exit {
    match kind {
        ProblemKind::Usage => Exit::Usage,
        ProblemKind::Partly => Exit::Partly,
        ProblemKind::Key => Exit::Key,
        ProblemKind::Absent => Exit::Absent,
        ProblemKind::Rejected => Exit::Rejected,
        ProblemKind::Refused => Exit::Refused,
        ProblemKind::Unknown => Exit::Unknown,
        ProblemKind::Changed => Exit::Changed,
        ProblemKind::Locked => Exit::Locked,
        ProblemKind::Io => Exit::Io,
        ProblemKind::Closed => Exit::Pipe,
        ProblemKind::Later => Exit::Later,
        ProblemKind::Interrupted(Interruption::Interrupt) => Exit::Interrupt,
        ProblemKind::Interrupted(Interruption::Terminate) => Exit::Terminate,
        ProblemKind::Interrupted(Interruption::Hangup) => Exit::Hangup,
        _ => Exit::Failed,
    }
}

/// All hints: what helps against the API's error, then what was said where the problem arose.
pub(crate) fn hints(problem: &Problem) -> Vec<String> {
    let source = problem.source.as_deref();
    let mut all = source.map(hints::of).unwrap_or_default();
    all.extend(problem.hints.iter().cloned());
    all
}

/// The one JSON object for programs (reliability.md section 5).
pub(crate) fn json(problem: &Problem, secrets: &Secrets) -> Value {
    let mut members = problem.report(&hints(problem), secrets).into_iter();
    let mut object = Map::new();
    object.extend(members.next());
    object.insert("exit".to_owned(), exit(problem).code().into());
    object.extend(members);
    Value::Object(object)
}
