//! Starts a job, or says what it would do: the instance, whether the same job is there already, the plan, the yes.

use clerk_api::API_VERSION;
use clerk_api::declare::Effect;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Job, Meta, NewPlace, Phase, State, Work};
use clerk_api_tasks::rows::Input;
use clerk_api_tasks::undo::not_back;
use serde_json::Value;

use super::instance::{Instance, decider};
use super::place::{folder, now, tidy};
use super::{plan, report, run};
use crate::args::job_flags::JobFlags;
use crate::commands::consent;
use crate::setup::context::{Context, Link};
use crate::show::exit::Exit;

/// Finished jobs that do the same are pointed at for so long (reliability.md 4.9).
const A_DAY: i64 = 24 * 60 * 60 * 1000;

/// What a job is about.
pub(crate) struct Start<'w> {
    /// Where it will live.
    pub(crate) place: NewPlace,
    pub(crate) work: &'w dyn Work,
    /// Where its rows come from; nothing where no file is read.
    pub(crate) input: Option<&'w Input>,
    /// The path of the input as it was given.
    pub(crate) input_name: String,
    /// The SHA-256 of all that the rows come from, in hex.
    pub(crate) sha256: String,
    /// What kind of work it is: see `resume`.
    pub(crate) kind: &'static str,
    /// The operation that decides what is asked before it.
    pub(crate) operation: &'static clerk_api::declare::Meta,
    /// What the requests follow from; `resume` makes the work anew from it.
    pub(crate) options: Value,
    pub(crate) flags: JobFlags,
    /// The job that this one undoes.
    pub(crate) undoes: Option<String>,
}

/// What a yes is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// The operation, over all rows.
    Rows,
    /// What the plan changes.
    Plan,
    /// The same, on the way to a state that can be asked for again and again.
    Changes,
    /// Nothing, since it was asked for before. The work leads to a state, too.
    Nothing,
}

/// The result of starting a job.
pub(crate) enum Begun {
    /// There was nothing to run, or it was run as another job; that is shown.
    Shown(Exit),
    /// It ran.
    Ran(Box<run::Ran>),
}

/// Starts a job and shows what became of it.
pub(crate) async fn start(context: &mut Context, start: Start<'_>) -> Outcome<Exit> {
    begin_and_show(context, start, Asks::Rows).await
}

/// As `start`, where something else is asked.
pub(crate) async fn begin_and_show(
    context: &mut Context,
    start: Start<'_>,
    asks: Asks,
) -> Outcome<Exit> {
    let (input, flags) = (start.input, start.flags.clone());
    match begin(context, start, asks).await? {
        Begun::Shown(exit) => Ok(exit),
        Begun::Ran(ran) => report::ended(context, *ran, input, &flags),
    }
}

/// Starts a job and runs it.
pub(crate) async fn begin(context: &mut Context, start: Start<'_>, asks: Asks) -> Outcome<Begun> {
    check_read_only(context, start.operation)?;
    let link = context.link().await?;
    let only_plan = start.flags.plan || context.flags.dry_run;
    if asks == Asks::Rows && !only_plan {
        consent::check_early(context, &link, start.operation, &start.flags)?;
    }
    let instance = Instance::ask(&link.client).await?;
    let meta = meta(&link, &start, &instance);
    let jobs = folder(context)?;
    if let Some(exit) = same(context, &jobs, &meta, &start, asks).await? {
        return Ok(Begun::Shown(exit));
    }
    tidy(context);
    let decider = decider(context, &link, start.operation).await?;
    // Until it is kept, all of the job goes with this, whatever fails.
    let place = start.place;
    let job = Job::make(place.clone(), meta, start.work)?;
    let is_asked = context.asks();
    let mut changes = None;
    let needs_plan = only_plan
        || matches!(asks, Asks::Plan | Asks::Changes)
        || asks == Asks::Rows && (is_asked || start.flags.confirm.is_some());
    if needs_plan {
        let made = job
            .plan(start.work, &decider, Some(&link.governor), not_back)
            .await?;
        if only_plan {
            return plan::show(context, &job, &made).map(Begun::Shown);
        }
        plan::tell(context, &job, &made)?;
        changes = Some(made);
    }
    let count = job.counts()?.of(State::Pending);
    let flags = &start.flags;
    match (asks, &changes) {
        (Asks::Nothing, _) => {}
        (Asks::Plan | Asks::Changes, Some(plan)) => {
            consent::for_changes(context, &link, &job, plan, flags).await?;
        }
        _ => consent::for_job(context, &link, &job, start.operation, count, flags).await?,
    }
    place.keep();
    let settings = run::Settings {
        at_most_once: start.flags.at_most_once,
        backup: !start.flags.no_backup,
        skew: instance.skew,
    };
    let ran = run::run(context, &link, job, start.work, &decider, &settings).await?;
    Ok(Begun::Ran(Box::new(ran)))
}

