//! Continues a job: its work is made anew from what the journal says, and its input must be the same.

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Job, Place, Work};
use clerk_api_tasks::rows::Input;

use super::start::{Instance, decider};
use super::{report, run, undone};
use crate::args::job_flags::JobFlags;
use crate::commands::import::{self, Import};
use crate::commands::{onboard, rows, sync_members};
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// Continues a job.
pub(crate) async fn resume(context: &mut Context, place: Place, flags: &JobFlags) -> Outcome<Exit> {
    let job = Job::open(place)?;
    if !job.phase()?.is_open() {
        let message = format!(
            "the job {} has {}; there is nothing to continue",
            job.place().id(),
            job.phase()?.name()
        );
        return Err(
            Problem::usage(message).hint("`clerk-api jobs show` tells what became of its rows")
        );
    }
    match job.meta().kind.as_str() {
        "rows" => {
            let work = rows::again(job.meta(), job.place())?;
            let input = work.input().clone();
            go_on(context, job, &work, Some(&input), flags).await
        }
        "undo" => {
            let work = undone::again(&job)?;
            go_on(context, job, &work, None, flags).await
        }
        import::USERS | import::ORGANIZATIONS | import::MEMBERSHIPS => {
            let import = import::again(job.meta(), job.place())?;
            let input = import.input().clone();
            match &import {
                Import::Users(work) => go_on(context, job, work, Some(&input), flags).await,
                Import::Table(work) => go_on(context, job, work, Some(&input), flags).await,
            }
        }
        sync_members::KIND => {
            let work = sync_members::again(&job)?;
            let input = Input::open(work.sheet().path()).ok();
            let ran = again(context, job, &work, flags).await?;
            report::ended(context, ran, input.as_ref(), flags)
        }
        onboard::KIND => onboard::go_on(context, job, flags).await,
        other => Err(Problem::new(
            ProblemKind::Changed,
            "unknown_kind",
            format!("this program does not know jobs of the kind {other:?}"),
        )),
    }
}

/// The input of a job that was made before, where a file is its input.
pub(crate) fn input(job: &Job) -> Outcome<Option<Input>> {
    let (meta, place) = (job.meta(), job.place());
    Ok(match meta.kind.as_str() {
        "rows" => Some(rows::again(meta, place)?.input().clone()),
        import::USERS | import::ORGANIZATIONS | import::MEMBERSHIPS => {
            Some(import::again(meta, place)?.input().clone())
        }
        sync_members::KIND | onboard::KIND => Some(Input::open(&place.rows())?),
        _ => None,
    })
}

/// Continues a job whose work is there again.
pub(crate) async fn go_on<W: Work>(
    context: &mut Context,
    job: Job,
    work: &W,
    input: Option<&Input>,
    flags: &JobFlags,
) -> Outcome<Exit> {
    if let Some(input) = input {
        check_input(&job, input)?;
    }
    let ran = again(context, job, work, flags).await?;
    report::ended(context, ran, input, flags)
}

/// Runs what is left of a job whose work and input are there again.
pub(crate) async fn again<W: Work>(
    context: &mut Context,
    job: Job,
    work: &W,
    flags: &JobFlags,
) -> Outcome<run::Ran> {
    let link = context.link().await?;
    let instance = Instance::ask(&link.client).await?;
    job.check_instance(&instance.id)?;
    let operation = clerk_api_admin::call::operation(&job.meta().operation)?;
    let decider = decider(context, &link, operation).await?;
    let settings = run::Settings {
        at_most_once: flags.at_most_once,
        backup: !flags.no_backup,
        skew: instance.skew,
    };
    run::run(context, &link, job, work, &decider, &settings).await
}

/// Refuses an input that is another one than when the job was made (reliability.md 4.7).
fn check_input(job: &Job, input: &Input) -> Outcome<()> {
    if rows::sha256(input)? == job.meta().sha256 {
        return Ok(());
    }
    let message = format!(
        "the input {} changed since the job was made",
        job.meta().input
    );
    Err(Problem::new(ProblemKind::Changed, "input_changed", message)
        .hint("put the same file back, or start a new job with what is left"))
}
