//! Lists: pages as the server's own bytes, rows read one by one, and the walk over all pages.

mod page;
mod pager;
mod pages;
mod prefetch;
mod stream;

pub use page::{List, Page, RowError};
pub use pager::{Pager, Walk};
pub use pages::{Pages, TypedPage};
pub use stream::Rows;

pub(crate) use prefetch::Prefetch;
