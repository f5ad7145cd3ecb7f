//! The filters of the lists of invitations, of either kind: status, search and what an endpoint adds.

use rusqlite::types::Value;

use super::wire::Status;
use crate::http::error::ApiError;
use crate::http::list::{Order, Page};
use crate::http::params::Params;
use crate::store::search::{self, SHORTEST};
use crate::store::{Ordered, Select, Snapshot, StoreError, marks};

/// The filters of one request.
#[derive(Debug)]
pub(crate) struct Filter {
    list: &'static Ordered,
    statuses: Vec<String>,
    conditions: Vec<(String, Vec<Value>)>,
    /// Few rows pass the conditions, so that the index to use is theirs.
    narrow: bool,
    searches: bool,
    /// Without a status, those that were revoked are left out.
    hides_revoked: bool,
}

impl Filter {
    /// Reads `status`, one or several. The list's name is also that of its table and of its counters.
    pub(crate) fn of(params: &Params, list: &'static Ordered) -> Result<Self, ApiError> {
        let mut statuses = params.choices("status", &Status::NAMES)?;
        statuses.sort();
        statuses.dedup();
        Ok(Self {
            list,
            statuses,
            conditions: Vec::new(),
            narrow: false,
            searches: false,
            hides_revoked: false,
        })
    }

    /// Keeps one status, whatever the request says.
    pub(crate) fn only(mut self, status: Status) -> Self {
        self.statuses = vec![status.name().to_owned()];
        self
    }

    /// Leaves out what was revoked if the request names no status.
    pub(crate) fn hiding_revoked(mut self) -> Self {
        self.hides_revoked = self.statuses.is_empty();
        self
    }

    /// Adds the search for a text in addresses and, if it begins like an id, for the ids that begin with it.
    pub(crate) fn search(&mut self, params: &Params, id_prefix: Option<&str>) {
        let Some(text) = params.one("query") else {
            return;
        };
        if text.chars().count() < SHORTEST {
            let (from, to) = search::beginning(&text.to_lowercase());
            self.narrow("email >= ? AND email < ?".to_owned(), vec![from, to]);
            return;
        }
        self.searches = true;
        let name = self.list.list;
        let mut rows = format!("SELECT rowid FROM {name}_search WHERE {name}_search MATCH ?");
        let mut args = vec![search::containing(text)];
        if id_prefix.is_some_and(|prefix| text.starts_with(prefix)) {
            rows = format!("{rows} UNION ALL SELECT seq FROM {name} WHERE id >= ? AND id < ?");
            let (from, to) = search::beginning(text);
            args.extend([from, to]);
        }
        self.narrow(format!("seq IN ({rows})"), args);
    }

    /// Keeps what was sent to one of these addresses.
    pub(crate) fn emails(&mut self, emails: Vec<String>) {
        self.narrow(format!("email IN ({})", marks(emails.len())), emails);
    }

    /// Keeps what belongs to an organization.
    pub(crate) fn within(&mut self, organization_seq: i64) {
        let condition = "organization_seq = ?".to_owned();
        self.conditions
            .push((condition, vec![organization_seq.into()]));
    }

    /// Returns whether a search index is used, which must be brought up to date first.
    pub(crate) fn searches(&self) -> bool {
        self.searches
    }

    /// Builds the statement for a page; `None` if there is nothing on it.
    pub(crate) fn page(
        &self,
        snapshot: &Snapshot<'_>,
        columns: &str,
        order: Order,
        page: Page,
    ) -> Result<Option<Select>, StoreError> {
        let mut select = self.select(columns, Some(order));
        let mut skip = page.offset;
        let whole = self.conditions.is_empty() && self.statuses.is_empty();
        if whole && order.is_by_creation() {
            let Some(start) = snapshot.seek(self.list, order.descending, page.offset)? else {
                return Ok(None);
            };
            if let Some(key) = &start.from {
                select.beyond(key, order.descending, true);
            }
            skip = start.skip;
        }
        select.then(&order.sql(), [0_i64; 0]);
        select.page(page.limit, skip);
        Ok(Some(select))
    }

    /// Counts what passes; without conditions this reads counters.
    pub(crate) fn count(&self, snapshot: &Snapshot<'_>) -> Result<u64, StoreError> {
        let name = self.list.list;
        if !self.conditions.is_empty() {
            return self.select("count(*)", None).number(snapshot);
        }
        if self.statuses.is_empty() {
            return snapshot.counter(name);
        }
        self.statuses
            .iter()
            .map(|status| snapshot.counter(&format!("{name}_{status}")))
            .sum()
    }

    fn narrow(&mut self, condition: String, args: Vec<String>) {
        self.narrow = true;
        let args = args.into_iter().map(Value::from).collect();
        self.conditions.push((condition, args));
    }

