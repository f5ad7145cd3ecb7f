//! What is said of a value that an argument does not take.

use clerk_api::declare::{Field, Kind};
use clerk_api_admin::problem::Problem;

use super::record::Record;
use crate::rows::shown;

/// The problem of a value that its argument does not take. Secrets, and objects that may hold some, are not shown.
pub(super) fn refused(
    record: &Record<'_>,
    field: &Field,
    column: &str,
    texts: &[String],
    mut problem: Box<Problem>,
) -> Box<Problem> {
    if matches!(field.kind, Kind::Object | Kind::Secret) && !problem.message.contains("characters")
    {
        return record.bad(
            Some(column),
            "is refused; the value is not shown, since it may hold a secret",
        );
    }
    let shown = shown(&texts.join(", "));
    if !matches!(field.kind, Kind::Object | Kind::Secret)
        && !texts
            .iter()
            .any(|text| problem.message.contains(text.as_str()))
    {
        problem.message = format!("{}: {shown}", problem.message);
    }
    placed(record, problem)
}

/// The problem with the line of its row.
pub(super) fn placed(record: &Record<'_>, mut problem: Box<Problem>) -> Box<Problem> {
    problem.message = format!("line {}, {}", record.row.at.line, problem.message);
    problem
}
