//! A rule: what its head says, and its SQL with the numbers and moments filled in.

use std::collections::BTreeMap;

use clerk_api_admin::problem::{Outcome, Problem};

use super::placeholder;
use super::sentence::Sentence;
use super::severity::Severity;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name in reports, suppressions and settings.
    pub id: String,
    /// How bad its findings are, if the configuration does not say otherwise.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: String,
    /// One finding in a sentence.
    pub says: Sentence,
    /// Why it matters.
    pub why: String,
    /// What mends a finding, as a command line.
    pub mend: Sentence,
    /// The columns that tell one finding from another.
    pub about: Vec<String>,
    /// What can be tuned.
    pub numbers: Vec<Number>,
    /// Moments that follow from numbers.
    pub moments: Vec<Moment>,
    /// Where others ask for the same, such as a control of a framework.
    pub references: Vec<String>,
    /// The file that it comes from.
    pub file: String,
    /// The line at which the SQL begins.
    pub line: usize,
    /// The SQL, with `:name` for numbers and moments.
    pub sql: String,
}

/// A number that can be tuned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its name: `:name` in the SQL, and in the configuration.
    pub name: String,
    /// What it is where nothing else is said.
    pub value: i64,
    /// What it means.
    pub doc: String,
}

/// A moment: so many days before the data was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Its name: `:name` in the SQL.
    pub name: String,
    /// The number of days.
    pub days: String,
}

/// The numbers of a rule as they are used.
pub type Numbers = BTreeMap<String, i64>;

impl Rule {
    /// The numbers where nothing else is said.
    #[must_use]
    pub fn defaults(&self) -> Numbers {
        let numbers = self.numbers.iter();
        numbers
            .map(|number| (number.name.clone(), number.value))
            .collect()
    }

    /// The SQL with literals for its numbers and moments, so that the same text runs on several engines.
    ///
    /// # Errors
    /// A name that the head does not declare, and days that lead out of the calendar.
    pub fn render(&self, numbers: &Numbers, now: i64) -> Outcome<String> {
        let mut values = BTreeMap::from([("now".to_owned(), literal(now))]);
        values.extend(
            numbers
                .iter()
                .map(|(name, number)| (name.clone(), Some(number.to_string()))),
        );
        for moment in &self.moments {
            let days = numbers.get(&moment.days).copied().unwrap_or_default();
            let at = days.checked_mul(DAY).and_then(|span| now.checked_sub(span));
            values.insert(moment.name.clone(), at.and_then(literal));
        }
        placeholder::filled(&self.sql, |name| values.get(name).cloned().flatten()).map_err(
            |unknown| {
                let line = self.line + unknown.line;
                let file = &self.file;
                Problem::usage(format!(
                    "{file}:{line}: :{} has no value",
                    unknown.name
                ))
                .hint("a head declares `-- number: name = 30, \"what it means\"` or `-- moment: name = number before now`, and a moment is within the calendar")
            },
        )
    }
}

/// A moment as a literal of SQL; nothing if no calendar has it.
fn literal(millis: i64) -> Option<String> {
    iso(millis).map(|text| format!("'{text}'"))
}

/// A moment as exports have it: `2026-11-27T15:33:12.345Z`.
#[must_use]
pub fn iso(millis: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(millis).ok()?;
    Some(format!("{at:.3}"))
}
