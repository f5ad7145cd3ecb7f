//! The filters of the list of organizations.

use rusqlite::types::Value;

use crate::http::error::ApiError;
use crate::http::params::{Params, Signed};
use crate::store::search::{self, SHORTEST};
use crate::store::{Select, Snapshot, StoreError, marks};

/// The filters of one request; all of them must hold.
#[derive(Debug, Default)]
pub(super) struct Filter {
    conditions: Vec<(String, Vec<Value>)>,
    searches: bool,
}

impl Filter {
    pub(super) fn of(params: &Params) -> Result<Self, ApiError> {
        let mut filter = Self::default();
        filter.signed(
            "SELECT seq FROM organizations WHERE id IN",
            &params.signed("organization_id")?,
        );
        filter.signed(
            "SELECT organization_seq FROM memberships JOIN users ON users.seq = user_seq WHERE users.id IN",
            &params.signed_without_limit("user_id"),
        );
        if let Some(text) = params.one("query") {
            filter.search(text);
        }
        Ok(filter)
    }

    /// Returns whether every organization passes.
    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Returns whether a search index is used, which must be brought up to date first.
    pub(super) fn searches(&self) -> bool {
        self.searches
    }

    /// Adds the conditions to a statement that selects from `organizations`.
    pub(super) fn add_to(&self, select: &mut Select) {
        for (condition, args) in &self.conditions {
            select.and(condition, args.clone());
        }
    }

    /// Counts the organizations that pass; without conditions this reads a counter.
    pub(super) fn count(&self, snapshot: &Snapshot<'_>) -> Result<u64, StoreError> {
        if self.is_empty() {
            return snapshot.counter("organizations");
        }
        self.counting().number(snapshot)
    }

    fn counting(&self) -> Select {
        let mut select = Select::new("SELECT count(*) FROM organizations");
        self.add_to(&mut select);
        select
    }

    fn signed(&mut self, among: &str, signed: &Signed) {
        for (word, ids) in [("IN", &signed.include), ("NOT IN", &signed.exclude)] {
            if !ids.is_empty() {
                let condition = format!("seq {word} ({among} ({}))", marks(ids.len()));
                let args = ids.iter().cloned().map(Value::from).collect();
                self.conditions.push((condition, args));
            }
        }
    }

    /// An id as a whole or a part of a name or a slug; fewer than three characters only as their beginning.
    fn search(&mut self, text: &str) {
        let by_id = "SELECT seq FROM organizations WHERE id = ?";
        let (by_text, mut args) = if text.chars().count() >= SHORTEST {
            self.searches = true;
            (
                "SELECT rowid FROM organizations_search WHERE organizations_search MATCH ?",
                vec![search::containing(text)],
            )
        } else {
            let (from, to) = search::beginning(&text.to_lowercase());
            (
                "SELECT seq FROM organizations WHERE name >= ? AND name < ?
                 UNION ALL SELECT seq FROM organizations WHERE slug >= ? AND slug < ?",
                vec![from.clone(), to.clone(), from, to],
            )
        };
        args.push(text.to_owned());
        self.conditions.push((
            format!("seq IN ({by_text} UNION ALL {by_id})"),
            args.into_iter().map(Value::from).collect(),
        ));
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::http::list::Order;
    use crate::resource::organizations::routes::{ORDERS, Wanted, columns};
    use crate::store::{assert_indexed, connect};

    const ALL: [&str; 7] = [
        "organization_id=org_1&organization_id=org_2",
        "organization_id=-org_1",
        "user_id=user_1",
        "user_id=-user_1",
        "query=acme",
        "query=ac",
        "query=acme&user_id=user_1&organization_id=-org_1",
    ];

    fn database() -> Connection {
        connect::in_memory(crate::resource::content())
    }

    fn filter(query: &str) -> Filter {
        Filter::of(&Params::parse(query).expect("well-formed")).expect("valid")
    }

    fn page(filter: &Filter, order: Order) -> Select {
        let wanted = Wanted {
            people: true,
            unmanaged: true,
        };
        let mut select = columns(wanted, 1);
        filter.add_to(&mut select);
        select.then(&order.sql(), [0_i64; 0]);
        select.page(10, 0);
        select
    }

    #[test]
    fn no_statement_reads_a_whole_table() {
        let db = database();
        for query in ALL.into_iter().chain([""]) {
            let filter = filter(query);
            if !filter.is_empty() {
                assert_indexed(&filter.counting().plan(&db));
            }
            for (_, column) in ORDERS {
                for descending in [true, false] {
                    assert_indexed(&page(&filter, Order { column, descending }).plan(&db));
                }
            }
        }
    }

    #[test]
    fn selective_filters_start_from_their_index() {
        let db = database();
        for query in ALL.iter().filter(|query| {
            !query.starts_with("organization_id=-") && !query.starts_with("user_id=-")
        }) {
            let plan = page(&filter(query), Order::NEWEST_FIRST).plan(&db);
            assert!(
                !plan
                    .iter()
                    .any(|step| step.contains("SCAN organizations USING")),
                "{query}: {plan:#?}"
            );
        }
    }
}
