//! What is there now of all that the rows are about, many objects a request.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use clerk_api::declare::{Meta, Place};
use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::Outcome;
use serde_json::Value;

use super::part::Part;
use super::table::Inverse;
use crate::job::current::{AT_ONCE, Current, walk};

/// The objects that were found, by the list that shows them and by id.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeMap<(String, String), Value>);

/// The state of each invitation of one list, by its id.
type States = Rc<BTreeMap<String, String>>;

/// Lists of invitations, which cannot be asked for many; each is read once.
#[derive(Default)]
pub(super) struct Invitations(RefCell<BTreeMap<String, States>>);

/// Where an object is shown: the list, the arguments around it, its id.
struct Spot<'p> {
    current: Current,
    args: &'p Args,
    scope: String,
    id: String,
}

fn spot(part: &Part) -> Option<Spot<'_>> {
    let (meta, args) = match part.inverse {
        Inverse::Take(_) => (part.call.meta, &part.call.args),
        _ => (part.meta, &part.line.args),
    };
    let current = Current::of(meta)?;
    Some(Spot {
        current,
        args,
        scope: format!("{} {}", current.list.name, scope(current.list, args)),
        id: args.text(current.id.name)?,
    })
}

fn scope(list: &Meta, args: &Args) -> String {
    let path = list
        .fields
        .iter()
        .filter(|field| field.place == Place::Path);
    path.filter_map(|field| args.get(field.name))
        .map(|value| value.get())
        .collect()
}

impl Found {
    /// Looks at the objects of all parts.
    pub(super) async fn look(client: &Client, parts: &[&Part]) -> Outcome<Self> {
        let mut wanted: BTreeMap<String, (Current, &Args, BTreeSet<String>)> = BTreeMap::new();
        for spot in parts.iter().filter_map(|part| spot(part)) {
            let entry = wanted
                .entry(spot.scope)
                .or_insert_with(|| (spot.current, spot.args, BTreeSet::new()));
            entry.2.insert(spot.id);
        }
        let mut found = BTreeMap::new();
        for (scope, (current, args, ids)) in wanted {
            let ids: Vec<String> = ids.into_iter().collect();
            for ids in ids.chunks(AT_ONCE) {
                let looked = match current.look(client, args, ids).await {
                    Ok(looked) => looked,
                    // The organization around them is gone, and they with it.
                    Err(problem) if problem.http == Some(404) => BTreeMap::new(),
                    Err(problem) => return Err(problem),
                };
                for (id, object) in looked {
                    found.insert((scope.clone(), id), object.value);
                }
            }
        }
        Ok(Self(found))
    }

    /// What is there of the object of a part; nothing where it is not there, or where no list shows it.
    pub(super) fn of(&self, part: &Part) -> Option<&Value> {
        let spot = spot(part)?;
        self.0.get(&(spot.scope, spot.id))
    }

    /// Whether a list shows the objects of a part, so that not to be found means not to be there.
    pub(super) fn shows(part: &Part) -> bool {
        spot(part).is_some()
    }
}

impl Invitations {
    /// Reads the lists anew when they are needed again.
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }

    /// The state of the invitation that a part revokes; nothing for other parts.
    pub(super) async fn state(&self, client: &Client, part: &Part) -> Outcome<Option<String>> {
        let list = match part.call.meta.name {
            "invitations.revoke" => operation("invitations.list")?,
            "application_invitations.revoke" => operation("application_invitations.list")?,
            _ => return Ok(None),
        };
        let args = &part.call.args;
        let scope = format!("{} {}", list.name, scope(list, args));
        let known = self.0.borrow().get(&scope).cloned();
        let states = match known {
            Some(states) => states,
            None => {
                let rows = match walk(client, list, args, None).await {
                    Ok(rows) => rows,
                    Err(problem) if problem.http == Some(404) => Vec::new(),
                    Err(problem) => return Err(problem),
                };
                let text = |row: &Value, name: &str| row[name].as_str().map(str::to_owned);
                let states = rows
                    .iter()
                    .filter_map(|row| Some((text(&row.value, "id")?, text(&row.value, "status")?)));
                let states = Rc::new(states.collect());
                self.0.borrow_mut().insert(scope, Rc::clone(&states));
                states
            }
        };
        let id = args.text("invitation_id").unwrap_or_default();
        // Revoked ones are left out of the list of the application.
        let state = states.get(&id).map_or("revoked", String::as_str);
        Ok(Some(state.to_owned()))
    }
}
