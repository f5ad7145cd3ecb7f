//! One call with all its attempts: what is repeated, what is looked up, what is given up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::header::DATE;

use crate::answer::{Answer, check_answer, excerpt, is_duplicate, outcome_of};
use crate::args::Args;
use crate::client::{BUDGET, Client, Inner, RETRY_COST, Reply};
use crate::early::Early;
use crate::endpoint::{Class, Effect, Meta, Place, Verb};
use crate::error::{Error, ErrorBody, ErrorKind, Sent};
use crate::reconcile::{Finding, Search};
use crate::request::{self, Request};
use crate::retry::{Decision, Outcome, Progress};
use crate::transport::TransportError;

/// One call with all its attempts.
pub(crate) struct Call<'a> {
    pub(crate) client: &'a Client,
    pub(crate) meta: &'static Meta,
    pub(crate) args: &'a Args,
    pub(crate) request: Request,
    pub(crate) class: Class,
    /// Where the answer is to be taken apart into rows: who sees it before.
    pub(crate) page: Option<&'a Early>,
}

impl Call<'_> {
    pub(crate) async fn run(&self) -> Result<Reply<()>, Error> {
        let Inner { policy, clock, .. } = &*self.client.inner;
        let started = clock.now();
        let mut progress = Progress {
            attempts: 1,
            ..Progress::default()
        };
        let (mut sends, mut uncertain, mut resent_blindly) = (0_u32, false, false);
        loop {
            sends += 1;
            let result = self.attempt(started).await;
            progress.elapsed = clock.now() - started;
            let outcome = outcome_of(&result);
            let mut decision = policy.decide(self.class, progress, outcome, self.client.jitter());
            if self.happened_after_all(outcome, uncertain, &result) {
                if self.meta.effect == Effect::Destroy {
                    return Ok(self.gone(&result, sends));
                }
                decision = Decision::LookUp;
            }
            uncertain |= matches!(outcome, Outcome::Unknown | Outcome::Broken)
                || matches!(decision, Decision::LookUp);
            uncertain |= matches!(outcome, Outcome::Status(500..=599 | 408, _));
            match decision {
                Decision::Accept => {
                    self.earn(sends > 1);
                    return self.accept(result, sends);
                }
                Decision::Fail => return Err(self.failure(result, sends, uncertain)),
                Decision::TooLong(wait) => {
                    let mut failure = self.failure(result, sends, uncertain);
                    failure.kind = ErrorKind::RateLimited;
                    failure.retry_after = Some(wait);
                    return Err(failure);
                }
                Decision::Resend(wait) => {
                    if matches!(outcome, Outcome::Status(429, _)) {
                        progress.limited += 1;
                    } else {
                        progress.attempts += 1;
                        if !self.spend() {
                            return Err(self.failure(result, sends, uncertain));
                        }
                    }
                    progress.resent_conflict |= matches!(outcome, Outcome::Status(409, _));
                    clock.sleep(wait).await;
                }
                Decision::LookUp => {
                    match self.settle(started, sends).await {
                        Settled::Done(reply) => return Ok(reply),
                        Settled::Failed(error) => return Err(error),
                        Settled::Absent => {}
                    }
                    let may_resend = if self.class == Class::N {
                        !resent_blindly
                    } else {
                        progress.attempts < policy.attempts
                    };
                    resent_blindly = true;
                    if !may_resend
                        || matches!(outcome, Outcome::Broken | Outcome::Status(400..=499, _))
                        || !self.spend()
                    {
                        return Err(self.unknown(
                            sends,
                            "it was not found, and sending it once more could do it twice",
                        ));
                    }
                    progress.attempts += 1;
                }
            }
        }
    }

    /// The whole call, all attempts together, may take this long (reliability.md 2.8).
    fn time_left(&self, started: Duration) -> Duration {
        let whole =
            if self.meta.verb == Verb::Delete { 2 } else { 1 } * self.client.inner.policy.total;
        whole.saturating_sub(self.client.inner.clock.now() - started)
    }

    async fn attempt(&self, started: Duration) -> Result<Answer, TransportError> {
        let after = self.time_left(started);
        let clock = Arc::clone(&self.client.inner.clock);
        let limit = clock.sleep(after);
        let exchange = std::pin::pin!(self.client.exchange(&self.request));
        let answer = match futures_util::future::select(exchange, limit).await {
            futures_util::future::Either::Left((result, _)) => result?,
            futures_util::future::Either::Right(_) => {
                return Err(TransportError::Timeout {
                    what: "the whole call",
                    after,
                });
            }
        };
        if let Some(early) = self.page
            && answer.status == 200
        {
            early.show(&answer.body).await;
        }
        check_answer(answer, self.page.is_some())
    }

    /// A 404 on a repeated delete, or a duplicate on a repeated create, may mean that the first attempt did it (2.3, 2.4).
    fn happened_after_all(
        &self,
        outcome: Outcome,
        uncertain: bool,
        result: &Result<Answer, TransportError>,
    ) -> bool {
        if !uncertain {
            return false;
        }
        match (self.class, outcome) {
            (Class::I, Outcome::Status(404, _)) => self.meta.effect == Effect::Destroy,
            (Class::K | Class::N, Outcome::Status(400 | 409 | 422, _)) => {
                result.as_ref().is_ok_and(is_duplicate)
            }
            _ => false,
        }
    }

    fn gone(&self, result: &Result<Answer, TransportError>, attempts: u32) -> Reply<()> {
        let first_id = self
            .meta
            .fields
            .iter()
            .rev()
            .find(|field| field.place == Place::Path);
        let id = first_id
            .and_then(|field| self.args.get(field.name))
            .map_or("null", |value| value.get());
        let raw = Bytes::from(format!("{{\"id\":{id},\"deleted\":true}}"));
        let trace_id = result.as_ref().ok().and_then(Answer::trace_id);
        Reply {
            value: (),
            raw,
            status: 200,
            trace_id,
            attempts,
            reconciled: true,
            page: None,
        }
    }

    fn accept(
        &self,
        result: Result<Answer, TransportError>,
        attempts: u32,
    ) -> Result<Reply<()>, Error> {
        match result {
            Ok(answer) => Ok(Reply {
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
                reconciled: false,
            }),
            other => Err(self.failure(other, attempts, true)),
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

    async fn settle(&self, started: Duration, attempts: u32) -> Settled {
        let Some(lookup) = self.meta.lookup else {
            return Settled::Failed(
                self.unknown(attempts, "this operation leaves nothing to look for"),
            );
        };
        let Some(search) = Search::new(lookup, self.args) else {
            return Settled::Failed(
                self.unknown(attempts, "no argument was given by which it could be found"),
            );
        };
        let Inner { policy, clock, .. } = &*self.client.inner;
        for wait in policy.looks {
            clock.sleep(wait).await;
            let Ok(request) = request::build(lookup.list, &search.args) else {
                break;
            };
            let Ok(answer) = self
                .client
                .exchange(&request)
                .await
                .and_then(|answer| check_answer(answer, false))
            else {
                continue;
            };
            if !(200..300).contains(&answer.status) {
                continue;
            }
            let server_now = answer.header(DATE).and_then(crate::time::http_date_millis);
            let age = i64::try_from((clock.now() - started).as_millis()).unwrap_or(i64::MAX);
            match search.judge(&answer.body, server_now.map(|now| now - age)) {
                Finding::Absent => {}
                Finding::Ours(raw) => {
                    let trace_id = answer.trace_id();
                    return Settled::Done(Reply {
                        value: (),
                        raw,
                        status: 200,
                        trace_id,
                        attempts,
                        reconciled: true,
                        page: None,
                    });
                }
                Finding::Older => {
                    return Settled::Failed(self.unknown(
                        attempts,
                        "one like it exists, but it is older than this call",
                    ));
                }
                Finding::Several(count) => {
                    let reason =
                        format!("{count} like it exist, and which one is ours cannot be told");
                    return Settled::Failed(self.unknown(attempts, &reason));
                }
                Finding::Different => {
                    let message = "no answer came, and something else is there under the same key";
                    return Settled::Failed(self.error(
                        ErrorKind::Conflict,
                        Sent::Unknown,
                        attempts,
                        message,
                    ));
                }
            }
        }
        Settled::Absent
    }

    fn error(
        &self,
        kind: ErrorKind,
        sent: Sent,
        attempts: u32,
        message: impl Into<String>,
    ) -> Error {
        let mut error = Error::new(kind, self.meta.id, sent, message);
        error.attempts = attempts;
        error
    }

    fn unknown(&self, attempts: u32, reason: &str) -> Error {
        let message = format!("no answer came, so it is not known whether this was done: {reason}");
        self.error(ErrorKind::OutcomeUnknown, Sent::Unknown, attempts, message)
    }

    /// The error of a call that is given up. A write whose earlier attempt is in doubt stays in doubt.
    fn failure(
        &self,
        result: Result<Answer, TransportError>,
        attempts: u32,
        uncertain: bool,
    ) -> Error {
        let doubt = uncertain && self.class != Class::R;
        match result {
            Ok(answer) => self.api_failure(&answer, attempts, doubt),
            Err(error) => {
                let (kind, sent, status) = match &error {
                    TransportError::Connect(_) | TransportError::Refused(_) => {
                        (ErrorKind::Connect, Sent::No, None)
                    }
                    TransportError::Timeout { .. } => (ErrorKind::Timeout, Sent::Unknown, None),
                    TransportError::Broken(_) => (ErrorKind::Transport, Sent::Unknown, None),
                    TransportError::Body { status, .. } => {
                        (ErrorKind::BadAnswer, Sent::Yes, Some(*status))
                    }
                    TransportError::TooLarge { status, .. } => {
                        (ErrorKind::ResponseTooLarge, Sent::Yes, Some(*status))
                    }
                };
                let sent = if sent == Sent::No && doubt {
                    Sent::Unknown
                } else {
                    sent
                };
                let mut failure = self.error(kind, sent, attempts, error.to_string());
                failure.status = status;
                failure
            }
        }
    }

    fn api_failure(&self, answer: &Answer, attempts: u32, doubt: bool) -> Error {
        let status = answer.status;
        let body: Option<ErrorBody> = serde_json::from_slice(&answer.body).ok();
        let kind = match status {
            300..=399 => ErrorKind::UnexpectedRedirect,
            429 => ErrorKind::RateLimited,
            _ if body.as_ref().is_some_and(|body| !body.errors.is_empty()) => ErrorKind::Api,
            _ => ErrorKind::BadAnswer,
        };
        let message = match kind {
            ErrorKind::UnexpectedRedirect => {
                format!("the server answered {status}, a redirect, which is never followed")
            }
            _ if answer.body.is_empty() => {
                format!("the server answered {status} with an empty body")
            }
            _ => format!(
                "the server answered {status} with something that is not an error of the API"
            ),
        };
        let sent = if doubt { Sent::Unknown } else { Sent::Yes };
        let mut failure = self.error(kind, sent, attempts, message);
        failure.status = Some(status);
        failure.trace_id = answer.trace_id();
        failure.retry_after = answer.retry_after();
        match body {
            Some(body) if !body.errors.is_empty() => {
                failure.errors = body.errors;
                failure.trace_id = body.clerk_trace_id.or(failure.trace_id);
            }
            _ => failure.body = Some(excerpt(&answer.body)),
        }
        failure
    }
}

enum Settled {
    Done(Reply<()>),
    Failed(Error),
    Absent,
}
