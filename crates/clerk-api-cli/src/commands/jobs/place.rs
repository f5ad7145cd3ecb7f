//! Where jobs live, and when.

use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::governor::{SystemWall, WallClock as _};
use clerk_api_tasks::job::{Job, NewPlace, Phase, Place};

use crate::setup::context::Context;

/// Ended jobs are deleted after so many days (reliability.md section 9).
const KEPT_DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Where the jobs live.
pub(crate) fn folder(context: &Context) -> Outcome<PathBuf> {
    let state = context.settings.state_dir.as_ref();
    let state = state.ok_or_else(|| {
        Problem::config("there is no place for jobs: your home folder is not known")
            .hint("set XDG_STATE_HOME or HOME")
    })?;
    Ok(state.join("jobs"))
}

/// A place for a new job.
pub(crate) fn new_place(context: &Context) -> Outcome<NewPlace> {
    NewPlace::make(&folder(context)?, now())
}

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    SystemWall.micros() / 1000
}

/// Deletes the jobs that ended so many days ago. Unfinished ones never go by themselves.
pub(super) fn sweep(context: &Context, days: i64, gone: &mut Vec<String>) -> Outcome<()> {
    for place in Place::all(&folder(context)?)? {
        let job = match Job::read(place.clone()) {
            Ok(job) => job,
            Err(problem) => {
                // One that is younger may be about to be written down.
                let age = now() - i64::try_from(place.made_at()).unwrap_or(i64::MAX);
                if Job::is_incomplete(&problem) && age > DAY && !place.is_locked() {
                    place.remove()?;
                }
                continue;
            }
        };
        if let Phase::Ended { at } | Phase::Cancelled { at } = job.phase()?
            && now() - at > days * DAY
        {
            drop(job);
            gone.push(place.id());
            place.remove()?;
        }
    }
    Ok(())
}

/// Deletes the jobs whose time is over, in passing; what fails is left for the next time.
pub(super) fn tidy(context: &Context) {
    let _ = sweep(context, KEPT_DAYS, &mut Vec::new());
}
