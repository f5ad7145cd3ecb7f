//! `export`: a whole instance as files that other programs read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use clerk_api::time::Timestamp;
use clerk_api_admin::input::instant::millis;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::export::{Export, Facts, Format, Mark, Options, Target, Written, tables};
use clerk_api_tasks::sweep::{Count, Event, Kind, Sweep, sweep_since};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::jobs::instance::Instance;
use super::jobs::place::now;
use super::output::{renderer, show};
use crate::setup::context::Context;
use crate::show::exit::Exit;
use crate::show::signals::Signals;
use crate::show::ui::Ui;

const KINDS: &str = "export.kinds";
const TO: &str = "export.to";
const FORMAT: &str = "export.format";
const FORCE: &str = "export.force";
const URLS: &str = "export.include-urls";
const SINCE: &str = "export.since";

/// The command.
pub(super) fn command() -> Command {
    Command::new("export")
        .about("Export users, organizations, memberships and more to files")
        .long_about("Export users, organizations, memberships and more to files: the API's own objects (ndjson, json), or tables (csv, sqlite, parquet). It only reads. A file appears when it is whole, for its owner only. docs/export.md has the tables")
        .arg(
            Arg::new(KINDS)
                .value_name("KIND")
                .num_args(0..)
                .value_parser(PossibleValuesParser::new(kinds()))
                .help("What to export; everything if you name nothing"),
        )
        .arg(
            Arg::new(TO)
                .long("to")
                .value_name("TARGET")
                .required(true)
                .value_hint(ValueHint::AnyPath)
                .help("A file, a folder (its name ends in /), or - for standard output"),
        )
        .arg(
            Arg::new(FORMAT)
                .long("format")
                .value_name("FORMAT")
                .value_parser(Format::WORDS)
                .help("The format; without it, the ending of the file says it, and a folder or - gets ndjson"),
        )
        .arg(
            Arg::new(FORCE)
                .long("force")
                .action(ArgAction::SetTrue)
                .help("Replace files that are there already"),
        )
        .arg(
            Arg::new(URLS)
                .long("include-urls")
                .action(ArgAction::SetTrue)
                .help("Export the links of invitations too; each lets its reader in"),
        )
        .arg(
            Arg::new(SINCE)
                .long("since")
                .value_name("FILE|INSTANT")
                .value_hint(ValueHint::FilePath)
                .help("Only users that changed since an instant, or since an earlier SQLite export began; other kinds come whole"),
        )
        .after_help(
            "Examples:\n  clerk-api export --to clerk.sqlite\n  clerk-api export users memberships --to exports/ --format parquet\n  clerk-api export users --to - | gzip > users.ndjson.gz",
        )
}

fn kinds() -> Vec<String> {
    Kind::ALL.map(|kind| kind.name().replace('_', "-")).to_vec()
}

/// Runs the command.
pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let options = options(matches)?;
    let since = since(matches)?;
    let to_stdout = options.target == Target::Stdout;
    if to_stdout && context.ui.stdout_terminal {
        return Err(Problem::usage("an export is not written to a terminal")
            .hint("name a file with --to, or pipe it into another program"));
    }
    note_tables(context, &options);
    let mut renderer = renderer(context, "export")?;
    let exported = write(context, &options, since, None).await?;
    let mut exit = Exit::Done;
    if !to_stdout {
        let document = document(&options, &exported);
        exit = show(context, &mut renderer, document.to_string().as_bytes())?;
    }
    match exported.unreadable {
        0 => Ok(exit),
        rows => Err(left_out(rows)),
    }
}

/// What was written.
pub(super) struct Exported {
    facts: Facts,
    sweep: Sweep,
    files: Vec<Written>,
    /// How many milliseconds it took.
    took: i64,
    /// How many objects could not be read.
    pub(super) unreadable: u64,
}

/// Reads the instance and writes it, with a bar at a terminal and notes about what a reader should know. The instance is asked for where
/// it is not known.
pub(super) async fn write(
    context: &mut Context,
    options: &Options,
    since: Option<Since>,
    instance: Option<Instance>,
) -> Outcome<Exported> {
    let ui = &context.ui;
    let export = Export::create(options, || ui.stream())?;
    let link = context.link().await?;
    let instance = match instance {
        Some(known) => known,
        None => Instance::ask(&link.client).await?,
    };
    if let Some(Since::Export(mark)) = &since
        && mark.instance_id != instance.id
    {
        return Err(other_instance(&mark.instance_id, &instance.id));
    }
    let since = since.map(|since| since.instant());
    let began = now();
    let show_bar = Progress::new(&context.ui);
    let order = export.order();
    let tell = |event| show_bar.tell(event);
    let mut signals = Signals::new()?;
    let read = tokio::select! {
        read = sweep_since(&link.client, &options.kinds, order, since, export, &tell) => read,
        signal = signals.wait() => Err(interrupted(signal.interruption())),
    };
    show_bar.end();
    let (sweep, export) = read?;
    let facts = Facts {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        instance_id: instance.id,
        live: link.live,
        swept_at: Timestamp::from_millis(began + instance.skew),
        ended_at: Timestamp::from_millis(now() + instance.skew),
    };
    let unreadable = export.unreadable();
    let files = export.finish(&facts, &sweep)?;
    note(context, &sweep);
    Ok(Exported {
        facts,
        sweep,
        files,
        took: now() - began,
        unreadable,
    })
}

