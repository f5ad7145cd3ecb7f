//! What an audit found, before it is written in any form.

pub mod charts;
pub mod file;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;

use std::borrow::Cow;

use super::cell::Cell;
use super::config::{Config, Suppression};
use super::finding::{Finding, Fingerprint};
use super::rule::{Numbers, Rule};
use super::severity::Severity;
use super::source::Source;

/// What an audit found.
#[derive(Debug)]
pub struct Report {
    /// When it was made, in milliseconds since 1970.
    pub audited_at: i64,
    /// What was looked at.
    pub source: Source,
    /// The one organization that was looked at, by id and name.
    pub organization: Option<(String, String)>,
    /// The configuration's file.
    pub config: Option<String>,
    /// Each rule that was run.
    pub rules: Vec<RuleReport>,
    /// Suppressions that are over, with how many findings they would have covered.
    pub expired: Vec<(Suppression, usize)>,
    /// Suppressions that cover nothing.
    pub unused: Vec<Suppression>,
    /// Rules that were not run, each with a table that it needs and that was not exported.
    pub skipped: Vec<(String, &'static str)>,
    /// Whether there was a baseline.
    pub has_baseline: bool,
}

/// What one rule found.
#[derive(Debug)]
pub struct RuleReport {
    /// The rule.
    pub rule: Rule,
    /// How bad its findings are here.
    pub severity: Severity,
    /// The numbers that were used.
    pub numbers: Numbers,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// What is reported.
    pub findings: Vec<Finding>,
    /// What is accepted, each with its suppression.
    pub suppressed: Vec<(Finding, Suppression)>,
    /// What the baseline has already.
    pub known: Vec<Fingerprint>,
    /// How many of the reported findings had a suppression that is over.
    pub expired: usize,
}

/// A number of findings in words.
#[must_use]
pub fn findings(count: usize) -> String {
    match count {
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    }
}

impl RuleReport {
    /// A rule that has found nothing yet.
    pub(super) fn new(rule: &Rule, config: &Config) -> Self {
        Self {
            rule: rule.clone(),
            severity: config.severity(rule),
            numbers: config.numbers(rule),
            columns: Vec::new(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            known: Vec::new(),
            expired: 0,
        }
    }

    /// All that the rule found.
    #[must_use]
    pub fn found(&self) -> usize {
        self.findings.len() + self.suppressed.len() + self.known.len()
    }

    /// One value of a finding, by the name of its column.
    #[must_use]
    pub fn value<'f>(&self, finding: &'f Finding, column: &str) -> Option<Cell<'f>> {
        let at = self.columns.iter().position(|name| name == column)?;
        finding.cells.iter().nth(at)
    }

    /// A finding in a sentence.
    #[must_use]
    pub fn says(&self, finding: &Finding) -> String {
        self.rule.says.with(|column| self.brief(finding, column))
    }

    /// What mends a finding, as a command line.
    #[must_use]
    pub fn mend(&self, finding: &Finding) -> String {
        self.rule
            .mend
            .as_command(|column| self.shown(finding, column))
    }

    /// What a finding is about: names and values.
    pub fn about<'r>(&'r self, finding: &'r Finding) -> impl Iterator<Item = (&'r str, Cell<'r>)> {
        let about = self.rule.about.iter();
        about.filter_map(|name| Some((name.as_str(), self.value(finding, name)?)))
    }

    /// A value for people: of a moment the day, and nothing where there is no value.
    #[must_use]
    pub fn brief<'f>(&self, finding: &'f Finding, column: &str) -> Cow<'f, str> {
        let value = self.shown(finding, column);
        match value.split_once('T') {
            Some((day, _)) if column.ends_with("_at") => day.to_owned().into(),
            _ => value,
        }
    }

    fn shown<'f>(&self, finding: &'f Finding, column: &str) -> Cow<'f, str> {
        let value = self.value(finding, column);
        value.map_or(Cow::Borrowed(""), Cell::into_shown)
    }
}

impl Report {
    /// How many findings are reported.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.sum(|rule| rule.findings.len())
    }

    /// How many are accepted.
    #[must_use]
    pub fn suppressed(&self) -> usize {
        self.sum(|rule| rule.suppressed.len())
    }

    /// How many the baseline has already.
    #[must_use]
    pub fn known(&self) -> usize {
        self.sum(|rule| rule.known.len())
    }

    /// How many findings of a severity are reported.
    #[must_use]
    pub fn of(&self, severity: Severity) -> usize {
        self.sum(|rule| match rule.severity == severity {
            true => rule.findings.len(),
            false => 0,
        })
    }

    /// How many findings are as bad as this or worse.
    #[must_use]
    pub fn at_least(&self, severity: Severity) -> usize {
        self.sum(|rule| match rule.severity >= severity {
            true => rule.findings.len(),
            false => 0,
        })
    }

    /// The rules that have something to report, the worst first, else in their order.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&RuleReport> {
        let mut rules: Vec<&RuleReport> = self
            .rules
            .iter()
            .filter(|rule| !rule.findings.is_empty())
            .collect();
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.severity));
        rules
    }

    fn sum(&self, count: impl Fn(&RuleReport) -> usize) -> usize {
        self.rules.iter().map(count).sum()
    }
}
