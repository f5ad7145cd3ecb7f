//! Where jobs live, and when.

use std::ops::Deref;
use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::governor::{SystemWall, WallClock as _};
use clerk_api_tasks::job::{Job, Phase, Place};

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

/// The place of a job that does not run yet. Everything in it goes when this is dropped, unless the place is kept.
pub(crate) struct NewPlace {
    place: Place,
    is_kept: bool,
}

impl NewPlace {
    /// Makes a place.
    pub(crate) fn make(context: &Context) -> Outcome<Self> {
        let now = u64::try_from(now()).unwrap_or_default();
        Ok(Self {
            place: Place::make(&folder(context)?, now)?,
            is_kept: false,
        })
    }

    /// Keeps the place: from here on its job exists.
    pub(crate) fn keep(mut self) -> Place {
        self.is_kept = true;
        self.place.clone()
    }
}

impl Deref for NewPlace {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Drop for NewPlace {
    fn drop(&mut self) {
        if !self.is_kept {
            // What stays is a folder of a job that never began, which goes by itself after a day.
            let _ = self.place.remove();
        }
    }
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
