//! The walk over all pages of a list. A list may change meanwhile: what stays comes once, and what is not certain is said
//! (reliability.md 4.12).

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;

use crate::args::Args;
use crate::client::caller::Caller;
use crate::declare::{Meta, Paging};
use crate::error::{Error, ErrorKind, Sent};
use crate::list::page::Page;
use crate::list::prefetch::Prefetch;

mod cursor;
mod flight;
mod offset;
mod seen;

use self::cursor::ByCursor;
use self::offset::ByOffset;

/// The largest page that the API gives (spec: `LimitParameter`).
const LARGEST_PAGE: u64 = 500;

/// What a walk has come to so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Walk {
    /// The rows that were given out.
    pub rows: u64,
    /// How many there were when it began, as the API counts them; nothing where it does not.
    pub before: Option<u64>,
    /// How many there were at its end.
    pub after: Option<u64>,
    /// Whether it ended by its own limit.
    pub limited: bool,
    /// Whether the walk may have missed rows between two pages.
    pub gaps: bool,
}

impl Walk {
    /// Whether every row that was there all the time is known to have been given out, once.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let counts = [self.before, self.after];
        let counted = counts.iter().flatten().count() > 0;
        self.limited || !self.gaps && (!counted || counts.contains(&Some(self.rows)))
    }
}

/// A walk over all pages of a list.
///
/// Rows come in the list's order, each once, as long as they have ids.
pub struct Pager {
    source: Source,
    way: Way,
    walk: Walk,
    ended: bool,
}

/// What is walked.
struct Source {
    caller: Caller,
    meta: &'static Meta,
    args: Args,
    /// How many more rows are wanted.
    left: Option<u64>,
    /// Rows in a page.
    size: u64,
}

enum Way {
    Whole,
    ByCursor(Box<ByCursor>),
    ByOffset(Box<ByOffset>),
}

/// What became of a page.
enum Step {
    /// These rows are new.
    Page(Page),
    /// Nothing new yet.
    Again,
    /// The walk is over; the last page may have come with it.
    End(Option<Page>),
}

impl Pager {
    pub(crate) fn new(caller: Caller, meta: &'static Meta, args: Args, most: Option<u64>) -> Self {
        let number = |name| args.get(name).and_then(|raw| raw.get().parse::<u64>().ok());
        let size = number("limit")
            .unwrap_or(LARGEST_PAGE)
            .clamp(1, LARGEST_PAGE);
        let offset = number("offset").unwrap_or(0);
        let created_order = args
            .text("order_by")
            .is_none_or(|order| order.trim_start_matches(['+', '-']) == "created_at");
        let source = Source {
            caller,
            meta,
            args,
            left: most,
            size,
        };
        let way = match meta.paging {
            Paging::None => Way::Whole,
            Paging::Cursor if offset == 0 && created_order => {
                Way::ByCursor(Box::new(ByCursor::new(&source)))
            }
            _ => Way::ByOffset(Box::new(ByOffset::new(offset))),
        };
        Self {
            source,
            way,
            walk: Walk::default(),
            ended: false,
        }
    }

    pub(super) const fn op(&self) -> &'static str {
        self.source.meta.name
    }

    /// The state of the walk so far; the result after its end.
    #[must_use]
    pub const fn walk(&self) -> Walk {
        self.walk
    }

    /// The next page, or nothing at the end.
    ///
    /// After an error the walk is over.
    ///
    /// # Errors
    /// When a page cannot be fetched, or the list cannot be walked to its end.
    pub async fn next(&mut self) -> Option<Result<Page, Error>> {
        while !self.ended {
            let step = match &mut self.way {
                Way::Whole => {
                    let source = &self.source;
                    let (caller, args) = (source.caller.clone(), source.args.clone());
                    call(caller, source.meta, args, Arc::default())
                        .await
                        .map(|page| Step::End(Some(page)))
                }
                Way::ByCursor(way) => way.step(&mut self.source, &mut self.walk).await,
                Way::ByOffset(way) => way.step(&mut self.source, &mut self.walk).await,
            };
            match step {
                Ok(Step::Again) => {}
                Ok(Step::Page(page)) => return Some(Ok(self.give(page))),
                Ok(Step::End(page)) => {
                    self.ended = true;
                    self.walk.limited = page.as_ref().is_some_and(|page| page.more);
                    return page.map(|page| Ok(self.give(page)));
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    fn give(&mut self, page: Page) -> Page {
        self.walk.rows += page.len() as u64;
        page
    }

    /// Waits for something else, while the pages that were asked for ahead come in.
    ///
    /// A program that may wait for long between two pages should wait in here: requests in flight run into their time limits when
    /// nothing polls them.
    pub async fn meanwhile<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        poll_fn(|context| {
            let ended = other.as_mut().poll(context);
            if ended.is_pending() {
                self.go_on(context);
            }
            ended
        })
        .await
    }

    /// Lets the pages in flight go on.
    fn go_on(&mut self, context: &mut Context<'_>) {
        match &mut self.way {
            Way::Whole => {}
            Way::ByCursor(way) => way.flight.go_on(0, context),
            Way::ByOffset(way) => way.flight.go_on(0, context),
        }
    }
}

impl Source {
    /// How many rows the next page should have; nothing where no more are wanted.
    fn wanted(&self, beside: u64) -> Option<u64> {
        match self.left {
            None => Some(self.size),
            Some(left) if left > beside => Some(self.size.min(left - beside)),
            Some(_) => None,
        }
    }

    /// Counts the rows of a page as given; those over the limit go.
    fn count(&mut self, page: &mut Page) {
        if let Some(left) = &mut self.left {
            page.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= page.len() as u64;
        }
    }
}

/// A page that nobody can go on from.
fn stuck(meta: &'static Meta, why: &str) -> Error {
    let message = format!("the walk over the list cannot be completed: {why}");
    Error::new(ErrorKind::BadAnswer, meta.name, Sent::Yes, message)
}

async fn call(
    caller: Caller,
    meta: &'static Meta,
    args: Args,
    prefetch: Arc<Prefetch>,
) -> Result<Page, Error> {
    let reply = caller.call(meta, args, Some(&prefetch)).await?;
    reply.page.ok_or_else(|| {
        let message = "the response is JSON, but not a list";
        Error::new(ErrorKind::BadAnswer, meta.name, Sent::Yes, message)
    })
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("op", &self.source.meta.name)
            .field("walk", &self.walk)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
