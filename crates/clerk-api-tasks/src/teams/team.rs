//! A team, and what is there of it: its organization, who is in it, and how many may be.

use clerk_api::{Args, Client};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use serde_json::Value;

use super::look::{Standing, Verdict};
use super::organization::Organization;
use super::sheet::Entry;
use super::wanted::{Team, place};

/// An organization, and what was done about it: `created`, `changed` or `already`.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// What was done.
    pub state: String,
}

/// A team, and what is there of it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) team: Team,
    /// Nothing where it has to be made.
    pub(super) organization: Option<Organization>,
    pub(super) creator: Option<String>,
    pub(super) standing: Standing,
    pub(super) people: Vec<(Entry, Verdict)>,
    pub(super) state: &'static str,
    /// What made the organization, if it was made now.
    pub(super) created: Option<Call>,
}

impl Found {
    /// Whether the organization is there, with another limit than is wanted.
    pub(super) fn limit_changes(&self) -> bool {
        let wanted = self.team.max_members;
        self.organization
            .as_ref()
            .is_some_and(|found| wanted.is_some_and(|wanted| wanted != found.limit))
    }
}

/// What organizations get where nobody says it.
pub(super) struct Standard {
    pub(super) limit: u64,
    pub(super) creator_role: String,
}

impl Standard {
    /// Asks for it.
    pub(super) async fn ask(client: &Client) -> Outcome<Self> {
        let tried = "cannot find out how many members an organization may have";
        let reply = client
            .call(operation("instance.organization_settings")?, Args::new())
            .await
            .map_err(|error| Problem::of_call(tried, error))?;
        let found: Value = serde_json::from_slice(&reply.raw).unwrap_or_default();
        Ok(Self {
            limit: found["max_allowed_memberships"].as_u64().unwrap_or(0),
            creator_role: found["creator_role"]
                .as_str()
                .unwrap_or("org:admin")
                .to_owned(),
        })
    }
}

/// The organization of a team: by slug, else by its exact name. One that fits only half is nobody's guess.
pub(super) async fn find(client: &Client, team: &Team) -> Outcome<Option<Organization>> {
    let Team {
        line, name, slug, ..
    } = team;
    let refuse = |message: String| Problem::refused(format!("{}{message}", place(*line)));
    if let Some(slug) = slug
        && let Some(found) = Organization::named(client, slug).await?
    {
        if found.name == *name {
            return Ok(Some(found));
        }
        let Organization {
            id, name: other, ..
        } = found;
        return Err(refuse(format!(
            "the organization with the slug {slug:?} is {id} and is called {other:?}, not {name:?}"
        ))
        .hint(format!("give it this name first: `clerk-api organizations update {id} --name TEXT`; or use its name, or another slug")));
    }
    let mut found = Organization::with_name(client, name).await?;
    if found.len() > 1 {
        let count = found.len();
        let message = format!("{count} organizations are called {name:?}");
        let mut problem = Problem::new(
            ProblemKind::Refused,
            "ambiguous",
            format!("{}{message}", place(*line)),
        );
        for organization in found {
            let slug = organization.slug.unwrap_or_else(|| "no slug".to_owned());
            problem = problem.cause(format!("{} ({slug})", organization.id));
        }
        return Err(problem.hint("say with the slug which one is meant"));
    }
    match (found.pop(), slug) {
        (Some(found), Some(slug)) => {
            let has = match &found.slug {
                Some(other) => format!("the slug {other:?}, not {slug:?}"),
                None => format!("no slug, not {slug:?}"),
            };
            Err(refuse(format!("the organization {name:?} is {} and has {has}", found.id))
                .hint("leave the slug out to mean this organization, or choose another name for a new one"))
        }
        (found, _) => Ok(found),
    }
}

/// Refuses teams that stand there twice, or have no name.
pub(super) fn check_names(teams: &[Team]) -> Outcome<()> {
    for (at, team) in teams.iter().enumerate() {
        let before = &teams[..at];
        let twice = before.iter().any(|other| {
            other.name == team.name
                && (other.slug == team.slug || team.slug.is_none() || other.slug.is_none())
        }) || before
            .iter()
            .any(|other| team.slug.is_some() && other.slug == team.slug);
        if twice {
            let Team { line, name, .. } = team;
            return Err(Problem::usage(format!(
                "{}the team {name:?} stands there twice",
                place(*line)
            ))
            .hint("put all of its people into one team"));
        }
        if team.name.trim().is_empty() {
            return Err(Problem::usage(format!(
                "{}a team has no name",
                place(team.line)
            )));
        }
    }
    Ok(())
}

/// Refuses more people than there will be place for.
pub(super) fn check_place(team: &Found, standard: u64) -> Outcome<()> {
    let joins = |verdict: &Verdict| matches!(verdict, Verdict::Add(_) | Verdict::Invite(_));
    let more = team.people.iter().filter(|(_, verdict)| joins(verdict));
    let there = team.organization.as_ref();
    let limit = there.map_or(standard, |found| found.limit);
    let organization = Organization {
        id: String::new(),
        slug: None,
        name: format!("{:?}", team.team.name),
        limit: team.team.max_members.unwrap_or(limit),
    };
    let checked = organization.check_place(&team.standing, more.count() as u64, 0);
    match checked {
        Ok(_) => Ok(()),
        Err(problem) => Err(problem.hint(
            "--max-members N, or max_members in the file, gives the organization more places; 0 means any number",
        )),
    }
}
