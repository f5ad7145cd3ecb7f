//! Runs rules over an export, and sorts what they find: reported, accepted, known already.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use clerk_api_admin::problem::{Outcome, Problem};

use super::cell::{Cell, Cells};
use super::config::{Config, Suppression};
use super::database::{Bounds, Database, quoted};
use super::finding::{Finding, Fingerprint};
use super::report::{Report, RuleReport};
use super::rule::Rule;
use super::source::Source;

/// So many rules run at once at most: each has a cache of its own.
const MOST_WORKERS: usize = 4;

/// What an audit looks at, and how.
#[derive(Default)]
pub struct Options {
    /// When it is made, in milliseconds since 1970: what suppressions end by.
    pub audited_at: i64,
    /// Numbers, severities, suppressions.
    pub config: Config,
    /// What was found before.
    pub baseline: Option<BTreeSet<Fingerprint>>,
    /// One organization only.
    pub organization: Option<Organization>,
}

/// One organization of an export.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its slug, else its name.
    pub name: String,
    members: BTreeSet<String>,
}

impl Organization {
    /// Finds it by id, slug or exact name.
    ///
    /// # Errors
    /// None or several.
    pub fn find(database: &Database, wanted: &str) -> Outcome<Self> {
        let text = quoted(wanted);
        let rows = database.rows(&format!(
            "SELECT id, COALESCE(slug, name, id) FROM organizations WHERE id = {text} OR slug = {text} OR name = {text} ORDER BY id"
        ))?;
        let mut found = rows.into_iter();
        let (Some(row), None) = (found.next(), found.next()) else {
            let message = format!("there is not exactly one organization {wanted:?} in the export");
            return Err(Problem::usage(message).hint(
                "`clerk-api audit sql 'SELECT id, slug, name FROM organizations'` lists them",
            ));
        };
        let id = row[0].shown();
        let members = database.rows(&format!(
            "SELECT user_id FROM memberships WHERE organization_id = {}",
            quoted(&id)
        ))?;
        Ok(Self {
            name: row[1].shown(),
            id,
            members: members.iter().map(|row| row[0].shown()).collect(),
        })
    }

    /// Whether a finding is about it, or about one of its members as such.
    pub(super) fn has(&self, columns: &[String], cells: &[Cell<'_>]) -> bool {
        let value = |name: &str| {
            let at = columns.iter().position(|column| column == name)?;
            (cells[at] != Cell::Null).then(|| cells[at].shown())
        };
        match value("organization_id") {
            Some(id) => id == self.id,
            None => ["user_id", "other_user_id"]
                .into_iter()
                .filter_map(value)
                .any(|user| self.members.contains(&user)),
        }
    }
}

/// Runs rules over an export.
///
/// # Errors
/// A rule whose SQL is wrong, or lacks a column that its head names.
pub fn check(database: &Database, rules: &[Rule], options: &Options) -> Outcome<Report> {
    let source = database.source()?;
    let config = &options.config;
    let mut used = vec![0; config.suppressions.len()];
    let (mut reports, mut skipped) = (Vec::new(), Vec::new());
    for rule in rules.iter().filter(|rule| config.runs(rule)) {
        if let Some(table) = source.lacks(&rule.sql) {
            skipped.push((rule.id.clone(), table));
            continue;
        }
        reports.push(RuleReport::new(rule, config));
    }
    let within = options.organization.as_ref();
    let found = all_found(database, &mut reports, &source, within)?;
    for (report, findings) in reports.iter_mut().zip(found) {
        let findings = findings.into_iter();
        report.findings = findings
            .filter_map(|finding| reported(report, finding, options, &mut used))
            .collect();
    }
    let of_run = |(suppression, _): &(&Suppression, usize)| {
        reports
            .iter()
            .any(|report| report.rule.id == suppression.rule)
    };
    let suppressions = config.suppressions.iter().zip(used);
    let (over, holding): (Vec<_>, Vec<_>) = suppressions
        .filter(of_run)
        .partition(|(suppression, _)| suppression.ends_at <= options.audited_at);
    Ok(Report {
        audited_at: options.audited_at,
        source,
        organization: options
            .organization
            .as_ref()
            .map(|organization| (organization.id.clone(), organization.name.clone())),
        config: config.file.clone(),
        expired: over
            .into_iter()
            .map(|(suppression, used)| (suppression.clone(), used))
            .collect(),
        unused: holding
            .into_iter()
            .filter(|(_, used)| *used == 0)
            .map(|(suppression, _)| suppression.clone())
            .collect(),
        rules: reports,
        skipped,
        has_baseline: options.baseline.is_some(),
    })
}

/// The fingerprints of all that rules find in an older export, as of when it was read. Rules whose tables it lacks find nothing there.
///
/// # Errors
/// Those of `check`.
pub fn fingerprints(
    database: &Database,
    rules: &[Rule],
    config: &Config,
) -> Outcome<BTreeSet<Fingerprint>> {
    let source = database.source()?;
    let rules = rules.iter().filter(|rule| config.runs(rule));
    let rules = rules.filter(|rule| source.lacks(&rule.sql).is_none());
    let mut reports: Vec<RuleReport> = rules.map(|rule| RuleReport::new(rule, config)).collect();
    let found = all_found(database, &mut reports, &source, None)?;
    Ok(found
        .iter()
        .flatten()
        .map(|finding| finding.fingerprint)
        .collect())
}

/// What each rule finds, with a rule on each of a few cores. Of several rules that are wrong, the first is told.
fn all_found(
    database: &Database,
    reports: &mut [RuleReport],
    source: &Source,
    within: Option<&Organization>,
) -> Outcome<Vec<Vec<Finding>>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = cores.min(MOST_WORKERS).min(reports.len());
    // What reads the most begins first: begun last, it would keep a single core busy.
    let mut queue: Vec<_> = reports.iter_mut().enumerate().collect();
    queue.sort_by_key(|(_, report)| Reverse(source.rows_for(&report.rule.sql)));
    let queue = Mutex::new(queue.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let path = database.path();
    let work = || -> Outcome<Vec<_>> {
        let database = Database::open(path)?;
        let rules = std::iter::from_fn(next);
        Ok(rules
            .map(|(at, report)| (at, found(&database, report, source.read_at, within)))
            .collect())
    };
    let mut done = Vec::new();
    thread::scope(|scope| -> Outcome<()> {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            let found = thread.join();
            done.extend(found.unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(())
    })?;
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, found)| found).collect()
}

