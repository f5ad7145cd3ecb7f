//! `audit`: reads the instance, runs the rules, tells the worst first.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clerk_api::time::Timestamp;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::report::json::{findings, of_rule};
use clerk_api_tasks::audit::rules::built_in;
use clerk_api_tasks::audit::{Options as Look, Organization, Report, Severity, Shelf, check, iso};
use clerk_api_tasks::export::{Export, Facts, Format, Options, Target};
use clerk_api_tasks::sweep::{Event, Kind, sweep};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use super::running;
use crate::answer::Answer;
use crate::approval::Ended;
use crate::arguments::Arguments;
use crate::session::Connected;
use crate::settings::Settings;
use crate::turn::{Progress, Turn};

/// How many findings are told unless more are asked for.
const USUAL: u64 = 10;

pub(super) async fn audit(turn: &Turn, arguments: &Arguments) -> Ended {
    let connected = turn.connected().await?;
    let latest = shelf(turn, &connected)?.latest();
    let cursor = arguments.cursor()?;
    let start = usize::try_from(cursor.unwrap_or(0)).unwrap_or(usize::MAX);
    if (cursor.is_none() || !latest.exists()) && !is_read(turn, &connected, &latest).await? {
        let note = "the instance is large and still being read: call audit again in a minute";
        return Ok(Answer::ours(json!({"reading": true, "note": note})));
    }
    let organization = arguments.text("organization");
    let report = report(turn, &latest, organization)?;
    let least = arguments.text("severity").map(str::parse::<Severity>);
    let least = least.transpose().map_err(Problem::usage)?;
    let rule = arguments.text("rule");
    let mut rules = report.worst_first();
    rules.retain(|found| {
        rule.is_none_or(|rule| found.rule.id == rule)
            && least.is_none_or(|least| found.severity >= least)
    });
    let most = usize::try_from(arguments.number("limit").unwrap_or(USUAL)).unwrap_or(usize::MAX);
    let count: usize = rules.iter().map(|rule| rule.findings.len()).sum();
    let rows = rules.into_iter().flat_map(of_rule).skip(start).take(most);
    let rows = rows.map(|row| {
        let finding = json!(row);
        json!({"rule": finding["rule"], "severity": finding["severity"], "says": finding["says"], "about": finding["about"]})
    });
    let summary = summary(&report);
    Ok(Answer::rows(&turn.cleaner(), rows.collect(), |shown| {
        let end = start.saturating_add(shown);
        let mut facts = json!({
            "read_at": iso(report.source.read_at), "findings_by_rule": summary, "count": count, "left_out": count.saturating_sub(shown),
        });
        if end < count {
            facts["next"] = end.to_string().into();
        }
        facts
    }))
}

/// What the last audit found, without reading again.
pub(crate) async fn latest(turn: &Turn) -> Ended {
    let connected = turn.connected().await?;
    let latest = shelf(turn, &connected)?.latest();
    if !latest.exists() {
        return Err(Problem::usage("there was no audit yet")
            .hint("the tool audit makes one")
            .into());
    }
    let report = report(turn, &latest, None)?;
    let count = report.findings();
    let summary = summary(&report);
    let rows = findings(&report).take(50).map(|row| json!(row)).collect();
    Ok(Answer::rows(
        &turn.cleaner(),
        rows,
        |shown| json!({"read_at": iso(report.source.read_at), "findings_by_rule": summary, "count": count, "left_out": count - shown}),
    ))
}

fn shelf(turn: &Turn, connected: &Connected) -> Outcome<Shelf> {
    let state = turn.session.settings.state.as_ref();
    let state = state.ok_or_else(|| Problem::config("there is no place to keep what is read"))?;
    Shelf::of(state, &connected.instance.id)
}

/// Reads the instance into the file, or waits for the reading that goes on already. Says whether it ended in the time of one call; if not, it
/// goes on.
async fn is_read(turn: &Turn, connected: &Rc<Connected>, file: &Path) -> Outcome<bool> {
    let reading = turn.session.reading.borrow_mut().take();
    let task = reading.unwrap_or_else(|| {
        let settings = turn.session.settings.clone();
        let (progress, connected) = (turn.progress.clone(), Rc::clone(connected));
        let file = file.to_owned();
        tokio::task::spawn_local(async move { read(&settings, progress, &connected, file).await })
    });
    // A call that is given up ends the reading; the file of before stays.
    let mut task = Stopped(Some(task));
    let Some(reading) = &mut task.0 else {
        return Ok(false);
    };
    let patience = turn.session.settings.patience();
    let ended = tokio::time::timeout(patience, reading).await;
    let handle = task.0.take();
    match ended {
        Ok(ended) => running::ended(ended).map(|()| true),
        Err(_) => {
            *turn.session.reading.borrow_mut() = handle;
            Ok(false)
        }
    }
}

/// Ends a task with the call that waits for it.
struct Stopped(Option<JoinHandle<Outcome<()>>>);

impl Drop for Stopped {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

async fn read(
    settings: &Settings,
    progress: Option<UnboundedSender<Progress>>,
    connected: &Connected,
    file: PathBuf,
) -> Outcome<()> {
    let options = Options {
        kinds: Kind::ALL.to_vec(),
        target: Target::File(file),
        format: Format::Sqlite,
        replaces: true,
        urls: false,
        mode: None,
        date: String::new(),
    };
    let export = Export::create(&options, || Box::new(std::io::sink()))?;
    let began = settings.now();
    let kinds: RefCell<BTreeMap<Kind, (u64, u64)>> = RefCell::default();
    let tell = |event: Event| {
        let mut kinds = kinds.borrow_mut();
        kinds.insert(event.kind, (event.rows, event.total.unwrap_or(event.rows)));
        let (rows, totals): (Vec<u64>, Vec<u64>) = kinds.values().copied().unzip();
        if let Some(progress) = &progress {
            // A client that went away hears nothing.
            let _ = progress.send((rows.iter().sum(), Some(totals.iter().sum())));
        }
    };
    let order = export.order();
    let client = &connected.connection.client;
    let (sweep, export) = sweep(client, &options.kinds, order, export, &tell).await?;
    let skew = connected.instance.skew;
    let facts = Facts {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        instance_id: connected.instance.id.clone(),
        live: connected.connection.live,
        swept_at: Timestamp::from_millis(began + skew),
        ended_at: Timestamp::from_millis(settings.now() + skew),
    };
    export.finish(&facts, &sweep)?;
    Ok(())
}

fn report(turn: &Turn, file: &Path, organization: Option<&str>) -> Outcome<Report> {
    let database = Database::open(file)?;
    let organization = match organization {
        Some(wanted) => Some(Organization::find(&database, wanted)?),
        None => None,
    };
    let look = Look {
        audited_at: turn.session.settings.now(),
        organization,
        ..Look::default()
    };
    check(&database, &built_in()?, &look)
}

/// How many findings each rule has; rules are ours.
fn summary(report: &Report) -> Value {
    let rules = report.rules.iter().filter(|rule| !rule.findings.is_empty());
    let counts = rules.map(|rule| (rule.rule.id.clone(), Value::from(rule.findings.len())));
    Value::Object(counts.collect())
}
