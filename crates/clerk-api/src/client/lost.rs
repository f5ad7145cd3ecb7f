//! Creates that an earlier process sent and whose answers it did not live to see (reliability.md 2.3, 4.7).

use super::call::{Call, Run};
use super::caller::Caller;
use super::reply::Reply;
use super::settle::Settled;
use super::{Client, trace};
use crate::args::Args;
use crate::declare::Meta;
use crate::error::{Error, ErrorKind, Sent};
use crate::request;
use crate::retry::Progress;
use crate::time::Timestamp;
use crate::transport::TransportError;

/// What became of a create that was sent earlier.
#[derive(Debug)]
#[non_exhaustive]
pub enum Lost {
    /// It was done: the reply holds the object as it was found.
    Made(Reply<()>),
    /// It was not done: each of three whole lists lacks the object.
    Absent {
        /// Whether the API would refuse the same create if it were done all the same, so that sending it again cannot do it twice.
        refuses_a_second: bool,
    },
    /// Something else had the same unique key before it was sent.
    Conflict,
    /// Nobody knows, and why.
    Unknown(String),
}

impl Client {
    /// Looks for what a create made that was sent earlier, by another process for example.
    ///
    /// `sent` is when it was first sent, by the server's clock. An object that is older does not count as the one.
    ///
    /// # Errors
    /// When the arguments are none that could have been sent.
    pub async fn find_lost(
        &self,
        meta: &'static Meta,
        args: &Args,
        sent: Timestamp,
    ) -> Result<Lost, Error> {
        trace::within(meta.name, self.caller.find_lost(meta, args, sent)).await
    }
}

impl Caller {
    async fn find_lost(
        &self,
        meta: &'static Meta,
        args: &Args,
        sent: Timestamp,
    ) -> Result<Lost, Error> {
        let request = request::build(meta, args).map_err(|error| {
            Error::new(ErrorKind::Argument, meta.name, Sent::No, error.to_string()).because(error)
        })?;
        let mut call = Call::new(
            &self.session,
            meta,
            args,
            request,
            None,
            self.policy.clone(),
        );
        call.since = Some(sent.as_millis());
        let run = Run {
            progress: Progress::default(),
            sends: 0,
            doubt: true,
            came: Err(TransportError::Broken("the process ended".to_owned())),
        };
        Ok(match call.settle(&run).await {
            Settled::Done(reply) => Lost::Made(reply),
            Settled::Absent => Lost::Absent {
                refuses_a_second: meta
                    .lookup
                    .is_some_and(|lookup| lookup.refuses_a_second(args)),
            },
            Settled::Conflict => Lost::Conflict,
            Settled::Unknown(reason) => Lost::Unknown(reason),
        })
    }
}
