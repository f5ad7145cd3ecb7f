//! The command's own operation: sent only here, so that every later failure reports correctly whether it was sent.
//!
//! Look-ups before it go to the client directly: what becomes of them says nothing about the operation.

use std::cell::{Cell, RefCell};

use clerk_api::declare::{Effect, Meta};
use clerk_api::{Args, Client, Reply, Sent};

use crate::format::rows::Shape;
use crate::format::token::{member, unquote};
use crate::problem::{Outcome, Problem, ProblemKind};
use crate::view;

/// What is known of the command's own requests.
#[derive(Debug, Default)]
pub struct Sending {
    sent: Cell<Option<Sent>>,
    /// The ids in answers to writes that were not shown yet; nothing where no response waits to be shown.
    unshown: RefCell<Option<Vec<String>>>,
}

impl Sending {
    /// Sends the operation; `tried` is such as `cannot update user user_2x`.
    pub async fn send(
        &self,
        client: &Client,
        meta: &'static Meta,
        args: Args,
        tried: &str,
    ) -> Outcome<Reply<()>> {
        match client.call(meta, args).await {
            Ok(reply) => {
                self.note(Sent::Yes);
                if meta.effect != Effect::Read {
                    self.unshown.replace(Some(ids(meta, &reply.raw)));
                }
                Ok(reply)
            }
            Err(error) => Err(self.failed(tried, error)),
        }
    }

    /// The report of the operation's failure.
    pub fn failed(&self, tried: &str, error: clerk_api::Error) -> Box<Problem> {
        let sent = error.sent;
        self.note(sent);
        let mut failure = Problem::of_call(tried, error);
        failure.sent = sent;
        failure
    }

    /// Notes what became of one request. What is in doubt counts for more than what was answered.
    pub fn note(&self, sent: Sent) {
        let worst = match (self.sent.get(), sent) {
            (Some(Sent::Unknown), _) | (_, Sent::Unknown) => Sent::Unknown,
            (Some(Sent::Yes), _) | (_, Sent::Yes) => Sent::Yes,
            _ => Sent::No,
        };
        self.sent.set(Some(worst));
    }

    /// Notes that the responses are where they should be.
    pub fn shown(&self) {
        self.unshown.replace(None);
    }

    /// Puts what is known into the report that ends the command.
    pub fn mark(&self, failure: &mut Problem) {
        failure.sent = self.sent.get().unwrap_or(failure.sent);
        let Some(ids) = self.unshown.take() else {
            return;
        };
        if failure.kind == ProblemKind::Closed {
            // Nobody reads the response of a write: that is worth a word.
            failure.kind = ProblemKind::Io;
        }
        failure.causes.push(match ids.as_slice() {
            [] => "the request itself was done".to_owned(),
            ids => format!("the request itself was done, on {}", ids.join(", ")),
        });
        failure.ids = ids;
    }
}

/// The ids in a response, as far as it can be read.
fn ids(meta: &Meta, raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let paths = ["id"].iter().chain(view::view(meta.name).ids);
    let names: Vec<&str> = paths.copied().filter(|path| !path.contains('.')).collect();
    let id = |row: &str| names.iter().find_map(|name| unquote(member(row, name)?));
    Shape::of(&text).rows().filter_map(id).collect()
}