pub(crate) fn check_read_only(
    context: &Context,
    operation: &clerk_api::declare::Meta,
) -> Outcome<()> {
    let read_only = &context.settings.read_only;
    if !read_only.value || context.flags.dry_run || operation.effect == Effect::Read {
        return Ok(());
    }
    Err(Problem::refused(format!(
        "only reading is allowed here ({})",
        read_only.source
    )))
}

fn meta(link: &Link, start: &Start<'_>, instance: &Instance) -> Meta {
    Meta {
        input: start.input_name.clone(),
        sha256: start.sha256.clone(),
        size: start.input.map_or(0, Input::size),
        options: start.options.clone(),
        job_key: start.flags.job_key.clone(),
        at_most_once: start.flags.at_most_once,
        no_backup: start.flags.no_backup,
        undoes: start.undoes.clone(),
        ..about(link, instance, start.kind, start.operation.name)
    }
}

/// What a job is, but for what its rows come from.
pub(crate) fn about(link: &Link, instance: &Instance, kind: &str, operation: &str) -> Meta {
    Meta {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: kind.to_owned(),
        operation: operation.to_owned(),
        instance: instance.id.clone(),
        live: link.live,
        key: link.fingerprint.clone(),
        url: link.url.clone(),
        api_version: API_VERSION.to_owned(),
        input: String::new(),
        sha256: String::new(),
        size: 0,
        options: Value::Null,
        command: Vec::new(),
        job_key: None,
        at_most_once: false,
        no_backup: false,
        undoes: None,
        salt: String::new(),
    }
}

/// What to do where the same job is there already (reliability.md 4.9).
async fn same(
    context: &mut Context,
    jobs: &std::path::Path,
    meta: &Meta,
    start: &Start<'_>,
    asks: Asks,
) -> Outcome<Option<Exit>> {
    if start.flags.new_job || start.flags.plan || context.flags.dry_run {
        return Ok(None);
    }
    let leads_to_state = matches!(asks, Asks::Changes | Asks::Nothing);
    let since = if start.flags.again || leads_to_state {
        i64::MAX
    } else {
        now() - A_DAY
    };
    let Some((place, phase)) = Job::same(jobs, meta, since)? else {
        return Ok(None);
    };
    let id = place.id();
    if meta.job_key.is_some() || leads_to_state {
        if leads_to_state {
            let note = format!("the job {id} is not finished: this continues it");
            context.ui.note(&note);
        }
        return match phase {
            Phase::Ended { .. } => report::again(context, place).map(Some),
            _ => (context.continue_job)(context, place, start.flags.clone())
                .await
                .map(Some),
        };
    }
    let (message, hint) = match phase {
        Phase::Ended { .. } => (
            format!("the job {id} did the same with the same input less than a day ago"),
            format!(
                "`clerk-api jobs show {id}` shows what became of it; --again does it once more"
            ),
        ),
        _ => (
            format!("the job {id} does the same with the same input, and is not finished"),
            format!("`clerk-api jobs resume {id}` continues it; --new-job starts another"),
        ),
    };
    Err(Problem::new(ProblemKind::Refused, "same_job", message).hint(hint))
}
