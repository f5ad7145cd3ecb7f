//! Events on their way out of a transaction: written within it, so that what is committed is told and nothing else.
//!
//! Nothing is written, and nothing made to be written, while nobody is registered to be told. Whether somebody is,
//! is asked once in a transaction and not remembered beyond it: another process may have changed it.

use std::sync::Arc;

use http::HeaderValue;
use tokio::sync::Notify;

use super::{Tx, events, webhooks};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::id::Ids;
use crate::reply;
use crate::wire::mail::Mail;

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

/// What a transaction knows of its events.
#[derive(Debug, Default)]
pub(super) struct Raised {
    /// Whether somebody is to be told, once that has been asked.
    listened: std::cell::Cell<Option<bool>>,
    /// Whether there is something to deliver.
    any: std::cell::Cell<bool>,
    /// Whose request it is.
    agent: std::cell::RefCell<Option<HeaderValue>>,
}

impl Raised {
    pub(super) fn any(&self) -> bool {
        self.any.get()
    }

    pub(super) fn serve(&self, agent: Option<HeaderValue>) {
        self.agent.replace(agent);
    }
}

impl Tx<'_> {
    /// Notes that something has happened. `data` writes the object, and is asked only if somebody is told.
    pub(crate) fn raise(
        &self,
        kind: &'static str,
        data: impl FnOnce(&Outbox) -> Result<Vec<u8>, ApiError>,
    ) -> Result<(), ApiError> {
        let Some(outbox) = self.outbox else {
            return Ok(());
        };
        if !self.is_listened_to()? {
            return Ok(());
        }
        let agent = self.raised.agent.borrow();
        let agent = agent.as_ref().map(HeaderValue::as_bytes);
        let agent = String::from_utf8_lossy(agent.unwrap_or_default());
        let data = data(outbox)?;
        if events::insert(self, outbox, kind, &data, &agent)? {
            self.has_to_deliver();
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
    ) -> Result<(), ApiError> {
        self.raise(kind, |_| reply::deleted(object, id, rest))
    }

    /// Notes that a mail would have been sent.
    pub(super) fn raise_mail(&self, mail: &Mail) -> Result<(), ApiError> {
        self.raise("email.created", |outbox| {
            Ok(serde_json::to_vec(&mail.written(&outbox.server))?)
        })
    }

    /// Must be called when it changes who is to be told.
    pub(super) fn audience_changes(&self) {
        self.raised.listened.set(None);
    }

    /// Must be called when something is to be delivered.
    pub(super) fn has_to_deliver(&self) {
        self.raised.any.set(true);
    }

    /// Tells whether events matter to anybody, for those who would have to look for what to say, and what time it is.
    pub(super) fn listened_to_at(&self) -> Result<Option<i64>, ApiError> {
        match self.outbox {
            Some(outbox) if self.is_listened_to()? => Ok(Some(outbox.clock.peek())),
            _ => Ok(None),
        }
    }

    fn is_listened_to(&self) -> Result<bool, ApiError> {
        if let Some(known) = self.raised.listened.get() {
            return Ok(known);
        }
        let known = webhooks::is_any(self.db())?;
        self.raised.listened.set(Some(known));
        Ok(known)
    }
}
