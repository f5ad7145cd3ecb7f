//! `job_start`: one operation over rows, as a job that survives this process.

use std::rc::Rc;

use clerk_api::declare::{Effect, Meta};
use clerk_api_admin::call::operation;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Form, Job, NewPlace, Plan, RowsOptions, RowsWork, Work as _};
use clerk_api_tasks::rows::Asked;
use clerk_api_tasks::undo::not_back;
use serde_json::{Value, json};

use super::perform::{capitalized, check_argument};
use super::{jobs, people, running};
use crate::answer::Answer;
use crate::approval::{Approval, Ended, digest};
use crate::arguments::Arguments;
use crate::session::Connected;
use crate::settings::Level;
use crate::turn::Turn;

/// The most objects of one call (reliability.md 10.4).
const MOST: usize = 50;
/// The same job within a day would make everything once more.
const DAY: i64 = 24 * 60 * 60 * 1000;

pub(super) async fn start(turn: &Turn, arguments: &Arguments) -> Ended {
    let meta = operation(arguments.needed("operation"))?;
    turn.session.check_open(meta)?;
    let rows = text(meta, arguments.list("rows"))?;
    let settings = &turn.session.settings;
    let place = NewPlace::make(&jobs::folder(settings)?, settings.now())?;
    place.write_spool(&rows)?;
    let options = RowsOptions {
        operation: meta.name.to_owned(),
        asked: Asked::default(),
        form: Form::Rows,
    };
    let work = Rc::new(options.work(&place.spool())?);
    let (recipients, objects) = checked(turn, meta, &work)?;
    let connected = turn.connected().await?;
    let options = serde_json::to_value(&options)
        .map_err(|error| Problem::io("cannot write the job down", &error))?;
    let mut about = running::meta(&connected, "rows", meta.name, options);
    about.sha256 = digest(&rows);
    about.size = rows.len() as u64;
    refuse_same(turn, meta, &about)?;
    let decider = turn.session.decider(&connected, meta).await?;
    let job = Job::make((*place).clone(), about, &*work)?;
    let governor = connected.connection.governor.as_deref();
    let plan = job.plan(&*work, &decider, governor, not_back).await?;
    if arguments.is_true("plan") || plan.writes() == 0 {
        return Ok(planned(turn, &plan));
    }
    approve(turn, &connected, meta, &plan, &rows, &recipients, objects).await?;
    place.keep();
    let id = job.place().id();
    let (control, task) = running::begin(turn, &connected, job, work, decider);
    running::keep(turn, &id, control, task);
    let note = "it runs; the tool jobs with this id tells how far it is, job_cancel stops it";
    Ok(Answer::started(
        id,
        json!({"rows": plan.writes(), "note": note}),
    ))
}

/// The rows as a file of NDJSON.
fn text(meta: &Meta, rows: &[Value]) -> Outcome<String> {
    if meta.effect == Effect::Read {
        return Err(Problem::usage(
            "job_start is for operations that change something",
        ));
    }
    if rows.is_empty() {
        return Err(Problem::usage("rows: there is none"));
    }
    let names = rows.iter().filter_map(Value::as_object).flatten();
    for (name, value) in names {
        let field = meta.fields.iter().find(|field| field.name == name);
        let field = field.ok_or_else(|| {
            Problem::usage(format!("rows: {} has no argument {name:?}", meta.name))
        })?;
        check_argument(field, value)?;
    }
    Ok(rows.iter().map(|row| format!("{row}\n")).collect())
}

/// Who would get a message, and how many objects all rows are about; refuses what is outside of what was allowed.
fn checked(turn: &Turn, meta: &Meta, work: &RowsWork) -> Outcome<(Vec<String>, usize)> {
    let settings = &turn.session.settings;
    let (mut recipients, mut objects) = (Vec::new(), 0);
    work.scan(&mut |row| {
        if let Ok(call) = &row.call {
            people::check_redirects(settings, call)?;
            recipients.extend(people::addresses(call));
            objects += call.objects();
        }
        Ok(())
    })?;
    if meta.effect == Effect::Mail {
        people::check_domains(settings, &recipients)?;
    }
    if objects > MOST {
        return Err(Problem::usage(format!(
            "rows: a job is about {MOST} objects at most, these are {objects}"
        )));
    }
    Ok((recipients, objects))
}

/// Refuses the same job within a day where its objects have no key: they would be made twice.
fn refuse_same(turn: &Turn, meta: &Meta, about: &clerk_api_tasks::job::Meta) -> Outcome<()> {
    let settings = &turn.session.settings;
    if !matches!(meta.effect, Effect::Create | Effect::Mail | Effect::Once) {
        return Ok(());
    }
    let since = settings.now() - DAY;
    match Job::same(&jobs::folder(settings)?, about, since)? {
        None => Ok(()),
        Some((place, _)) => {
            let message = format!(
                "the job {} did the same with the same rows less than a day ago",
                place.id()
            );
            Err(Problem::new(ProblemKind::Refused, "same_job", message)
                .hint("the tool jobs tells what became of it"))
        }
    }
}

fn planned(turn: &Turn, plan: &Plan) -> Answer {
    let settled = plan.settled.iter();
    let settled: Value = settled
        .map(|(state, count)| (state.name().to_owned(), Value::from(count)))
        .collect();
    let facts = json!({"planned": true, "requests": plan.writes(), "nothing_to_do": settled});
    let told = |rows: &[clerk_api_tasks::job::PlanRow]| {
        let rows = rows
            .iter()
            .map(|row| json!({"row": row.number, "what": row.what}));
        rows.collect::<Vec<_>>()
    };
    let lost = plan
        .lost
        .iter()
        .map(|(what, count)| format!("{what} ({count})"));
    let untrusted = json!({"samples": told(&plan.samples), "trouble": told(&plan.trouble), "not_back": lost.collect::<Vec<_>>()});
    Answer::one(&turn.cleaner(), facts, untrusted)
}

async fn approve(
    turn: &Turn,
    connected: &Connected,
    meta: &'static Meta,
    plan: &Plan,
    rows: &str,
    recipients: &[String],
    objects: usize,
) -> Ended<()> {
    let level = Level::of(meta.effect);
    if !level.asks() {
        return Ok(());
    }
    // A row can be about many, such as a list of invitations.
    let requests = usize::try_from(plan.writes()).unwrap_or(usize::MAX);
    let count = if level == Level::Invite {
        objects.max(recipients.len())
    } else {
        requests
    };
    let (action, whom) = match level {
        Level::Invite => (phrase::bulk(meta, count), recipients.join(", ")),
        _ => {
            let samples: Vec<&str> = plan.samples.iter().map(|row| row.what.as_str()).collect();
            (phrase::many(meta, count), samples.join("; "))
        }
    };
    let approval = Approval {
        says: format!("{}: {whom}", capitalized(&action)),
        expected: action,
        plan: format!("{} {count} {rows}", meta.name),
    };
    turn.approve(connected, approval).await?;
    turn.session.spend(connected, level, count as u64)?;
    Ok(())
}
