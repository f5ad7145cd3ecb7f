//! Pages that were asked for and are on their way.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::{MaybeDone, maybe_done};

use super::{Source, call};
use crate::args::Args;
use crate::error::Error;
use crate::list::page::Page;
use crate::list::prefetch::Prefetch;
use crate::transport::BoxFuture;

/// A page that was asked for.
pub(super) struct Coming<P> {
    /// Where it begins.
    pub(super) place: P,
    /// How many rows were asked for.
    pub(super) asked: u64,
    /// Its body, as soon as it is there.
    pub(super) prefetch: Arc<Prefetch>,
    answer: MaybeDone<BoxFuture<'static, Result<Page, Error>>>,
}

/// The result of a page.
pub(super) struct Landed<P> {
    pub(super) place: P,
    pub(super) asked: u64,
    pub(super) answer: Result<Page, Error>,
}

/// The pages in flight, in the order of the list.
pub(super) struct Flight<P>(pub(super) VecDeque<Coming<P>>);

impl<P> Flight<P> {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Asks for a page with these arguments.
    pub(super) fn ask(&mut self, source: &Source, place: P, mut args: Args, asked: u64) {
        // A number always has a JSON form.
        let _ = args.set("limit", &asked);
        let prefetch = Arc::<Prefetch>::default();
        let answer = call(
            source.caller.clone(),
            source.meta,
            args,
            Arc::clone(&prefetch),
        );
        self.0.push_back(Coming {
            place,
            asked,
            prefetch,
            answer: maybe_done(Box::pin(answer)),
        });
    }

    /// Lets all behind the first `skip` go on.
    pub(super) fn go_on(&mut self, skip: usize, context: &mut Context<'_>) {
        for coming in self.0.iter_mut().skip(skip) {
            let _ = coming.answer.poll_unpin(context);
        }
    }

    /// The page in front, while the others go on; nothing where none is in flight.
    pub(super) fn poll_front(&mut self, context: &mut Context<'_>) -> Poll<Option<Landed<P>>> {
        self.go_on(1, context);
        let Some(front) = self.0.front_mut() else {
            return Poll::Ready(None);
        };
        if front.answer.poll_unpin(context).is_pending() {
            return Poll::Pending;
        }
        let answer = Pin::new(&mut front.answer).take_output();
        let front = self.0.pop_front();
        Poll::Ready(front.and_then(|front| {
            Some(Landed {
                place: front.place,
                asked: front.asked,
                answer: answer?,
            })
        }))
    }
}
