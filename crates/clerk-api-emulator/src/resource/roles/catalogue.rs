//! The lists of permissions, roles and role sets, which are alike.

use rusqlite::{Connection, Row};

use crate::app::App;
use crate::http::error::ApiError;
use crate::http::list::{self, Order, Page};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::store::{Select, Snapshot, StoreError};

/// The orders of all of them.
const ORDERS: [(&str, &str); 3] = [
    ("created_at", "created_at"),
    ("name", "name"),
    ("key", "key"),
];

/// One of the lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Catalogue {
    pub(crate) table: &'static str,
    /// The column that an object is written from.
    pub(crate) column: &'static str,
    /// Appends the JSON of the object of a row.
    pub(crate) write: fn(&Connection, &Row<'_>, &mut Vec<u8>) -> Result<(), StoreError>,
}

impl Catalogue {
    /// Answers a request for a page of it.
    pub(crate) async fn list(self, app: &App, params: Params) -> Result<Json, ApiError> {
        let page = Page::of(&params)?;
        let order = Order::of(&params, &ORDERS)?;
        let work = move |snapshot: &Snapshot<'_>| {
            let selecting = |what: &str| {
                let mut select = Select::new(format!("SELECT {what} FROM {}", self.table));
                if let Some(text) = params.one("query") {
                    select.and_known_as(text);
                }
                select
            };
            let total = selecting("count(*)").number(snapshot)?;
            let mut select = selecting(self.column);
            select.then(&order.sql(), [0_i64; 0]);
            select.page(page.limit, page.offset);
            let array = select.array_of(snapshot, |row, out| (self.write)(snapshot, row, out))?;
            Ok(list::envelope(array, total))
        };
        Ok(Json::raw(app.store.read(work).await?))
    }
}
