//! The filters of the user list, which the count and the lists of members share.
//!
//! Values of one filter are alternatives, and so are the identifier filters among each other: "any of these
//! emails or phone numbers". All other filters must hold together.

mod text;

use rusqlite::types::Value;

use super::rows;
use crate::http::error::ApiError;
use crate::http::params::{Params, Signed};
use crate::http::problem;
use crate::resource::identifications::wire::Kind;
use crate::store::{Select, Snapshot, StoreError, marks};

/// The filters of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    conditions: Vec<(String, Vec<Value>)>,
    banned: Option<bool>,
    /// Whether an index is used that follows later.
    searches: bool,
}

const DATES: [(&str, &str); 7] = [
    ("last_active_at_before", "last_active_at < ?"),
    ("last_active_at_after", "last_active_at > ?"),
    ("last_active_at_since", "last_active_at >= ?"),
    ("created_at_before", "created_at < ?"),
    ("created_at_after", "created_at > ?"),
    ("last_sign_in_at_before", "last_sign_in_at < ?"),
    ("last_sign_in_at_after", "last_sign_in_at > ?"),
];

impl Filter {
    pub(crate) fn of(params: &Params) -> Result<Self, ApiError> {
        let mut filter = Self::default();
        filter.identifiers(params)?;
        filter.signed(
            "seq",
            "SELECT seq FROM users WHERE id IN",
            &params.signed("user_id")?,
        );
        filter.signed(
            "seq",
            "SELECT seq FROM users WHERE external_id IN",
            &params.signed("external_id")?,
        );
        filter.signed(
            "seq",
            "SELECT user_seq FROM memberships JOIN organizations ON organizations.seq = organization_seq
             WHERE organizations.id IN",
            &params.signed("organization_id")?,
        );
        filter.provider(params)?;
        for (name, columns) in text::SEARCHES {
            if let Some(text) = params.one(name) {
                filter.searches = true;
                let (condition, args) = text::condition(text, columns);
                filter.push(condition, args);
            }
        }
        for (name, condition) in DATES {
            if let Some(millis) = params.instant(name)? {
                let column = condition.split(' ').next().unwrap_or_default();
                filter.use_index_of(column);
                filter
                    .conditions
                    .push((condition.to_owned(), vec![millis.into()]));
            }
        }
        filter.banned = params.flag("banned")?;
        Ok(filter)
    }

    /// Must be called for a column that users are to be sorted or chosen by.
    pub(crate) fn use_index_of(&mut self, column: &str) {
        let there = |(condition, _): &(String, _)| condition == rows::SORTED;
        if rows::SORTED_LATER.contains(&column) {
            self.searches = true;
            if !self.conditions.iter().any(there) {
                self.push(rows::SORTED.to_owned(), Vec::new());
            }
        }
    }

