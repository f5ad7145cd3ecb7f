//! The report as `JUnit` XML: a test for each rule, which fails where there are findings, for the test reports of CI.

use std::fmt::Write as _;

use clerk_api_admin::text::sanitize;

use super::{Report, RuleReport, findings};
use crate::audit::rule::iso;

/// So many findings of a rule are listed.
const LISTED: usize = 100;

/// The whole document.
#[must_use]
pub fn text(report: &Report) -> String {
    let failures = report.rules.iter().filter(|rule| !rule.findings.is_empty());
    let (tests, failures) = (report.rules.len(), failures.count());
    let at = iso(report.audited_at).unwrap_or_default();
    // The schema has no fraction and no zone.
    let at = at.split('.').next().unwrap_or_default();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(
        text,
        "<testsuites name=\"clerk-api audit\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">"
    );
    let _ = writeln!(
        text,
        "  <testsuite name=\"clerk-api audit\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\" timestamp=\"{at}\" hostname=\"localhost\">\n    <properties></properties>"
    );
    for rule in &report.rules {
        case(&mut text, rule);
    }
    text.push_str("    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n</testsuites>\n");
    text
}

fn case(text: &mut String, report: &RuleReport) {
    let rule = &report.rule;
    let _ = write!(
        text,
        "    <testcase name=\"{}\" classname=\"audit.{}\" time=\"0\"",
        escaped(&rule.title),
        rule.id
    );
    if report.findings.is_empty() {
        text.push_str("/>\n");
        return;
    }
    let count = report.findings.len();
    let _ = writeln!(
        text,
        ">\n      <failure message=\"{}\" type=\"{}\">{}",
        findings(count),
        report.severity,
        escaped(&rule.why)
    );
    for finding in report.findings.iter().take(LISTED) {
        let _ = writeln!(
            text,
            "{} [{}]",
            escaped(&report.says(finding)),
            escaped(&report.mend(finding))
        );
    }
    if count > LISTED {
        let _ = writeln!(text, "and {} more", count - LISTED);
    }
    text.push_str("</failure>\n    </testcase>\n");
}

/// Text in XML: visible, since XML has no control characters, and escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in sanitize::text(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
