//! What `export` says: notes on the way, the summary, progress.

use std::cell::RefCell;
use std::collections::BTreeMap;

use clerk_api_admin::problem::{Interruption, Problem, ProblemKind};
use clerk_api_tasks::export::{Format, Options, Target, tables};
use clerk_api_tasks::sweep::{Count, Event, Kind, Sweep};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::Exported;
use crate::setup::context::Context;
use crate::show::ui::Ui;

/// A file of one table leaves the others of its kind out.
pub(super) fn note_tables(context: &Context, options: &Options) {
    let in_folder = matches!(options.target, Target::Folder(_));
    if in_folder || !matches!(options.format, Format::Csv | Format::Parquet) {
        return;
    }
    if let [kind] = options.kinds.as_slice()
        && let [first, others @ ..] = tables(*kind)
        && !others.is_empty()
    {
        let others: Vec<&str> = others.iter().map(|table| table.name).collect();
        context.ui.note(&format!(
            "this is the table {}; {} come with a folder: --to FOLDER/",
            first.name,
            others.join(" and ")
        ));
    }
}

/// Somebody ended the export.
pub(super) fn interrupted(interruption: Interruption, resume: bool) -> Box<Problem> {
    let message = "the export was interrupted; no file of it was written";
    let kind = ProblemKind::Interrupted(interruption);
    let problem = Problem::new(kind, "interrupted", message);
    if resume {
        problem.hint("run the same command again: it goes on with what was read")
    } else {
        problem
    }
}

/// How many objects could not be read.
pub(in crate::commands) fn missing(rows: u64) -> String {
    match rows {
        1 => "1 object could not be read and is missing from the export".to_owned(),
        _ => format!("{rows} objects could not be read and are missing from the export"),
    }
}

pub(super) fn left_out(rows: u64) -> Box<Problem> {
    Problem::new(ProblemKind::Partly, "rows_left_out", missing(rows))
        .hint("`clerk-api users list --all` shows every object as received")
}

/// What a reader of the export should know about it.
pub(super) fn note(context: &Context, sweep: &Sweep) {
    for count in &sweep.counts {
        let name = count.kind().name().replace('_', " ");
        if let Some(why) = &count.off {
            context.ui.note(&format!("no {name}: {why}"));
        }
        if let Some(since) = count.since {
            context.ui.note(&format!(
                "the {name} are those changed since {since}, and some older ones; other kinds are whole, since the API does not order them by changes"
            ));
        }
        if !count.consistent {
            context.ui.warn(&format!(
                "the {name} changed while they were read, so some may be missing: {} rows, {} before, {} after",
                count.rows,
                known(count.before),
                known(count.after)
            ));
        }
    }
}

fn known(count: Option<u64>) -> String {
    count.map_or_else(|| "unknown".to_owned(), |count| count.to_string())
}

/// The summary: one document whose rows add up.
pub(super) fn document(options: &Options, exported: &Exported) -> Value {
    let Exported { sweep, files, .. } = exported;
    let kinds: BTreeMap<&str, &Count> = sweep
        .counts
        .iter()
        .map(|count| (count.kind().name(), count))
        .collect();
    let rows: u64 = sweep.counts.iter().map(|count| count.rows).sum();
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    json!({
        "format": options.format.name(),
        "instance_id": exported.facts.instance_id,
        "consistent": sweep.is_consistent(),
        "rows": rows,
        "unreadable": exported.unreadable,
        "bytes": bytes,
        "seconds": exported.took as f64 / 1000.0,
        "kinds": kinds,
        "files": files,
    })
}

/// Shows at a terminal how far the export is.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    kinds: RefCell<BTreeMap<Kind, (u64, Option<u64>)>>,
}

impl Progress {
    pub(super) fn new(ui: &Ui) -> Self {
        Self {
            bar: ui.bar(0),
            kinds: RefCell::default(),
        }
    }

    pub(super) fn tell(&self, event: Event) {
        let Some(bar) = &self.bar else { return };
        let mut kinds = self.kinds.borrow_mut();
        kinds.insert(event.kind, (event.rows, event.total));
        let total = |(rows, total): &(u64, Option<u64>)| total.unwrap_or(*rows).max(*rows);
        bar.set_length(kinds.values().map(total).sum());
        bar.set_position(kinds.values().map(|(rows, _)| rows).sum());
        bar.set_message(event.kind.name().replace('_', " "));
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
