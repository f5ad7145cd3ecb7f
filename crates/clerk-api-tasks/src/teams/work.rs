//! The job over a sheet: for each person what is missing, for each removal the member who goes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use clerk_api::Client;
use clerk_api_admin::call::{Call, Pending, operation};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target::reference::Reference;

use super::look::{People, Standing, Verdict, address, judge};
use super::sheet::{Entry, Sheet};
use super::wanted::person;
use crate::job::{Decider, Deciding, Decision, Report, Scanned, State, Task, Work};
use crate::rows::Position;

/// So many members and invitations are remembered, over all organizations.
const MOST: usize = 200_000;

pub(super) const ADD: &str = "organizations.add_member";
pub(super) const CHANGE: &str = "organizations.update_member";
pub(super) const REMOVE: &str = "organizations.remove_member";
pub(super) const INVITE: &str = "invitations.create";

/// Makes people members as a sheet says.
pub struct TeamWork {
    sheet: Sheet,
    invite: bool,
    standings: RefCell<BTreeMap<String, Rc<Standing>>>,
}

impl TeamWork {
    /// The work over a sheet; who has no account is invited or not.
    #[must_use]
    pub fn new(sheet: Sheet, invite: bool) -> Self {
        Self {
            sheet,
            invite,
            standings: RefCell::default(),
        }
    }

    /// The sheet.
    #[must_use]
    pub const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Who is in an organization; read once.
    async fn standing(&self, client: &Client, organization: &str) -> Outcome<Rc<Standing>> {
        if let Some(known) = self.standings.borrow().get(organization) {
            return Ok(Rc::clone(known));
        }
        let read = Rc::new(Standing::read(client, organization).await?);
        let mut standings = self.standings.borrow_mut();
        let size = |standing: &Rc<Standing>| standing.members.len() + standing.invited.len();
        if standings.values().map(size).sum::<usize>() > MOST {
            standings.clear();
        }
        standings.insert(organization.to_owned(), Rc::clone(&read));
        Ok(read)
    }

    /// What is done for an entry: a call, or nothing.
    fn step(&self, entry: &Entry, verdict: Verdict) -> Outcome<Result<Call, Decision>> {
        let who = &entry.who;
        Ok(match verdict {
            Verdict::Member(user) => Err(already(user, "is a member with this role already")),
            Verdict::Invited(id) => Err(already(id, "is invited with this role already")),
            Verdict::Change(user) => Ok(call(CHANGE, entry, Some(&user))?),
            Verdict::Add(user) => Ok(call(ADD, entry, Some(&user))?),
            Verdict::Invite(address) if self.invite => Ok(invitation(entry, &address)?),
            Verdict::Invite(_) | Verdict::Nobody => Err(settled(
                State::Rejected,
                None,
                "not_found",
                format!("nobody has an account by the name {who}"),
            )),
            Verdict::OtherInvitation(id, role) => Err(settled(
                State::Conflict,
                Some(id.clone()),
                "conflict",
                format!("{who} is invited as {role}; revoke the invitation {id} first"),
            )),
            Verdict::Unclear(why) => Err(settled(State::Rejected, None, "ambiguous", why)),
        })
    }
}

impl Work for TeamWork {
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64> {
        for (at, entry) in self.sheet.rows() {
            each(Scanned {
                at,
                call: asked(entry),
                key: None,
            })?;
        }
        Ok(0)
    }

    fn reread(&self, at: Position) -> Outcome<Call> {
        asked(self.sheet.at(at)?)
    }

    fn sent(&self, at: Position, operation: Option<&str>) -> Outcome<Call> {
        let entry = self.sheet.at(at)?;
        let named = person(entry.line, &entry.who);
        match operation {
            Some(INVITE) if entry.remove.is_none() => {
                let named = named?;
                invitation(entry, address(&named).unwrap_or(&entry.who))
            }
            Some(CHANGE) if entry.remove.is_none() => pending(CHANGE, entry, named?),
            _ => asked(entry),
        }
    }

