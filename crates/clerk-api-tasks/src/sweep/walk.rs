//! The walks over the lists, and the thread that takes their pages.

use std::cell::RefCell;

use clerk_api::declare::Meta;
use clerk_api::list::Page;
use clerk_api::model::TotalCount;
use clerk_api::time::Timestamp;
use clerk_api::{Args, Client, Error};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use futures_util::stream::{self, StreamExt as _};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::kind::Kind;
use super::report::{Count, Sweep};

/// Takes the pages of a sweep, on a thread of its own, so that the next pages come in meanwhile.
pub trait Sink: Send + 'static {
    /// Takes a page. Pages of one kind come in the order of the list.
    ///
    /// # Errors
    /// It cannot be written; the sweep ends.
    fn page(&mut self, kind: Kind, page: &Page) -> Outcome<()>;

    /// Hears that a kind was read to its end.
    ///
    /// # Errors
    /// It cannot be written down; the sweep ends.
    fn end(&mut self, _: &Count) -> Outcome<()> {
        Ok(())
    }
}

/// Where a sweep begins.
#[derive(Debug, Clone, Default)]
pub struct Begin {
    /// Of the users only those that were changed since then are read, and some older ones. Other kinds have no order by changes, so
    /// they are read whole.
    pub since: Option<Timestamp>,
    /// The last of the users that were read before, and how many they are. Only users are read by a cursor, which holds for
    /// as long as that user is there; a place in another list is another one as soon as an object goes.
    pub users_after: Option<(String, u64)>,
}

/// What goes to the sink.
enum Message {
    Page(Kind, Page),
    End(Count),
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Event {
    /// The kind.
    pub kind: Kind,
    /// How many rows of it were read.
    pub rows: u64,
    /// How many there are, as far as is known.
    pub total: Option<u64>,
}

/// In which order the kinds are read. Roles and role sets, which are few, always come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// All at once.
    SideBySide,
    /// One after the other, for what is written into one document.
    OneByOne,
}

/// How many pages may wait for the sink.
const WAITING: usize = 2;

/// Reads these kinds to their end and gives every page to the sink, which comes back with what was read.
///
/// # Errors
/// A page cannot be fetched, or the sink fails. A feature that is off is no error, unless nothing else was wanted.
pub async fn sweep<S: Sink>(
    client: &Client,
    kinds: &[Kind],
    order: Order,
    sink: S,
    tell: &dyn Fn(Event),
) -> Outcome<(Sweep, S)> {
    sweep_from(client, kinds, order, Begin::default(), sink, tell).await
}

/// Reads what [`sweep`] reads, but not from the beginning.
///
/// # Errors
/// As [`sweep`].
pub async fn sweep_from<S: Sink>(
    client: &Client,
    kinds: &[Kind],
    order: Order,
    begin: Begin,
    sink: S,
    tell: &dyn Fn(Event),
) -> Outcome<(Sweep, S)> {
    let (pages, mut waiting) = mpsc::channel::<Message>(WAITING);
    let writer = tokio::task::spawn_blocking(move || -> Outcome<S> {
        let mut sink = sink;
        while let Some(message) = waiting.blocking_recv() {
            match message {
                Message::Page(kind, page) => sink.page(kind, &page)?,
                Message::End(count) => sink.end(&count)?,
            }
        }
        Ok(sink)
    });
    let read = Walks {
        client,
        begin,
        tell,
        pages,
        off: RefCell::default(),
    }
    .read(kinds, order)
    .await;
    // What the sink says comes first: the walks end because it did.
    let sink = match writer.await {
        Ok(sink) => sink?,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => return Err(unwritten()),
        },
    };
    Ok((read?, sink))
}

struct Walks<'s> {
    client: &'s Client,
    begin: Begin,
    tell: &'s dyn Fn(Event),
    pages: mpsc::Sender<Message>,
    /// What the API says of a feature that is off.
    off: RefCell<Option<Box<Problem>>>,
}

