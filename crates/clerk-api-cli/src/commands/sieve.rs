//! Filters over lists that the API does not have: they run here, over every page.

use std::collections::BTreeSet;

use clap::ArgMatches;
use clerk_api::declare::Meta;
use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::input::instant;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::rows::Condition;
use serde_json::Value;

use crate::args::from_meta::{INACTIVE, NEVER, NOWHERE, WHERE};

/// What rows have to be like to be shown.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    never_signed_in: bool,
    inactive_since: Option<i64>,
    /// Who is in an organization, where only the others are shown.
    members: Option<BTreeSet<String>>,
    condition: Option<Condition>,
}

impl Sieve {
    /// Nothing where no such filter was given.
    pub(super) fn read(matches: &ArgMatches, now: i64) -> Outcome<Option<Self>> {
        let is_on = |id: &str| matches.try_get_one::<bool>(id).ok().flatten() == Some(&true);
        let text = |id: &str| matches.try_get_one::<String>(id).ok().flatten();
        let sieve = Self {
            never_signed_in: is_on(NEVER),
            inactive_since: text(INACTIVE).map(|text| moment(text, now)).transpose()?,
            members: is_on(NOWHERE).then(BTreeSet::new),
            condition: text(WHERE).map(|text| Condition::read(text)).transpose()?,
        };
        let sifts = sieve.never_signed_in
            || sieve.inactive_since.is_some()
            || sieve.members.is_some()
            || sieve.condition.is_some();
        Ok(sifts.then_some(sieve))
    }

    /// Reads what the filters need to know.
    pub(super) async fn prepare(&mut self, client: &Client) -> Outcome<()> {
        let Some(members) = &mut self.members else {
            return Ok(());
        };
        let list: &'static Meta = operation("memberships.list")?;
        let mut pages = client.walk(list, Args::new(), None);
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|error| Problem::of_call("cannot list the memberships", error))?;
            for row in page.rows() {
                let row: Value = serde_json::from_str(row).unwrap_or_default();
                let id = row["public_user_data"]["user_id"].as_str();
                members.extend(id.map(str::to_owned));
            }
        }
        Ok(())
    }

    /// Whether a row is shown.
    pub(super) fn keeps(&self, row: &str) -> Result<bool, String> {
        let row: Value = serde_json::from_str(row).map_err(|error| error.to_string())?;
        if self.never_signed_in && !row["last_sign_in_at"].is_null() {
            return Ok(false);
        }
        if let Some(since) = self.inactive_since {
            // Somebody new who never came is not inactive for longer than there is an account.
            let seen = ["last_active_at", "last_sign_in_at", "created_at"].map(|name| &row[name]);
            if seen
                .iter()
                .any(|at| at.as_i64().is_some_and(|at| at >= since))
            {
                return Ok(false);
            }
        }
        if let Some(members) = &self.members
            && row["id"].as_str().is_some_and(|id| members.contains(id))
        {
            return Ok(false);
        }
        self.condition
            .as_ref()
            .map_or(Ok(true), |condition| condition.holds(&row))
    }
}

fn moment(text: &str, now: i64) -> Outcome<i64> {
    let at = instant::from_now(text, now).or_else(|| instant::millis(text));
    at.ok_or_else(|| {
        Problem::usage(format!(
            "--inactive-for takes a time such as 90d, not {text:?}"
        ))
        .hint("write 90d, 12w, yesterday or 2026-01-31")
    })
}