fn options(matches: &ArgMatches) -> Outcome<Options> {
    let word = |id: &str| matches.get_one::<String>(id).map(String::as_str);
    let named = matches.get_many::<String>(KINDS).unwrap_or_default();
    let mut kinds = named
        .map(|name| Kind::parse(name))
        .collect::<Outcome<Vec<Kind>>>()?;
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        kinds = Kind::ALL.to_vec();
    }
    let format = word(FORMAT).map(Format::parse).transpose()?;
    let (target, format) = Target::parse(word(TO).unwrap_or_default(), format)?;
    let today = Timestamp::from_millis(now()).to_string();
    Ok(Options {
        kinds,
        target,
        format,
        replaces: matches.get_flag(FORCE),
        urls: matches.get_flag(URLS),
        date: today.chars().take("2026-11-27".len()).collect(),
    })
}

/// A file of one table leaves the others of its kind out.
fn note_tables(context: &Context, options: &Options) {
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

/// Since when changes are wanted.
pub(super) enum Since {
    Instant(Timestamp),
    Export(Mark),
}

impl Since {
    const fn instant(&self) -> Timestamp {
        match self {
            Self::Instant(instant) => *instant,
            Self::Export(mark) => mark.swept_at,
        }
    }
}

fn since(matches: &ArgMatches) -> Outcome<Option<Since>> {
    let Some(text) = matches.get_one::<String>(SINCE) else {
        return Ok(None);
    };
    if let Some(millis) = millis(text) {
        return Ok(Some(Since::Instant(Timestamp::from_millis(millis))));
    }
    let mark = Mark::of(Path::new(text)).map_err(|problem| {
        problem.hint(
            "give --since an earlier export to SQLite, or an instant such as 2026-11-27T15:33:12Z",
        )
    })?;
    Ok(Some(Since::Export(mark)))
}

fn other_instance(exported: &str, asked: &str) -> Box<Problem> {
    let message =
        format!("the earlier export is of the instance {exported}, and the key is for {asked}");
    Problem::new(ProblemKind::Changed, "other_instance", message)
        .hint("give --since an export of the same instance; `clerk-api doctor` shows where the key comes from")
}

fn interrupted(interruption: clerk_api_admin::problem::Interruption) -> Box<Problem> {
    let message = "the export was interrupted; no file of it was written";
    Problem::new(
        ProblemKind::Interrupted(interruption),
        "interrupted",
        message,
    )
}

/// How many objects could not be read.
pub(super) fn missing(rows: u64) -> String {
    match rows {
        1 => "1 object could not be read and is missing from the export".to_owned(),
        _ => format!("{rows} objects could not be read and are missing from the export"),
    }
}

fn left_out(rows: u64) -> Box<Problem> {
    Problem::new(ProblemKind::Partly, "rows_left_out", missing(rows))
        .hint("`clerk-api users list --all` shows every object as received")
}

/// What a reader of the export should know about it.
fn note(context: &Context, sweep: &Sweep) {
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
fn document(options: &Options, exported: &Exported) -> Value {
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
struct Progress {
    bar: Option<ProgressBar>,
    kinds: RefCell<BTreeMap<Kind, (u64, Option<u64>)>>,
}

impl Progress {
    fn new(ui: &Ui) -> Self {
        Self {
            bar: ui.bar(0),
            kinds: RefCell::default(),
        }
    }

    fn tell(&self, event: Event) {
        let Some(bar) = &self.bar else { return };
        let mut kinds = self.kinds.borrow_mut();
        kinds.insert(event.kind, (event.rows, event.total));
        let total = |(rows, total): &(u64, Option<u64>)| total.unwrap_or(*rows).max(*rows);
        bar.set_length(kinds.values().map(total).sum());
        bar.set_position(kinds.values().map(|(rows, _)| rows).sum());
        bar.set_message(event.kind.name().replace('_', " "));
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
