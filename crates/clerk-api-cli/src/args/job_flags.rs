//! The flags that make a write a job over the rows of a file.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, ValueHint};
use clerk_api_admin::problem::{Outcome, Problem};

pub(crate) const ROWS: &str = "job.rows";
const MAP: &str = "job.map";
const WHERE: &str = "job.where";
const LITERAL: &str = "job.csv-literal";
const PLAN: &str = "job.plan";
const CONFIRM: &str = "job.confirm";
const ALLOW_LARGE: &str = "job.allow-large";
const RESULTS: &str = "job.results";
const REJECTS: &str = "job.rejects";
const FORCE: &str = "job.force";
const JOB_KEY: &str = "job.job-key";
const NEW_JOB: &str = "job.new-job";
const AGAIN: &str = "job.again";
const AT_MOST_ONCE: &str = "job.at-most-once";
const NO_BACKUP: &str = "job.no-backup";
const IDS: &str = "job.ids";

/// What help calls these flags.
pub(crate) const HEADING: &str = "Many rows";

fn flag(id: &'static str) -> Arg {
    let long = id.strip_prefix("job.").unwrap_or(id);
    Arg::new(id).long(long).help_heading(HEADING)
}

/// Flags that matter only with many rows, and so stand in long help only.
fn rare(id: &'static str) -> Arg {
    flag(id).hide_short_help(true)
}

/// `--rows`, and what says what the rows mean.
pub(crate) fn rows_flags() -> [Arg; 4] {
    [
        flag(ROWS)
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
            .allow_hyphen_values(true)
            .help("Do this for every row of a file (CSV, TSV, NDJSON, JSON; - for standard input)")
            .long_help("Do this for every row of a file, as a job that can be interrupted and continued. CSV, TSV, NDJSON and JSON arrays are recognized by their content; - reads standard input. A column with the name of a flag sets that flag, and {{column}} puts a cell into any argument"),
        rare(MAP)
            .value_name("COLUMN=FLAG")
            .action(ArgAction::Append)
            .requires(ROWS)
            .help("Let a column set a flag of another name, such as MAIL=email (repeatable)"),
        rare(WHERE)
            .value_name("EXPR")
            .requires(ROWS)
            .help("Only rows for which this holds, such as 'department == \"Sales\"'"),
        rare(LITERAL)
            .action(ArgAction::SetTrue)
            .requires(ROWS)
            .help("Take cells as they are, with the ' that protects a spreadsheet"),
    ]
}

/// What every command has that starts a job.
pub(crate) fn flags() -> [Arg; 11] {
    [
        flag(PLAN)
            .action(ArgAction::SetTrue)
            .help("Say what the job would do, and how long it would take; change nothing"),
        flag(RESULTS)
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
            .help("Write what became of every row (CSV if the name ends in .csv, else NDJSON)"),
        flag(REJECTS)
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
            .help("Write the rows that failed, to be mended and run again"),
        rare(FORCE)
            .action(ArgAction::SetTrue)
            .help("Replace the files of --results and --rejects if they exist"),
        rare(CONFIRM)
            .value_name("HASH")
            .help("The hash that --plan printed: needed to destroy many objects of a live instance"),
        rare(ALLOW_LARGE)
            .value_name("COUNT")
            .value_parser(clap::value_parser!(u64))
            .help("Destroy this many objects of a live instance, where it is over 1000 or a tenth of all"),
        rare(JOB_KEY)
            .value_name("TEXT")
            .help("Name the job, so that running the command again continues or shows it"),
        rare(NEW_JOB)
            .action(ArgAction::SetTrue)
            .help("Start a new job even if the same one is not finished"),
        rare(AGAIN)
            .action(ArgAction::SetTrue)
            .help("Start a new job even if the same one ended less than a day ago"),
        rare(AT_MOST_ONCE)
            .action(ArgAction::SetTrue)
            .help("Never send a row again that may have been done, whatever looking shows"),
        rare(NO_BACKUP)
            .action(ArgAction::SetTrue)
            .help("Do not keep what objects were like before: the job cannot be undone"),
    ]
}

