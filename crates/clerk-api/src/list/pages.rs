//! The walk over a typed list, page by page.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::page::{Page, RowError};
use super::pager::{Pager, Walk};
use crate::error::Error;

/// The pages of a list, whose rows are read as `T`.
///
/// Made by [`Client::pages`](crate::Client::pages).
pub struct Pages<T> {
    pager: Pager,
    row: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Pages<T> {
    pub(crate) fn new(pager: Pager) -> Self {
        Self {
            pager,
            row: PhantomData,
        }
    }

    /// Returns the next page, or nothing at the end.
    ///
    /// After an error the walk is over.
    ///
    /// # Errors
    /// When a page cannot be fetched, or the list cannot be walked to its end.
    pub async fn next(&mut self) -> Option<Result<TypedPage<T>, Error>> {
        let page = self.pager.next().await?;
        Some(page.map(|page| TypedPage {
            page,
            row: PhantomData,
        }))
    }

    /// Returns the state of the walk: how many rows were returned, and whether rows may be missing.
    #[must_use]
    pub const fn walk(&self) -> Walk {
        self.pager.walk()
    }

    pub(super) const fn op(&self) -> &'static str {
        self.pager.op()
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pager.fmt(f)
    }
}

/// One page of a list, whose rows are read as `T`.
pub struct TypedPage<T> {
    page: Page,
    row: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> TypedPage<T> {
    /// Reads the rows one by one.
    ///
    /// A row that cannot be read is an error of its own; the others are not affected.
    pub fn rows(&self) -> impl Iterator<Item = Result<T, RowError>> {
        self.page.read_rows()
    }

    /// Returns the page as the server sent it.
    #[must_use]
    pub const fn raw(&self) -> &Page {
        &self.page
    }
}

impl<T> fmt::Debug for TypedPage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedPage")
            .field("rows", &self.page.len())
            .finish_non_exhaustive()
    }
}
