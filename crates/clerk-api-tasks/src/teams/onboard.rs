//! Onboarding: organizations are found or made, and then their people join.

use clerk_api::{Args, Client};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::sending::Sending;
use clerk_api_admin::target::reference::Reference;
use serde_json::Value;

use super::look::{Member, People, Standing, Verdict, judge};
use super::organization::Organization;
use super::sheet::Entry;
use super::sync::{distinct, nobody};
use super::team::{Found, Made, Standard, check_names, check_place, find};
use super::wanted::{Team, Wanted, person, place};
use crate::job::{Place, backup};

/// How much there is to do.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Organizations to create.
    pub create: u64,
    /// Organizations to change.
    pub change: u64,
    /// People to add.
    pub add: u64,
    /// Members who get another role.
    pub role: u64,
    /// People to invite.
    pub invite: u64,
}

impl Changes {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.create + self.change + self.add + self.role + self.invite
    }
}

/// Teams, and what is there of them.
#[derive(Debug)]
pub struct Onboarding {
    pub(super) teams: Vec<Found>,
}

impl Onboarding {
    /// Looks at what is there. Nothing is written.
    ///
    /// # Errors
    /// A team is named twice, a name fits several organizations, somebody cannot be found nor invited, or there is no place for all.
    pub async fn look(client: &Client, teams: Vec<Team>) -> Outcome<Self> {
        check_names(&teams)?;
        let mut found = Vec::with_capacity(teams.len());
        let mut standard = None;
        for team in teams {
            let organization = find(client, &team).await?;
            let standing = match &organization {
                Some(organization) => Standing::read(client, &organization.id).await?,
                None => {
                    if standard.is_none() {
                        standard = Some(Standard::ask(client).await?);
                    }
                    Standing::default()
                }
            };
            found.push(Found {
                team,
                organization,
                creator: None,
                standing,
                people: Vec::new(),
                state: "already",
                created: None,
            });
        }
        let people = people(client, &found).await?;
        let mut unknown = Vec::new();
        for team in &mut found {
            team.creator = creator(&team.team, &people)?;
            if let (None, Some(user), Some(standard)) =
                (&team.organization, &team.creator, &standard)
            {
                let role = standard.creator_role.clone();
                let name = team.team.created_by.clone().unwrap_or_default();
                let member = Member { role, name };
                team.standing.members.insert(user.clone(), member);
            }
            judge_all(team, &people, &mut unknown)?;
            let limit = standard.as_ref().map_or(0, |standard| standard.limit);
            check_place(team, limit)?;
        }
        if !unknown.is_empty() {
            return Err(nobody(&unknown, true));
        }
        Ok(Self { teams: found })
    }

