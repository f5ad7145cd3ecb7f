//! The walk over all pages of a list.

use std::collections::VecDeque;
use std::task::Poll;

use crate::args::Args;
use crate::client::Client;
use crate::endpoint::{Meta, Paging};
use crate::error::{Error, ErrorKind, Sent};
use crate::page::Page;
use crate::transport::BoxFuture;

/// The largest page that the API gives (spec: `LimitParameter`).
const LARGEST_PAGE: u64 = 500;

/// How many pages of an offset list are asked for at once.
const IN_FLIGHT: usize = 4;

type Answered = BoxFuture<'static, Result<Page, Error>>;

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
    coming: VecDeque<(u64, Answered)>,
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
            return Some(call(self.client.clone(), self.meta, self.args.clone()).await);
        }
        self.fill();
        let (asked, answer) = self.coming.pop_front()?;
        let answer = self.drive(answer).await;
        Some(match answer {
            Ok(page) => Ok(self.take(page, asked)),
            Err(error) => {
                self.end();
                Err(error)
            }
        })
    }

    /// Waits for one page while the others in flight go on.
    async fn drive(&mut self, mut answer: Answered) -> Result<Page, Error> {
        let mut done: Vec<Option<Result<Page, Error>>> = self.coming.iter().map(|_| None).collect();
        let result = std::future::poll_fn(|context| {
            for ((_, other), slot) in self.coming.iter_mut().zip(&mut done) {
                if slot.is_none()
                    && let Poll::Ready(early) = other.as_mut().poll(context)
                {
                    *slot = Some(early);
                }
            }
            answer.as_mut().poll(context)
        })
        .await;
        for ((_, other), slot) in self.coming.iter_mut().zip(done) {
            if let Some(early) = slot {
                *other = Box::pin(std::future::ready(early));
            }
        }
        result
    }

    /// Asks for as many pages as may be in flight: by cursor one, by offset several once the total is known.
    fn fill(&mut self) {
        let most = if self.total.is_some() { IN_FLIGHT } else { 1 };
        while self.coming.len() < most {
            let asked = self.left.map_or(self.size, |left| left.min(self.size));
            let past_end = self.total.is_some_and(|total| self.offset >= total);
            if asked == 0 || (past_end && self.state != State::First) {
                return;
            }
            let mut args = self.args.clone();
            // Numbers and text always have a JSON form.
            let _ = args.set("limit", &asked);
            if self.by_cursor {
                if let Some(cursor) = &self.cursor {
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
            self.coming
                .push_back((asked, Box::pin(call(self.client.clone(), self.meta, args))));
        }
    }

    /// Notes what a page says about the rest of the walk.
    fn take(&mut self, mut page: Page, asked: u64) -> Page {
        let got = page.len() as u64;
        self.total = self.total.or(page.total_count);
        let moved = if self.by_cursor {
            let last = page.last_id();
            let moved = last.is_some() && last != self.cursor;
            self.cursor = last.or_else(|| self.cursor.take());
            moved
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

    fn end(&mut self) {
        self.state = State::Ended;
        self.coming.clear();
    }
}

async fn call(client: Client, meta: &'static Meta, args: Args) -> Result<Page, Error> {
    let reply = client.call_as(meta, args, true).await?;
    reply.page.ok_or_else(|| {
        let message = "the answer is JSON, but not a list";
        Error::new(ErrorKind::BadAnswer, meta.id, Sent::Yes, message)
    })
}
