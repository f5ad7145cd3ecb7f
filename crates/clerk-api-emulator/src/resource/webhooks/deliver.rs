//! Delivers webhooks: takes what is due from the database, sends it, writes down the result.
//!
//! Deliveries are leased, so that of several processes with one file each event is sent by one. A process that is
//! killed between sending and writing that down has it sent once more when its lease is over: at least once.

mod send;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::deliveries::{self, Leased};
use crate::app::Shared;
use crate::config::WebhookPace;
use crate::lab::clock::Clock;
use crate::store::Tx;

/// How often it is looked for what other processes have left.
const POLL: Duration = Duration::from_secs(1);
/// The first time: most processes that live shortly never get there.
const FIRST: Duration = Duration::from_millis(100);
/// How long sending may go on after a stop.
const PATIENCE: Duration = Duration::from_secs(1);
/// What is taken is given back unless so much time is left when its turn comes.
const MARGIN: Duration = Duration::from_secs(1);

/// Delivers until it is stopped. It looks only when something is due, unless other processes use the database.
pub(crate) async fn run(
    app: Shared,
    pace: WebhookPace,
    shared: bool,
    mut stopped: watch::Receiver<bool>,
) {
    let mut sending = JoinSet::new();
    let mut pause = FIRST;
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            () = app.waiting.notified() => {}
            () = sleep(pause) => {}
            Some(_) = sending.join_next() => {}
        }
        for group in take(&app, &pace).await {
            sending.spawn(deliver(
                Shared::clone(&app),
                pace.clone(),
                group,
                stopped.clone(),
            ));
        }
        pause = next(&app, shared).await;
    }
    let finish = async { while sending.join_next().await.is_some() {} };
    let _ = timeout(PATIENCE, finish).await;
}

/// Leases what is due, by endpoint.
async fn take(app: &Shared, pace: &WebhookPace) -> Vec<Vec<Leased>> {
    let now = Clock::system().peek();
    let due = app
        .store
        .read(|snapshot| Ok(deliveries::next_due(snapshot)?))
        .await;
    if !matches!(due, Ok(Some(due)) if due <= now) {
        return Vec::new();
    }
    let lease = pace.timeout * 2 + MARGIN * 2;
    let until = now.saturating_add(millis(lease));
    let leased = app
        .store
        .write(move |tx: &Tx<'_>| Ok(deliveries::lease(tx, now, until)?))
        .await;
    let mut groups = BTreeMap::<i64, Vec<Leased>>::new();
    // What cannot be read now is tried again.
    for one in leased.unwrap_or_default() {
        groups.entry(one.webhook_seq).or_default().push(one);
    }
    groups.into_values().collect()
}

/// Returns how long there is nothing to do, unless something happens.
async fn next(app: &Shared, shared: bool) -> Duration {
    let most = if shared {
        POLL
    } else {
        Duration::from_hours(1)
    };
    match app
        .store
        .read(|snapshot| Ok(deliveries::next_due(snapshot)?))
        .await
    {
        Ok(Some(due)) => {
            let wait = due.saturating_sub(Clock::system().peek());
            // What is due and was not taken is another's, for now.
            let wait = u64::try_from(wait).unwrap_or(0).max(10);
            Duration::from_millis(wait).min(most)
        }
        Ok(None) => most,
        Err(_) => POLL,
    }
}

/// Sends what is leased for one endpoint, one event after the other.
async fn deliver(
    app: Shared,
    pace: WebhookPace,
    group: Vec<Leased>,
    stopped: watch::Receiver<bool>,
) {
    for one in group {
        let left = one.lease.saturating_sub(Clock::system().peek());
        if *stopped.borrow() || left < millis(pace.timeout + MARGIN) {
            let (webhook, lease) = (one.webhook_seq, one.lease);
            let _ = app
                .store
                .write(move |tx| Ok(deliveries::release(tx, webhook, lease)?))
                .await;
            return;
        }
        let attempt = send::send(&one, pace.timeout).await;
        let scale = pace.scale;
        let written = app
            .store
            .write(move |tx| Ok(deliveries::record(tx, &one, &attempt, scale)?))
            .await;
        if written.is_err() {
            // The lease will end, and then it is sent once more.
            return;
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
