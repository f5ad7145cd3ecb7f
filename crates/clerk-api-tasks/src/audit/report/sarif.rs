//! The report as SARIF 2.1.0, for code scanning. GitHub refuses a whole file if one result has no physical location, so each
//! result points at a file: that of the rule, or one that the user names.

use std::fmt::Write as _;

use clerk_api_admin::text::sanitize;
use serde_json::{Value, json};

use super::{Report, RuleReport};
use crate::audit::finding::Finding;
use crate::audit::severity::Severity;

/// The most results of a run that GitHub takes.
const MOST: usize = 25_000;

/// The whole document. `anchor` is the file that every result points at; without one it is the configuration's, else that of
/// its rule.
#[must_use]
pub fn document(report: &Report, anchor: Option<&str>) -> Value {
    let anchor = anchor.or(report.config.as_deref());
    let rules = report.rules.iter();
    let results: Vec<Value> = report
        .worst_first()
        .into_iter()
        .flat_map(|rule| rule.findings.iter().map(move |found| (rule, found)))
        .take(MOST)
        .map(|(rule, finding)| result(report, rule, finding, anchor))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "clerk-api",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.map(rule).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": "clerk-api/audit/"},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// How many findings do not fit.
#[must_use]
pub fn left_out(report: &Report) -> usize {
    report.findings().saturating_sub(MOST)
}

fn rule(report: &RuleReport) -> Value {
    let rule = &report.rule;
    let help = format!("{} What to do: {}", rule.why, rule.mend.source());
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": help},
        "defaultConfiguration": {"level": level(report.severity)},
        "properties": {
            "security-severity": score(report.severity),
            "problem.severity": level(report.severity),
            "tags": tags(report),
        },
    })
}

fn tags(report: &RuleReport) -> Vec<&str> {
    let references = report.rule.references.iter().map(String::as_str);
    ["security"].into_iter().chain(references).collect()
}

fn result(report: &Report, rule: &RuleReport, finding: &Finding, anchor: Option<&str>) -> Value {
    let index = report
        .rules
        .iter()
        .position(|other| other.rule.id == rule.rule.id);
    let (file, line) = match anchor {
        Some(file) => (file, 1),
        None => (rule.rule.file.as_str(), rule.rule.line),
    };
    let logical: Vec<Value> = [("organization_id", "organization"), ("user_id", "user")]
        .into_iter()
        .filter_map(|(column, kind)| {
            let id = rule.value(finding, column)?.shown();
            Some(json!({"name": id, "fullyQualifiedName": format!("{kind}/{id}"), "kind": kind}))
        })
        .collect();
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": {"startLine": line},
        },
    });
    if !logical.is_empty() {
        location["logicalLocations"] = logical.into();
    }
    let says = rule.says(finding);
    json!({
        "ruleId": rule.rule.id,
        "ruleIndex": index,
        "level": level(rule.severity),
        // A link in a message would be one of somebody else.
        "message": {"text": sanitize::text(&says).replace('[', "\\[").replace(']', "\\]")},
        "locations": [location],
        "partialFingerprints": {"clerkApiFinding/v1": finding.fingerprint.to_string()},
        "properties": {"mend": rule.mend(finding)},
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The number by which GitHub sorts.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

/// A path as a reference relative to the repository.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::new();
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
