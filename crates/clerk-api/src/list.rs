//! Lists: pages as the server's own bytes, rows read one by one, and the walk over all pages.

mod page;
mod pager;
mod prefetch;

pub use page::{List, Page, RowError};
pub use pager::{Pager, Walk};

pub(crate) use prefetch::Prefetch;
