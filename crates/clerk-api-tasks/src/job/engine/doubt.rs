//! Rows that were sent and whose responses nobody saw: those of an earlier process, and those whose outcome is unknown at the end
//! (reliability.md 4.7, 4.8).

use std::time::Duration;

use clerk_api_admin::problem::Outcome;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use super::super::journal::{OpenRow, Report};
use super::super::settle::{Settled, not_found, settle};
use super::super::state::State;
use super::super::task::{Step, Task};
use super::Run;
use super::send::{Ready, Request};

/// So many rows are looked for at once.
const LOOKS: usize = 16;

impl Run<'_, '_> {
    /// Settles the rows that an earlier process sent, and whose responses it did not see (4.7).
    pub(super) async fn settle_sent(&self) -> Outcome<()> {
        let mut after = 0;
        loop {
            let rows = self.reader.open_rows(State::Sent, after, LOOKS)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.at.number;
            let mut settling: FuturesUnordered<_> = rows
                .into_iter()
                .map(|row| self.settle_one(row, State::Sent))
                .collect();
            while let Some(settled) = settling.next().await {
                settled?;
            }
            self.flush().await;
            if !self.goes_on() {
                return Ok(());
            }
        }
    }

    /// Settles one row. Where nothing of it is found it goes back to those that were not tried, or stays unknown.
    async fn settle_one(&self, row: OpenRow, from: State) -> Outcome<()> {
        let number = row.at.number;
        let call = self.work.sent(row.at, row.op.as_deref())?;
        // What was sent may be something else than the row asks for, such as an update of what was there already.
        let other = row.op.as_deref().is_some_and(|op| op != call.meta.name);
        let settled = match self.decider.resolved(Task { number, call }).await? {
            Err(_) => Settled::Again,
            Ok(_) if other => Settled::Again,
            Ok(call) => settle(&self.client, &call, row.sent_at.unwrap_or_default()).await?,
        };
        match settled {
            Settled::Ended(state, report) => self.ended(number, from, state, false, report),
            Settled::Again => self.ended(
                number,
                from,
                State::Pending,
                row.deferred,
                Report::default(),
            ),
            Settled::NotFound => {
                self.ended(number, from, State::Unknown, row.deferred, not_found());
            }
        }
        Ok(())
    }

    /// Looks once more for rows whose outcome is unknown, and sends those again that are answered not to be there (4.8).
    pub(super) async fn look_again(&self) -> Outcome<()> {
        let mut after = 0;
        loop {
            let rows = self.reader.unknown_rows(after, LOOKS)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.at.number;
            if !self.wait_until_old(&rows).await {
                return Ok(());
            }
            for row in rows {
                self.look_once_more(row).await?;
            }
            self.flush().await;
        }
    }

    /// Waits until the youngest of these rows is old enough. Says whether the job goes on then.
    async fn wait_until_old(&self, rows: &[OpenRow]) -> bool {
        let youngest = rows
            .iter()
            .filter_map(|row| row.ended_at)
            .max()
            .unwrap_or_default();
        let age = Duration::from_millis(
            u64::try_from(self.engine.wall.micros() / 1000 - youngest).unwrap_or_default(),
        );
        let wait = self.engine.timing.look_again.saturating_sub(age);
        if !wait.is_zero() {
            self.wait("looking once more for rows whose outcome is unknown", wait);
            let mut stop = self.engine.control.0.subscribe();
            tokio::select! {
                () = sleep(wait) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        self.goes_on()
    }

    async fn look_once_more(&self, row: OpenRow) -> Outcome<()> {
        let call = self.work.sent(row.at, row.op.as_deref())?;
        let number = row.at.number;
        let Ok(call) = self.decider.resolved(Task { number, call }).await? else {
            return Ok(());
        };
        match settle(&self.client, &call, row.sent_at.unwrap_or_default()).await? {
            Settled::Ended(State::Unknown, _) => {}
            Settled::Ended(state, report) => {
                self.ended(number, State::Unknown, state, false, report);
            }
            Settled::NotFound if row.deferred => {}
            Settled::Again | Settled::NotFound => {
                self.counts
                    .borrow_mut()
                    .moved(State::Unknown, State::Pending);
                let steps = vec![Step { call, before: None }];
                self.claimed.set(self.claimed.get() + 1);
                self.slots.set_open(true);
                self.fly(vec![Request::One(Ready {
                    number,
                    steps,
                    deferred: true,
                    alone: true,
                })])
                .await;
            }
        }
        Ok(())
    }
}
