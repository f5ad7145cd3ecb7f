//! From the people who are wanted to the entries of a job, removals included. Everything is read, and judged, before anything is sent.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::Client;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::reference::Reference;

use super::look::{People, Standing, Verdict, judge};
use super::organization::Organization;
use super::sheet::{Entry, Phase};
use super::wanted::{Wanted, person, place};

/// So many names stand in a message.
const NAMED: usize = 10;

/// How members are made the ones that are wanted.
#[derive(Debug, Clone, Default)]
pub struct Sync {
    /// Members with one of these roles are not removed.
    pub keep: Vec<String>,
    /// Whether people without an account are invited.
    pub invite_unknown: bool,
    /// Whether more than half of an organization's members may be removed, or all.
    pub remove_most: bool,
}

/// One organization with those who are wanted in it.
struct Target<'w> {
    organization: Organization,
    wanted: Vec<&'w Wanted>,
}

/// What has to be done so that the members of organizations are those who are wanted, and nobody else. `organization` is the one of all rows that
/// name none. Nothing is written.
///
/// # Errors
/// An organization or a person is not there, a person is wanted twice, there is no place for all, or too many would be removed.
pub async fn sync(
    client: &Client,
    organization: Option<&str>,
    wanted: &[Wanted],
    how: &Sync,
) -> Outcome<Vec<Entry>> {
    if wanted.is_empty() && (!how.remove_most || organization.is_none()) {
        return Err(Problem::new(
            ProblemKind::Refused,
            "empty_input",
            "the file names nobody, so every member would be removed",
        )
        .hint("if that is what you want, name the organization and add --remove-most"));
    }
    let targets = targets(client, organization, wanted).await?;
    let named: Outcome<Vec<Reference>> = wanted
        .iter()
        .map(|wanted| person(wanted.line, &wanted.who))
        .collect();
    let people = People::learn(client, &named?).await?;
    let mut entries = Vec::new();
    let mut unknown = Vec::new();
    for target in &targets {
        let standing = Standing::read(client, &target.organization.id).await?;
        let more = one(target, &people, &standing, how, &mut unknown)?;
        entries.extend(more);
    }
    if !unknown.is_empty() {
        return Err(nobody(&unknown, how.invite_unknown));
    }
    Ok(entries)
}

/// The organizations in the order in which they are first named.
async fn targets<'w>(
    client: &Client,
    organization: Option<&str>,
    wanted: &'w [Wanted],
) -> Outcome<Vec<Target<'w>>> {
    let mut targets: Vec<Target<'w>> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let first = organization.map(|text| (text, None));
    let rows = wanted
        .iter()
        .filter_map(|row| Some((row.organization.as_deref().or(organization)?, Some(row))));
    for (text, row) in first.into_iter().chain(rows) {
        let at = match known.get(text) {
            Some(at) => *at,
            None => {
                let line = row.map_or(0, |row| row.line);
                let found = Organization::named(client, text).await?;
                let found = found.ok_or_else(|| {
                    let message = format!("{}there is no organization {text:?}", place(line));
                    Problem::new(ProblemKind::Absent, "not_found", message)
                })?;
                // One may be named by its id here and by its slug there.
                let same = |target: &Target<'_>| target.organization.id == found.id;
                let at = targets.iter().position(same).unwrap_or(targets.len());
                if at == targets.len() {
                    let wanted = Vec::new();
                    targets.push(Target {
                        organization: found,
                        wanted,
                    });
                }
                known.insert(text, at);
                at
            }
        };
        targets[at].wanted.extend(row);
    }
    Ok(targets)
}

