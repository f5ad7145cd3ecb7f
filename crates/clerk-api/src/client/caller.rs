//! Makes calls: what is repeated, what is looked up, what is given up.

use std::sync::Arc;
use std::time::Duration;

use super::call::{Call, Run};
use super::reply::Reply;
use super::session::Session;
use super::settle::Settled;
use super::trace;
use crate::args::Args;
use crate::declare::{Class, Effect, Kind, Meta};
use crate::error::{Error, ErrorKind, Sent};
use crate::list::Prefetch;
use crate::request;
use crate::response::{Received, is_duplicate, outcome_of};
use crate::retry::{Decision, Outcome, Progress, RetryPolicy};
use crate::transport::TransportError;

/// Makes calls: a client's session, and how long and how often these calls are tried.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) session: Arc<Session>,
    pub(crate) policy: RetryPolicy,
}

impl Caller {
    /// Calls an operation; `prefetch` sees the response before it is taken apart.
    pub(crate) async fn call(
        &self,
        meta: &'static Meta,
        mut args: Args,
        prefetch: Option<&Prefetch>,
    ) -> Result<Reply<()>, Error> {
        self.fill(meta, &mut args);
        let request = request::build(meta, &args).map_err(|error| {
            Error::new(ErrorKind::Argument, meta.name, Sent::No, error.to_string()).because(error)
        })?;
        let policy = self.policy.clone();
        let call = Call::new(&self.session, meta, &args, request, prefetch, policy);
        trace::within(meta.name, call.run()).await
    }

    /// Calls an operation and gives up at the first failure: for what is nice to know.
    pub(crate) async fn call_once(
        &self,
        meta: &'static Meta,
        args: Args,
    ) -> Result<Reply<()>, Error> {
        let mut once = self.clone();
        once.policy.attempts = 1;
        once.policy.longest_wait = Duration::ZERO;
        once.call(meta, args, None).await
    }

    /// Presets, and an idempotency key where the operation takes one.
    fn fill(&self, meta: &Meta, args: &mut Args) {
        for field in meta.fields {
            if matches!(field.kind, Kind::IdempotencyKey) && args.get(field.name).is_none() {
                let clock = &self.session.clock;
                // Text always has a JSON form.
                let _ = args.set(
                    field.name,
                    &format!("{:016x}{:016x}", clock.random(), clock.random()),
                );
            }
        }
        for (name, json) in meta.preset {
            if args.get(name).is_none()
                && let Ok(value) = serde_json::value::RawValue::from_string((*json).to_owned())
            {
                args.set_raw(name, value);
            }
        }
    }
}

