//! The report as one HTML file that sends no request to anywhere: a person opens it, sorts it, prints it.
//!
//! It is whole without its script, which only sorts and filters. Text of others is made visible, then escaped.

mod bars;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clerk_api_admin::text::sanitize;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::charts::Chart;
use super::markdown::{counted, looked_at, moment};
use super::{Report, RuleReport};
use crate::audit::cell::Cell;
use crate::audit::finding::Finding;
use crate::audit::severity::Severity;

/// So many findings of a rule are shown.
pub const SHOWN: usize = 300;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// The whole page. `beside` is the name of the CSV file with all findings, where there is one.
#[must_use]
pub fn page(report: &Report, charts: &[Chart], beside: Option<&str>) -> String {
    let title = match &report.organization {
        Some((_, name)) => format!("Audit of {}", sanitize::text(name)),
        None => "Audit".to_owned(),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p { (looked_at(report)) }
                }
                main {
                    (summary(report))
                    @if !charts.is_empty() {
                        section.charts {
                            h2 { "What there is" }
                            div.grid { @for chart in charts { (bars::figure(chart)) } }
                        }
                    }
                    @for rule in report.worst_first() { (findings(rule, beside)) }
                    (apart(report))
                    (sources(report))
                }
                footer { "Made by clerk-api " (env!("CARGO_PKG_VERSION")) " at " (moment(report.audited_at)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What the page may do: use its own style and script, and nothing else.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn summary(report: &Report) -> Markup {
    let findings = report.findings();
    html! {
        section {
            h2 { @if report.has_baseline { "New since the baseline" } @else { "Summary" } }
            ul.tiles {
                @for severity in Severity::ALL {
                    li class=(severity) { strong { (report.of(severity)) } " " (severity) }
                }
            }
            p { (counted(report)) }
            @if findings == 0 { p.good { "Nothing to do." } } @else {
                div.wide { table.sortable {
                    thead { tr { th { "Severity" } th { "What is wrong" } th.number { "Findings" } th.number { "Suppressed" } @if report.has_baseline { th.number { "Known" } } } }
                    tbody { @for rule in report.worst_first() { tr {
                        td data-order=(rank(rule.severity)) { (badge(rule.severity)) }
                        td { a href={ "#" (rule.rule.id) } { (text(&rule.rule.title)) } }
                        td.number { (rule.findings.len()) }
                        td.number { (rule.suppressed.len()) }
                        @if report.has_baseline { td.number { (rule.known.len()) } }
                    } } }
                } }
            }
        }
    }
}

fn findings(rule: &RuleReport, beside: Option<&str>) -> Markup {
    let facts = facts(rule);
    let count = rule.findings.len();
    html! {
        section.rule id=(rule.rule.id) {
            h2 { (badge(rule.severity)) " " (text(&rule.rule.title)) " " span.count { (count) } }
            p { (text(&rule.rule.why)) }
            p.small {
                "Rule " code { (rule.rule.id) }
                @for (name, value) in &rule.numbers { ", " (name) " = " (value) }
                @for reference in &rule.rule.references { ", " (text(reference)) }
            }
            div.wide { table.sortable.filtered {
                thead { tr {
                    th { "Finding" }
                    @for name in &facts { th { (name.replace('_', " ")) } }
                    th { "What to do" }
                } }
                tbody { @for finding in rule.findings.iter().take(SHOWN) { tr {
                    td { bdi { (text(&rule.says(finding))) } }
                    @for name in &facts { td { bdi { (fact(rule, finding, name)) } } }
                    td { code { (text(&rule.mend(finding))) } }
                } } }
            } }
            @if count > SHOWN {
                p.more { "and " (count - SHOWN) " more: " @match beside {
                    Some(name) => { "all are in " a href=(link(name)) { (text(name)) } },
                    None => { code { "clerk-api audit --output csv" } " lists all" },
                } }
            }
        }
    }
}

/// What a row shows besides its sentence: no ids, which are in the command, and nothing twice.
fn facts(rule: &RuleReport) -> Vec<&str> {
    let columns = rule.columns.iter().map(String::as_str);
    columns
        .filter(|name| {
            !name.ends_with("_id") && !rule.rule.says.columns().any(|said| said == *name)
        })
        .collect()
}

/// What is counted apart: accepted findings, suppressions to look at again, rules that found nothing.
fn apart(report: &Report) -> Markup {
    let suppressed: Vec<_> = report
        .rules
        .iter()
        .flat_map(|rule| rule.suppressed.iter().map(move |found| (rule, found)))
        .collect();
    let clean: Vec<&RuleReport> = report
        .rules
        .iter()
        .filter(|rule| rule.found() == 0)
        .collect();
    html! {
        @if !report.expired.is_empty() || !report.unused.is_empty() { section {
            h2 { "Suppressions to look at again" }
            ul {
                @for (suppression, count) in &report.expired {
                    li { (text(&suppression.rule)) " " (text(&suppression.id)) ": was over on " (text(&suppression.until)) ", " (super::findings(*count)) " (" (text(&suppression.reason)) ")" }
                }
                @for suppression in &report.unused {
                    li { (text(&suppression.rule)) " " (text(&suppression.id)) ": covers nothing (" (text(&suppression.reason)) ")" }
                }
            }
        } }
        @if !suppressed.is_empty() { section {
            h2 { "Suppressed " span.count { (suppressed.len()) } }
            div.wide { table.sortable.filtered {
                thead { tr { th { "Severity" } th { "Finding" } th { "Reason" } th { "Until" } } }
                tbody { @for (rule, (finding, suppression)) in suppressed.iter().take(SHOWN) { tr {
                    td data-order=(rank(rule.severity)) { (badge(rule.severity)) }
                    td { bdi { (text(&rule.says(finding))) } }
                    td { (text(&suppression.reason)) }
                    td { (text(&suppression.until)) }
                } } }
            } }
            @if suppressed.len() > SHOWN { p.more { "and " (suppressed.len() - SHOWN) " more" } }
        } }
        @if !report.skipped.is_empty() { section {
            h2 { "Not looked at" }
            ul { @for (rule, table) in &report.skipped { li { (rule) ": the export has no " (table.replace('_', " ")) } } }
        } }
        @if !clean.is_empty() { section {
            h2 { "Nothing found" }
            ul.clean { @for rule in clean { li { (text(&rule.rule.title)) } } }
        } }
    }
}

fn sources(report: &Report) -> Markup {
    let source = &report.source;
    let fact = |name: &str| source.fact(name).unwrap_or("not known").to_owned();
    html! {
        section {
            h2 { "What was looked at" }
            dl {
                dt { "Instance" } dd { (text(&fact("instance_id"))) " (" (text(&fact("environment"))) ")" }
                dt { "Read at" } dd { (moment(source.read_at)) }
                dt { "Consistent" } dd { @match source.fact("consistent") {
                    Some("true") => { "yes: nothing came or went while it was read" },
                    Some(_) => { "no: something came or went while it was read" },
                    None => { "not known" },
                } }
                dt { "File" } dd { (text(&source.file)) }
                @for (table, count) in &source.counts { dt { (table.replace('_', " ")) } dd { (count) } }
            }
        }
    }
}

fn fact(rule: &RuleReport, finding: &Finding, name: &str) -> String {
    match rule.value(finding, name) {
        None | Some(Cell::Null) => String::new(),
        Some(_) => text(&rule.brief(finding, name)),
    }
}

fn badge(severity: Severity) -> Markup {
    html! { span class={ "badge " (severity) } { (severity) } }
}

/// The number that sorts the worst first.
fn rank(severity: Severity) -> usize {
    let at = Severity::ALL.iter().position(|other| *other == severity);
    at.unwrap_or_default()
}

/// Text of others on one line, with everything visible; the template escapes it.
fn text(raw: &str) -> String {
    sanitize::text(raw).into_owned()
}

/// A file's name as a link to what is beside the page: never another scheme.
fn link(name: &str) -> String {
    let mut link = "./".to_owned();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                link.push(char::from(byte));
            }
            byte => link.extend(format!("%{byte:02X}").chars()),
        }
    }
    link
}
