//! The report as a document for programs: a summary, the rules, the findings. It is also the baseline of the next audit.

use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;

use clerk_api_admin::problem::{Outcome, Problem};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Report, RuleReport};
use crate::audit::cell::Cell;
use crate::audit::config::Suppression;
use crate::audit::finding::{Finding, Fingerprint};
use crate::audit::rule::iso;
use crate::audit::severity::Severity;

/// The member of the document that holds the findings.
pub const FINDINGS: &str = "findings";

/// The whole document.
#[must_use]
pub fn document(report: &Report) -> Value {
    let mut document = around(report);
    document[FINDINGS] = findings(report).map(|row| json!(row)).collect();
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
pub fn findings(report: &Report) -> impl Iterator<Item = Row<'_>> {
    report.worst_first().into_iter().flat_map(of_rule)
}

/// So many findings are made into text at once, and so many such batches wait.
const BATCH: usize = 256;
const WAITING: usize = 4;

/// Gives each of the findings away as text, while a thread of its own makes the next ones: writing hundreds of thousands takes seconds.
///
/// # Errors
/// What `each` returns as an error ends it.
pub fn each_text<E: From<io::Error>>(
    report: &Report,
    mut each: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let (batches, made) = sync_channel(WAITING);
        scope.spawn(move || {
            let mut texts = findings(report).map(|row| serde_json::to_string(&row));
            loop {
                let batch: Vec<_> = texts.by_ref().take(BATCH).collect();
                // Nobody takes more after an error.
                if batch.is_empty() || batches.send(batch).is_err() {
                    return;
                }
            }
        });
        let mut texts = made.into_iter().flatten();
        texts.try_for_each(|text| each(&text.map_err(io::Error::from)?))
    })
}

/// The findings of one rule.
pub fn of_rule(rule: &RuleReport) -> impl Iterator<Item = Row<'_>> {
    rule.findings.iter().map(|found| row(rule, found))
}

/// One finding, as the document has it.
#[derive(Debug, Serialize)]
pub struct Row<'r> {
    rule: &'r str,
    severity: &'r str,
    says: String,
    about: Members<'r>,
    facts: Members<'r>,
    mend: String,
    fingerprint: String,
}

/// Values by the names of their columns.
#[derive(Debug)]
struct Members<'r>(Vec<(&'r str, Cell<'r>)>);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, cell)| (name, cell)))
    }
}

fn row<'r>(rule: &'r RuleReport, finding: &'r Finding) -> Row<'r> {
    let columns = rule.columns.iter().map(String::as_str);
    let is_about = |name: &str| rule.rule.about.iter().any(|about| about == name);
    let facts = columns.zip(finding.cells.iter());
    Row {
        rule: &rule.rule.id,
        severity: rule.severity.as_str(),
        says: rule.says(finding),
        about: Members(rule.about(finding).collect()),
        facts: Members(facts.filter(|(name, _)| !is_about(name)).collect()),
        mend: rule.mend(finding),
        fingerprint: finding.fingerprint.to_string(),
    }
}

fn suppressed(report: &Report) -> Vec<Value> {
    let rules = report.rules.iter();
    rules
        .flat_map(|rule| {
            rule.suppressed.iter().map(move |(found, suppression)| {
                let mut value = json!(row(rule, found));
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
