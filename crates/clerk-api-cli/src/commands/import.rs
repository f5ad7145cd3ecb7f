//! `users import`, `organizations import` and `memberships import`: exports as they are, with a policy for what is there already.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, ValueHint};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::import::{
    Exists, Key, Source, Survey, Table, TableImport, UserImport, UserOptions,
};
use clerk_api_tasks::job::{Meta, NewPlace, Place, Work};
use clerk_api_tasks::rows::Input;
use serde::{Deserialize, Serialize};

use super::jobs::go_on::sha256;
use super::jobs::place::new_place;
use super::jobs::start::{Start, start};
use super::rows::open;
use crate::args::job_flags::{self, JobFlags};
use crate::setup::context::Context;
use crate::show::exit::Exit;

const FILE: &str = "import.file";
const FROM: &str = "import.from";
const MATCH: &str = "import.match";
const EXISTS: &str = "import.if-exists";
const COUNTRY: &str = "import.phone-country";
const PASSWORDS: &str = "import.passwords";
const HASH: &str = "import.firebase-hash";

/// The kinds of the jobs, by the groups of their commands.
pub(super) const USERS: &str = "import-users";
pub(super) const ORGANIZATIONS: &str = "import-organizations";
pub(super) const MEMBERSHIPS: &str = "import-memberships";

/// What the work is made from, besides the input. No secret is in it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Options {
    exists: Exists,
    #[serde(default)]
    users: Option<UserOptions>,
    /// The SHA-256 of the files beside the input, so that a job goes on with the same ones.
    #[serde(default)]
    beside: Vec<String>,
}

/// The work of an import.
pub(super) enum Import {
    Users(UserImport),
    Table(TableImport),
}

impl Import {
    pub(super) const fn input(&self) -> &Input {
        match self {
            Self::Users(import) => import.input(),
            Self::Table(import) => import.input(),
        }
    }
}

/// The command of a group.
pub(super) fn command(group: &str) -> Command {
    let command = Command::new("import").arg(
        Arg::new(FILE)
            .value_name("FILE")
            .required(true)
            .value_hint(ValueHint::FilePath)
            .allow_hyphen_values(true)
            .help("The file to import: CSV, TSV, NDJSON or JSON; - for standard input"),
    );
    let command = match group {
        "users" => command
            .about("Import users from a file or from the export of another system")
            .long_about("Import users from a file or from the export of another system. Exports of Clerk, Auth0, Firebase, Supabase, Auth.js, WorkOS and Cognito are read as they are; without --from, columns have the names of the flags of users create. A row that is wrong never stops the others")
            .args(user_flags())
            .after_help("Examples:\n  clerk-api users import auth0.ndjson --from auth0 --plan"),
        "organizations" => command
            .about("Import organizations from a file, found by their slugs")
            .long_about("Import organizations from a file. Columns have the names of the flags of organizations create: name, slug, created-by, public.plan. An organization is found by its slug")
            .after_help("Examples:\n  clerk-api organizations import teams.csv --if-exists update"),
        _ => command
            .about("Import memberships from a file with organization, user and role")
            .long_about("Import memberships from a file. The columns are organization (id or slug), user (id, email, +phone, username or external_id:ID) and role")
            .after_help("Examples:\n  clerk-api memberships import members.csv --if-exists update"),
    };
    command
        .arg(
            Arg::new(EXISTS)
                .long("if-exists")
                .value_name("WORD")
                .value_parser(Exists::WORDS)
                .default_value("skip")
                .help("What to do with what is there already: leave it, change what differs, or fail the row"),
        )
        .args(job_flags::flags())
}

fn user_flags() -> [Arg; 5] {
    [
        Arg::new(FROM)
            .long("from")
            .value_name("SOURCE")
            .value_parser(Source::WORDS)
            .help("Whose export the file is; without it, columns have the names of flags"),
        Arg::new(MATCH)
            .long("match")
            .value_name("KEY")
            .value_parser(Key::WORDS)
            .help("Find users who are there by this key only; without it, by every key that the row has"),
        Arg::new(COUNTRY)
            .long("phone-country")
            .value_name("CODE")
            .allow_hyphen_values(true)
            .help("The code of the country of phone numbers that have none, such as +49"),
        Arg::new(PASSWORDS)
            .long("passwords")
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
            .help("With --from clerk: the dashboard's CSV, whose password digests are joined by id"),
        Arg::new(HASH)
            .long("firebase-hash")
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
            .help("With --from firebase: a file with the project's password hash parameters"),
    ]
}

