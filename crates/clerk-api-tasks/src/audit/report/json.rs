//! The report as a document for programs: a summary, the rules, the findings. It is also the baseline of the next audit.

use std::collections::BTreeSet;

use clerk_api_admin::problem::{Outcome, Problem};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Report, RuleReport};
use crate::audit::config::Suppression;
use crate::audit::database::Cell;
use crate::audit::finding::{Finding, Fingerprint};
use crate::audit::rule::iso;
use crate::audit::severity::Severity;

/// The member of the document that holds the findings.
pub const FINDINGS: &str = "findings";

/// The whole document.
#[must_use]
pub fn document(report: &Report) -> Value {
    let mut document = around(report);
    document[FINDINGS] = findings(report).collect();
    document
}

/// The document around the findings, which are not in it: there can be very many of them.
#[must_use]
pub fn around(report: &Report) -> Value {
    let source = &report.source;
    let meta = |name: &str| source.fact(name);
    let counts = source.counts.iter();
    let counts: Map<String, Value> = counts
        .map(|(table, count)| ((*table).to_owned(), (*count).into()))
        .collect();
    json!({
        "object": "audit",
        "version": env!("CARGO_PKG_VERSION"),
        "audited_at": iso(report.audited_at),
        "source": {
            "file": source.file,
            "instance": meta("instance_id"),
            "environment": meta("environment"),
            "swept_at": iso(source.read_at),
            "consistent": meta("consistent").map(|text| text == "true"),
            "counts": counts,
        },
        "organization": report.organization.as_ref().map(|(id, name)| json!({"id": id, "name": name})),
        "config": report.config,
        "summary": summary(report),
        "skipped_rules": report.skipped.iter().map(|(rule, table)| json!({"rule": rule, "lacks": table})).collect::<Vec<_>>(),
        "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
        FINDINGS: [],
        "suppressed": suppressed(report),
        "expired_suppressions": report.expired.iter().map(|(suppression, findings)| {
            let mut value = accepted(suppression);
            value["findings"] = (*findings).into();
            value
        }).collect::<Vec<_>>(),
        "unused_suppressions": report.unused.iter().map(accepted).collect::<Vec<_>>(),
        "known": known(report),
    })
}

fn summary(report: &Report) -> Value {
    let by_severity: Map<String, Value> = Severity::ALL
        .into_iter()
        .map(|severity| (severity.to_string(), report.of(severity).into()))
        .collect();
    json!({
        "rules": report.rules.len(),
        "findings": report.findings(),
        "by_severity": by_severity,
        "suppressed": report.suppressed(),
        "expired_suppressions": report.expired.len(),
        "unused_suppressions": report.unused.len(),
        "known": report.has_baseline.then(|| report.known()),
    })
}

fn rule(report: &RuleReport) -> Value {
    let rule = &report.rule;
    json!({
        "id": rule.id,
        "severity": report.severity.as_str(),
        "title": rule.title,
        "why": rule.why,
        "mend": rule.mend.source(),
        "numbers": report.numbers,
        "references": rule.references,
        "found": report.found(),
        "reported": report.findings.len(),
        "suppressed": report.suppressed.len(),
        "expired_suppressions": report.expired,
        "known": report.known.len(),
    })
}

/// The findings, the worst first: what a table and a CSV file show, too.
pub fn findings(report: &Report) -> impl Iterator<Item = Value> {
    let rules = report.worst_first().into_iter();
    rules.flat_map(|rule| rule.findings.iter().map(move |found| finding(rule, found)))
}

/// One finding.
fn finding(rule: &RuleReport, finding: &Finding) -> Value {
    let about: Map<String, Value> = rule
        .about(finding)
        .map(|(name, cell)| (name.to_owned(), value(cell)))
        .collect();
    let facts = rule.columns.iter().zip(&finding.cells);
    let facts: Map<String, Value> = facts
        .filter(|(name, _)| !about.contains_key(*name))
        .map(|(name, cell)| (name.clone(), value(cell)))
        .collect();
    json!({
        "rule": rule.rule.id,
        "severity": rule.severity.as_str(),
        "says": rule.says(finding),
        "about": about,
        "facts": facts,
        "mend": rule.mend(finding),
        "fingerprint": finding.fingerprint.to_string(),
    })
}

/// A value of a row as JSON.
#[must_use]
pub fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => (*number).into(),
        Cell::Text(text) => (&**text).into(),
    }
}

fn suppressed(report: &Report) -> Vec<Value> {
    let rules = report.rules.iter();
    rules
        .flat_map(|rule| {
            rule.suppressed.iter().map(move |(found, suppression)| {
                let mut value = finding(rule, found);
                value["reason"] = suppression.reason.as_str().into();
                value["until"] = suppression.until.as_str().into();
                value
            })
        })
        .collect()
}

fn accepted(suppression: &Suppression) -> Value {
    json!({
        "rule": suppression.rule,
        "id": suppression.id,
        "reason": suppression.reason,
        "until": suppression.until,
    })
}

fn known(report: &Report) -> Vec<String> {
    let rules = report.rules.iter();
    rules
        .flat_map(|rule| rule.known.iter().map(ToString::to_string))
        .collect()
}

/// The fingerprints in an earlier report: all that it reported, and what its own baseline had.
///
/// # Errors
/// A text that is no such report.
pub fn baseline(name: &str, text: &[u8]) -> Outcome<BTreeSet<Fingerprint>> {
    let wrong = |cause: String| {
        Problem::usage(format!(
            "{name} is neither a report of an audit nor an export"
        ))
        .cause(cause)
        .hint("`clerk-api audit > last.json` writes a report")
    };
    let report: Earlier = serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?;
    let Some(findings) = report.findings.filter(|_| report.object == "audit") else {
        return Err(wrong("it has no findings".to_owned()));
    };
    let found = findings.into_iter().map(|finding| finding.fingerprint);
    found
        .chain(report.known)
        .map(|text| text.parse().map_err(wrong))
        .collect()
}

/// What an earlier report has of fingerprints; the rest of it is not kept.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Earlier {
    object: String,
    findings: Option<Vec<Marked>>,
    known: Vec<String>,
}

#[derive(Deserialize)]
struct Marked {
    fingerprint: String,
}
