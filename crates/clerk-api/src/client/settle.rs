//! After a write whose outcome is unknown: looking for what it made, and reading what it changed (reliability.md 2.3, R5).

use std::time::Duration;

use super::call::{Call, Run};
use super::reply::Reply;
use super::waiting::Reason;
use crate::args::Args;
use crate::declare::{Effect, Form, Meta, Place, Verb};
use crate::error::Error;
use crate::ops;
use crate::reconcile::{Agreement, Finding, Search, agreement};
use crate::request;
use crate::response::{Flaw, Received, Response};
use crate::transport::TransportError;

/// What looking came to.
pub(crate) enum Settled {
    /// It was done; this is the object.
    Done(Reply<()>),
    /// It was not done: as many whole answers as it takes lack it.
    Absent,
    /// Something else has been there under the same unique key since before the call.
    Conflict,
    /// Nobody knows, and why.
    Unknown(String),
}

/// What one look came to.
enum Look {
    /// It shows what was made.
    Done(Reply<()>),
    /// It was answered, and shows this.
    Saw(Finding),
    /// It was not answered, or not so that anything follows from it.
    Failed(String),
}

impl Call<'_> {
    /// Looks for what a create may have made. Only a whole, readable list without it counts as a response of "not there".
    pub(crate) async fn settle(&self, run: &Run) -> Settled {
        let unknown = |reason: &str| Settled::Unknown(reason.to_owned());
        let Some(lookup) = self.meta.lookup else {
            return unknown("this operation creates nothing that can be looked up");
        };
        let Some(search) = Search::new(lookup, self.args) else {
            return unknown("none of the given arguments can be used to look it up");
        };
        let (mut answered, mut failures) = (0, 0_u32);
        let mut pause = self.policy.looks[0];
        let (mut trouble, mut carried) = (None, None);
        while answered < self.policy.looks.len() {
            if pause >= self.time_left() {
                let failed = |trouble: String| format!("the look-up failed: {trouble}");
                let reason = carried.or_else(|| trouble.map(failed));
                return Settled::Unknown(
                    reason.unwrap_or_else(|| "there was no time for a look-up".to_owned()),
                );
            }
            self.pause(pause, &Reason::Look).await;
            match self.look(&search, run).await {
                Look::Done(reply) => return Settled::Done(reply),
                Look::Failed(what) => {
                    failures += 1;
                    pause = self.next_look(failures);
                    trouble = Some(what);
                    continue;
                }
                Look::Saw(Finding::Conflict) => return Settled::Conflict,
                Look::Saw(Finding::Carried(reason)) => carried = Some(reason),
                Look::Saw(_) => {}
            }
            answered += 1;
            failures = 0;
            pause = self.policy.looks.get(answered).copied().unwrap_or_default();
        }
        carried.map_or(Settled::Absent, Settled::Unknown)
    }

    async fn look(&self, search: &Search<'_>, run: &Run) -> Look {
        let came = self.read(search.list(), &search.args).await;
        let answer = match came {
            Ok(answer) if answer.is_whole() => answer,
            failed => return Look::Failed(described(&failed)),
        };
        let age = (self.clock().now() - self.started).as_millis();
        let age = i64::try_from(age).unwrap_or(i64::MAX);
        let since = self
            .since
            .or_else(|| answer.date_millis().map(|now| now - age));
        match search.judge(&answer, since) {
            Finding::Unreadable(what) => Look::Failed(what),
            Finding::Ours(raw) => {
                let found = Reply::new(answer, run.sends, true);
                Look::Done(Reply {
                    raw,
                    page: None,
                    ..found
                })
            }
            finding => Look::Saw(finding),
        }
    }

    fn next_look(&self, failures: u32) -> Duration {
        self.policy
            .pause(failures, self.session.jitter())
            .max(self.policy.backoff / 2)
    }

    /// One read beside the call itself, within its time.
    async fn read(&self, meta: &'static Meta, args: &Args) -> Received {
        let request = request::build(meta, args)
            .map_err(|error| TransportError::Connect(error.to_string()))?;
        let came = self.exchange(meta, &request).await?;
        Ok(came.check(meta.form))
    }

    /// A write was answered with a success that cannot be read: it was done, so the object is read instead (R5).
    pub(crate) async fn read_again(&self, run: &Run) -> Result<Reply<()>, Error> {
        let Ok(answer) = &run.came else {
            return Err(self.failure(run));
        };
        // A page that is not the API's says nothing of what the API did.
        let sure = !matches!(answer.flaw, Some(Flaw::Foreign(_)));
        let destroys = self.meta.effect == Effect::Destroy && self.meta.verb == Verb::Delete;
        let Some((reader, args)) = self.reader() else {
            return match (sure, destroys) {
                (true, true) => Ok(self.gone(run)),
                (true, false) => Err(self.failure(run)),
                (false, _) => {
                    Err(self.unknown(run, "this operation creates nothing that can be looked up"))
                }
            };
        };
        let mut failures = 0;
        loop {
            let came = self.read(reader, &args).await;
            match &came {
                Ok(read) if destroys && read.status == 404 => return Ok(self.gone(run)),
                Ok(read) if read.is_whole() => return self.compared(run, came, sure && !destroys),
                _ => {}
            }
            failures += 1;
            let pause = self.next_look(failures);
            if failures >= self.policy.attempts || pause >= self.time_left() {
                let why = format!("reading it again failed: {}", described(&came));
                return Err(if sure {
                    self.failure(run)
                } else {
                    self.unknown(run, &why)
                });
            }
            self.pause(pause, &Reason::Look).await;
        }
    }

    /// The object as it is now, where it has what was sent.
    fn compared(&self, run: &Run, came: Received, sure: bool) -> Result<Reply<()>, Error> {
        let Ok(read) = came else {
            return Err(self.failure(run));
        };
        match agreement(self.meta, self.args, &read.body) {
            _ if self.meta.verb == Verb::Delete && self.meta.effect == Effect::Destroy => {
                Err(self.unknown(run, "it is still there"))
            }
            Agreement::Differs(field) => {
                let reason = format!("its {field} is not the one that was sent");
                Err(self.unknown(run, &reason))
            }
            Agreement::Silent if !sure => {
                Err(self.unknown(run, "the current state does not show whether it was done"))
            }
            _ => Ok(Reply::new(read, run.sends, true)),
        }
    }

    /// The operation that shows what this one changes, with its arguments: the longest path that ours begins with, and the same response.
    fn reader(&self) -> Option<(&'static Meta, Args)> {
        let shows = |meta: &&'static Meta| {
            let rest = self.meta.path.strip_prefix(meta.path);
            let fits = meta.answer == self.meta.answer && rest.is_some_and(is_below)
                || self.meta.effect == Effect::Destroy && rest == Some("");
            meta.verb == Verb::Get && meta.form == Form::Object && fits
        };
        let reader = ops::all()
            .map(|op| op.meta)
            .filter(shows)
            .max_by_key(|meta| meta.path.len())?;
        let mut args = Args::new();
        for field in reader
            .fields
            .iter()
            .filter(|field| field.place == Place::Path)
        {
            args.set_raw(field.name, self.args.get(field.name)?.to_owned());
        }
        Some((reader, args))
    }
}

fn is_below(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// The result of a read that is not a look-up, as the end of a sentence.
fn described(came: &Received) -> String {
    match came {
        Ok(Response {
            status,
            flaw: Some(flaw),
            ..
        }) => format!("the server responded with {status}, but {flaw}"),
        Ok(answer) => format!("the server responded with {}", answer.status),
        Err(error) => error.to_string(),
    }
}
