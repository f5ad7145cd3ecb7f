//! The arguments of `export`: what is exported, where to, and since when.

use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use clerk_api::time::Timestamp;
use clerk_api_admin::input::instant::millis;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::export::{Format, Mark, Options, Target};
use clerk_api_tasks::sweep::Kind;

use super::elsewhere::Elsewhere;
use crate::commands::jobs::place::now;

const KINDS: &str = "export.kinds";
const TO: &str = "export.to";
const FORMAT: &str = "export.format";
const FORCE: &str = "export.force";
const URLS: &str = "export.include-urls";
const SINCE: &str = "export.since";
const MODE: &str = "export.mode";
const RESUME: &str = "export.resume";
/// What `--since` takes for the mark in the target.
const LAST: &str = "last";

/// The command.
pub(in crate::commands) fn command() -> Command {
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
                .help("A file, a folder (its name ends in /), - for standard output, s3://BUCKET/PATH, gs://BUCKET/PATH, az://CONTAINER/PATH, or a pre-signed https:// URL to PUT one file to"),
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
                .value_name("last|FILE|INSTANT")
                .value_hint(ValueHint::FilePath)
                .help("Only users that changed since the last export to this folder, since an earlier SQLite export, or since an instant; other kinds come whole"),
        )
        .arg(
            Arg::new(MODE)
                .long("mode")
                .value_name("OCTAL")
                .value_parser(mode)
                .help("Who may read the files, such as 0640; 0600 if you do not say"),
        )
        .arg(
            Arg::new(RESUME)
                .long("resume")
                .action(ArgAction::SetTrue)
                .help("Keep what is read beside the target, and go on with it if an earlier export was cut"),
        )
        .after_help(
            "Examples:\n  clerk-api export --to clerk.sqlite\n  clerk-api export users memberships --to exports/ --format parquet\n  clerk-api export users --to - | gzip > users.ndjson.gz\n  clerk-api export --to lake/ --format parquet --since last\n  clerk-api export --to s3://acme/clerk/ --format parquet",
        )
}

fn kinds() -> Vec<String> {
    Kind::ALL.map(|kind| kind.name().replace('_', "-")).to_vec()
}

/// The mode of a file: its owner reads and writes, nobody else writes who is not of its group, and nobody runs it.
fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).unwrap_or(0);
    if mode & 0o600 == 0o600 && mode & !0o664 == 0 {
        Ok(mode)
    } else {
        Err("a mode is 0600, 0640, 0644, 0660 or 0664".to_owned())
    }
}

/// What is exported, and where an export goes in the end that is sent elsewhere.
pub(super) struct Asked {
    pub(super) options: Options,
    pub(super) elsewhere: Option<Elsewhere>,
    pub(super) resume: bool,
}

pub(super) fn asked(matches: &ArgMatches) -> Outcome<Asked> {
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
    let to = word(TO).unwrap_or_default();
    let elsewhere = Elsewhere::parse(to)?;
    let (target, format) = match &elsewhere {
        Some(place) => place.place(format)?,
        None => Target::parse(to, format)?,
    };
    let mode = matches.get_one::<u32>(MODE).copied();
    if mode.is_some() && (elsewhere.is_some() || target == Target::Stdout) {
        return Err(Problem::usage("--mode is for files and folders"));
    }
    let today = Timestamp::from_millis(now()).to_string();
    let options = Options {
        kinds,
        target,
        format,
        replaces: matches.get_flag(FORCE),
        urls: matches.get_flag(URLS),
        mode,
        date: today.chars().take("2026-11-27".len()).collect(),
    };
    let resume = matches.get_flag(RESUME);
    if resume && (elsewhere.is_some() || options.target == Target::Stdout) {
        return Err(Problem::usage("--resume is for files and folders").hint(
            "export to a folder with --resume, --to FOLDER/, then copy it with the tool of the store",
        ));
    }
    Ok(Asked {
        options,
        elsewhere,
        resume,
    })
}

/// Since when changes are wanted.
pub(in crate::commands) enum Since {
    Instant(Timestamp),
    Export(Mark),
    /// The mark of the folder that is exported to; it has none the first time.
    Last(Option<Mark>),
}

impl Since {
    /// The mark that says since when.
    pub(super) const fn mark(&self) -> Option<&Mark> {
        match self {
            Self::Export(mark) | Self::Last(Some(mark)) => Some(mark),
            Self::Instant(_) | Self::Last(None) => None,
        }
    }

    /// Since when users are read; nothing where no earlier export has them whole.
    pub(super) fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::Instant(instant) => Some(*instant),
            _ => self.mark()?.kinds.get(&Kind::Users).copied(),
        }
    }

    /// Refuses the mark of another instance.
    pub(super) fn check(&self, instance: &str) -> Outcome<()> {
        match self.mark() {
            Some(mark) if mark.instance_id != instance => {
                let earlier = &mark.instance_id;
                let message = format!(
                    "the earlier export is of the instance {earlier}, and the key is for {instance}"
                );
                Err(Problem::new(ProblemKind::Changed, "other_instance", message)
                    .hint("give --since an export of the same instance; `clerk-api doctor` shows where the key comes from"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether the mark of the last export is wanted.
pub(super) fn is_since_last(matches: &ArgMatches) -> bool {
    matches
        .get_one::<String>(SINCE)
        .is_some_and(|since| since == LAST)
}

pub(super) fn since(matches: &ArgMatches, target: &Target) -> Outcome<Option<Since>> {
    let Some(text) = matches.get_one::<String>(SINCE) else {
        return Ok(None);
    };
    if text == LAST {
        let Target::Folder(folder) = target else {
            return Err(Problem::usage("--since last is for an export to a folder")
                .hint("name a folder, or give --since an earlier SQLite export or an instant"));
        };
        return Ok(Some(Since::Last(Mark::in_folder(folder)?)));
    }
    if let Some(millis) = millis(text) {
        return Ok(Some(Since::Instant(Timestamp::from_millis(millis))));
    }
    let mark = Mark::of(Path::new(text)).map_err(|problem| {
        problem.hint(
            "give --since an earlier export to SQLite, an instant such as 2026-11-27T15:33:12Z, or last",
        )
    })?;
    Ok(Some(Since::Export(mark)))
}
