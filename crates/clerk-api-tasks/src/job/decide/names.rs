//! Names of objects and their ids, looked up many at once and remembered for the job.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use clerk_api::Client;
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::reference::{Reference, UserKey};
use clerk_api_admin::target::resolve;

use super::super::current::AT_ONCE;
use super::super::task::Task;

/// More names than this are not remembered: the oldest work is done by then.
const MOST: usize = 20_000;

/// The id that a name means, or why it means none.
type Meaning = Result<String, String>;

/// What names were found to mean.
#[derive(Default)]
pub(super) struct Names {
    users: RefCell<BTreeMap<(&'static str, String), Meaning>>,
    slugs: RefCell<BTreeMap<String, Meaning>>,
}

impl Names {
    /// Looks up all users that tasks name, a page of them a request.
    pub(super) async fn learn(&self, client: &Client, tasks: &[Task]) -> Outcome<()> {
        let mut wanted: BTreeMap<&'static str, (UserKey, BTreeSet<String>)> = BTreeMap::new();
        for (by, value) in tasks
            .iter()
            .flat_map(|task| references(&task.call))
            .filter_map(named_user)
        {
            let known = self
                .users
                .borrow()
                .contains_key(&(by.parameter(), folded(by, value)));
            if !known {
                let entry = wanted
                    .entry(by.parameter())
                    .or_insert_with(|| (by, BTreeSet::new()));
                entry.1.insert(value.to_owned());
            }
        }
        if self.users.borrow().len() > MOST {
            self.users.borrow_mut().clear();
        }
        for (by, values) in wanted.into_values() {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            for values in values.chunks(AT_ONCE) {
                self.learn_users(client, by, values).await?;
            }
        }
        Ok(())
    }

    async fn learn_users(&self, client: &Client, by: UserKey, values: &[&str]) -> Outcome<()> {
        let found = resolve::users(client, by, values, 500).await?;
        let mut users = self.users.borrow_mut();
        for value in values {
            let having: Vec<&str> = found
                .iter()
                .filter(|user| user.has(by, value))
                .map(|user| user.id.as_str())
                .collect();
            let meaning = match having.as_slice() {
                [one] => Ok((*one).to_owned()),
                [] => Err(format!("no user has the {} {value:?}", by.called())),
                several => Err(format!(
                    "{} users have the {} {value:?}",
                    several.len(),
                    by.called()
                )),
            };
            users.insert((by.parameter(), folded(by, value)), meaning);
        }
        Ok(())
    }

    /// Puts ids in place of all names of a call.
    pub(super) async fn resolve(&self, client: &Client, call: &mut Call) -> Outcome<()> {
        if let Some(targets) = call.targets.take()
            && let Some(target) = targets.items.first()
        {
            let id = self.id(client, &target.reference).await?;
            call.set_target(&id)?;
        }
        for pending in std::mem::take(&mut call.pending) {
            let mut ids = Vec::with_capacity(pending.items.len());
            for (sign, reference) in &pending.items {
                ids.push(format!("{sign}{}", self.id(client, reference).await?));
            }
            call.set_ids(pending.field, &ids)?;
        }
        Ok(())
    }

    async fn id(&self, client: &Client, reference: &Reference) -> Outcome<String> {
        if let Some((by, value)) = named_user(reference)
            && let Some(known) = self
                .users
                .borrow()
                .get(&(by.parameter(), folded(by, value)))
        {
            return known.clone().map_err(nobody);
        }
        let Reference::Slug(slug) = reference else {
            return resolve::id(client, reference).await;
        };
        if let Some(known) = self.slugs.borrow().get(slug) {
            return known.clone().map_err(nobody);
        }
        let found = match resolve::id(client, reference).await {
            Ok(id) => Ok(id),
            Err(problem) if problem.kind == ProblemKind::Absent => {
                Err(format!("there is no organization {slug:?}"))
            }
            Err(problem) => return Err(problem),
        };
        self.slugs.borrow_mut().insert(slug.clone(), found.clone());
        found.map_err(nobody)
    }
}

/// Letter case means nothing in addresses and usernames.
fn folded(by: UserKey, value: &str) -> String {
    match by {
        UserKey::Email | UserKey::Username => value.to_lowercase(),
        _ => value.to_owned(),
    }
}

fn references(call: &Call) -> impl Iterator<Item = &Reference> {
    let targets = call
        .targets
        .iter()
        .flat_map(|targets| &targets.items)
        .map(|target| &target.reference);
    targets.chain(
        call.pending
            .iter()
            .flat_map(|pending| &pending.items)
            .map(|(_, reference)| reference),
    )
}

/// A user who is named so that many can be asked for at once.
fn named_user(reference: &Reference) -> Option<(UserKey, &str)> {
    match reference {
        Reference::User {
            by: UserKey::Query, ..
        } => None,
        Reference::User { by, value } => Some((*by, value)),
        Reference::Ready(_) | Reference::Slug(_) => None,
    }
}

fn nobody(message: String) -> Box<Problem> {
    Problem::new(ProblemKind::Absent, "not_found", message)
}