    /// How much there is to do.
    #[must_use]
    pub fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        for team in &self.teams {
            changes.create += u64::from(team.organization.is_none());
            changes.change += u64::from(team.limit_changes());
            for (_, verdict) in &team.people {
                match verdict {
                    Verdict::Add(_) => changes.add += 1,
                    Verdict::Change(_) => changes.role += 1,
                    Verdict::Invite(_) => changes.invite += 1,
                    _ => {}
                }
            }
        }
        changes
    }

    /// Who is to be invited, by address.
    #[must_use]
    pub fn invited(&self) -> Vec<&str> {
        let people = self.teams.iter().flat_map(|team| &team.people);
        people
            .filter(|(_, verdict)| matches!(verdict, Verdict::Invite(_)))
            .map(|(entry, _)| entry.who.as_str())
            .collect()
    }

    /// Each change in words.
    #[must_use]
    pub fn says(&self) -> Vec<String> {
        let mut said = Vec::new();
        for team in &self.teams {
            let name = &team.team.name;
            if team.organization.is_none() {
                said.push(format!("create the organization {name:?}"));
            }
            if team.limit_changes() {
                let limit = team.team.max_members.unwrap_or_default();
                said.push(format!("let {name:?} have {limit} members"));
            }
            for (entry, verdict) in &team.people {
                let Entry { who, role, .. } = entry;
                match verdict {
                    Verdict::Add(_) => said.push(format!("add {who} to {name:?} as {role}")),
                    Verdict::Change(user) => {
                        let before = team.standing.members.get(user);
                        let before = before.map_or("", |member| member.role.as_str());
                        said.push(format!("make {who} {role} in {name:?} instead of {before}"));
                    }
                    Verdict::Invite(_) => said.push(format!("invite {who} to {name:?} as {role}")),
                    _ => {}
                }
            }
        }
        said
    }

    /// Makes the organizations that are missing. Each is found again by slug or name, so that running it once more makes no second one.
    ///
    /// # Errors
    /// The API refuses one, something protected would be touched, or it is not known whether one was made.
    pub async fn make(
        &mut self,
        client: &Client,
        sending: &Sending,
        protected: Option<&Protected>,
    ) -> Outcome<()> {
        for team in &mut self.teams {
            let name = &team.team.name;
            let mut args = Args::new();
            let (operation_name, tried, state) = match &team.organization {
                None => {
                    let mut set = args.set("name", name);
                    if let Some(slug) = &team.team.slug {
                        set = set.and_then(|()| args.set("slug", slug));
                    }
                    if let Some(creator) = &team.creator {
                        set = set.and_then(|()| args.set("created_by", creator));
                    }
                    set.map_err(|error| Problem::usage(error.to_string()))?;
                    let tried = format!("cannot create the organization {name:?}");
                    ("organizations.create", tried, "created")
                }
                Some(found) if team.limit_changes() => {
                    args.set("organization_id", &found.id)
                        .map_err(|error| Problem::usage(error.to_string()))?;
                    let tried = format!("cannot change the organization {name:?}");
                    ("organizations.update", tried, "changed")
                }
                Some(_) => continue,
            };
            if let Some(limit) = team.team.max_members {
                args.set("max_allowed_memberships", &limit)
                    .map_err(|error| Problem::usage(error.to_string()))?;
            }
            let mut call = Call::new(operation(operation_name)?);
            call.args = args;
            if let Some(protected) = protected {
                let slug = team.organization.as_ref().map(Organization::called);
                protected.check(&call, slug).await?;
            }
            let reply = sending
                .send(client, call.meta, call.args.clone(), &tried)
                .await
                .map_err(|problem| again(problem, name))?;
            let made: Value = serde_json::from_slice(&reply.raw).unwrap_or_default();
            if team.organization.is_none() {
                team.created = Some(call);
            }
            team.organization = Some(Organization::read(&made)?);
            team.state = state;
        }
        Ok(())
    }

    /// The organizations, once they are made.
    #[must_use]
    pub fn made(&self) -> Vec<Made> {
        let ids = self
            .teams
            .iter()
            .filter_map(|team| Some((team, team.organization.as_ref()?)));
        ids.map(|(team, organization)| Made {
            id: organization.id.clone(),
            state: team.state.to_owned(),
        })
        .collect()
    }

    /// Whether an organization was made.
    #[must_use]
    pub fn has_created(&self) -> bool {
        self.teams.iter().any(|team| team.created.is_some())
    }

    /// Writes the organizations that were made down with the job over the people, so that an undo of it takes them away again.
    ///
    /// # Errors
    /// They cannot be written down.
    pub fn keep(&self, place: &Place) -> Outcome<()> {
        let made = self
            .teams
            .iter()
            .filter_map(|team| Some((team.created.as_ref()?, team.organization.as_ref()?)));
        let behind = self.entries().len() as u64 + 1;
        let made = (behind..).zip(made);
        let made = made.map(|(number, (call, found))| (number, call, found.id.as_str()));
        backup::begin(place, made)
    }

    /// The entries of the job over the people, once the organizations are made.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for team in &self.teams {
            let Some(organization) = &team.organization else {
                continue;
            };
            entries.extend(team.people.iter().map(|(entry, _)| Entry {
                organization: organization.id.clone(),
                ..entry.clone()
            }));
        }
        entries
    }
}

async fn people(client: &Client, teams: &[Found]) -> Outcome<People> {
    let mut named: Vec<Reference> = Vec::new();
    for Found { team, .. } in teams {
        let creator = team.created_by.iter().map(|who| (team.line, who));
        let people = team.people.iter().map(|wanted| (wanted.line, &wanted.who));
        for (line, who) in creator.chain(people) {
            named.push(person(line, who)?);
        }
    }
    People::learn(client, &named).await
}

fn creator(team: &Team, people: &People) -> Outcome<Option<String>> {
    let Some(who) = &team.created_by else {
        return Ok(None);
    };
    let named = person(team.line, who)?;
    match people.of(&named) {
        Ok(Some(user)) => Ok(Some(user.to_owned())),
        Ok(None) => {
            let message = format!("{}the creator {who} has no account here", place(team.line));
            Err(Problem::new(ProblemKind::Absent, "not_found", message))
        }
        Err(why) => Err(Problem::usage(format!("{}{why}", place(team.line)))),
    }
}

fn judge_all(team: &mut Found, people: &People, unknown: &mut Vec<String>) -> Outcome<()> {
    let all: Vec<&Wanted> = team.team.people.iter().collect();
    let id = team.organization.as_ref().map_or("", |found| &found.id);
    for wanted in distinct(&all, people)? {
        let name = &team.team.name;
        let entry = Entry::wanted(wanted.line, id, name, &wanted.who, &wanted.role);
        let verdict = judge(&entry, people, &team.standing)?;
        match &verdict {
            Verdict::Nobody => unknown.push(format!("{}{}", place(wanted.line), wanted.who)),
            Verdict::Unclear(why) => {
                return Err(Problem::usage(format!("{}{why}", place(wanted.line)))
                    .hint("name the person by id"));
            }
            _ => {}
        }
        team.people.push((entry, verdict));
    }
    Ok(())
}

/// What to do when an organization could not be made.
fn again(problem: Box<Problem>, name: &str) -> Box<Problem> {
    if problem.kind == ProblemKind::Unknown {
        return problem.hint(format!(
            "run the same command again in a minute: it looks for {name:?} before it makes anything, and nobody was added or invited yet"
        ));
    }
    problem
}
