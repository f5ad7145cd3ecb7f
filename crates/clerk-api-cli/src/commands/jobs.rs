//! The jobs of this machine: what they are, how far they are, and what is left to do.

mod due;
pub(super) mod go_on;
pub(super) mod instance;
pub(super) mod place;
pub(super) mod plan;
pub(super) mod report;
pub(super) mod resume;
pub(super) mod run;
pub(super) mod start;
mod undo;
mod undone;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Job, Outcome as RowOutcome, Place, document};
use serde_json::{Value, json};

use super::output;
use crate::args::job_flags::{self, JobFlags};
use crate::setup::context::Context;
use crate::show::exit::Exit;

const JOB: &str = "job.id";
const FAILED: &str = "job.failed";
const OLDER: &str = "job.older-than";
const DUE: &str = "job.due";

pub(super) fn command() -> Command {
    let id = || {
        Arg::new(JOB)
            .value_name("JOB")
            .required(true)
            .help("The job's id, or the beginning of it")
    };
    Command::new("jobs")
        .about("Work over many rows that was started on this machine")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about("List the jobs, newest first"))
        .subcommand(
            Command::new("show")
                .about("Show a job: how far it is, and what became of its rows")
                .arg(id())
                .arg(
                    Arg::new(FAILED)
                        .long("failed")
                        .action(ArgAction::SetTrue)
                        .help("List the rows that failed, with their errors"),
                ),
        )
        .subcommand(
            Command::new("resume")
                .about("Continue a job that was interrupted or is parked")
                .arg(id().required_unless_present(DUE).required(false))
                .arg(
                    Arg::new(DUE)
                        .long("due")
                        .action(ArgAction::SetTrue)
                        .conflicts_with(JOB)
                        .help("Continue every parked job whose time has come, one after the other; for cron"),
                )
                .arg(job_flags::ids())
                .args(job_flags::flags()),
        )
        .subcommand(
            Command::new("cancel")
                .about("Give up what is left of a job; what was done stays done")
                .arg(id()),
        )
        .subcommand(
            Command::new("undo")
                .about("Undo what a job did, as far as the API allows; what somebody changed since stays")
                .after_help("Examples:\n  clerk-api jobs undo 01K5 --plan\n  clerk-api jobs undo 01K5 --yes --ids new-ids.csv")
                .arg(id())
                .arg(job_flags::ids())
                .args(job_flags::flags()),
        )
        .subcommand(
            Command::new("report")
                .about("Write the files of results and of failed rows, and show the job")
                .arg(id())
                .arg(job_flags::ids())
                .args(job_flags::flags()),
        )
        .subcommand(
            Command::new("forget")
                .about("Delete what is kept of a job: its journal, its input, its backup")
                .arg(id().required(false))
                .arg(
                    Arg::new(OLDER)
                        .long("older-than")
                        .value_name("DAYS")
                        .value_parser(clap::value_parser!(u16))
                        .conflicts_with(JOB)
                        .help("Forget every ended job that is older than this"),
                ),
        )
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let Some((name, matches)) = matches.subcommand() else {
        return Ok(Exit::Usage);
    };
    match name {
        "list" => list(context),
        "show" => show(context, matches),
        "resume" if matches.get_flag(DUE) => due::run(context, &JobFlags::read(matches)).await,
        "resume" => {
            let place = find(context, matches)?;
            resume::resume(context, place, &JobFlags::read(matches)).await
        }
        "undo" => {
            let place = find(context, matches)?;
            undo::undo(context, place, JobFlags::read(matches)).await
        }
        "cancel" => cancel(context, matches),
        "report" => written(context, matches),
        "forget" => forget(context, matches),
        other => Err(Problem::usage(format!("there is no command jobs {other}"))),
    }
}

fn find(context: &Context, matches: &ArgMatches) -> Outcome<Place> {
    let id = matches.get_one::<String>(JOB).map_or("", String::as_str);
    Place::find(&place::folder(context)?, id)
}

fn list(context: &Context) -> Outcome<Exit> {
    let mut rows = Vec::new();
    for place in Place::all(&place::folder(context)?)? {
        let id = place.id();
        let row = match Job::read(place) {
            Ok(job) => Value::Object(document(&job)?),
            Err(problem) if Job::is_incomplete(&problem) => continue,
            Err(problem) => {
                json!({"object": "job", "id": id, "phase": "unreadable", "reason": problem.message})
            }
        };
        rows.push(row);
    }
    let mut renderer = output::renderer(context, "jobs.list")?;
    output::show(
        context,
        &mut renderer,
        Value::Array(rows).to_string().as_bytes(),
    )
}

fn show(context: &Context, matches: &ArgMatches) -> Outcome<Exit> {
    let job = Job::read(find(context, matches)?)?;
    if !matches.get_flag(FAILED) {
        let document = report::whole(&job, &JobFlags::default())?;
        return report::show_document(context, &Value::Object(document));
    }
    let mut rows = Vec::new();
    report::each(&job, |entry| {
        if entry.state.outcome() == RowOutcome::Failed {
            rows.push(json!({
                "row": entry.at.number,
                "line": entry.at.line,
                "state": entry.state.name(),
                "id": entry.id,
                "http": entry.http,
                "code": entry.code,
                "error": entry.message,
                "trace_id": entry.trace_id,
                "attempts": entry.attempts,
                "todo": report::todo(entry.state),
            }));
        }
        Ok(())
    })?;
    let mut renderer = output::renderer(context, "jobs.failed")?;
    output::show(
        context,
        &mut renderer,
        Value::Array(rows).to_string().as_bytes(),
    )
}

fn cancel(context: &Context, matches: &ArgMatches) -> Outcome<Exit> {
    let job = Job::open(find(context, matches)?)?;
    if !job.phase()?.is_open() {
        return Err(Problem::usage(format!(
            "the job {} is over already",
            job.place().id()
        )));
    }
    job.cancel(place::now())?;
    report::show_document(context, &Value::Object(document(&job)?))
}

fn written(context: &Context, matches: &ArgMatches) -> Outcome<Exit> {
    let job = Job::read(find(context, matches)?)?;
    let flags = JobFlags::read(matches);
    if flags.results.is_some() || flags.rejects.is_some() {
        if job.meta().kind == "undo" {
            undone::check_files(&flags)?;
        }
        let input = resume::input(&job)?.ok_or_else(|| {
            Problem::usage("this job has no file of rows, so there is nothing to write")
        })?;
        report::files(&job, &input, &flags)?;
    }
    report::show_document(context, &Value::Object(report::whole(&job, &flags)?))
}

fn forget(context: &Context, matches: &ArgMatches) -> Outcome<Exit> {
    let days = matches.get_one::<u16>(OLDER).map(|days| i64::from(*days));
    if days.is_none() && matches.get_one::<String>(JOB).is_none() {
        return Err(Problem::usage("name a job, or give --older-than DAYS"));
    }
    let mut gone = Vec::new();
    match days {
        None => {
            let place = find(context, matches)?;
            gone.push(place.id());
            place.remove()?;
        }
        Some(days) => place::sweep(context, days, &mut gone)?,
    }
    let rows: Vec<Value> = gone
        .into_iter()
        .map(|id| json!({"object": "job", "id": id, "deleted": true}))
        .collect();
    let mut renderer = output::renderer(context, "jobs.list")?;
    output::show(
        context,
        &mut renderer,
        Value::Array(rows).to_string().as_bytes(),
    )
}