impl Call<'_> {
    /// Runs the attempts until one ends the call.
    pub(crate) async fn run(&self) -> Result<Reply<()>, Error> {
        let mut run = Run {
            progress: Progress {
                attempts: 1,
                ..Progress::default()
            },
            sends: 0,
            doubt: false,
            came: Err(TransportError::Connect("nothing was sent yet".to_owned())),
        };
        loop {
            run.sends += 1;
            run.came = self.attempt().await;
            trace::attempted(run.sends, &run.came);
            run.progress.elapsed = self.clock().now() - self.started;
            match self.decide(&mut run) {
                Decision::Accept => return self.accept(run),
                Decision::Fail => return Err(self.failure(&run)),
                Decision::TooLong(wait) => return Err(self.too_long(&run, wait)),
                Decision::Resend(wait) => {
                    if !self.pays_for_another(&mut run) {
                        return Err(self.failure(&run));
                    }
                    self.pause(wait, &self.why(&run)).await;
                }
                Decision::ReadAgain => return self.read_again(&run).await,
                Decision::LookUp => match self.look_up(&mut run).await? {
                    Some(reply) => return Ok(reply),
                    None => run.progress.attempts += 1,
                },
            }
        }
    }

    /// What follows an attempt, given the earlier ones.
    fn decide(&self, run: &mut Run) -> Decision {
        let outcome = outcome_of(&run.came);
        let jitter = self.session.jitter();
        let mut decision = self
            .policy
            .decide(self.class, run.progress, outcome, jitter);
        if run.doubt && self.happened_after_all(outcome, &run.came) {
            decision = match self.meta.effect {
                Effect::Destroy => Decision::Accept,
                _ => Decision::LookUp,
            };
        }
        run.doubt |= match outcome {
            Outcome::Unknown | Outcome::Broken => true,
            Outcome::Status(status, _) => crate::retry::is_ambiguous(status),
            Outcome::NotSent | Outcome::Barred => false,
        };
        decision
    }

    /// A 404 on a repeated delete, or a duplicate on a repeated create, may mean that the first attempt did it (2.3, 2.4).
    fn happened_after_all(&self, outcome: Outcome, came: &Received) -> bool {
        match (self.class, outcome) {
            (Class::Idempotent, Outcome::Status(404, _)) => self.meta.effect == Effect::Destroy,
            (Class::Keyed | Class::Unkeyed, Outcome::Status(400 | 409 | 422, _)) => {
                came.as_ref().is_ok_and(is_duplicate)
            }
            _ => false,
        }
    }

    /// Looks whether a create was done. Gives nothing where it was not, and may be sent once more.
    async fn look_up(&self, run: &mut Run) -> Result<Option<Reply<()>>, Error> {
        let outcome = outcome_of(&run.came);
        let looked = self.clock().now();
        let settled = self.settle(run).await;
        // A 409 says that this attempt was not done: it stands, unless one before it is in doubt.
        let refused = matches!(outcome, Outcome::Status(409, _)) && !run.doubt;
        let reason = match settled {
            Settled::Done(reply) => return Ok(Some(reply)),
            Settled::Absent => match self.why_not_again(run, outcome) {
                None => {
                    self.rest(outcome, looked).await;
                    return Ok(None);
                }
                Some(reason) => reason.to_owned(),
            },
            Settled::Conflict if !refused => return Err(self.conflict(run)),
            Settled::Conflict => String::new(),
            Settled::Unknown(reason) => reason,
        };
        Err(if refused {
            self.failure(run)
        } else {
            self.unknown(run, &reason)
        })
    }

    /// Why a create that three looks did not show is not sent again, if it is not.
    fn why_not_again(&self, run: &mut Run, outcome: Outcome) -> Option<&'static str> {
        let left = self.time_left();
        let resent = run.progress.attempts > 1;
        let refuses = self
            .meta
            .lookup
            .is_some_and(|lookup| lookup.refuses_a_second(self.args));
        match outcome {
            Outcome::Broken => return Some("it was not found"),
            Outcome::Status(409, _) if !run.doubt => run.progress.resent_conflict = true,
            Outcome::Status(400..=499, _) => return Some("it was not found"),
            Outcome::Status(_, Some(asked))
                if asked > self.policy.longest_wait || asked >= left =>
            {
                return Some("it was not found, and the server asks for a longer pause");
            }
            _ => {}
        }
        if self.class == Class::Unkeyed && self.policy.at_most_once {
            return Some("it was not found, and it may be sent only once");
        }
        if self.class == Class::Unkeyed && !refuses {
            return Some("it was not found, and sending it again could do it twice");
        }
        let spent = if self.class == Class::Unkeyed {
            resent
        } else {
            run.progress.attempts >= self.policy.attempts
        };
        if spent || left < self.policy.least() * 2 || !self.session.budget.spend() {
            return Some("it was not found");
        }
        None
    }

    /// Waits for what is left of a `Retry-After` since the looks began, or a second after a conflict (R8).
    async fn rest(&self, outcome: Outcome, since: Duration) {
        let asked = match outcome {
            Outcome::Status(409, asked) => asked.unwrap_or(Duration::from_secs(1)),
            Outcome::Status(_, Some(asked)) => asked,
            _ => return,
        };
        let left = asked.saturating_sub(self.clock().now() - since);
        if !left.is_zero() {
            self.clock().sleep(left).await;
        }
    }

    /// Counts one more attempt, and whether there is one left in the budget. A wait for a 429 is none (R3).
    fn pays_for_another(&self, run: &mut Run) -> bool {
        let status = match outcome_of(&run.came) {
            Outcome::Status(status, _) => status,
            _ => 0,
        };
        if status == 429 {
            run.progress.limited += 1;
            return true;
        }
        run.progress.resent_conflict |= status == 409;
        run.progress.attempts += 1;
        self.session.budget.spend()
    }

    fn accept(&self, run: Run) -> Result<Reply<()>, Error> {
        self.session.budget.earn(run.sends > 1);
        match run.came {
            Ok(answer) if answer.is_whole() => Ok(Reply::new(answer, run.sends, false)),
            _ => Ok(self.gone(&run)),
        }
    }
}