    fn select(&self, columns: &str, order: Option<Order>) -> Select {
        let mut select = Select::new(format!("SELECT {columns} FROM {}", self.list.list));
        for (condition, args) in &self.conditions {
            select.and(condition, args.clone());
        }
        // The plus keeps SQLite from an index by status where another one is better: that of a condition, or
        // one that gives the order.
        let other = self.narrow || order.is_some_and(|order| !order.is_by_creation());
        let plus = if other || self.statuses.len() > 1 {
            "+"
        } else {
            ""
        };
        match self.statuses.len() {
            0 if self.hides_revoked => select.and(&format!("{plus}revoked = ?"), [0_i64]),
            0 => {}
            1 => select.and(&format!("{plus}status = ?"), self.statuses.clone()),
            several => select.and(
                &format!("{plus}status IN ({})", marks(several)),
                self.statuses.clone(),
            ),
        }
        select
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::resource::invitations::rows;
    use crate::resource::organization_invitations::rows as organization_invitations;
    use crate::store::{assert_indexed, connect};

    const STATUSES: [&str; 3] = ["", "status=expired&", "status=pending&status=revoked&"];

    fn database() -> Connection {
        connect::in_memory(crate::resource::content())
    }

    /// Every filter that an endpoint can make, and whether few rows pass it.
    fn filters() -> Vec<(String, Filter, bool)> {
        let mut all = Vec::new();
        for status in STATUSES {
            for query in ["", "query=jane", "query=ja", "query=inv_1"] {
                let query = format!("{status}{query}");
                let params = Params::parse(&query).expect("well-formed");
                let few = query.contains("query");
                let mut app = Filter::of(&params, &rows::LIST).expect("valid");
                app.search(&params, Some("inv_"));
                all.push((format!("app {query}"), app.hiding_revoked(), few));
                let mut all_orgs =
                    Filter::of(&params, &organization_invitations::LIST).expect("valid");
                all_orgs.search(&params, None);
                all.push((format!("all {query}"), all_orgs, few));
            }
            let params = Params::parse(status).expect("well-formed");
            let of = || Filter::of(&params, &organization_invitations::LIST).expect("valid");
            let mut within = of();
            within.within(1);
            all.push((format!("within {status}"), within, true));
            let mut to = of();
            to.within(1);
            to.emails(vec!["a@b.c".to_owned()]);
            all.push((format!("within, to {status}"), to, true));
            let mut user = of();
            user.emails(vec!["a@b.c".to_owned(), "d@e.f".to_owned()]);
            all.push((format!("to {status}"), user, true));
        }
        all
    }

    #[test]
    fn no_statement_reads_a_whole_table() {
        let db = database();
        for (name, filter, few) in filters() {
            let count = filter.select("count(*)", None).plan(&db);
            assert_indexed(&count);
            let app = filter.list.list == "invitations";
            for column in ["created_at", "email", "expires_at"] {
                if column == "expires_at" && !app {
                    continue;
                }
                let order = Order {
                    column,
                    descending: true,
                };
                let mut select = filter.select("wire", Some(order));
                select.then(&order.sql(), [0_i64; 0]);
                select.page(10, 0);
                let plan = select.plan(&db);
                assert_indexed(&plan);
                let table = filter.list.list;
                let walks = plan
                    .iter()
                    .any(|step| step.contains(&format!("SCAN {table} ")));
                let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
                assert!(!(few && walks), "{name} by {column}: {plan:#?}");
                assert!(few || !sorts, "{name} by {column}: {plan:#?}");
            }
        }
    }

    #[test]
    fn the_list_of_the_application_is_read_in_order_from_any_key() {
        let db = database();
        let params = Params::parse("").expect("well-formed");
        let filter = Filter::of(&params, &rows::LIST)
            .expect("valid")
            .hiding_revoked();
        let mut select = filter.select("wire", Some(Order::NEWEST_FIRST));
        select.beyond(&(1, "inv_1".to_owned()), true, true);
        select.then(&Order::NEWEST_FIRST.sql(), [0_i64; 0]);
        let plan = select.plan(&db).join("; ");
        assert!(
            plan.contains("invitations_kept (revoked=? AND (created_at,id)<(?,?))"),
            "{plan}"
        );
        let table = rows::LIST.table;
        let anchors = Select::new(format!(
            "SELECT created_at, id FROM {table} WHERE (created_at, id) > (1, 'x') ORDER BY created_at, id"
        ));
        let plan = anchors.plan(&db).join("; ");
        assert!(
            plan.contains("COVERING INDEX invitations_kept (revoked=? AND"),
            "{plan}"
        );
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