impl Walks<'_> {
    async fn read(self, kinds: &[Kind], order: Order) -> Outcome<Sweep> {
        let is_few = |kind: &Kind| matches!(kind, Kind::Roles | Kind::RoleSets);
        let (few, many): (Vec<Kind>, Vec<Kind>) = kinds.iter().copied().partition(is_few);
        let mut counts = Vec::new();
        for kinds in [few, many] {
            let most = match order {
                Order::SideBySide => kinds.len().max(1),
                Order::OneByOne => 1,
            };
            let mut walks = stream::iter(kinds)
                .map(|kind| self.walk_and_tell(kind))
                .buffer_unordered(most);
            while let Some(count) = walks.next().await {
                counts.push(count?);
            }
        }
        counts.sort_by_key(Count::kind);
        if !counts.is_empty()
            && counts.iter().all(|count| count.off.is_some())
            && let Some(problem) = self.off.take()
        {
            return Err(problem);
        }
        Ok(Sweep { counts })
    }

    /// Reads one kind, and tells the sink about its end. That waits within the walk: outside, the walks that stand before it in the
    /// line would not go on.
    async fn walk_and_tell(&self, kind: Kind) -> Outcome<Count> {
        let count = self.walk(kind).await?;
        let told = self.pages.send(Message::End(count.clone())).await;
        told.map_err(|_| unwritten())?;
        Ok(count)
    }

    /// Reads one kind to its end.
    async fn walk(&self, kind: Kind) -> Outcome<Count> {
        let mut count = Count::of(kind);
        count.since = self.begin.since.filter(|_| kind.has_changes());
        let mut args = kind.args();
        if count.since.is_some() {
            // Words always have a JSON form.
            let _ = args.set("order_by", &"-updated_at");
        }
        let after = self.begin.users_after.as_ref();
        let after = after.filter(|_| kind == Kind::Users && count.since.is_none());
        if let Some((id, rows)) = after {
            let _ = args.set("starting_after", id);
            count.rows = *rows;
        }
        let mut pager = self.client.walk(kind.list(), args, None);
        let mut past = false;
        while let Some(page) = pager.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) if count.rows == 0 && is_off(kind, &error) => {
                    count.off = Some(error.to_string());
                    self.off.replace(Some(failed(kind, error)));
                    return Ok(count);
                }
                Err(error) => return Err(failed(kind, error)),
            };
            count.rows += page.len() as u64;
            // A page more: what changes meanwhile moves the others down.
            let ends = past;
            past = count.since.is_some_and(|since| ends_before(&page, since));
            let given = pager
                .meanwhile(self.pages.send(Message::Page(kind, page)))
                .await;
            if given.is_err() {
                return Err(unwritten());
            }
            let (rows, total) = (count.rows, pager.walk().before);
            (self.tell)(Event { kind, rows, total });
            if ends {
                break;
            }
        }
        let mut walk = pager.walk();
        if count.since.is_some() {
            count.consistent = !walk.gaps;
            return Ok(count);
        }
        if let Some(counter) = kind.counter() {
            walk.after = self.count(counter).await.or(walk.after);
        }
        walk.rows = count.rows;
        (count.before, count.after) = (walk.before, walk.after);
        count.consistent = walk.is_consistent();
        Ok(count)
    }

    async fn count(&self, counter: &'static Meta) -> Option<u64> {
        let reply = self.client.call(counter, Args::new()).await.ok()?;
        let count: TotalCount = serde_json::from_slice(&reply.raw).ok()?;
        count.total_count
    }
}

/// Whether the last object of a page was last changed before an instant.
fn ends_before(page: &Page, since: Timestamp) -> bool {
    #[derive(Deserialize)]
    struct Changed {
        updated_at: Timestamp,
    }
    let last = page.rows().last().map(serde_json::from_str::<Changed>);
    matches!(last, Some(Ok(last)) if last.updated_at < since)
}

/// Whether an error says that the instance does not have the feature, or that its plan lacks it.
fn is_off(kind: Kind, error: &Error) -> bool {
    kind.is_feature() && matches!(error.status, Some(402..=404))
}

fn failed(kind: Kind, error: Error) -> Box<Problem> {
    let words = kind.name().replace('_', " ");
    Problem::of_call(&format!("cannot read the {words}"), error)
}

/// The sink ended before its pages did; why is its own to say.
fn unwritten() -> Box<Problem> {
    Problem::new(ProblemKind::Io, "io", "what was read cannot be written")
}
