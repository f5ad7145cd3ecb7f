//! Continues a job: its work is made anew from what the journal says, and its input must be the same.

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Job, Place, RowsOptions};
use clerk_api_tasks::rows::Input;

use super::go_on::{again, go_on};
use super::{report, undone};
use crate::args::job_flags::JobFlags;
use crate::commands::import::{self, Import};
use crate::commands::{onboard, sync_members};
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
            let work = RowsOptions::again(job.meta(), job.place())?;
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
        "rows" => Some(RowsOptions::again(meta, place)?.input().clone()),
        import::USERS | import::ORGANIZATIONS | import::MEMBERSHIPS => {
            Some(import::again(meta, place)?.input().clone())
        }
        sync_members::KIND | onboard::KIND => Some(Input::open(&place.rows())?),
        _ => None,
    })
}
