//! One call with all its attempts: what is repeated, what is looked up, what is given up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};

use crate::answer::{Answer, Came, is_duplicate, outcome_of};
use crate::args::Args;
use crate::client::{BUDGET, Client, RETRY_COST, Reply};
use crate::declare::{Class, Effect, Meta, Place, Verb};
use crate::early::Early;
use crate::error::Error;
use crate::request::Request;
use crate::retry::{Decision, Outcome, Progress, RetryPolicy};
use crate::settle::Settled;
use crate::transport::{Clock, TransportError};
use crate::waiting::{LONG, Reason, Waiting};

/// One call.
pub(crate) struct Call<'a> {
    pub(crate) client: &'a Client,
    pub(crate) meta: &'static Meta,
    pub(crate) args: &'a Args,
    pub(crate) request: Request,
    pub(crate) class: Class,
    /// Where the answer is to be taken apart into rows: who sees it before.
    pub(crate) page: Option<&'a Early>,
    pub(crate) policy: RetryPolicy,
    /// When it began.
    pub(crate) started: Duration,
}

/// How far a call is.
pub(crate) struct Run {
    pub(crate) progress: Progress,
    /// How often the request was sent.
    pub(crate) sends: u32,
    /// Whether some attempt may have been carried out although nobody said so.
    pub(crate) doubt: bool,
    /// What the last attempt came to.
    pub(crate) came: Came,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        client: &'a Client,
        meta: &'static Meta,
        args: &'a Args,
        request: Request,
        page: Option<&'a Early>,
        mut policy: RetryPolicy,
    ) -> Self {
        if meta.verb == Verb::Delete {
            // reliability.md 2.8: a deletion may take twice as long.
            policy.total *= 2;
        }
        Self {
            client,
            meta,
            args,
            request,
            class: meta.class(args),
            page,
            policy,
            started: client.inner.clock.now(),
        }
    }

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

    /// What follows an attempt, in the light of those before it.
    fn decide(&self, run: &mut Run) -> Decision {
        let outcome = outcome_of(&run.came);
        let jitter = self.client.jitter();
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
    fn happened_after_all(&self, outcome: Outcome, came: &Came) -> bool {
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
                return Some("it was not found, and the server wants a longer rest");
            }
            _ => {}
        }
        if self.class == Class::Unkeyed && !refuses {
            return Some("it was not found, and sending it once more could do it twice");
        }
        let spent = if self.class == Class::Unkeyed {
            resent
        } else {
            run.progress.attempts >= self.policy.attempts
        };
        if spent || left < self.policy.least() * 2 || !self.spend() {
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
        self.spend()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.client.inner.clock
    }

    /// The whole call, all attempts and looks together, may take this much longer (reliability.md 2.8).
    pub(crate) fn time_left(&self) -> Duration {
        let spent = self.clock().now() - self.started;
        self.policy.total.saturating_sub(spent)
    }

    /// Waits, and says so where it takes long.
    pub(crate) async fn pause(&self, wait: Duration, why: &Reason) {
        if wait >= LONG {
            self.tell(wait, why);
        }
        self.clock().sleep(wait).await;
    }

    pub(crate) fn tell(&self, wait: Duration, why: &Reason) {
        if let Some(observer) = &self.client.inner.on_wait {
            observer(&Waiting {
                op: self.meta.name,
                wait,
                reason: why.clone(),
            });
        }
    }

    fn why(&self, run: &Run) -> Reason {
        match &run.came {
            Ok(answer) if answer.status == 429 => Reason::RateLimit,
            Ok(answer) => Reason::Status(answer.status),
            Err(error) => Reason::Network(error.to_string()),
        }
    }

    async fn attempt(&self) -> Came {
        let sending = self.client.exchange(&self.request);
        let answer = self.within_time(sending).await?;
        if let Some(early) = self.page
            && answer.status == 200
        {
            early.show(&answer.body).await;
        }
        Ok(answer.check(self.meta.form))
    }

    /// An exchange within the time of the whole call. One that takes long is told.
    pub(crate) async fn within_time(&self, exchange: impl Future<Output = Came>) -> Came {
        let after = self.time_left();
        let exchange = std::pin::pin!(exchange);
        let clock = Arc::clone(&self.client.inner.clock);
        let mut first = exchange;
        if self.client.inner.on_wait.is_some() && after > LONG {
            match select(first, clock.sleep(LONG)).await {
                Either::Left((came, _)) => return came,
                Either::Right(((), unfinished)) => first = unfinished,
            }
            self.tell(LONG, &Reason::Answer);
        }
        match select(first, clock.sleep(self.time_left())).await {
            Either::Left((came, _)) => came,
            Either::Right(_) => Err(TransportError::Timeout {
                what: "the whole call",
                after,
            }),
        }
    }

    fn accept(&self, run: Run) -> Result<Reply<()>, Error> {
        self.earn(run.sends > 1);
        match run.came {
            Ok(answer) if answer.is_whole() => Ok(reply(answer, run.sends, false)),
            _ => Ok(self.gone(&run)),
        }
    }

    /// The answer to a deletion that was done, as the API would have given it.
    pub(crate) fn gone(&self, run: &Run) -> Reply<()> {
        let last_id = self
            .meta
            .fields
            .iter()
            .rev()
            .find(|field| field.place == Place::Path);
        let id = last_id
            .and_then(|field| self.args.get(field.name))
            .map_or("null", |value| value.get());
        Reply {
            value: (),
            raw: Bytes::from(format!("{{\"id\":{id},\"deleted\":true}}")),
            status: 200,
            trace_id: run.came.as_ref().ok().and_then(Answer::trace_id),
            attempts: run.sends,
            reconciled: true,
            page: None,
        }
    }

    fn spend(&self) -> bool {
        let budget = &self.client.inner.budget;
        budget
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                (left >= RETRY_COST).then_some(left - RETRY_COST)
            })
            .is_ok()
    }

    fn earn(&self, retried: bool) {
        let gain = if retried { RETRY_COST } else { 1 };
        let grow = |left: i64| Some((left + gain).min(BUDGET));
        let _ = self
            .client
            .inner
            .budget
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, grow);
    }
}

/// An answer as what the caller gets.
pub(crate) fn reply(answer: Answer, attempts: u32, reconciled: bool) -> Reply<()> {
    Reply {
        value: (),
        status: answer.status,
        trace_id: answer.trace_id(),
        page: answer.page,
        raw: if answer.body.is_empty() {
            Bytes::from_static(b"null")
        } else {
            answer.body
        },
        attempts,
        reconciled,
    }
}
