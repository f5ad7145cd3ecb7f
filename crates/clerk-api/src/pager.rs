//! The walk over all pages of a list.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::{MaybeDone, maybe_done};

use crate::args::Args;
use crate::client::Client;
use crate::early::Early;
use crate::endpoint::{Meta, Paging};
use crate::error::{Error, ErrorKind, Sent};
use crate::page::{Page, likely_last_id};
use crate::transport::BoxFuture;

/// The largest page that the API gives (spec: `LimitParameter`).
const LARGEST_PAGE: u64 = 500;

/// How many pages of an offset list are asked for at once.
const IN_FLIGHT: usize = 4;

/// A page that was asked for.
struct Coming {
    asked: u64,
    /// The id that it begins behind, in a walk by cursor.
    after: Option<String>,
    early: Arc<Early>,
    answer: MaybeDone<BoxFuture<'static, Result<Page, Error>>>,
}

/// A walk over all pages of a list. Rows come in the list's order.
pub struct Pager {
    client: Client,
    meta: &'static Meta,
    args: Args,
    left: Option<u64>,
    size: u64,
    offset: u64,
    total: Option<u64>,
    cursor: Option<String>,
    by_cursor: bool,
    coming: VecDeque<Coming>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    First,
    Walking,
    Ended,
}

impl Pager {
    pub(crate) fn new(client: Client, meta: &'static Meta, args: Args, most: Option<u64>) -> Self {
        let number = |name| args.get(name).and_then(|raw| raw.get().parse::<u64>().ok());
        let size = number("limit")
            .unwrap_or(LARGEST_PAGE)
            .clamp(1, LARGEST_PAGE);
        let offset = number("offset").unwrap_or(0);
        let created_order = args
            .text("order_by")
            .is_none_or(|order| order.trim_start_matches(['+', '-']) == "created_at");
        let by_cursor = meta.paging == Paging::Cursor && offset == 0 && created_order;
        Self {
            client,
            meta,
            left: most,
            size,
            offset,
            total: None,
            cursor: args.text("starting_after"),
            by_cursor,
            args,
            coming: VecDeque::new(),
            state: State::First,
        }
    }

    /// The next page, or nothing at the end. After an error the walk is over.
    pub async fn next(&mut self) -> Option<Result<Page, Error>> {
        if self.state == State::Ended {
            return None;
        }
        if self.meta.paging == Paging::None {
            self.state = State::Ended;
            let (client, args) = (self.client.clone(), self.args.clone());
            return Some(call(client, self.meta, args, Arc::default()).await);
        }
        self.fill();
        let (asked, answer) = poll_fn(|context| self.poll_front(context)).await?;
        Some(match answer {
            Ok(page) => Ok(self.take(page, asked)),
            Err(error) => {
                self.end();
                Err(error)
            }
        })
    }

    /// Waits for something else, while the pages that were asked for ahead come in. Whoever may wait for long between two
    /// pages should wait in here: what nobody listens to runs into its time limits.
    pub async fn meanwhile<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        poll_fn(|context| {
            let ended = other.as_mut().poll(context);
            if ended.is_pending() {
                self.go_on(0, context);
            }
            ended
        })
        .await
    }

    /// Lets the pages in flight behind the first `skip` go on.
    fn go_on(&mut self, skip: usize, context: &mut Context<'_>) {
        for coming in self.coming.iter_mut().skip(skip) {
            let _ = coming.answer.poll_unpin(context);
        }
    }

    /// The page in front, with the number of rows asked for, while the others in flight go on.
    fn poll_front(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<(u64, Result<Page, Error>)>> {
        self.go_on(1, context);
        let Some(front) = self.coming.front_mut() else {
            return Poll::Ready(None);
        };
        if front.answer.poll_unpin(context).is_pending() {
            self.ask_ahead(context);
            return Poll::Pending;
        }
        let answer = Pin::new(&mut front.answer).take_output();
        let front = self.coming.pop_front();
        Poll::Ready(front.and_then(|front| Some((front.asked, answer?))))
    }

    /// Asks for the page behind the one that came before that is checked: the server is busy meanwhile.
    fn ask_ahead(&mut self, context: &mut Context<'_>) {
        let front = match self.coming.front() {
            Some(front) if self.by_cursor && self.coming.len() == 1 => front,
            _ => return,
        };
        let body = front.early.take();
        let last = body.and_then(|body| likely_last_id(&body, front.asked));
        if last.is_some() && last != front.after && self.ask(last) {
            let ahead = self.coming.back_mut();
            let _ = ahead.map(|ahead| ahead.answer.poll_unpin(context));
        }
    }

    /// Asks for as many pages as may be in flight: by cursor one, by offset several once the total is known.
    fn fill(&mut self) {
        let most = match self.total {
            Some(_) if !self.by_cursor => IN_FLIGHT,
            _ => 1,
        };
        while self.coming.len() < most && self.ask(self.cursor.clone()) {}
    }

    /// Asks for one more page, unless no row is left to ask for.
    fn ask(&mut self, after: Option<String>) -> bool {
        let asked = self.left.map_or(self.size, |left| left.min(self.size));
        let past_end = self.total.is_some_and(|total| self.offset >= total);
        if asked == 0 || (past_end && self.state != State::First) {
            return false;
        }
        let mut args = self.args.clone();
        // Numbers and text always have a JSON form.
        let _ = args.set("limit", &asked);
        if self.by_cursor {
            if let Some(cursor) = &after {
                let _ = args.set("starting_after", cursor);
            }
        } else {
            if self.offset > 0 {
                let _ = args.set("offset", &self.offset);
            }
            self.offset += asked;
        }
        if let Some(left) = &mut self.left {
            *left -= asked;
        }
        self.state = State::Walking;
        let early = Arc::<Early>::default();
        let answer = call(self.client.clone(), self.meta, args, Arc::clone(&early));
        self.coming.push_back(Coming {
            asked,
            after,
            early,
            answer: maybe_done(Box::pin(answer)),
        });
        true
    }

    /// Notes what a page says about the rest of the walk.
    fn take(&mut self, mut page: Page, asked: u64) -> Page {
        let got = page.len() as u64;
        self.total = self.total.or(page.total_count);
        let moved = if self.by_cursor {
            self.move_to(page.last_id())
        } else {
            got > 0
        };
        let wanted = self.left != Some(0);
        let complete = got < asked || !moved;
        if complete || (!wanted && self.coming.is_empty()) {
            page.more = !complete && self.total.is_none_or(|total| total > self.offset);
            self.end();
        } else if self.total.is_some_and(|total| self.offset >= total) && self.coming.is_empty() {
            self.end();
        }
        page
    }

    /// Takes the last row's id as the cursor, and whether it is another; what was asked behind a wrong one is dropped.
    fn move_to(&mut self, last: Option<String>) -> bool {
        let moved = last.is_some() && last != self.cursor;
        self.cursor = last.or_else(|| self.cursor.take());
        if let Some(wrong) = self.coming.pop_front_if(|ahead| ahead.after != self.cursor)
            && let Some(left) = &mut self.left
        {
            *left += wrong.asked;
        }
        moved
    }

    fn end(&mut self) {
        self.state = State::Ended;
        self.coming.clear();
    }
}

async fn call(
    client: Client,
    meta: &'static Meta,
    args: Args,
    early: Arc<Early>,
) -> Result<Page, Error> {
    let reply = client.call_as(meta, args, Some(&early)).await?;
    reply.page.ok_or_else(|| {
        let message = "the answer is JSON, but not a list";
        Error::new(ErrorKind::BadAnswer, meta.id, Sent::Yes, message)
    })
}