    fn waits(&self, number: u64) -> bool {
        self.sheet.begins_phase(number)
    }

    fn says(&self, number: u64, call: &Call) -> Option<String> {
        let Entry {
            who, role, team, ..
        } = self.sheet.numbered(number)?;
        Some(match call.meta.name {
            ADD => format!("add {who} to {team} as {role}"),
            REMOVE => format!("remove {who} ({role}) from {team}"),
            INVITE => format!("invite {who} to {team} as {role}"),
            _ => {
                let standings = self.standings.borrow();
                let member = standings
                    .get(&call.args.text("organization_id")?)
                    .and_then(|standing| standing.members.get(&call.args.text("user_id")?));
                let before = member.map_or("another role", |member| member.role.as_str());
                format!("make {who} {role} in {team} instead of {before}")
            }
        })
    }

    fn decide<'a>(&'a self, decider: &'a Decider, tasks: Vec<Task>) -> Deciding<'a> {
        Box::pin(async move {
            let entries = tasks
                .iter()
                .filter_map(|task| Some((task.number, self.sheet.numbered(task.number)?)));
            let entries: Vec<(u64, &Entry)> = entries.collect();
            let wanted = entries.iter().filter(|(_, entry)| entry.remove.is_none());
            let named: Outcome<Vec<Reference>> = wanted
                .map(|(_, entry)| person(entry.line, &entry.who))
                .collect();
            let people = People::learn(decider.client(), &named?).await?;
            let (mut decided, mut open) = (Vec::new(), Vec::new());
            for (number, entry) in entries {
                if entry.remove.is_some() {
                    let call = asked(entry)?;
                    open.push(Task { number, call });
                    continue;
                }
                let standing = self.standing(decider.client(), &entry.organization).await?;
                match self.step(entry, judge(entry, &people, &standing)?)? {
                    Ok(call) => open.push(Task { number, call }),
                    Err(decision) => decided.push((number, decision)),
                }
            }
            // What is protected, what changed since, and what there is to undo with: as for any other call.
            decided.extend(decider.decide(open).await?);
            decided.sort_by_key(|(number, _)| *number);
            Ok(decided)
        })
    }
}

/// The call that an entry asks for at first sight.
fn asked(entry: &Entry) -> Outcome<Call> {
    match &entry.remove {
        Some(user) => call(REMOVE, entry, Some(user)),
        None => pending(ADD, entry, person(entry.line, &entry.who)?),
    }
}

/// A call on a member who still has to be looked up.
fn pending(name: &str, entry: &Entry, named: Reference) -> Outcome<Call> {
    let mut call = call(name, entry, None)?;
    if let Some(field) = call.meta.field("user_id") {
        let items = vec![("", named)];
        call.pending.push(Pending { field, items });
    }
    Ok(call)
}

fn call(name: &str, entry: &Entry, user: Option<&str>) -> Outcome<Call> {
    let mut call = Call::new(operation(name)?);
    let mut set = call.args.set("organization_id", &entry.organization);
    if let Some(user) = user {
        set = set.and_then(|()| call.args.set("user_id", &user));
    }
    if name != REMOVE {
        set = set.and_then(|()| call.args.set("role", &entry.role));
    }
    set.map_err(|error| Problem::usage(error.to_string()))?;
    Ok(call)
}

fn invitation(entry: &Entry, address: &str) -> Outcome<Call> {
    let mut call = call(INVITE, entry, None)?;
    call.args
        .set("email_address", &address)
        .map_err(|error| Problem::usage(error.to_string()))?;
    Ok(call)
}

fn already(id: String, what: &str) -> Decision {
    settled(
        State::SkippedExisting,
        Some(id),
        "already",
        format!("the person {what}"),
    )
}

fn settled(state: State, id: Option<String>, code: &str, message: String) -> Decision {
    let report = Report {
        id,
        code: Some(code.to_owned()),
        message: Some(message),
        ..Report::default()
    };
    Decision::Settled(state, report)
}
