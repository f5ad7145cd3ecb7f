//! The findings as CSV: a line each, for spreadsheets and for what an HTML report leaves out.

use std::io::{self, Write};

use clerk_api_admin::format::csv::line;

use super::{Report, RuleReport};
use crate::audit::finding::Finding;

/// The columns.
const COLUMNS: [&str; 8] = [
    "severity",
    "rule",
    "says",
    "about",
    "organization_id",
    "user_id",
    "mend",
    "fingerprint",
];

/// Writes all findings.
///
/// # Errors
/// An output that takes no more.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(line(COLUMNS.into_iter()).as_bytes())?;
    for rule in report.worst_first() {
        for finding in &rule.findings {
            out.write_all(row(rule, finding).as_bytes())?;
        }
    }
    Ok(())
}

fn row(rule: &RuleReport, finding: &Finding) -> String {
    let about: Vec<String> = rule
        .about(finding)
        .map(|(name, value)| format!("{name}={}", value.shown()))
        .collect();
    let of = |name: &str| {
        let value = rule.value(finding, name);
        value.map_or_else(String::new, |value| value.shown())
    };
    let cells = [
        rule.severity.to_string(),
        rule.rule.id.clone(),
        rule.says(finding),
        about.join("; "),
        of("organization_id"),
        of("user_id"),
        rule.mend(finding),
        finding.fingerprint.to_string(),
    ];
    line(cells.iter().map(String::as_str))
}
