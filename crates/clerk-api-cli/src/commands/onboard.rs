//! `onboard`: organizations with their people, made once and completed ever after.

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};
use clerk_api_admin::call::operation;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Job, Place};
use clerk_api_tasks::rows::Input;
use clerk_api_tasks::teams::{
    Changes, Made, Onboarding, Sheet, Team, TeamWork, Wanted, report, team_file, team_rows,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::consent;
use super::jobs::go_on::again;
use super::jobs::place::new_place;
use super::jobs::report::{files, judged, show_document};
use super::jobs::run::Ran;
use super::jobs::start::{self, Asks, Begun, Start};
use super::rows;
use super::rows::shown;
use super::sync_members::{read_text, sheet};
use crate::args::job_flags::{self, JobFlags, ROWS};
use crate::setup::context::{Context, Link};
use crate::show::exit::Exit;

/// The kind of these jobs.
pub(super) const KIND: &str = "onboard";

const FILE: &str = "onboard.file";
const NAME: &str = "onboard.name";
const SLUG: &str = "onboard.slug";
const CREATOR: &str = "onboard.created-by";
const LIMIT: &str = "onboard.max-members";
const ADMIN: &str = "onboard.admin";
const MEMBER: &str = "onboard.member";

/// So many changes are told one by one.
const TOLD: usize = 200;

pub(super) fn command() -> Command {
    let of_one = |id: &'static str| {
        let long = id.strip_prefix("onboard.").unwrap_or(id);
        Arg::new(id).long(long).requires(NAME)
    };
    let person = |id: &'static str| {
        of_one(id)
            .value_name("USER")
            .action(ArgAction::Append)
            .value_delimiter(',')
    };
    Command::new("onboard")
        .about("Create an organization, or several, and bring in their people")
        .long_about("Create an organization, or several, and bring in their people. An organization that is there already, by slug or exact name, is used and never made twice. People with an account become members, the others are invited by email. Where it is already right, nothing changes: run it again after an interruption, or after a change in the file.")
        .after_help("Examples:\n  clerk-api onboard --name \"Engineering Team\" --admin alice@company.com --member bob@company.com\n  clerk-api onboard team.yaml --plan\n  clerk-api onboard --rows people.csv --yes")
        .arg(
            Arg::new(FILE)
                .value_name("FILE")
                .value_hint(clap::ValueHint::FilePath)
                .help("A file of YAML or JSON with a team or a list of teams; - for standard input"),
        )
        .arg(
            Arg::new(ROWS)
                .long("rows")
                .value_name("FILE")
                .value_hint(clap::ValueHint::FilePath)
                .allow_hyphen_values(true)
                .help("A file with a person each row: columns team, email, and role, slug, created_by where wanted"),
        )
        .arg(
            Arg::new(NAME)
                .long("name")
                .value_name("TEXT")
                .help("The name of the organization"),
        )
        .group(ArgGroup::new("onboard.from").args([FILE, ROWS, NAME]).required(true))
        .arg(of_one(SLUG).value_name("TEXT").help("Its slug, where it shall have one"))
        .arg(of_one(CREATOR).value_name("USER").help("Who becomes its first member if it is created: id, email, +phone or username"))
        .arg(
            of_one(LIMIT)
                .value_name("N")
                .value_parser(clap::value_parser!(u64))
                .help("How many members and open invitations it may have; 0: any number"),
        )
        .arg(person(ADMIN).help("Somebody who shall be admin (repeatable, or with commas)"))
        .arg(person(MEMBER).help("Somebody who shall be member (repeatable, or with commas)"))
        .args(job_flags::of_states(false))
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let meta = operation("organizations.create")?;
    start::check_read_only(context, meta)?;
    let flags = JobFlags::read(matches);
    let place = new_place(context)?;
    let (onboarding, input_name, sha256) = match made(context, matches, &flags, &place).await? {
        Ok(made) => made,
        Err(exit) => return Ok(exit),
    };
    let (organizations, entries) = (onboarding.made(), onboarding.entries());
    let link = context.link().await?;
    if entries.is_empty() && !onboarding.has_created() {
        let document = report(&link.client, &organizations, None, None).await?;
        return show_document(context, &document);
    }
    let sheet = Sheet::write(&place.rows(), &entries)?;
    if !flags.no_backup {
        onboarding.keep(&place)?;
    }
    // A team without people leaves no rows.
    let input = Input::open(sheet.path()).ok();
    let work = TeamWork::new(sheet, true);
    let begun = Start {
        place,
        work: &work,
        input: input.as_ref(),
        input_name,
        sha256,
        kind: KIND,
        operation: operation("organizations.add_member")?,
        options: Value::Null,
        flags: flags.clone(),
        undoes: None,
    };
    match start::begin(context, begun, Asks::Nothing).await? {
        Begun::Shown(exit) => Ok(exit),
        Begun::Ran(ran) => ended(context, &link, &organizations, work.sheet(), *ran, &flags).await,
    }
}