/// The entries of one organization.
fn one(
    target: &Target<'_>,
    people: &People,
    standing: &Standing,
    how: &Sync,
    unknown: &mut Vec<String>,
) -> Outcome<Vec<Entry>> {
    let organization = &target.organization;
    let wanted = distinct(&target.wanted, people)?;
    let (mut entries, mut staying, mut more) = (Vec::new(), BTreeSet::new(), 0);
    for wanted in wanted {
        let (id, team) = (&organization.id, organization.called());
        let entry = Entry::wanted(wanted.line, id, team, &wanted.who, &wanted.role);
        match judge(&entry, people, standing)? {
            Verdict::Member(user) | Verdict::Change(user) => _ = staying.insert(user),
            Verdict::Add(_) => more += 1,
            Verdict::Invite(_) if how.invite_unknown => more += 1,
            Verdict::Invite(_) | Verdict::Nobody => {
                unknown.push(format!("{}{}", place(wanted.line), wanted.who));
            }
            Verdict::Unclear(why) => {
                return Err(Problem::usage(format!("{}{why}", place(wanted.line)))
                    .hint("name the person by id"));
            }
            Verdict::Invited(_) | Verdict::OtherInvitation(..) => {}
        }
        entries.push(entry);
    }
    let leaves = |user: &&String| {
        !staying.contains(*user) && !how.keep.contains(&standing.members[*user].role)
    };
    let leavers: Vec<&String> = standing.members.keys().filter(leaves).collect();
    if leavers.len() * 2 > standing.members.len() && !how.remove_most {
        return Err(too_many(organization, &leavers, standing));
    }
    let fewer = leavers.len() as u64;
    let first = organization.check_place(standing, more, fewer);
    let first = first.map_err(|problem| {
        problem.hint(format!(
            "`clerk-api organizations update {} --max-allowed-memberships N` makes place",
            organization.id
        ))
    })?;
    entries.extend(leavers.into_iter().map(|user| Entry {
        line: 0,
        organization: organization.id.clone(),
        team: organization.called().to_owned(),
        who: standing.members[user].name.clone(),
        role: standing.members[user].role.clone(),
        phase: if first {
            Phase::MakePlace
        } else {
            Phase::Leavers
        },
        remove: Some(user.clone()),
    }));
    Ok(entries)
}

/// Everybody once. Who is wanted twice with one role is wanted once; with two it is a mistake.
pub(super) fn distinct<'w>(wanted: &[&'w Wanted], people: &People) -> Outcome<Vec<&'w Wanted>> {
    let mut seen: BTreeMap<String, &Wanted> = BTreeMap::new();
    let mut distinct = Vec::new();
    for wanted in wanted {
        let named = person(wanted.line, &wanted.who)?;
        let user = people.of(&named).ok().flatten();
        let who = user.map_or_else(|| wanted.who.to_lowercase(), str::to_owned);
        match seen.get(&who) {
            None => {
                seen.insert(who, wanted);
                distinct.push(*wanted);
            }
            Some(first) if first.role == wanted.role => {}
            Some(first) => {
                let message = format!(
                    "{}{} is wanted as {} and as {}{}",
                    place(wanted.line),
                    wanted.who,
                    first.role,
                    wanted.role,
                    match first.line {
                        0 => String::new(),
                        line => format!("; the first time in line {line}"),
                    }
                );
                return Err(Problem::usage(message).hint("a member has one role"));
            }
        }
    }
    Ok(distinct)
}

/// The problem of people who are not there.
pub(super) fn nobody(unknown: &[String], invites: bool) -> Box<Problem> {
    let count = unknown.len();
    let people = if count == 1 {
        "person has"
    } else {
        "people have"
    };
    let mut problem = Problem::new(
        ProblemKind::Absent,
        "not_found",
        format!("{count} {people} no account here"),
    );
    for who in unknown.iter().take(NAMED) {
        problem = problem.cause(who.clone());
    }
    if count > NAMED {
        problem = problem.cause(format!("and {} more", count - NAMED));
    }
    if invites {
        return problem.hint("only an e-mail address can be invited");
    }
    problem.hint("--invite-unknown invites people by their e-mail address; or take them out")
}

fn too_many(organization: &Organization, leavers: &[&String], standing: &Standing) -> Box<Problem> {
    let message = format!(
        "{} of the {} members of {} are not in the file, and would be removed",
        leavers.len(),
        standing.members.len(),
        organization.called()
    );
    let mut problem = Problem::new(ProblemKind::Refused, "removes_most", message);
    for user in leavers.iter().take(NAMED) {
        problem = problem.cause(standing.members[*user].name.clone());
    }
    problem.hint("if that is what you want, add --remove-most; --keep ROLE keeps members of a role")
}
