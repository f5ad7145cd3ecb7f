//! Events of a transaction: written within it, so that exactly the committed changes are sent.
//!
//! Nothing is written or prepared while no endpoint is registered. Whether one is,
//! is asked once in a transaction and not remembered beyond it: another process may have changed it.

use std::sync::Arc;

use http::HeaderValue;
use rusqlite::Connection;
use tokio::sync::Notify;

use super::{events, rows};
use crate::http::context::RequestContext;
use crate::http::reply;
use crate::id::Ids;
use crate::lab::clock::Clock;
use crate::resource::mails::wire::Mail;
use crate::store::{Listener, StoreError, Tx};

/// What it takes to write events.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) ids: Ids,
    /// That of the instance.
    pub(crate) clock: Clock,
    /// The address of this server.
    pub(crate) server: String,
    pub(crate) instance_id: String,
    /// Told after a commit that left something to deliver.
    pub(crate) waiting: Arc<Notify>,
}

impl Listener for Outbox {
    fn is_needed(&self, db: &Connection) -> Result<bool, StoreError> {
        Ok(rows::is_any(db)?)
    }

    fn wake(&self) {
        self.waiting.notify_one();
    }
}

impl Tx<'_> {
    /// Raises an event. `data` writes the object, and is called only if an endpoint gets the event.
    pub(crate) fn raise(
        &self,
        kind: &'static str,
        data: impl FnOnce(&Outbox) -> Result<Vec<u8>, StoreError>,
    ) -> Result<(), StoreError> {
        let Some(outbox) = self.needed_listener::<Outbox>()? else {
            return Ok(());
        };
        let context = self.cause::<RequestContext>();
        let agent = context.as_ref().and_then(|it| it.agent.as_ref());
        let agent = String::from_utf8_lossy(agent.map_or(&[], HeaderValue::as_bytes));
        let data = data(outbox)?;
        let now = outbox.clock.peek();
        let payload = payload(outbox, kind, &data, &agent, now)?;
        if events::insert(self, &outbox.ids, kind, now, &payload)? {
            self.wakes_listener();
        }
        Ok(())
    }

    /// Notes that an object is gone; `rest` are the fields beside its id that the API answers too.
    pub(crate) fn raise_deleted(
        &self,
        kind: &'static str,
        object: &str,
        id: &str,
        rest: &[(&str, Option<&str>)],
    ) -> Result<(), StoreError> {
        self.raise(kind, |_| Ok(reply::deleted(object, id, rest)?))
    }

    /// Notes that an email would have been sent.
    pub(crate) fn raise_mail(&self, mail: &Mail) -> Result<(), StoreError> {
        self.raise("email.created", |outbox| {
            Ok(serde_json::to_vec(&mail.written(&outbox.server))?)
        })
    }

    /// Returns the time if an endpoint gets events, for callers that have to look up the payload.
    pub(crate) fn listened_to_at(&self) -> Result<Option<i64>, StoreError> {
        let outbox = self.needed_listener::<Outbox>()?;
        Ok(outbox.map(|outbox| outbox.clock.peek()))
    }
}

/// Writes what is sent. A fixed order, as receivers log it.
fn payload(
    outbox: &Outbox,
    kind: &str,
    data: &[u8],
    agent: &str,
    now: i64,
) -> Result<Vec<u8>, StoreError> {
    let mut out = Vec::with_capacity(data.len() + 256);
    out.extend_from_slice(br#"{"data":"#);
    out.extend_from_slice(data);
    // The server listens on loopback only.
    out.extend_from_slice(
        br#","event_attributes":{"http_request":{"client_ip":"127.0.0.1","user_agent":"#,
    );
    serde_json::to_writer(&mut out, agent)?;
    out.extend_from_slice(br#"}},"instance_id":"#);
    serde_json::to_writer(&mut out, &outbox.instance_id)?;
    let rest = format!(r#","object":"event","timestamp":{now},"type":"{kind}"}}"#);
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}
