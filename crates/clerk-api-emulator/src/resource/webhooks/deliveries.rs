//! The rows of deliveries: which event goes to which endpoint, and the result. Times are those of the computer's clock,
//! as receivers compare them with theirs.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::http::error::{self, ApiError};
use crate::http::list::Page;
use crate::id::Ids;
use crate::lab::clock::Clock;
use crate::store::{Select, StoreError, Tx};

/// When an event is sent, counted from the attempt before: the schedule of Svix, which Clerk's webhooks have.
const SCHEDULE: [Duration; 8] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(10),
];
/// Attempts of one delivery that are kept.
const ATTEMPTS: usize = 20;
/// Deliveries to one endpoint that a process takes at once.
const BATCH: i64 = 32;

/// A delivery, as the control API answers it.
#[derive(Debug, Serialize)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    pub(crate) webhook_id: String,
    pub(crate) status: String,
    /// When it is sent next; only while pending.
    pub(crate) next_attempt_at: Option<i64>,
    pub(crate) attempts: Vec<Attempt>,
}

/// The result of sending.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: i64,
    pub(crate) duration_ms: i64,
    /// What was answered, if something was.
    pub(crate) status: Option<u16>,
    /// Why nothing was answered.
    pub(crate) error: Option<String>,
    /// The beginning of the response's body.
    pub(crate) response: String,
}

/// A delivery that this process is to make.
#[derive(Debug)]
pub(crate) struct Leased {
    pub(crate) event_seq: i64,
    pub(crate) webhook_seq: i64,
    pub(crate) lease: i64,
    pub(crate) event_id: String,
    pub(crate) url: String,
    pub(crate) secret: String,
    pub(crate) payload: String,
}

/// Which deliveries are meant; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) event: Option<String>,
    pub(crate) webhook: Option<String>,
    pub(crate) status: Option<String>,
}

/// Sends an event to an endpoint immediately, even if it was sent before.
pub(crate) fn schedule(tx: &Tx<'_>, ids: &Ids, event: i64, webhook: i64) -> Result<(), StoreError> {
    let now = Clock::system().peek();
    tx.wakes_listener();
    tx.db()
        .prepare_cached(
            "INSERT INTO deliveries VALUES (?1, ?2, ?3, 'pending', 0, ?4, 0, '[]')
             ON CONFLICT (event_seq, webhook_seq) DO UPDATE SET status = 'pending', tries = 0, due = ?4, lease = 0",
        )?
        .execute(params![event, webhook, ids.next("dlv", now), now])?;
    Ok(())
}

/// Has a delivery made again.
pub(crate) fn replay(tx: &Tx<'_>, id: &str) -> Result<Delivery, ApiError> {
    tx.wakes_listener();
    let changed = tx
        .db()
        .prepare_cached(
            "UPDATE deliveries SET status = 'pending', tries = 0, due = ?2, lease = 0 WHERE id = ?1",
        )?
        .execute(params![id, Clock::system().peek()])?;
    if changed == 0 {
        return Err(unknown(id));
    }
    read(tx.db(), id)
}

/// Returns when something is to be sent next, and may be: an endpoint that somebody is sending to has to wait.
pub(crate) fn next_due(db: &Connection) -> Result<Option<i64>, StoreError> {
    let due = db
        .prepare_cached(
            "SELECT min(max(due, lease)) FROM (
               SELECT (SELECT min(due) FROM deliveries INDEXED BY deliveries_pending
                   WHERE webhook_seq = webhooks.seq AND status = 'pending') AS due,
                 (SELECT coalesce(max(lease), 0) FROM deliveries INDEXED BY deliveries_leased
                   WHERE webhook_seq = webhooks.seq AND lease > 0) AS lease
               FROM webhooks WHERE NOT disabled)
             WHERE due IS NOT NULL",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(due)
}

/// Takes what is due for as long as `until`, but nothing for an endpoint that somebody is sending to: events go to
/// each one after the other.
pub(crate) fn lease(tx: &Tx<'_>, now: i64, until: i64) -> Result<Vec<Leased>, StoreError> {
    let db = tx.db();
    let free: Vec<i64> = db
        .prepare_cached(
            "SELECT seq FROM webhooks WHERE NOT disabled AND NOT EXISTS (
               SELECT 1 FROM deliveries INDEXED BY deliveries_leased
               WHERE webhook_seq = webhooks.seq AND lease > 0 AND lease > ?1)",
        )?
        .query_map([now], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut leased = Vec::new();
    for webhook in free {
        let mut due = db.prepare_cached(
            "SELECT event_seq, webhook_seq, events.id, url, secret, payload
             FROM deliveries INDEXED BY deliveries_pending
             JOIN webhooks ON webhooks.seq = webhook_seq JOIN events ON events.seq = event_seq
             WHERE webhook_seq = ?1 AND status = 'pending' AND due <= ?2 ORDER BY due, event_seq LIMIT ?3",
        )?;
        let due = due.query_map(params![webhook, now, BATCH], |row| {
            Ok(Leased {
                event_seq: row.get(0)?,
                webhook_seq: row.get(1)?,
                lease: until,
                event_id: row.get(2)?,
                url: row.get(3)?,
                secret: row.get(4)?,
                payload: row.get(5)?,
            })
        })?;
        for one in due {
            leased.push(one?);
        }
    }
    let mut statement = db.prepare_cached(
        "UPDATE deliveries SET lease = ?3 WHERE event_seq = ?1 AND webhook_seq = ?2",
    )?;
    for one in &leased {
        statement.execute(params![one.event_seq, one.webhook_seq, until])?;
    }
    Ok(leased)
}

