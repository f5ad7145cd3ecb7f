//! Runs what is left of a job.

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Job, Work};
use clerk_api_tasks::rows::Input;

use super::instance::{Instance, decider};
use super::{report, run};
use crate::args::job_flags::JobFlags;
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// Continues a job whose work is there again.
pub(crate) async fn go_on(
    context: &mut Context,
    job: Job,
    work: &dyn Work,
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
pub(crate) async fn again(
    context: &mut Context,
    job: Job,
    work: &dyn Work,
    flags: &JobFlags,
) -> Outcome<run::Ran> {
    let link = context.link().await?;
    let instance = Instance::ask(&link.client).await?;
    job.check_instance(&instance.id)?;
    let operation = clerk_api_admin::call::operation(&job.meta().operation)?;
    let decider = decider(context, &link, operation).await?;
    let settings = run::Settings {
        at_most_once: flags.at_most_once || job.meta().at_most_once,
        backup: !(flags.no_backup || job.meta().no_backup),
        skew: instance.skew,
    };
    run::run(context, &link, job, work, &decider, &settings).await
}

/// Refuses an input that is another one than when the job was made (reliability.md 4.7).
fn check_input(job: &Job, input: &Input) -> Outcome<()> {
    if sha256(input)? == job.meta().sha256 {
        return Ok(());
    }
    let message = format!(
        "the input {} changed since the job was made",
        job.meta().input
    );
    Err(Problem::new(ProblemKind::Changed, "input_changed", message)
        .hint("put the same file back, or start a new job with what is left"))
}

/// The SHA-256 of a whole input, in hex.
pub(crate) fn sha256(input: &Input) -> Outcome<String> {
    let digest = input.sha256()?;
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
