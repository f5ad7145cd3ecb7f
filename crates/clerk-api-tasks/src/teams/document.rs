//! What became of an onboarding, or what would, as one document.

use std::collections::BTreeMap;

use clerk_api::Client;
use clerk_api_admin::problem::Outcome;
use clerk_api_admin::target::reference::Reference;
use serde_json::{Value, json};

use super::look::{People, Standing, Verdict, address, judge};
use super::onboard::Onboarding;
use super::organization::Organization;
use super::sheet::{Entry, Sheet};
use super::team::{Found, Made};
use super::wanted::person;
use crate::job::{self, Job, State};

/// What became of a person.
struct Fate {
    state: String,
    error: Option<String>,
}

/// A person as the document shows them: a member, or somebody with an invitation.
enum Item {
    Member(Value),
    Invitation(Value),
}

impl Onboarding {
    /// What would be done.
    #[must_use]
    pub fn planned(&self) -> Value {
        let teams: Vec<Value> = self.teams.iter().map(planned).collect();
        json!({"object": "onboarding", "planned": true, "teams": teams, "job": null})
    }
}

fn planned(found: &Found) -> Value {
    let organization = found.organization.as_ref();
    let limit = found.team.max_members;
    let state = match organization {
        None => "would_create",
        Some(there) if limit.is_some_and(|limit| limit != there.limit) => "would_change",
        Some(_) => "already",
    };
    let items = found.people.iter().map(|(entry, verdict)| {
        let (state, error) = match verdict {
            Verdict::Member(_) | Verdict::Invited(_) => ("already", None),
            Verdict::Change(_) => ("would_change", None),
            Verdict::OtherInvitation(id, role) => (
                "conflict",
                Some(format!("is invited as {role}; revoke {id} first")),
            ),
            _ => ("would_create", None),
        };
        let state = state.to_owned();
        item(entry, verdict, &found.standing, Fate { state, error })
    });
    let id = organization.map(|found| found.id.as_str());
    let slug = organization.map_or(found.team.slug.as_deref(), |found| found.slug.as_deref());
    let head = json!({"id": id, "slug": slug, "name": found.team.name, "state": state});
    team(&head, items)
}

/// What became of an onboarding: its organizations, the journal of its job, and how everything stands now.
///
/// # Errors
/// How it stands cannot be looked at, or the journal cannot be read.
pub async fn report(
    client: &Client,
    made: &[Made],
    sheet: Option<&Sheet>,
    job: Option<&Job>,
) -> Outcome<Value> {
    let rows = || sheet.into_iter().flat_map(Sheet::rows);
    let named: Outcome<Vec<Reference>> = rows()
        .map(|(_, entry)| person(entry.line, &entry.who))
        .collect();
    let people = People::learn(client, &named?).await?;
    let mut made = made.to_vec();
    for (_, entry) in rows() {
        if !made.iter().any(|made| made.id == entry.organization) {
            made.push(Made {
                id: entry.organization.clone(),
                state: "already".to_owned(),
            });
        }
    }
    let ids: Vec<String> = made.iter().map(|made| made.id.clone()).collect();
    let organizations = Organization::all(client, &ids).await?;
    let mut fates = job.map_or_else(|| Ok(BTreeMap::new()), fates)?;
    let mut teams = Vec::new();
    for made in made {
        let standing = Standing::read(client, &made.id).await?;
        let mut items = Vec::new();
        for (at, entry) in rows().filter(|(_, entry)| entry.organization == made.id) {
            let verdict = judge(entry, &people, &standing)?;
            let fate = fates.remove(&at.number).unwrap_or_else(|| Fate {
                state: "already".to_owned(),
                error: None,
            });
            items.push(item(entry, &verdict, &standing, fate));
        }
        let found = organizations.get(&made.id);
        let (slug, name) = (
            found.and_then(|found| found.slug.clone()),
            found.map(|found| found.name.clone()),
        );
        let head = json!({"id": made.id, "slug": slug, "name": name, "state": made.state});
        teams.push(team(&head, items.into_iter()));
    }
    let id = job.map(|job| job.place().id());
    Ok(json!({"object": "onboarding", "teams": teams, "job": id}))
}

fn team(organization: &Value, items: impl Iterator<Item = Item>) -> Value {
    let (mut members, mut invitations) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Member(member) => members.push(member),
            Item::Invitation(invitation) => invitations.push(invitation),
        }
    }
    json!({"organization": organization, "members": members, "invitations": invitations})
}

fn item(entry: &Entry, verdict: &Verdict, standing: &Standing, fate: Fate) -> Item {
    let (state, error) = (fate.state, fate.error);
    let email = person(entry.line, &entry.who).ok();
    let email = email.as_ref().and_then(address).map(str::to_owned);
    let shown = |mut value: Value| {
        if let Some(error) = error {
            value["error"] = error.into();
        }
        value
    };
    let invitation =
        |id: Option<&str>| json!({"email": email, "role": entry.role, "id": id, "state": state});
    match verdict {
        Verdict::Member(user) | Verdict::Change(user) | Verdict::Add(user) => {
            let name = standing.members.get(user).map(|member| member.name.clone());
            let email = email.or(name.filter(|name| name.contains('@')));
            let value =
                json!({"email": email, "user_id": user, "role": entry.role, "state": state});
            Item::Member(shown(value))
        }
        Verdict::Invited(id) | Verdict::OtherInvitation(id, _) => {
            Item::Invitation(shown(invitation(Some(id))))
        }
        _ => Item::Invitation(shown(invitation(None))),
    }
}

/// What the journal says of each row.
fn fates(job: &Job) -> Outcome<BTreeMap<u64, Fate>> {
    let mut fates = BTreeMap::new();
    let mut after = 0;
    loop {
        let entries = job.rows(after, 1000)?;
        let Some(last) = entries.last() else {
            return Ok(fates);
        };
        after = last.at.number;
        for entry in entries {
            let changed = entry.op.as_deref() == Some(super::work::CHANGE);
            let state = match entry.state {
                State::Done | State::DoneReconciled if changed => "changed",
                State::Done | State::DoneReconciled => "created",
                State::SkippedExisting => "already",
                other => other.name(),
            };
            let failed = entry.state.outcome() != job::Outcome::Done;
            let fate = Fate {
                state: state.to_owned(),
                error: entry.message.filter(|_| failed),
            };
            fates.insert(entry.at.number, fate);
        }
    }
}