/// Returns deliveries that were leased for an endpoint but not sent.
pub(crate) fn release(tx: &Tx<'_>, webhook: i64, lease: i64) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached(
            "UPDATE deliveries SET lease = 0 WHERE webhook_seq = ?1 AND lease > 0 AND lease = ?2",
        )?
        .execute([webhook, lease])?;
    Ok(())
}

/// Writes the result of a delivery, unless another process has taken it over since. `scale` shortens the schedule.
pub(crate) fn record(
    tx: &Tx<'_>,
    leased: &Leased,
    attempt: &Attempt,
    scale: f64,
) -> Result<(), StoreError> {
    let found: Option<(usize, String)> = tx
        .db()
        .prepare_cached(
            "SELECT tries, attempts FROM deliveries WHERE event_seq = ?1 AND webhook_seq = ?2 AND lease = ?3",
        )?
        .query_row(
            params![leased.event_seq, leased.webhook_seq, leased.lease],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((tries, attempts)) = found else {
        return Ok(());
    };
    let tries = tries + 1;
    let good = attempt
        .status
        .is_some_and(|status| (200..300).contains(&status));
    let (status, pause) = match SCHEDULE.get(tries) {
        _ if good => ("delivered", Duration::ZERO),
        None => ("failed", Duration::ZERO),
        Some(pause) => ("pending", pause.mul_f64(scale)),
    };
    let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    let due = attempt
        .at
        .saturating_add(attempt.duration_ms)
        .saturating_add(pause);
    let mut attempts: Vec<Attempt> = serde_json::from_str(&attempts)?;
    attempts.push(attempt.clone());
    let old = attempts.len().saturating_sub(ATTEMPTS);
    attempts.drain(..old);
    tx.db()
        .prepare_cached(
            "UPDATE deliveries SET status = ?3, tries = ?4, due = ?5, lease = 0, attempts = ?6
             WHERE event_seq = ?1 AND webhook_seq = ?2",
        )?
        .execute(params![
            leased.event_seq,
            leased.webhook_seq,
            status,
            tries,
            due,
            serde_json::to_string(&attempts)?,
        ])?;
    Ok(())
}

/// Returns a page of the deliveries, those of the newest events first, and how many there are.
pub(crate) fn list(
    db: &Connection,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Delivery>, u64), StoreError> {
    let total = filter.select("count(*)").number(db)?;
    let mut select = filter.select(COLUMNS);
    select.then(" ORDER BY event_seq DESC, webhook_seq", [0_i64; 0]);
    select.page(page.limit, page.offset);
    Ok((select.rows(db, read_row)?, total))
}

fn read(db: &Connection, id: &str) -> Result<Delivery, ApiError> {
    let mut select = Filter::default().select(COLUMNS);
    select.and("deliveries.id = ?", [id.to_owned()]);
    let found = select.rows(db, read_row)?.pop();
    found.ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> ApiError {
    error::not_found(format!("No delivery was found with id {id}."))
}

const COLUMNS: &str = "deliveries.id, events.id, type, webhooks.id, status, due, attempts";

fn read_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let status: String = row.get(4)?;
    let attempts: String = row.get(6)?;
    Ok(Delivery {
        id: row.get(0)?,
        event_id: row.get(1)?,
        event_type: row.get(2)?,
        webhook_id: row.get(3)?,
        next_attempt_at: Some(row.get(5)?).filter(|_| status == "pending"),
        status,
        attempts: serde_json::from_str(&attempts).unwrap_or_default(),
    })
}

impl Filter {
    fn select(&self, columns: &str) -> Select {
        let mut select = Select::new(format!(
            "SELECT {columns} FROM deliveries JOIN events ON events.seq = event_seq
             JOIN webhooks ON webhooks.seq = webhook_seq"
        ));
        for (column, wanted) in [
            ("events.id = ?", &self.event),
            ("webhooks.id = ?", &self.webhook),
            ("status = ?", &self.status),
        ] {
            if let Some(wanted) = wanted {
                select.and(column, [wanted.clone()]);
            }
        }
        select
    }
}