/// Starts the import of a group.
pub(super) async fn run(context: &mut Context, group: &str, matches: &ArgMatches) -> Outcome<Exit> {
    let word = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned();
    let exists = Exists::parse(word(EXISTS).as_deref().unwrap_or("skip"))?;
    let path = |id: &str| word(id).map(PathBuf::from).map(absolute);
    let users = UserOptions {
        source: word(FROM).as_deref().map(Source::parse).transpose()?,
        by: word(MATCH).as_deref().map(Key::parse).transpose()?,
        exists,
        phone_country: word(COUNTRY),
        passwords: path(PASSWORDS),
        firebase_hash: path(HASH),
    };
    let is_users = group == "users";
    let options = Options {
        exists,
        beside: beside(&users)?,
        users: is_users.then_some(users),
    };
    let kind = match group {
        "users" => USERS,
        "organizations" => ORGANIZATIONS,
        _ => MEMBERSHIPS,
    };
    let file = word(FILE).unwrap_or_default();
    let place = new_place(context)?;
    let path = open(context, &file, &place)?;
    let import = work(kind, &options, &path)?;
    let sha256 = sha256(import.input())?;
    tell(context, &import)?;
    let input_name = if file == "-" {
        file
    } else {
        path.display().to_string()
    };
    let begun = Begun {
        place,
        kind,
        options,
        input_name,
        sha256,
    };
    match &import {
        Import::Users(work) => begun.start(context, work, work.input(), matches).await,
        Import::Table(work) => begun.start(context, work, work.input(), matches).await,
    }
}

/// An import before its job is made.
struct Begun {
    place: NewPlace,
    kind: &'static str,
    options: Options,
    input_name: String,
    sha256: String,
}

impl Begun {
    async fn start(
        self,
        context: &mut Context,
        work: &dyn Work,
        input: &Input,
        matches: &ArgMatches,
    ) -> Outcome<Exit> {
        // What is asked before it, and what is protected, follows from the most that it does.
        let updates = self.options.exists == Exists::Update;
        let operation = operation(match (self.kind, updates) {
            (USERS, false) => "users.create",
            (USERS, true) => "users.update",
            (ORGANIZATIONS, false) => Table::Organizations.creates(),
            (ORGANIZATIONS, true) => Table::Organizations.updates(),
            (_, false) => Table::Memberships.creates(),
            (_, true) => Table::Memberships.updates(),
        })?;
        let options = serde_json::to_value(&self.options)
            .map_err(|error| Problem::io("cannot write the job down", &error))?;
        let begun = Start {
            place: self.place,
            work,
            input: Some(input),
            input_name: self.input_name,
            sha256: self.sha256,
            kind: self.kind,
            operation,
            options,
            flags: JobFlags::read(matches),
            undoes: None,
        };
        start(context, begun).await
    }
}

fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// What a person should know before anything is sent.
fn tell(context: &Context, import: &Import) -> Outcome<()> {
    let (unused, survey) = match import {
        Import::Users(users) => (users.unused(), users.survey()?),
        Import::Table(table) => (table.unused(), Survey::default()),
    };
    if !unused.is_empty() {
        let names: Vec<&str> = unused.iter().map(|name| &**name).collect();
        context
            .ui
            .note(&format!("these columns set nothing: {}", names.join(", ")));
    }
    for sentence in survey.sentences() {
        context.ui.note(&sentence);
    }
    Ok(())
}

/// The digests of the files beside the input.
fn beside(options: &UserOptions) -> Outcome<Vec<String>> {
    let files = [&options.passwords, &options.firebase_hash];
    let digests = files.into_iter().flatten().map(|path| {
        use sha2::Digest as _;
        let bytes = fs_err::read(path)
            .map_err(|error| Problem::usage("a file cannot be read").cause(error.to_string()))?;
        let digest = sha2::Sha256::digest(&bytes);
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    });
    digests.collect()
}

/// The work of a job that was made before.
pub(super) fn again(meta: &Meta, place: &Place) -> Outcome<Import> {
    let options: Options = serde_json::from_value(meta.options.clone())
        .map_err(|error| Problem::io("cannot read what the job is", &error))?;
    if let Some(users) = &options.users
        && beside(users)? != options.beside
    {
        let message = "a file that the job reads beside its input has changed";
        return Err(Problem::new(ProblemKind::Changed, "input_changed", message)
            .hint("put the same file back, or start a new job with what is left"));
    }
    let path = if meta.input == "-" {
        place.spool()
    } else {
        PathBuf::from(&meta.input)
    };
    work(&meta.kind, &options, &path)
}

fn work(kind: &str, options: &Options, path: &Path) -> Outcome<Import> {
    let table = match kind {
        USERS => {
            let users = options.users.clone().unwrap_or_default();
            return UserImport::open(path, users).map(Import::Users);
        }
        ORGANIZATIONS => Table::Organizations,
        _ => Table::Memberships,
    };
    TableImport::open(path, table, options.exists).map(Import::Table)
}
