//! The head of a rule's file: lines of `-- key: value` before the SQL.
//!
//! A line that begins with `--` and at least two blanks continues the value before it.

use clerk_api_admin::problem::{Outcome, Problem};

use super::rule::{Moment, Number, Rule};
use super::sentence::{Sentence, is_name};

/// The keys of a head, for the message about an unknown one.
const KEYS: &str = "id, severity, title, says, why, mend, about, number, moment, reference";

/// One line of a head, with those that continue it.
struct Entry<'a> {
    line: usize,
    key: &'a str,
    value: String,
}

/// Reads a rule's file.
///
/// # Errors
/// A head that is incomplete or wrong, and a file without SQL, with file and line.
pub(super) fn read(file: &str, text: &str) -> Outcome<Rule> {
    let at = |line: usize, wrong: String| {
        Problem::usage(format!("{file}:{line}: {wrong}"))
            .hint("`clerk-api audit rules admin-dormant` shows a whole rule")
    };
    let (entries, body) = entries(text).map_err(|(line, wrong)| at(line, wrong))?;
    let head = Head { entries: &entries };
    let build = || -> Result<Rule, (usize, String)> {
        head.check_keys()?;
        let rule = Rule {
            id: head.id()?,
            severity: head.one("severity", str::parse)?,
            title: head.one("title", text_of)?,
            says: head.one("says", Sentence::parse)?,
            why: head.one("why", text_of)?,
            mend: head.one("mend", Sentence::parse)?,
            about: head.one("about", about)?,
            numbers: head.all("number", number)?,
            moments: head.all("moment", moment)?,
            references: head.all("reference", text_of)?,
            file: file.to_owned(),
            line: body + 1,
            sql: text.lines().skip(body).collect::<Vec<_>>().join("\n"),
        };
        check_moments(&rule, &entries)?;
        Ok(rule)
    };
    let rule = build().map_err(|(line, wrong)| at(line, wrong))?;
    if rule.sql.trim().is_empty() {
        return Err(at(rule.line, "there is no SQL after the head".to_owned()));
    }
    // Says what has no value before anything is opened.
    rule.render(&rule.defaults(), 0)?;
    Ok(rule)
}

/// The entries of a head, and how many lines it has.
fn entries(text: &str) -> Result<(Vec<Entry<'_>>, usize), (usize, String)> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut body = 0;
    for (number, line) in text.lines().enumerate() {
        let Some(comment) = line.strip_prefix("--") else {
            if line.trim().is_empty() && entries.is_empty() {
                continue;
            }
            return Ok((entries, number));
        };
        body = number + 1;
        if let (true, Some(last)) = (comment.starts_with("  "), entries.last_mut()) {
            last.value.push(' ');
            last.value.push_str(comment.trim());
            continue;
        }
        let (key, value) = comment.split_once(':').ok_or_else(|| {
            (
                number + 1,
                format!("{:?} is not `key: value`", comment.trim()),
            )
        })?;
        entries.push(Entry {
            line: number + 1,
            key: key.trim(),
            value: value.trim().to_owned(),
        });
    }
    Ok((entries, body))
}

/// The entries, to be taken by their keys.
struct Head<'a> {
    entries: &'a [Entry<'a>],
}

impl Head<'_> {
    fn check_keys(&self) -> Result<(), (usize, String)> {
        let is_known = |key: &str| KEYS.split(", ").any(|known| known == key);
        match self.entries.iter().find(|entry| !is_known(entry.key)) {
            Some(entry) => Err((
                entry.line,
                format!("there is no key {:?}: take one of {KEYS}", entry.key),
            )),
            None => Ok(()),
        }
    }

    /// All values of a key.
    fn all<T, E: ToString>(
        &self,
        key: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Vec<T>, (usize, String)> {
        let entries = self.entries.iter().filter(|entry| entry.key == key);
        entries
            .map(|entry| {
                read(&entry.value)
                    .map_err(|wrong| (entry.line, format!("{key}: {}", wrong.to_string())))
            })
            .collect()
    }

    /// The value of a key that a head has once.
    fn one<T, E: ToString>(
        &self,
        key: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, (usize, String)> {
        let mut lines = self.entries.iter().filter(|entry| entry.key == key);
        let first = lines.next().map_or(1, |entry| entry.line);
        if let Some(second) = lines.next() {
            return Err((
                second.line,
                format!("{key} is given twice, first in line {first}"),
            ));
        }
        let mut values = self.all(key, read)?;
        values
            .pop()
            .ok_or_else(|| (1, format!("the head has no {key}")))
    }

    fn id(&self) -> Result<String, (usize, String)> {
        self.one("id", |id| {
            let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(is_part) {
                Ok(id.to_owned())
            } else {
                Err(format!("{id:?} is not made of a-z, 0-9 and hyphens"))
            }
        })
    }
}

fn text_of(value: &str) -> Result<String, String> {
    if value.is_empty() {
        return Err("there is no text".to_owned());
    }
    Ok(value.to_owned())
}

/// Names of columns with commas between them.
fn about(value: &str) -> Result<Vec<String>, String> {
    value
        .split(',')
        .map(str::trim)
        .map(|name| match is_name(name) {
            true => Ok(name.to_owned()),
            false => Err(format!("{name:?} is no name of a column")),
        })
        .collect()
}

/// `days = 90, "what it means"`
fn number(value: &str) -> Result<Number, String> {
    let wrong = || format!("{value:?} is not `name = 30, \"what it means\"`");
    let (name, rest) = value.split_once('=').ok_or_else(wrong)?;
    let (number, doc) = rest.split_once(',').ok_or_else(wrong)?;
    let doc = doc.trim();
    let doc = doc.strip_prefix('"').and_then(|doc| doc.strip_suffix('"'));
    let (name, doc) = (name.trim(), doc.ok_or_else(wrong)?);
    // The first two are words of the configuration, the third is the moment that every rule has.
    if !is_name(name) || ["severity", "enabled", "now"].contains(&name) {
        return Err(format!("{name:?} cannot be the name of a number"));
    }
    Ok(Number {
        name: name.to_owned(),
        value: number.trim().parse().map_err(|_| wrong())?,
        doc: doc.to_owned(),
    })
}

/// `cutoff = days before now`
fn moment(value: &str) -> Result<Moment, String> {
    let wrong = || format!("{value:?} is not `name = days before now`");
    let (name, rest) = value.split_once('=').ok_or_else(wrong)?;
    let days = rest.trim().strip_suffix("before now").ok_or_else(wrong)?;
    let (name, days) = (name.trim(), days.trim());
    if !is_name(name) || name == "now" {
        return Err(format!("{name:?} cannot be the name of a moment"));
    }
    Ok(Moment {
        name: name.to_owned(),
        days: days.to_owned(),
    })
}

/// Refuses a moment of a number that is not declared.
fn check_moments(rule: &Rule, entries: &[Entry<'_>]) -> Result<(), (usize, String)> {
    let unknown = |moment: &&Moment| !rule.numbers.iter().any(|number| number.name == moment.days);
    let Some(moment) = rule.moments.iter().find(unknown) else {
        return Ok(());
    };
    let entry = entries
        .iter()
        .find(|entry| entry.key == "moment" && entry.value.starts_with(&moment.name));
    Err((
        entry.map_or(1, |entry| entry.line),
        format!("moment: there is no number {:?}", moment.days),
    ))
}

#[cfg(test)]
mod tests;
