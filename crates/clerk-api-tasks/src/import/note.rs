//! What should be known of an import before it begins: which forms dates have, and what of rows cannot come along.

use std::collections::BTreeMap;

use super::date::Unit;

/// What a pass over the rows found.
#[derive(Debug, Default)]
pub struct Survey {
    dates: BTreeMap<(String, Unit), u64>,
    notes: BTreeMap<String, (u64, u64)>,
}

impl Survey {
    /// Takes what one row has to tell.
    pub(super) fn take(&mut self, line: u64, told: &Told) {
        for date in &told.dates {
            *self.dates.entry(date.clone()).or_default() += 1;
        }
        for note in &told.notes {
            self.notes.entry(note.clone()).or_insert((0, line)).0 += 1;
        }
    }

    /// Everything in sentences, to be shown to a person.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let dates = self.dates.iter();
        let dates = dates.map(|((column, unit), count)| {
            format!("column {column}: {} in {}", unit.said(), rows(*count))
        });
        let notes = self.notes.iter();
        let notes = notes.map(|(note, (count, line))| {
            format!("{}: {note} (first in line {line})", rows(*count))
        });
        dates.chain(notes).collect()
    }
}

fn rows(count: u64) -> String {
    format!("{count} row{}", if count == 1 { "" } else { "s" })
}

/// What one row has to tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) dates: Vec<(String, Unit)>,
    pub(super) notes: Vec<String>,
}
