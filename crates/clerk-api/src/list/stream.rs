//! The rows of a list as a stream: pages are fetched as rows are taken.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, Stream, StreamExt as _};
use serde::de::DeserializeOwned;

use super::page::RowError;
use super::pages::Pages;
use crate::error::{Error, ErrorKind, Sent};

/// The rows of a list, one by one, in constant memory.
///
/// It is a [`Stream`], and [`Rows::next`] needs no other crate. A row that cannot be read is an `Err` whose
/// source is a [`RowError`]; the stream goes on behind it. An `Err` of any other source ends the stream.
///
/// Pages are fetched while the stream is polled. A program that may wait for long between two rows should use
/// [`Client::walk`](crate::Client::walk) and [`Pager::meanwhile`](crate::Pager::meanwhile), since requests in flight run into
/// their time limits when nothing polls them.
pub struct Rows<T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>);

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// Turns the pages into a stream of their rows.
    #[must_use]
    pub fn rows(self) -> Rows<T> {
        Rows::new(self)
    }
}

impl<T: DeserializeOwned + Send + 'static> Rows<T> {
    fn new(pages: Pages<T>) -> Self {
        let batches = stream::unfold(pages, |mut pages| async move {
            let page = pages.next().await?;
            let rows: Vec<Result<T, Error>> = match page {
                Ok(page) => page
                    .rows()
                    .map(|row| row.map_err(|error| unreadable(pages.op(), error)))
                    .collect(),
                Err(error) => vec![Err(error)],
            };
            Some((stream::iter(rows), pages))
        });
        Self(Box::pin(batches.flatten()))
    }
}

impl<T> Rows<T> {
    /// Returns the next row, or nothing at the end.
    ///
    /// # Errors
    /// When a row cannot be read, or a page cannot be fetched: see [`Rows`].
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<T> Stream for Rows<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
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