/// What a rule finds, each once.
fn found(
    database: &Database,
    report: &mut RuleReport,
    read_at: i64,
    within: Option<&Organization>,
) -> Outcome<Vec<Finding>> {
    let rule = &report.rule;
    let sql = rule.render(&report.numbers, read_at)?;
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let (columns, _) = database
        .read(&sql, Bounds::OWN, |columns, cells| {
            if within.is_some_and(|organization| !organization.has(columns, &cells)) {
                return Ok(());
            }
            let fingerprint = fingerprint(rule, columns, &cells);
            if seen.insert(fingerprint) {
                findings.push(Finding {
                    cells: Cells::of(&cells),
                    fingerprint,
                });
            }
            Ok(())
        })
        .map_err(|problem| of_rule(rule, problem))?;
    check_columns(rule, &columns)?;
    report.columns = columns;
    Ok(findings)
}

/// Refuses a statement without the columns that its head names.
fn check_columns(rule: &Rule, columns: &[String]) -> Outcome<()> {
    let about = rule.about.iter().map(String::as_str);
    let named = about.chain(rule.says.columns()).chain(rule.mend.columns());
    for name in named {
        if !columns.iter().any(|column| column == name) {
            return Err(Problem::usage(format!(
                "{}: the statement has no column {name}, which the head names",
                rule.file
            )));
        }
    }
    Ok(())
}

fn of_rule(rule: &Rule, mut problem: Box<Problem>) -> Box<Problem> {
    problem.message = format!("{}: {}", rule.file, problem.message);
    problem
}

fn fingerprint(rule: &Rule, columns: &[String], cells: &[Cell<'_>]) -> Fingerprint {
    let about = rule.about.iter().filter_map(|name| {
        let at = columns.iter().position(|column| column == name)?;
        Some((name.as_str(), cells[at].clone()))
    });
    Fingerprint::new(&rule.id, about)
}

/// Gives a finding back that is reported; others go where they are counted. Counts what suppressions cover, too.
fn reported(
    report: &mut RuleReport,
    finding: Finding,
    options: &Options,
    used: &mut [usize],
) -> Option<Finding> {
    let covers = |suppression: &Suppression| {
        suppression.rule == report.rule.id
            && (suppression.id == finding.fingerprint.to_string()
                || report
                    .about(&finding)
                    .any(|(_, value)| value.shown() == suppression.id))
    };
    let mut over = false;
    let suppressions = &options.config.suppressions;
    for (at, suppression) in suppressions.iter().enumerate() {
        if !covers(suppression) {
            continue;
        }
        used[at] += 1;
        if suppression.ends_at > options.audited_at {
            report.suppressed.push((finding, suppression.clone()));
            return None;
        }
        over = true;
    }
    let known = options.baseline.as_ref();
    if known.is_some_and(|known| known.contains(&finding.fingerprint)) {
        report.known.push(finding.fingerprint);
        return None;
    }
    report.expired += usize::from(over);
    Some(finding)
}