/// The teams with their organizations made, or the exit where only a plan was asked for.
async fn made(
    context: &mut Context,
    matches: &ArgMatches,
    flags: &JobFlags,
    place: &Place,
) -> Outcome<Result<(Onboarding, String, String), Exit>> {
    let (teams, input_name) = teams(context, matches, place)?;
    let text = serde_json::to_vec(&teams)
        .map_err(|error| Problem::io("cannot write the teams down", &error))?;
    let digest = Sha256::digest(&text);
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let link = context.link().await?;
    let mut onboarding = Onboarding::look(&link.client, teams).await?;
    if flags.plan || context.flags.dry_run {
        return show_document(context, &onboarding.planned()).map(Err);
    }
    let said = onboarding.says();
    for line in said.iter().take(TOLD) {
        context.ui.tell(&format!("  {line}"));
    }
    if said.len() > TOLD {
        context
            .ui
            .tell(&format!("  and {} more", said.len() - TOLD));
    }
    let changes = onboarding.changes();
    consent::for_several(context, &link, changes.total(), action(changes))?;
    let meta = operation("organizations.create")?;
    let entries = &context.settings.protected;
    let protected = if Protected::matters(entries, meta) {
        Some(Protected::load_all(link.client.clone(), entries, meta).await?)
    } else {
        None
    };
    onboarding
        .make(&link.client, &context.sending, protected.as_ref())
        .await?;
    context.sending.shown();
    Ok(Ok((onboarding, input_name, sha256)))
}

/// Where the teams come from, and what that is called.
fn teams(
    context: &mut Context,
    matches: &ArgMatches,
    place: &Place,
) -> Outcome<(Vec<Team>, String)> {
    let text = |id: &str| matches.get_one::<String>(id).map(String::as_str);
    if let Some(file) = text(ROWS) {
        let path = rows::open(context, file, place)?;
        return Ok((team_rows(&Input::open(&path)?)?, shown(&path, file)));
    }
    if let Some(file) = text(FILE) {
        let path = rows::open(context, file, place)?;
        let ending = path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("csv" | "tsv" | "ndjson")) {
            return Err(
                Problem::usage(format!("{file} is a file of rows")).hint(format!(
                    "`clerk-api onboard --rows {file}` reads one person from each row"
                )),
            );
        }
        let name = shown(&path, file);
        return Ok((team_file(file, &read_text(&path)?)?, name));
    }
    let people = [(ADMIN, "org:admin"), (MEMBER, "org:member")]
        .into_iter()
        .flat_map(|(id, role)| {
            let named = matches.get_many::<String>(id).into_iter().flatten();
            named.map(move |who| Wanted {
                line: 0,
                organization: None,
                who: who.clone(),
                role: role.to_owned(),
            })
        });
    let team = Team {
        line: 0,
        name: text(NAME).unwrap_or_default().to_owned(),
        slug: text(SLUG).map(str::to_owned),
        created_by: text(CREATOR).map(str::to_owned),
        max_members: matches.get_one::<u64>(LIMIT).copied(),
        people: people.collect(),
    };
    Ok((vec![team], "the command line".to_owned()))
}

/// All changes in a sentence.
fn action(changes: Changes) -> String {
    let Changes {
        create,
        change,
        add,
        role,
        invite,
        ..
    } = changes;
    let people = |count: u64| if count == 1 { "person" } else { "people" };
    let organizations = |count: u64| {
        if count == 1 {
            "organization"
        } else {
            "organizations"
        }
    };
    let parts = [
        (create, format!("create {create} {}", organizations(create))),
        (change, format!("change {change} {}", organizations(change))),
        (add, format!("add {add} {}", people(add))),
        (role, format!("change the role of {role} {}", people(role))),
        (invite, format!("invite {invite} {}", people(invite))),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(_, text)| text).collect();
    parts.join(", ")
}

/// Continues an onboarding whose organizations are there.
pub(super) async fn go_on(context: &mut Context, job: Job, flags: &JobFlags) -> Outcome<Exit> {
    let work = TeamWork::new(sheet(job.place())?, true);
    let ran = again(context, job, &work, flags).await?;
    let link = context.link().await?;
    ended(context, &link, &[], work.sheet(), ran, flags).await
}

/// Shows what became of an onboarding, and says how it went.
async fn ended(
    context: &Context,
    link: &Link,
    organizations: &[Made],
    sheet: &Sheet,
    ran: Ran,
    flags: &JobFlags,
) -> Outcome<Exit> {
    let problem = judged(&ran, flags)?;
    if flags.results.is_some()
        && let Ok(input) = Input::open(sheet.path())
    {
        files(&ran.job, &input, flags)?;
    }
    let document = report(&link.client, organizations, Some(sheet), Some(&ran.job)).await;
    let shown = match (document, &problem) {
        (Ok(document), _) => show_document(context, &document)?,
        (Err(failure), None) => return Err(failure),
        // What ended the job keeps the document from being made, too.
        (Err(_), Some(_)) => {
            let job = ran.job.place().id();
            show_document(
                context,
                &json!({"object": "onboarding", "teams": null, "job": job}),
            )?
        }
    };
    problem.map_or(Ok(shown), Err)
}
