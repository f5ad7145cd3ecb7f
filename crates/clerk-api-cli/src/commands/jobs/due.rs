//! `jobs resume --due`: continues the parked jobs whose time has come, for a timer such as cron.

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Job, Phase, Place};

use super::instance::Instance;
use super::place::{folder, now};
use super::resume::resume;
use crate::args::job_flags::JobFlags;
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// Continues them, the oldest first, one after the other. The exit code is that of the worst end (reliability.md section 5).
pub(super) async fn run(context: &mut Context, flags: &JobFlags) -> Outcome<Exit> {
    let files = [&flags.results, &flags.rejects, &flags.ids];
    if files.into_iter().any(Option::is_some) {
        return Err(Problem::usage(
            "--results, --rejects and --ids are for one job, and --due may continue several",
        )
        .hint("`clerk-api jobs report JOB` writes them afterwards"));
    }
    let link = context.link().await?;
    let instance = Instance::ask(&link.client).await?;
    let mut due = Vec::new();
    for place in Place::all(&folder(context)?)?.into_iter().rev() {
        if is_due(place.clone(), &instance.id) {
            due.push(place);
        }
    }
    if due.is_empty() {
        context.ui.note("no parked job is due");
    }
    let (total, mut failed) = (due.len(), 0_usize);
    let mut worst: Option<ProblemKind> = None;
    for place in due {
        let id = place.id();
        context.ui.note(&format!("continuing the job {id}"));
        let problem = match resume(context, place, flags).await {
            Ok(Exit::Done) => continue,
            Ok(_) => None,
            Err(problem) => Some(problem),
        };
        failed += 1;
        let mut kind = ProblemKind::Partly;
        if let Some(problem) = problem {
            if matches!(problem.kind, ProblemKind::Interrupted(_)) {
                return Err(problem);
            }
            context.ui.failure(&problem);
            kind = problem.kind;
        }
        worst = Some(worst.map_or(kind, |worst| worst.worse(kind)));
    }
    match worst {
        None => Ok(Exit::Done),
        Some(kind) => Err(Problem::new(
            kind,
            "jobs_failed",
            format!("{failed} of {total} jobs are not done"),
        )
        .hint("`clerk-api jobs list` shows how far they are")),
    }
}

/// Whether a job is parked until a time that has come. One that waits for a person, or that cannot be read, is none.
fn is_due(place: Place, instance: &str) -> bool {
    let Ok(job) = Job::read(place) else {
        return false;
    };
    let Ok(Phase::Parked {
        resume_after: Some(after),
        ..
    }) = job.phase()
    else {
        return false;
    };
    job.meta().instance == instance && after <= now()
}
