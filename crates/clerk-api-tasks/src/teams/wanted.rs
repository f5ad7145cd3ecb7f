//! Who is wanted, as files and command lines say it.

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target::reference::{Reference, UserKey};
use serde::Serialize;

use crate::rows::{BadRow, Cell, Input, Row};

/// One person who is wanted.
#[derive(Debug, Clone, Serialize)]
pub struct Wanted {
    /// The line of the input, from 1; 0 where it came from the command line.
    pub line: u64,
    /// The organization, by id or slug. Nothing where all are wanted in the same one.
    pub organization: Option<String>,
    /// The person, by anything that names a user.
    pub who: String,
    /// The key of the role.
    pub role: String,
}

/// One organization with its people.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Team {
    /// The line of the input, from 1; 0 where it came from the command line.
    pub line: u64,
    /// The name.
    pub name: String,
    /// The slug, where one is wanted.
    pub slug: Option<String>,
    /// The user who becomes the first member when the organization is created.
    pub created_by: Option<String>,
    /// How many members and open invitations it may have; 0: any.
    pub max_members: Option<u64>,
    /// Who is wanted in it.
    pub people: Vec<Wanted>,
}

/// Where something stands, for messages.
pub(super) fn place(line: u64) -> String {
    match line {
        0 => String::new(),
        line => format!("line {line}: "),
    }
}

/// The person of a text. Searches are refused: they could mean somebody else tomorrow.
pub(super) fn person(line: u64, who: &str) -> Outcome<Reference> {
    let meta = clerk_api_admin::call::operation("organizations.add_member")?;
    let field = meta
        .field("user_id")
        .ok_or_else(|| Problem::usage("members have no user"))?;
    let spelled = match line {
        0 => "the person".to_owned(),
        line => format!("line {line}"),
    };
    match Reference::read(field, &spelled, who)? {
        Reference::User {
            by: UserKey::Query, ..
        } => Err(Problem::usage(format!(
            "{spelled}: {who:?} is a search, and could find somebody else"
        ))
        .hint("name the person by email address, id, phone number or username")),
        found => Ok(found),
    }
}

/// The key of a role as it is written: `admin` means `org:admin`.
pub(super) fn role(text: &str) -> String {
    if text.contains(':') {
        text.to_owned()
    } else {
        format!("org:{text}")
    }
}

/// Finds columns by the names that people give them.
pub(super) struct Columns<'i>(&'i Input);

impl<'i> Columns<'i> {
    pub(super) const fn of(input: &'i Input) -> Self {
        Self(input)
    }

    /// The column that has one of these names. Two of them would contradict each other.
    pub(super) fn find(&self, names: &[&str]) -> Outcome<Option<usize>> {
        let plain = |name: &str| name.trim().to_lowercase().replace([' ', '-'], "_");
        let columns = self.0.columns().iter().enumerate();
        let mut found = columns.filter(|(_, name)| names.contains(&plain(name).as_str()));
        let first = found.next();
        if let (Some((_, first)), Some((_, second))) = (first, found.next()) {
            let path = self.0.path().display();
            let message = format!("{path}: the columns {first:?} and {second:?} mean the same");
            return Err(Problem::usage(message).hint("take one of them out"));
        }
        Ok(first.map(|(at, _)| at))
    }

    /// The column that has to be there.
    pub(super) fn needed(&self, names: &[&str]) -> Outcome<usize> {
        let found = self.find(names)?;
        found.ok_or_else(|| {
            let path = self.0.path().display();
            let columns: Vec<&str> = self.0.columns().iter().map(|name| &**name).collect();
            Problem::usage(format!("{path} has no column {:?}", names[0])).hint(format!(
                "its columns are: {}; these names would do: {}",
                columns.join(", "),
                names.join(", ")
            ))
        })
    }
}

/// The text of a cell, without blanks around it; nothing where it is empty.
pub(super) fn text(row: &Row, column: Option<usize>) -> Option<String> {
    let cell = row.cell(column?);
    let is_null = matches!(cell, Cell::Json(json) if json.get() == "null");
    let text = cell.text().trim().to_owned();
    (!text.is_empty() && !is_null).then_some(text)
}

/// Every row of a file. A row that cannot be read refuses the whole file: who is left out by mistake would be removed.
pub(super) fn each(input: &Input, mut take: impl FnMut(&Row) -> Outcome<()>) -> Outcome<()> {
    let mut rows = input.rows()?;
    while let Some(row) = rows.next_row()? {
        let row = row.map_err(|bad: BadRow| Box::<Problem>::from(bad))?;
        take(&row)?;
    }
    Ok(())
}

pub(super) const PERSON: [&str; 6] = [
    "email",
    "email_address",
    "user",
    "user_id",
    "member",
    "person",
];

/// The names of the column that says which organization a row is about.
const TEAM: [&str; 4] = ["organization", "organization_id", "org", "team"];

/// Whether the rows of a file say which organization they are about.
///
/// # Errors
/// Two columns would say so.
pub fn names_organizations(input: &Input) -> Outcome<bool> {
    Ok(Columns::of(input).find(&TEAM)?.is_some())
}

/// The people of a file with the columns `organization`, `email` and `role`. Without a cell for the role, `standard` is meant.
///
/// # Errors
/// A column or a cell is missing, or a cell names nobody. The problem names the line.
pub fn wanted_rows(
    input: &Input,
    organization: Option<&str>,
    standard: Option<&str>,
) -> Outcome<Vec<Wanted>> {
    let columns = Columns::of(input);
    let who = columns.needed(&PERSON)?;
    let team = columns.find(&TEAM)?;
    let roles = columns.find(&["role"])?;
    if let (Some(_), Some(given)) = (team, organization) {
        let message = format!("{given} is named, and the file has a column for organizations");
        return Err(Problem::usage(message).hint("leave one of them out"));
    }
    if team.is_none() && organization.is_none() {
        columns.needed(&TEAM)?;
    }
    let mut wanted = Vec::new();
    each(input, |row| {
        let line = row.at.line;
        let empty = |what: &str| Problem::usage(format!("line {line}: the row names no {what}"));
        let name = text(row, Some(who)).ok_or_else(|| empty("person"))?;
        person(line, &name)?;
        let organization = match team {
            Some(_) => Some(text(row, team).ok_or_else(|| empty("organization"))?),
            None => None,
        };
        let key = text(row, roles).or_else(|| standard.map(str::to_owned));
        let key = key.ok_or_else(|| {
            empty("role").hint("add a column role, or say with --role which one is meant")
        })?;
        wanted.push(Wanted {
            line,
            organization,
            who: name,
            role: role(&key),
        });
        Ok(())
    })?;
    Ok(wanted)
}
