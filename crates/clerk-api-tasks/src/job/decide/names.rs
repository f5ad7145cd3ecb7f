//! Names of objects and their ids, looked up many at once and remembered for the job.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use clerk_api::Client;
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::field_of;
use clerk_api_admin::target::reference::{Reference, UserKey};
use clerk_api_admin::target::resolve;

use super::super::current::{AT_ONCE, check_askable};
use super::super::task::Task;

/// More names than this are not remembered: the oldest work is done by then.
const MOST: usize = 20_000;

/// The id that a name means, nothing where nobody has it, or why it cannot be told.
pub(crate) type Meaning = Result<Option<String>, String>;

/// How a name of a user is remembered: letter case means nothing in addresses and usernames.
pub(crate) type Name = (&'static str, String);

/// Looks up users by their names, a page of them a request, and gives what each name means.
pub(crate) async fn look_up(
    client: &Client,
    by: UserKey,
    values: &[&str],
) -> Outcome<Vec<(Name, Meaning)>> {
    let mut all = Vec::with_capacity(values.len());
    let list = operation("users.list")?;
    let mut askable = Vec::with_capacity(values.len());
    for value in values {
        match check_askable(list, by.parameter(), value) {
            Ok(()) => askable.push(*value),
            Err(reason) => {
                let what = format!(
                    "no user can be found by the {} {value:?}: it {reason}",
                    by.called()
                );
                all.push((folded(by, value), Err(what)));
            }
        }
    }
    for values in askable.chunks(AT_ONCE) {
        let found = resolve::users(client, by, values, 500).await?;
        for value in values {
            let having = found.iter().filter(|user| user.has(by, value));
            let having: Vec<&str> = having.map(|user| user.id.as_str()).collect();
            let meaning = match having.as_slice() {
                [] => Ok(None),
                [one] => Ok(Some((*one).to_owned())),
                several => Err(format!(
                    "{} users have the {} {value:?}",
                    several.len(),
                    by.called()
                )),
            };
            all.push((folded(by, value), meaning));
        }
    }
    Ok(all)
}

/// What names were found to mean.
#[derive(Default)]
pub(super) struct Names {
    users: RefCell<BTreeMap<Name, Meaning>>,
    slugs: RefCell<BTreeMap<String, Option<String>>>,
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
            let known = self.users.borrow().contains_key(&folded(by, value));
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
            let found = look_up(client, by, &values).await?;
            self.users.borrow_mut().extend(found);
        }
        Ok(())
    }

    /// Puts ids in place of all names of a call.
    ///
    /// # Errors
    /// A name that means nothing, or cannot be looked up, with the argument that it stands in.
    pub(super) async fn resolve(
        &self,
        client: &Client,
        call: &mut Call,
    ) -> Result<(), (&'static str, Box<Problem>)> {
        if let Some(targets) = call.targets.take()
            && let Some(target) = targets.items.first()
        {
            let name = field_of(call.meta).map_or("", |field| field.name);
            let id = self.id(client, &target.reference).await;
            id.and_then(|id| call.set_target(&id))
                .map_err(|problem| (name, problem))?;
        }
        for pending in std::mem::take(&mut call.pending) {
            let of_field = |problem| (pending.field.name, problem);
            let mut ids = Vec::with_capacity(pending.items.len());
            for (sign, reference) in &pending.items {
                let id = self.id(client, reference).await.map_err(of_field)?;
                ids.push(format!("{sign}{id}"));
            }
            call.set_ids(pending.field, &ids).map_err(of_field)?;
        }
        Ok(())
    }

    async fn id(&self, client: &Client, reference: &Reference) -> Outcome<String> {
        if let Some((by, value)) = named_user(reference)
            && let Some(known) = self.users.borrow().get(&folded(by, value))
        {
            return match known {
                Ok(Some(id)) => Ok(id.clone()),
                Ok(None) => Err(nobody(format!("no user has the {} {value:?}", by.called()))),
                Err(several) => Err(Problem::new(ProblemKind::Usage, "ambiguous", several)),
            };
        }
        let Reference::Slug(slug) = reference else {
            return resolve::id(client, reference).await;
        };
        let known = self.slugs.borrow().get(slug).cloned();
        let found = match known {
            Some(found) => found,
            None => match resolve::id(client, reference).await {
                Ok(id) => Some(id),
                Err(problem) if problem.kind == ProblemKind::Absent => None,
                Err(problem) => return Err(problem),
            },
        };
        self.slugs.borrow_mut().insert(slug.clone(), found.clone());
        found.ok_or_else(|| nobody(format!("there is no organization {slug:?}")))
    }
}

pub(crate) fn folded(by: UserKey, value: &str) -> Name {
    let value = match by {
        UserKey::Email | UserKey::Username => value.to_lowercase(),
        _ => value.to_owned(),
    };
    (by.parameter(), value)
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
