//! `organizations sync-members`: the members of organizations become those of a file.

use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Job, Place};
use clerk_api_tasks::rows::Input;
use clerk_api_tasks::teams::{Sheet, Sync, TeamWork, names_organizations, sync, wanted_rows};
use serde_json::{Value, json};

use super::choose;
use super::jobs::go_on::sha256;
use super::jobs::place::new_place;
use super::jobs::start::{self, Asks, Start};
use super::rows;
use crate::args::job_flags::{self, JobFlags, ROWS};
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// The kind of these jobs.
pub(super) const KIND: &str = "sync-members";

const ORGANIZATION: &str = "organization_id";
const ROLE: &str = "sync.role";
const KEEP: &str = "sync.keep";
const INVITE: &str = "sync.invite-unknown";
const REMOVE_MOST: &str = "sync.remove-most";

pub(super) fn command() -> Command {
    Command::new("sync-members")
        .about("Make the members of organizations the people of a file: adds, changes roles, removes")
        .long_about("Make the members of organizations exactly the people of a file. People who are missing are added, those with another role get the one of the file, and members whom the file does not name are removed. Where it is already right, nothing changes, so you can run the command again and again. Look at what it would do with --plan.")
        .after_help("Examples:\n  clerk-api organizations sync-members acme --rows members.csv --invite-unknown --keep org:admin --plan")
        .arg(
            Arg::new(ORGANIZATION)
                .value_name("ORGANIZATION_ID")
                .help("The organization: id or slug; leave it out if the file has a column organization"),
        )
        .arg(
            Arg::new(ROWS)
                .long("rows")
                .value_name("FILE")
                .value_hint(clap::ValueHint::FilePath)
                .required(true)
                .allow_hyphen_values(true)
                .help("The file: columns email (or user) and role; CSV, TSV, NDJSON, JSON; - for standard input"),
        )
        .arg(
            Arg::new(ROLE)
                .long("role")
                .value_name("ROLE")
                .help("The role of people whose row names none, such as org:member"),
        )
        .arg(
            Arg::new(KEEP)
                .long("keep")
                .value_name("ROLE")
                .action(ArgAction::Append)
                .help("Remove no member who has this role, such as org:admin (repeatable)"),
        )
        .arg(
            Arg::new(INVITE)
                .long("invite-unknown")
                .action(ArgAction::SetTrue)
                .help("Invite people who have no account, by email"),
        )
        .arg(
            Arg::new(REMOVE_MOST)
                .long("remove-most")
                .action(ArgAction::SetTrue)
                .help("Remove even more than half of the members, if the file says so"),
        )
        .args(job_flags::of_states(true))
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let meta = operation("organizations.add_member")?;
    start::check_read_only(context, meta)?;
    let text = |id: &str| matches.get_one::<String>(id).map(String::as_str);
    let standard = text(ROLE);
    let keep = matches.get_many::<String>(KEEP).into_iter().flatten();
    let how = Sync {
        keep: keep.map(|role| whole(role)).collect(),
        invite_unknown: matches.get_flag(INVITE),
        remove_most: matches.get_flag(REMOVE_MOST),
    };
    let file = text(ROWS).unwrap_or("-");
    let place = new_place(context)?;
    let path = rows::open(context, file, &place)?;
    let input = Input::open(&path)?;
    let sha256 = sha256(&input)?;
    let chosen = match text(ORGANIZATION) {
        None if context.asks() && !names_organizations(&input)? => {
            Some(choose::an_organization(context).await?)
        }
        given => given.map(str::to_owned),
    };
    let organization = chosen.as_deref();
    let wanted = wanted_rows(&input, organization, standard)?;
    let client = context.link().await?.client;
    let entries = sync(&client, organization, &wanted, &how).await?;
    let sheet = Sheet::write(&place.rows(), &entries)?;
    let input_name = rows::shown(&path, file);
    // An organization without members, and nobody wanted, leaves no rows.
    let input = Input::open(sheet.path()).ok();
    let options = json!({
        "organization": organization,
        "role": standard,
        "keep": how.keep,
        "invite_unknown": how.invite_unknown,
        "remove_most": how.remove_most,
    });
    let work = TeamWork::new(sheet, how.invite_unknown);
    let begun = Start {
        place,
        work: &work,
        input: input.as_ref(),
        input_name,
        sha256,
        kind: KIND,
        operation: meta,
        options,
        flags: JobFlags::read(matches),
        undoes: None,
    };
    start::begin_and_show(context, begun, Asks::Changes).await
}

/// The work of a job that was made before.
pub(super) fn again(job: &Job) -> Outcome<TeamWork> {
    let invite = job.meta().options["invite_unknown"] == Value::Bool(true);
    sheet(job.place()).map(|sheet| TeamWork::new(sheet, invite))
}

/// The sheet of a job.
pub(super) fn sheet(place: &Place) -> Outcome<Sheet> {
    Sheet::open(&place.rows())
}

/// A role's key as it is written: `admin` means `org:admin`.
fn whole(role: &str) -> String {
    if role.contains(':') {
        role.to_owned()
    } else {
        format!("org:{role}")
    }
}

/// A problem, if a file cannot be one of rows.
pub(super) fn read_text(path: &Path) -> Outcome<String> {
    let shown = path.display();
    let bytes = fs_err::read(path)
        .map_err(|error| Problem::usage(format!("cannot read {shown}")).cause(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| Problem::usage(format!("{shown} is not UTF-8")))
}
