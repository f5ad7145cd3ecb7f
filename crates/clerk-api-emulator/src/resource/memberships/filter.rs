//! The filters of the list of an organization's members: the role, and what users can be found by.

use crate::http::error::ApiError;
use crate::http::list::{Order, Page};
use crate::http::params::Params;
use crate::resource::memberships::rows::PARTS;
use crate::resource::users::filter::Filter as UserFilter;
use crate::store::{Select, Snapshot, StoreError, marks};

/// All memberships, as `write` reads them.
pub(super) fn every() -> String {
    format!("SELECT memberships.wire, {PARTS} FROM memberships")
}

/// The parameters of the list of users that this list has too.
const OF_USERS: [&str; 14] = [
    "user_id",
    "email_address",
    "phone_number",
    "username",
    "web3_wallet",
    "query",
    "email_address_query",
    "phone_number_query",
    "username_query",
    "name_query",
    "last_active_at_before",
    "last_active_at_after",
    "created_at_before",
    "created_at_after",
];

/// The parameters that name users one by one.
const NAMING: [&str; 5] = [
    "user_id",
    "email_address",
    "phone_number",
    "username",
    "web3_wallet",
];

/// The filters of one request; all of them must hold.
#[derive(Debug, Default)]
pub(super) struct Filter {
    roles: Vec<String>,
    users: UserFilter,
    /// Whether only users that were named one by one can pass.
    names: bool,
}

impl Filter {
    pub(super) fn of(params: Params) -> Result<Self, ApiError> {
        let names = |name: &&str| params.all(name).any(|value| !value.starts_with('-'));
        Ok(Self {
            names: NAMING.iter().any(names),
            roles: params.many("role")?,
            users: UserFilter::of(&params.only(&OF_USERS))?,
        })
    }

    /// Returns whether a search index is used, which must be brought up to date first.
    pub(super) fn searches(&self) -> bool {
        self.users.searches()
    }

    /// Counts the members that pass; without conditions this reads the organization's counter.
    pub(super) fn count(
        &self,
        snapshot: &Snapshot<'_>,
        organization: i64,
    ) -> Result<u64, StoreError> {
        if self.roles.is_empty() && self.users.is_empty() {
            let mut select = Select::new("SELECT members_count FROM organizations");
            select.and("seq = ?", [organization]);
            return select.number(snapshot);
        }
        self.counting(organization).number(snapshot)
    }

    /// Builds the statement for a page of an organization's members.
    pub(super) fn page(&self, organization: i64, order: Order, page: Page) -> Select {
        let mut sql = every();
        if !order.is_by_creation() {
            sql.push_str(" CROSS JOIN users ON users.seq = user_seq");
        }
        let mut select = Select::new(sql);
        self.add_to(&mut select, organization);
        let order = if order.is_by_creation() && self.names {
            // The plus keeps SQLite from walking all members in this order instead of looking the named ones up.
            order.sql().replacen("created_at", "+created_at", 1)
        } else if order.is_by_creation() {
            order.sql()
        } else {
            user_order(order)
        };
        select.then(&order, [0_i64; 0]);
        select.page(page.limit, page.offset);
        select
    }

    fn counting(&self, organization: i64) -> Select {
        let mut select = Select::new("SELECT count(*) FROM memberships");
        self.add_to(&mut select, organization);
        select
    }

    fn add_to(&self, select: &mut Select, organization: i64) {
        select.and("organization_seq = ?", [organization]);
        if !self.roles.is_empty() {
            // For a single one SQLite must see that there is no other, so that it need not sort.
            let condition = match self.roles.len() {
                1 => "role_seq = (SELECT seq FROM roles WHERE key = ?)".to_owned(),
                n => format!(
                    "role_seq IN (SELECT seq FROM roles WHERE key IN ({}))",
                    marks(n)
                ),
            };
            select.and(&condition, self.roles.iter().cloned());
        }
        self.users.add_to_members(select);
    }
}

/// Writes the ORDER BY clause of a statement that joins users; ties go by creation.
pub(super) fn user_order(order: Order) -> String {
    let way = if order.descending { "DESC" } else { "ASC" };
    let column = order.column;
    format!(" ORDER BY users.{column} {way}, memberships.seq {way}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{assert_indexed, connect};

    const ALL: [&str; 17] = [
        "",
        "role=org:admin",
        "role=org:admin&role=org:member",
        "user_id=user_1&user_id=user_2",
        "user_id=-user_1",
        "email_address=a@b.c&email_address=d@e.f",
        "phone_number=%2B15555550100",
        "web3_wallet=0x1",
        "username=jane",
        "query=jane",
        "query=ja",
        "email_address_query=example",
        "phone_number_query=55",
        "username_query=j",
        "name_query=doe",
        "last_active_at_before=9&last_active_at_after=1",
        "created_at_before=9&created_at_after=1&role=org:member",
    ];

    #[test]
    fn no_statement_reads_more_than_the_organization() {
        let db = connect::in_memory(crate::resource::content());
        let page = Page {
            limit: 10,
            offset: 0,
        };
        for query in ALL {
            let filter = Filter::of(Params::parse(query).expect("well-formed")).expect("valid");
            let mut selects = vec![filter.counting(1)];
            for (_, column) in crate::resource::memberships::routes::ORDERS {
                for descending in [true, false] {
                    selects.push(filter.page(1, Order { column, descending }, page));
                }
            }
            for select in selects {
                let plan = select.plan(&db);
                let looks_up = plan.iter().any(|step| step.contains("user_seq=?"));
                assert!(looks_up || !filter.names, "{query}: {plan:#?}");
                assert_indexed(&plan);
                assert!(
                    plan.iter()
                        .any(|step| step.contains("SEARCH memberships USING")),
                    "{query}: {plan:#?}"
                );
            }
        }
    }

    #[test]
    fn parameters_of_other_lists_are_ignored() {
        let params = Params::parse("banned=maybe&external_id=x&provider=p").expect("well-formed");
        assert!(Filter::of(params).expect("valid").users.is_empty());
    }
}
