//! What an undo could not bring back, and the new ids of what it created anew.

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::Job;
use clerk_api_tasks::undo::{Ids, UndoWork};
use serde_json::{Map, Value, json};

use crate::args::job_flags::JobFlags;

/// So many new ids are in the document; `--ids` writes all.
const SHOWN: usize = 100;

/// The work of an undo that was made before.
pub(crate) fn again(job: &Job) -> Outcome<UndoWork> {
    let undoes = job.meta().undoes.clone().unwrap_or_default();
    UndoWork::open(job.place().beside(&undoes)?)
}

/// The members of an undo's document that other jobs do not have. Writes the file of ids, too, where it was asked for.
pub(crate) fn members(job: &Job, flags: &JobFlags) -> Outcome<Map<String, Value>> {
    let work = match again(job) {
        Ok(work) => work,
        // The job that was undone is forgotten: its ids and losses are not known any more.
        Err(_) if flags.ids.is_none() => return Ok(Map::new()),
        Err(problem) => return Err(problem),
    };
    let mut file = match &flags.ids {
        Some(path) => Some(Ids::create(path, flags.force)?),
        None => None,
    };
    let (mut ids, mut count) = (Vec::new(), 0_usize);
    let lost = work.outcome(job, |old, new| {
        count += 1;
        if ids.len() < SHOWN {
            ids.push(json!({"old": old, "new": new}));
        }
        match &mut file {
            Some(file) => file.add(old, new),
            None => Ok(()),
        }
    })?;
    if let Some(file) = file {
        file.finish()?;
    }
    let lost: Map<String, Value> = lost
        .iter()
        .map(|(what, count)| (what.to_owned(), count.into()))
        .collect();
    let mut members = Map::new();
    members.insert("lost".to_owned(), Value::Object(lost));
    members.insert("created_anew".to_owned(), count.into());
    if count <= SHOWN {
        members.insert("ids".to_owned(), Value::Array(ids));
    }
    Ok(members)
}

/// Refuses files that follow the input of a job which has none.
pub(crate) fn check_files(flags: &JobFlags) -> Outcome<()> {
    if flags.results.is_none() && flags.rejects.is_none() {
        return Ok(());
    }
    Err(
        Problem::usage("--results and --rejects are for jobs over a file of rows").hint(
            "`clerk-api jobs show JOB --failed` lists the rows that failed, --ids FILE writes new ids",
        ),
    )
}
