//! One call and how far it is: what its attempts, its looks and its errors need to know.

use std::time::Duration;

use bytes::Bytes;

use super::reply::Reply;
use super::session::Session;
use crate::args::Args;
use crate::declare::{Class, Meta, Place, Verb};
use crate::list::Prefetch;
use crate::request::Request;
use crate::response::{Received, Response};
use crate::retry::{Progress, RetryPolicy};

/// One call.
pub(crate) struct Call<'a> {
    pub(crate) session: &'a Session,
    pub(crate) meta: &'static Meta,
    pub(crate) args: &'a Args,
    pub(crate) request: Request,
    pub(crate) class: Class,
    /// Where the response is split into rows: what sees it first.
    pub(crate) page: Option<&'a Prefetch>,
    pub(crate) policy: RetryPolicy,
    /// When it began.
    pub(crate) started: Duration,
    /// When it was first sent, by the server's clock in milliseconds, where that was before this call.
    pub(crate) since: Option<i64>,
}

/// How far a call is.
pub(crate) struct Run {
    pub(crate) progress: Progress,
    /// How often the request was sent.
    pub(crate) sends: u32,
    /// Whether some attempt may have been carried out although nobody said so.
    pub(crate) doubt: bool,
    /// What the last attempt came to.
    pub(crate) came: Received,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        session: &'a Session,
        meta: &'static Meta,
        args: &'a Args,
        request: Request,
        page: Option<&'a Prefetch>,
        mut policy: RetryPolicy,
    ) -> Self {
        if meta.verb == Verb::Delete {
            // reliability.md 2.8: a deletion may take twice as long.
            policy.total *= 2;
        }
        Self {
            session,
            meta,
            args,
            request,
            class: meta.class(args),
            page,
            policy,
            started: session.clock.now(),
            since: None,
        }
    }

    /// The response to a deletion that was done, as the API would have given it.
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
            trace_id: run.came.as_ref().ok().and_then(Response::trace_id),
            date: None,
            attempts: run.sends,
            reconciled: true,
            page: None,
        }
    }
}
