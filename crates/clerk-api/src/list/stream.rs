//! The rows of a list as a stream: pages are fetched as rows are taken.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::stream::{self, Stream, StreamExt as _};
use serde::de::DeserializeOwned;

use super::page::RowError;
use super::pager::Walk;
use super::pages::Pages;
use crate::error::{Error, ErrorKind, Sent};

/// The rows of a list, one by one, in constant memory.
///
/// It is a [`Stream`], and [`Rows::next`] needs no other crate. A row that cannot be read is an `Err` whose
/// source is a [`RowError`]; the stream continues after it. An `Err` of any other source ends the stream.
///
/// Pages are fetched while the stream is polled. A program that may wait for long between two rows should use
/// [`Client::walk`](crate::Client::walk) and [`Pager::meanwhile`](crate::Pager::meanwhile), since requests in flight run into
/// their time limits when nothing polls them.
///
/// A list can change while it is read: at the end, [`Rows::walk`] says whether every row is known to have come.
pub struct Rows<T> {
    rows: Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>,
    walk: Arc<Mutex<Walk>>,
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// Turns the pages into a stream of their rows.
    #[must_use]
    pub fn rows(self) -> Rows<T> {
        Rows::new(self)
    }
}

impl<T: DeserializeOwned + Send + 'static> Rows<T> {
    fn new(pages: Pages<T>) -> Self {
        let walk = Arc::new(Mutex::new(pages.walk()));
        let shared = Arc::clone(&walk);
        let batches = stream::unfold((pages, shared), |(mut pages, shared)| async move {
            let page = pages.next().await;
            *shared.lock().unwrap_or_else(PoisonError::into_inner) = pages.walk();
            let page = page?;
            let rows: Vec<Result<T, Error>> = match page {
                Ok(page) => page
                    .rows()
                    .map(|row| row.map_err(|error| unreadable(pages.op(), error)))
                    .collect(),
                Err(error) => vec![Err(error)],
            };
            Some((stream::iter(rows), (pages, shared)))
        });
        Self {
            rows: Box::pin(batches.flatten()),
            walk,
        }
    }
}

impl<T> Rows<T> {
    /// Returns the next row, or nothing at the end.
    ///
    /// # Errors
    /// When a row cannot be read, or a page cannot be fetched: see [`Rows`].
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.rows.as_mut().poll_next(context)).await
    }

    /// Returns the state of the walk as of the last page that was fetched: how many rows it had, and whether rows may be missing.
    #[must_use]
    pub fn walk(&self) -> Walk {
        *self.walk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Stream for Rows<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.rows.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rows")
    }
}

/// The error of one row.
fn unreadable(op: &'static str, error: RowError) -> Error {
    Error::new(ErrorKind::BadAnswer, op, Sent::Yes, error.to_string()).because(error)
}
