//! One attempt of a call and the waits between attempts, within the time of the whole call.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::call::{Call, Run};
use super::session::about;
use super::trace;
use super::waiting::{LONG, Reason, Waiting};
use crate::declare::Meta;
use crate::pace::{Exchange, Pace};
use crate::request::Request;
use crate::response::Received;
use crate::transport::{BoxFuture, Clock, TransportError};

impl Call<'_> {
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.session.clock
    }

    /// The whole call, all attempts and looks together, may take this much longer (reliability.md 2.8).
    pub(crate) fn time_left(&self) -> Duration {
        let spent = self.clock().now() - self.started;
        self.policy.total.saturating_sub(spent)
    }

    /// Waits, and says so where it takes long.
    pub(crate) async fn pause(&self, wait: Duration, why: &Reason) {
        if wait >= LONG {
            self.report(wait, why);
        }
        trace::paused(wait);
        self.clock().sleep(wait).await;
    }

    /// Reports a wait to the observer.
    fn report(&self, wait: Duration, why: &Reason) {
        if let Some(observer) = &self.session.on_wait {
            observer(&Waiting {
                op: self.meta.name,
                wait,
                reason: why.clone(),
            });
        }
    }

    pub(crate) fn why(&self, run: &Run) -> Reason {
        match &run.came {
            Ok(answer) if answer.status == 429 => Reason::RateLimit,
            Ok(answer) => Reason::Status(answer.status),
            Err(error) => Reason::Network(error.to_string()),
        }
    }

    /// Sends the request once, and checks what came.
    pub(crate) async fn attempt(&self) -> Received {
        let answer = self.exchange(self.meta, &self.request).await?;
        if let Some(prefetch) = self.page
            && answer.status == 200
        {
            prefetch.show(&answer.body).await;
        }
        Ok(answer.check(self.meta.form))
    }

    /// One exchange, as soon as the pace permits it.
    pub(crate) async fn exchange(&self, meta: &Meta, request: &Request) -> Received {
        if let Some(pace) = &self.session.pace {
            self.permitted(&**pace, &about(meta, request)).await?;
        }
        self.within_time(self.session.exchange(meta, request)).await
    }

    /// Waits for a permit. Without enough time left for a response, nothing is sent, and no wait is longer than the policy allows.
    async fn permitted(
        &self,
        pace: &dyn Pace,
        exchange: &Exchange<'_>,
    ) -> Result<(), TransportError> {
        let after = self.time_left();
        let mut permit = pace.permit(exchange);
        // A permit that is there needs no timer.
        let mut is_there = poll_once(&mut permit).await;
        let mut told = false;
        while !is_there {
            let wait = pace.expected(exchange);
            if wait > self.policy.longest_wait {
                return Err(TransportError::NoPermit {
                    after: Duration::ZERO,
                    wait: Some(wait),
                });
            }
            if wait >= LONG && !told {
                self.report(wait, &Reason::Permit);
                told = true;
            }
            let left = self.time_left();
            if left.is_zero() {
                return Err(TransportError::NoPermit { after, wait: None });
            }
            // A wait can become longer than it looked.
            let waited = select(&mut permit, self.clock().sleep(LONG.min(left))).await;
            is_there = matches!(waited, Either::Left(_));
        }
        if self.time_left() >= self.policy.least().min(after) {
            return Ok(());
        }
        Err(TransportError::NoPermit { after, wait: None })
    }

    /// An exchange within the time of the whole call. One that takes long is reported.
    pub(crate) async fn within_time(&self, exchange: impl Future<Output = Received>) -> Received {
        let after = self.time_left();
        let exchange = std::pin::pin!(exchange);
        let clock = Arc::clone(&self.session.clock);
        let mut first = exchange;
        if self.session.on_wait.is_some() && after > LONG {
            match select(first, clock.sleep(LONG)).await {
                Either::Left((came, _)) => return came,
                Either::Right(((), unfinished)) => first = unfinished,
            }
            self.report(LONG, &Reason::Answer);
        }
        match select(first, clock.sleep(self.time_left())).await {
            Either::Left((came, _)) => came,
            Either::Right(_) => Err(TransportError::Timeout {
                what: "the whole call",
                after,
            }),
        }
    }
}

/// Whether the future is done at once.
async fn poll_once(future: &mut BoxFuture<'_, ()>) -> bool {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
}
