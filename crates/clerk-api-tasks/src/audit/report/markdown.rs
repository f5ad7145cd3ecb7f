//! The report as Markdown, for issues, pull requests and chat.

use std::fmt::Write as _;

use clerk_api_admin::text::sanitize;

use super::{Report, RuleReport, findings};
use crate::audit::rule::iso;
use crate::audit::severity::Severity;

/// So many findings of a rule are listed.
const LISTED: usize = 50;

/// The whole text.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    let title = match &report.organization {
        Some((_, name)) => format!("Audit of {}", safe(name)),
        None => "Audit".to_owned(),
    };
    let _ = write!(text, "# {title}\n\n{}\n\n", looked_at(report));
    let _ = write!(text, "| severity | findings |\n|---|---:|\n");
    for severity in Severity::ALL {
        let _ = writeln!(text, "| {severity} | {} |", report.of(severity));
    }
    let _ = write!(text, "\n{}\n", counted(report));
    for rule in report.worst_first() {
        section(&mut text, rule);
    }
    if !report.expired.is_empty() {
        let _ = write!(text, "\n## Suppressions that are over\n\n");
        for (suppression, count) in &report.expired {
            let _ = writeln!(
                text,
                "- {} {}: until {}, {}: {}",
                suppression.rule,
                safe(&suppression.id),
                suppression.until,
                findings(*count),
                safe(&suppression.reason)
            );
        }
    }
    text
}

/// What was looked at, in a sentence.
pub(super) fn looked_at(report: &Report) -> String {
    let counts = report.source.counts.iter();
    let counts: Vec<String> = counts
        .filter(|(table, _)| ["users", "organizations", "memberships"].contains(table))
        .map(|(table, count)| format!("{count} {table}"))
        .collect();
    format!(
        "{} rules looked at {}, as they were at {}.",
        report.rules.len(),
        counts.join(", "),
        moment(report.source.read_at)
    )
}

/// A moment for people.
pub(super) fn moment(millis: i64) -> String {
    let text = iso(millis).unwrap_or_default();
    text.get(..16).unwrap_or_default().replace('T', " ") + " UTC"
}

/// What is counted apart from the findings, in a sentence.
pub(super) fn counted(report: &Report) -> String {
    let mut parts = vec![
        findings(report.findings()),
        format!("{} suppressed", report.suppressed()),
        format!("{} suppressions are over", report.expired.len()),
    ];
    if report.has_baseline {
        parts[0] = format!("new since the baseline: {}", findings(report.findings()));
        parts.push(format!("{} were there before", report.known()));
    }
    if !report.unused.is_empty() {
        parts.push(format!(
            "{} suppressions cover nothing",
            report.unused.len()
        ));
    }
    format!("{}.", parts.join(", "))
}

fn section(text: &mut String, rule: &RuleReport) {
    let count = rule.findings.len();
    let _ = write!(
        text,
        "\n## {} ({}, {count})\n\n{} What to do: `{}`\n\n",
        rule.rule.title,
        rule.severity,
        rule.rule.why,
        rule.rule.mend.source()
    );
    for finding in rule.findings.iter().take(LISTED) {
        let _ = writeln!(text, "- {}", safe(&rule.says(finding)));
    }
    if count > LISTED {
        let _ = writeln!(text, "- and {} more", count - LISTED);
    }
}

/// Text of others: visible, and without any meaning in Markdown or HTML.
fn safe(text: &str) -> String {
    let (mut safe, mut before) = (String::new(), ' ');
    for c in sanitize::text(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            // A reference such as @team or #1 calls people; a blank of no width keeps it a text.
            '@' | '#' if !before.is_alphanumeric() => safe.extend([c, '\u{2060}']),
            '@' | '#' => safe.push(c),
            c if c.is_ascii_punctuation() && !".,:;-+'/()=?%\"".contains(c) => {
                safe.extend(['\\', c]);
            }
            c => safe.push(c),
        }
        before = c;
    }
    safe
}
