//! What is there: which people have accounts, and who is in an organization or invited to it. Reading only.

use std::collections::BTreeMap;

use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target::reference::{Reference, UserKey};
use serde_json::Value;

use super::sheet::Entry;
use super::wanted::person;
use crate::job::{Meaning, Name, folded, look_up, walk};

/// The accounts of people, looked up many at once.
#[derive(Debug, Default)]
pub(super) struct People(BTreeMap<Name, Meaning>);

impl People {
    /// Looks up all who are named by these.
    pub(super) async fn learn(client: &Client, named: &[Reference]) -> Outcome<Self> {
        let mut wanted: BTreeMap<&'static str, (UserKey, Vec<&str>)> = BTreeMap::new();
        for (by, value) in named.iter().filter_map(key) {
            let entry = wanted
                .entry(by.parameter())
                .or_insert_with(|| (by, Vec::new()));
            entry.1.push(value);
        }
        let mut people = Self::default();
        for (by, mut values) in wanted.into_values() {
            values.sort_unstable();
            values.dedup();
            people.0.extend(look_up(client, by, &values).await?);
        }
        Ok(people)
    }

    /// Who this is: nothing where nobody has an account by this name.
    pub(super) fn of(&self, named: &Reference) -> Result<Option<&str>, &str> {
        let known = key(named).and_then(|(by, value)| self.0.get(&folded(by, value)));
        match known {
            Some(Ok(found)) => Ok(found.as_deref()),
            Some(Err(why)) => Err(why),
            None => Ok(None),
        }
    }
}

/// By what a person is found.
fn key(named: &Reference) -> Option<(UserKey, &str)> {
    match named {
        Reference::User { by, value } => Some((*by, value)),
        Reference::Ready(id) => Some((UserKey::Id, id)),
        Reference::Slug(_) => None,
    }
}

/// The address that an invitation would go to.
pub(super) fn address(named: &Reference) -> Option<&str> {
    match named {
        Reference::User {
            by: UserKey::Email,
            value,
        } => Some(value),
        _ => None,
    }
}

/// A member.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) role: String,
    /// The address, or whatever else the API shows first.
    pub(super) name: String,
}

/// An open invitation.
#[derive(Debug, Clone)]
pub(super) struct Invited {
    pub(super) id: String,
    pub(super) role: String,
}

/// Who is in an organization, and who is invited to it.
#[derive(Debug, Default, Clone)]
pub(super) struct Standing {
    /// By the id of the user.
    pub(super) members: BTreeMap<String, Member>,
    /// By address, in lower case.
    pub(super) invited: BTreeMap<String, Invited>,
}

impl Standing {
    /// Reads it whole.
    pub(super) async fn read(client: &Client, organization: &str) -> Outcome<Self> {
        let mut args = Args::new();
        args.set("organization_id", &organization)
            .map_err(|error| Problem::usage(error.to_string()))?;
        let mut standing = Self::default();
        for row in walk(client, operation("organizations.members")?, &args, None).await? {
            let row = row.value;
            let user = &row["public_user_data"];
            if let Some(id) = text(user, "user_id") {
                let name = text(user, "identifier").unwrap_or_else(|| id.clone());
                let role = text(&row, "role").unwrap_or_default();
                standing.members.insert(id, Member { role, name });
            }
        }
        let list = operation("invitations.list")?;
        for row in walk(client, list, &args, Some("pending")).await? {
            let row = row.value;
            if let (Some(address), Some(id)) = (text(&row, "email_address"), text(&row, "id")) {
                let role = text(&row, "role").unwrap_or_default();
                let invited = Invited { id, role };
                standing.invited.insert(address.to_lowercase(), invited);
            }
        }
        Ok(standing)
    }

    /// How many places are taken: open invitations count as members.
    pub(super) fn taken(&self) -> u64 {
        (self.members.len() + self.invited.len()) as u64
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

/// What is to be done for somebody who is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The person is a member with this role.
    Member(String),
    /// The person is invited with this role.
    Invited(String),
    /// The user is a member with another role.
    Change(String),
    /// The user is no member.
    Add(String),
    /// The person has no account, and an address to invite.
    Invite(String),
    /// The person is invited with another role: the id of the invitation, and its role.
    OtherInvitation(String, String),
    /// Nobody has an account by this name, and it is no address.
    Nobody,
    /// The name fits several users.
    Unclear(String),
}

/// Judges an entry by what is there.
pub(super) fn judge(entry: &Entry, people: &People, standing: &Standing) -> Outcome<Verdict> {
    let named = person(entry.line, &entry.who)?;
    let user = match people.of(&named) {
        Ok(user) => user,
        Err(why) => return Ok(Verdict::Unclear(why.to_owned())),
    };
    if let Some(user) = user
        && let Some(member) = standing.members.get(user)
    {
        let user = user.to_owned();
        return Ok(if member.role == entry.role {
            Verdict::Member(user)
        } else {
            Verdict::Change(user)
        });
    }
    let address = address(&named);
    let invited = address.and_then(|address| standing.invited.get(&address.to_lowercase()));
    Ok(match (invited, user, address) {
        (Some(invited), _, _) if invited.role == entry.role => Verdict::Invited(invited.id.clone()),
        (Some(invited), _, _) => Verdict::OtherInvitation(invited.id.clone(), invited.role.clone()),
        (None, Some(user), _) => Verdict::Add(user.to_owned()),
        (None, None, Some(address)) => Verdict::Invite(address.to_owned()),
        (None, None, None) => Verdict::Nobody,
    })
}
