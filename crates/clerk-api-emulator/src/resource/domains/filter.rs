//! The filters of both lists of domains.

use rusqlite::types::Value;

use crate::http::error::ApiError;
use crate::http::params::{Params, Signed};
use crate::http::problem;
use crate::store::{Select, Snapshot, StoreError, marks};

/// Not one that can be switched on or off for the instance.
pub(super) const COMPANIES: &str = "enterprise_sso";

/// How users with addresses at a domain come into its organization.
pub(super) const MODES: [&str; 4] = [
    "manual_invitation",
    "automatic_invitation",
    "automatic_suggestion",
    COMPANIES,
];

/// The filters of one request; all of them must hold.
#[derive(Debug, Default)]
pub(super) struct Filter(Vec<(String, Vec<Value>)>);

impl Filter {
    /// The filters of the list of one organization.
    pub(super) fn of_organization(params: &Params) -> Result<Self, ApiError> {
        let mut filter = Self::default();
        if let Some(verified) = params.flag("verified")? {
            filter.and("verified = ?", [Value::from(verified)]);
        }
        let modes = modes(params)?;
        for (word, modes) in [("IN", modes.include), ("NOT IN", modes.exclude)] {
            if !modes.is_empty() {
                let condition = format!("mode {word} ({})", marks(modes.len()));
                filter.and(&condition, modes.into_iter().map(Value::from));
            }
        }
        Ok(filter)
    }

    /// The filters of the list of all domains, which are those and more.
    pub(super) fn of_instance(params: &Params) -> Result<Self, ApiError> {
        const OF_ORGANIZATION: &str =
            "organization_seq = (SELECT seq FROM organizations WHERE id = ?)";
        let mut filter = Self::of_organization(params)?;
        if let Some(id) = params.one("organization_id") {
            filter.and(OF_ORGANIZATION, [Value::from(id.to_owned())]);
        }
        let names = params.many("domains")?;
        if !names.is_empty() {
            let condition = format!("name IN ({})", marks(names.len()));
            let names = names.iter().map(|name| Value::from(name.to_lowercase()));
            filter.and(&condition, names);
        }
        match params.one("query").map(str::trim) {
            Some("") => return Err(problem::value_invalid("query", "").into()),
            Some(id) if id.starts_with("org_") => {
                filter.and(OF_ORGANIZATION, [Value::from(id.to_owned())]);
            }
            Some(text) => filter.and("instr(name, ?) > 0", [Value::from(text.to_lowercase())]),
            None if params.came_empty("query") => {
                return Err(problem::value_invalid("query", "").into());
            }
            None => {}
        }
        Ok(filter)
    }

    /// Lets only the domains of one organization pass.
    pub(super) fn within(&mut self, organization: i64) {
        self.and("organization_seq = ?", [Value::from(organization)]);
    }

    /// Returns whether every domain passes.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the conditions to a statement that selects from `organization_domains`.
    pub(super) fn add_to(&self, select: &mut Select) {
        for (condition, args) in &self.0 {
            select.and(condition, args.clone());
        }
    }

    /// Counts the domains that pass; without conditions this reads a counter.
    pub(super) fn count(&self, snapshot: &Snapshot<'_>) -> Result<u64, StoreError> {
        if self.is_empty() {
            return snapshot.counter("organization_domains");
        }
        let mut select = Select::new("SELECT count(*) FROM organization_domains");
        self.add_to(&mut select);
        select.number(snapshot)
    }

    fn and(&mut self, condition: &str, args: impl IntoIterator<Item = Value>) {
        self.0
            .push((condition.to_owned(), args.into_iter().collect()));
    }
}

/// Reads the modes that must and must not be, given several times or with commas between them.
fn modes(params: &Params) -> Result<Signed, ApiError> {
    const PARAM: &str = "enrollment_mode";
    let mut modes = Signed::default();
    for mode in params.all(PARAM).flat_map(|value| value.split(',')) {
        let (into, word) = match mode.strip_prefix('-') {
            Some(word) => (&mut modes.exclude, word),
            None => (&mut modes.include, mode),
        };
        if !MODES.contains(&word) {
            return Err(problem::value_invalid(PARAM, mode).into());
        }
        into.push(word.to_owned());
    }
    Ok(modes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::list::Order;
    use crate::store::{assert_indexed, connect};

    #[test]
    fn no_statement_but_that_for_a_part_of_a_name_reads_a_whole_table() {
        let db = connect::in_memory(crate::resource::content());
        for query in [
            "",
            "organization_id=org_1",
            "domains=a.b&domains=c.d",
            "query=org_1",
        ] {
            let params = Params::parse(query).expect("well-formed");
            let filter = Filter::of_instance(&params).expect("valid");
            for column in ["created_at", "name"] {
                let mut select = Select::new("SELECT wire FROM organization_domains");
                filter.add_to(&mut select);
                let order = Order {
                    column,
                    descending: true,
                };
                select.then(&order.sql(), [0_i64; 0]);
                assert_indexed(&select.plan(&db));
            }
        }
    }
}
