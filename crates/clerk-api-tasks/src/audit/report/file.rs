//! A report in a file: whole or not at all, for its owner only.

use std::io::{self, Write};
use std::path::Path;

use clerk_api_admin::format::csv::line;
use clerk_api_admin::problem::{Outcome, Problem};

use super::Report;
use crate::fresh::Fresh;

/// Writes a file; an existing one only if it may be replaced.
///
/// # Errors
/// A file that is there already, or cannot be written.
pub fn write(
    path: &Path,
    replaces: bool,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Outcome<()> {
    let mut file = Fresh::create(path, replaces)?;
    content(&mut file)
        .map_err(|error| Problem::io(format!("cannot write {}", path.display()), &error))?;
    file.finish()
}

/// All findings as CSV, for what a page leaves out.
///
/// # Errors
/// An output that takes no more.
pub fn csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let columns = ["severity", "rule", "says", "mend", "fingerprint"];
    out.write_all(line(columns.into_iter()).as_bytes())?;
    for rule in report.worst_first() {
        for finding in &rule.findings {
            let cells = [
                rule.severity.to_string(),
                rule.rule.id.clone(),
                rule.says(finding),
                rule.mend(finding),
                finding.fingerprint.to_string(),
            ];
            out.write_all(line(cells.iter().map(String::as_str)).as_bytes())?;
        }
    }
    Ok(())
}