/// The flags that make sense for work towards a state that can be asked for again and again: what failed is mended in the whole input.
pub(crate) fn of_states(destroys: bool) -> impl Iterator<Item = Arg> {
    const NEVER: [&str; 3] = [REJECTS, JOB_KEY, AGAIN];
    const FOR_LOSSES: [&str; 2] = [CONFIRM, ALLOW_LARGE];
    flags().into_iter().filter(move |arg| {
        let id = arg.get_id().as_str();
        !NEVER.contains(&id) && (destroys || !FOR_LOSSES.contains(&id))
    })
}

/// `--ids`, for what may be an undo.
pub(crate) fn ids() -> Arg {
    flag(IDS)
        .value_name("FILE")
        .value_hint(ValueHint::FilePath)
        .help("Write the old and new ids of what an undo created anew, as CSV")
}

/// Refuses the flags of a job where one object only is named: they would say something that does not hold.
pub(crate) fn check_unused(matches: &ArgMatches) -> Outcome<()> {
    let flags = flags();
    let mut given = flags.iter().filter(|flag| {
        let source = matches.value_source(flag.get_id().as_str());
        source == Some(ValueSource::CommandLine)
    });
    let Some(name) = given.next().and_then(Arg::get_long) else {
        return Ok(());
    };
    let problem = Problem::usage(format!("--{name} is for work on many objects"));
    Err(problem
        .hint("name several objects or give --rows FILE; --dry-run shows what is sent for one"))
}

/// What the flags say.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobFlags {
    pub(crate) plan: bool,
    pub(crate) confirm: Option<String>,
    pub(crate) allow_large: Option<u64>,
    pub(crate) results: Option<PathBuf>,
    pub(crate) rejects: Option<PathBuf>,
    pub(crate) force: bool,
    pub(crate) job_key: Option<String>,
    pub(crate) new_job: bool,
    pub(crate) again: bool,
    pub(crate) at_most_once: bool,
    pub(crate) no_backup: bool,
    pub(crate) ids: Option<PathBuf>,
}

impl JobFlags {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        let text = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned();
        let is_on = |id: &str| matches.try_get_one::<bool>(id).ok().flatten() == Some(&true);
        let count = matches.try_get_one::<u64>(ALLOW_LARGE).ok().flatten();
        Self {
            plan: is_on(PLAN),
            confirm: text(CONFIRM),
            allow_large: count.copied(),
            results: text(RESULTS).map(PathBuf::from),
            rejects: text(REJECTS).map(PathBuf::from),
            force: is_on(FORCE),
            job_key: text(JOB_KEY),
            new_job: is_on(NEW_JOB),
            again: is_on(AGAIN),
            at_most_once: is_on(AT_MOST_ONCE),
            no_backup: is_on(NO_BACKUP),
            ids: matches
                .try_get_one::<String>(IDS)
                .ok()
                .flatten()
                .map(PathBuf::from),
        }
    }
}

/// Where the rows come from, and what picks and names them.
#[derive(Debug, Clone)]
pub(crate) struct RowsFlags {
    pub(crate) file: String,
    pub(crate) maps: Vec<String>,
    pub(crate) condition: Option<String>,
    pub(crate) literal: bool,
}

impl RowsFlags {
    /// Nothing where `--rows` was not given, or the command has no such flag.
    pub(crate) fn read(matches: &ArgMatches) -> Option<Self> {
        let file = matches.try_get_one::<String>(ROWS).ok().flatten()?.clone();
        let maps = matches
            .get_many::<String>(MAP)
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let condition = matches.get_one::<String>(WHERE).cloned();
        Some(Self {
            file,
            maps,
            condition,
            literal: matches.get_flag(LITERAL),
        })
    }
}