    /// Returns whether every user passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.banned.is_none()
    }

    /// Returns whether a search index is used, which must be brought up to date first.
    pub(crate) fn searches(&self) -> bool {
        self.searches
    }

    /// Adds the conditions to a statement that selects from `users`.
    pub(crate) fn add_to(&self, select: &mut Select) {
        for (condition, args) in &self.conditions {
            select.and(condition, args.clone());
        }
        self.add_bans(select);
    }

    /// Begins a statement that reads the users that pass by their numbers, the column of which is also
    /// returned; `None` if no condition gives numbers. Found texts come by number without being sorted.
    pub(crate) fn numbered(&self) -> Option<(Select, &'static str)> {
        let texts = |(condition, _): &(String, _)| condition == text::FOUND;
        if let Some(place) = self.conditions.iter().position(texts) {
            let mut select = Select::new(
                "SELECT wire FROM users_search CROSS JOIN users ON users.seq = users_search.rowid",
            );
            for (n, (condition, args)) in self.conditions.iter().enumerate() {
                let stream = if n == place {
                    "users_search MATCH ?"
                } else {
                    condition
                };
                select.and(stream, args.clone());
            }
            self.add_bans(&mut select);
            return Some((select, "users_search.rowid"));
        }
        let mut conditions = self.conditions.iter();
        conditions
            .any(|(condition, _)| condition.starts_with("seq IN "))
            .then(|| {
                let mut select = Select::new("SELECT wire FROM users");
                self.add_to(&mut select);
                (select, "seq")
            })
    }

    fn add_bans(&self, select: &mut Select) {
        if let Some(banned) = self.banned {
            select.and("banned = ?", [i64::from(banned)]);
        }
    }

    /// Adds the conditions, but that of bans, to a statement that selects from `memberships`, where they
    /// are about the member.
    pub(crate) fn add_to_members(&self, select: &mut Select) {
        for (condition, args) in &self.conditions {
            let condition = if condition.starts_with("seq ") {
                format!("user_{condition}")
            } else {
                format!("EXISTS (SELECT 1 FROM users WHERE users.seq = user_seq AND {condition})")
            };
            select.and(&condition, args.clone());
        }
    }

    /// Counts the users that pass; without conditions this reads a counter.
    pub(crate) fn count(&self, snapshot: &Snapshot<'_>) -> Result<u64, StoreError> {
        if self.conditions.is_empty() {
            let all = snapshot.counter("users")?;
            let banned = snapshot.counter("users_banned")?;
            return Ok(match self.banned {
                None => all,
                Some(true) => banned,
                Some(false) => all - banned,
            });
        }
        self.counting().number(snapshot)
    }

    fn counting(&self) -> Select {
        let mut select = Select::new("SELECT count(*) FROM users");
        self.add_to(&mut select);
        select
    }

    fn push(&mut self, condition: String, args: Vec<String>) {
        self.conditions
            .push((condition, args.into_iter().map(Value::from).collect()));
    }

    fn identifiers(&mut self, params: &Params) -> Result<(), ApiError> {
        let mut alternatives = Vec::new();
        let mut args = Vec::new();
        for (name, kind, lower) in [
            ("email_address", Kind::Email, true),
            ("phone_number", Kind::Phone, false),
            ("web3_wallet", Kind::Wallet, false),
        ] {
            let values = params.many(name)?;
            if !values.is_empty() {
                alternatives.push(format!(
                    "SELECT user_seq FROM identifications WHERE kind = {} AND value IN ({})",
                    kind as i64,
                    marks(values.len())
                ));
                args.extend(
                    values
                        .into_iter()
                        .map(|value| if lower { value.to_lowercase() } else { value }),
                );
            }
        }
        let names = params.many("username")?;
        if !names.is_empty() {
            alternatives.push(format!(
                "SELECT seq FROM users WHERE username IN ({})",
                marks(names.len())
            ));
            args.extend(names.into_iter().map(|name| name.to_lowercase()));
        }
        if !alternatives.is_empty() {
            self.push(
                format!("seq IN ({})", alternatives.join(" UNION ALL ")),
                args,
            );
        }
        Ok(())
    }

    fn signed(&mut self, column: &str, among: &str, signed: &Signed) {
        if !signed.include.is_empty() {
            let condition = format!("{column} IN ({among} ({}))", marks(signed.include.len()));
            self.push(condition, signed.include.clone());
        }
        if !signed.exclude.is_empty() {
            let condition = format!(
                "{column} NOT IN ({among} ({}))",
                marks(signed.exclude.len())
            );
            self.push(condition, signed.exclude.clone());
        }
    }

    fn provider(&mut self, params: &Params) -> Result<(), ApiError> {
        let ids = params.many("provider_user_id")?;
        match (params.one("provider"), ids.is_empty()) {
            (None, true) => Ok(()),
            (None, false) => Err(problem::needs("provider", "provider_user_id").into()),
            (Some(_), true) => Err(problem::needs("provider_user_id", "provider").into()),
            (Some(provider), false) => {
                let condition = format!(
                    "seq IN (SELECT user_seq FROM external_accounts WHERE provider = ? AND provider_user_id IN ({}))",
                    marks(ids.len())
                );
                self.push(
                    condition,
                    std::iter::once(provider.to_owned()).chain(ids).collect(),
                );
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::list::Order;
    use crate::store::{assert_indexed, connect};

    const ALL: [&str; 22] = [
        "email_address=a@b.c&email_address=d@e.f",
        "phone_number=%2B15555550100",
        "web3_wallet=0x1",
        "username=jane",
        "email_address=a@b.c&username=jane",
        "user_id=user_1",
        "user_id=-user_1",
        "external_id=x&external_id=-y",
        "organization_id=org_1",
        "organization_id=-org_1",
        "query=jane",
        "query=ja",
        "email_address_query=example",
        "phone_number_query=55",
        "username_query=j",
        "name_query=doe",
        "banned=true",
        "banned=false",
        "last_active_at_before=1&last_active_at_after=0",
        "created_at_before=9&created_at_after=1",
        "last_sign_in_at_after=0&last_active_at_since=0",
        "provider=oauth_google&provider_user_id=1",
    ];

    fn filter(query: &str) -> Filter {
        Filter::of(&Params::parse(query).expect("well-formed")).expect("valid")
    }

    #[test]
    fn no_statement_reads_a_whole_table() {
        let db = connect::in_memory(crate::resource::content());
        for query in ALL.into_iter().chain([""]) {
            let filter = filter(query);
            if !filter.is_empty() {
                assert_indexed(&filter.counting().plan(&db));
            }
            for (_, column) in crate::resource::users::routes::ORDERS {
                for descending in [true, false] {
                    let mut filter = filter.clone();
                    filter.use_index_of(column);
                    let mut select = Select::new("SELECT wire FROM users");
                    filter.add_to(&mut select);
                    select.then(&Order { column, descending }.sql(), [0_i64; 0]);
                    select.page(10, 0);
                    assert_indexed(&select.plan(&db));
                }
            }
        }
    }

    #[test]
    fn what_is_read_by_number_is_neither_sorted_nor_read_whole() {
        let db = connect::in_memory(crate::resource::content());
        for query in [
            "query=jane",
            "query=jane&name_query=doe&banned=true",
            "organization_id=org_1",
            "query=ja",
            "query=jane&last_active_at_before=5",
        ] {
            let (mut select, number) = filter(query).numbered().expect("has numbers");
            select.and(&format!("{number} < ?"), [9_i64]);
            select.then(&format!(" ORDER BY {number} DESC"), [0_i64; 0]);
            select.page(10, 5);
            let plan = select.plan(&db);
            assert_indexed(&plan);
            assert!(
                !plan.iter().any(|step| step.contains("ORDER BY")),
                "{query}: {plan:#?}"
            );
        }
        assert!(filter("banned=true&user_id=-user_1").numbered().is_none());
    }

    #[test]
    fn selective_filters_start_from_their_index() {
        let db = connect::in_memory(crate::resource::content());
        for query in ALL
            .iter()
            .filter(|query| !query.contains("=-") && !query.contains("_at_"))
        {
            let mut select = Select::new("SELECT wire FROM users");
            filter(query).add_to(&mut select);
            select.then(&Order::NEWEST_FIRST.sql(), [0_i64; 0]);
            let plan = select.plan(&db);
            assert!(
                !plan.iter().any(|step| step.contains("SCAN users USING")),
                "{query}: {plan:#?}"
            );
        }
    }

    #[test]
    fn provider_and_its_ids_come_together() {
        for query in ["provider=oauth_google", "provider_user_id=1"] {
            assert!(Filter::of(&Params::parse(query).expect("well-formed")).is_err());
        }
    }
}
