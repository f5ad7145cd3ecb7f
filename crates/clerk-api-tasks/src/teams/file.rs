//! Teams as files say them: YAML or JSON with a team or a list of teams, or rows with a person each.

use std::collections::BTreeMap;

use clerk_api_admin::problem::{Outcome, Problem};
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::wanted::{Columns, PERSON, Team, Wanted, each, person, role, text};
use crate::rows::Input;

/// A team in a file of YAML.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    slug: Option<String>,
    created_by: Option<String>,
    max_members: Option<u64>,
    #[serde(default)]
    admins: Vec<Spanned<String>>,
    #[serde(default)]
    members: Vec<Spanned<String>>,
    #[serde(default)]
    roles: BTreeMap<String, Vec<Spanned<String>>>,
}

impl Written {
    fn team(self) -> Outcome<Team> {
        let admins = self
            .admins
            .into_iter()
            .map(|who| ("org:admin".to_owned(), who));
        let members = self
            .members
            .into_iter()
            .map(|who| ("org:member".to_owned(), who));
        let roles = self.roles.into_iter();
        let others = roles.flat_map(|(key, people)| {
            let key = role(&key);
            people.into_iter().map(move |who| (key.clone(), who))
        });
        let mut people = Vec::new();
        for (role, who) in admins.chain(members).chain(others) {
            let line = who.referenced.line();
            person(line, &who.value)?;
            people.push(Wanted {
                line,
                organization: None,
                who: who.value,
                role,
            });
        }
        Ok(Team {
            line: self.name.referenced.line(),
            name: self.name.value,
            slug: self.slug,
            created_by: self.created_by,
            max_members: self.max_members,
            people,
        })
    }
}

/// The teams of a text of YAML or JSON; `shown` is the name of its file.
///
/// # Errors
/// It is no such text, or holds something that no team has. The problem names the line.
pub fn team_file(shown: &str, text: &str) -> Outcome<Vec<Team>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    let is_list = first.is_some_and(|line| line.starts_with(['-', '[']));
    let read = if is_list {
        serde_saphyr::from_str::<Vec<Written>>(text)
    } else {
        serde_saphyr::from_str::<Written>(text).map(|one| vec![one])
    };
    let written = read.map_err(|error| {
        let line = error.location().map(|location| location.line());
        let line = line.map_or_else(String::new, |line| format!(" line {line}"));
        // What follows the first line draws the place.
        let why = error.without_snippet().to_string();
        let why = why.lines().next().unwrap_or_default().to_owned();
        Problem::usage(format!("{shown}{line}: {why}")).hint(
            "a team has name, and slug, created_by, max_members, admins, members, roles where they are wanted",
        )
    })?;
    if written.is_empty() {
        return Err(Problem::usage(format!("{shown} holds no team")));
    }
    written.into_iter().map(Written::team).collect()
}

/// The teams of a file with the columns `team`, `email` and, where wanted, `role`, `slug` and `created_by`.
///
/// # Errors
/// A column or a cell is missing, or rows of one team contradict each other. The problem names the line.
pub fn team_rows(input: &Input) -> Outcome<Vec<Team>> {
    let columns = Columns::of(input);
    let name = columns.needed(&["team", "name", "organization", "organization_name"])?;
    let who = columns.needed(&PERSON)?;
    let roles = columns.find(&["role"])?;
    let slugs = columns.find(&["slug", "organization_slug"])?;
    let creators = columns.find(&["created_by"])?;
    let mut teams: Vec<Team> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    each(input, |row| {
        let line = row.at.line;
        let empty = |what: &str| Problem::usage(format!("line {line}: the row names no {what}"));
        let team = text(row, Some(name)).ok_or_else(|| empty("team"))?;
        let who = text(row, Some(who)).ok_or_else(|| empty("person"))?;
        person(line, &who)?;
        let (slug, creator) = (text(row, slugs), text(row, creators));
        let at = *known.entry(team.clone()).or_insert_with(|| {
            teams.push(Team {
                line,
                name: team.clone(),
                ..Team::default()
            });
            teams.len() - 1
        });
        let found = &mut teams[at];
        for (column, new, old) in [
            ("slug", slug, &mut found.slug),
            ("created_by", creator, &mut found.created_by),
        ] {
            match (&new, &old) {
                (Some(new), Some(old)) if new != old => {
                    return Err(Problem::usage(format!(
                        "line {line}, column {column}: {new:?}, but an earlier row of {team:?} says {old:?}"
                    )));
                }
                (Some(_), _) => *old = new,
                (None, _) => {}
            }
        }
        let key = text(row, roles).unwrap_or_else(|| "org:member".to_owned());
        found.people.push(Wanted {
            line,
            organization: None,
            who,
            role: role(&key),
        });
        Ok(())
    })?;
    if teams.is_empty() {
        return Err(Problem::usage(format!(
            "{} has no rows",
            input.path().display()
        )));
    }
    Ok(teams)
}
