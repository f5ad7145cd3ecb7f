//! How wide each column is, and what is dropped if the terminal is too narrow: first empty columns, then ids, then times of
//! day, then other text and whole dates. Names are cut last, and numbers never: a cut number would be another one.

use unicode_width::UnicodeWidthStr;

use super::super::cell::Source;
use crate::view::Kind;

/// Between columns.
pub(super) const GAP: usize = 2;
/// No column is cut below this.
pub(super) const NARROWEST: usize = 6;
/// A date without its time of day.
const DAY: usize = "2026-11-27".len();

/// The columns of a table as they are written.
#[derive(Debug)]
pub(super) struct Layout {
    /// Nothing for a column that is left out.
    widths: Vec<Option<usize>>,
    /// Whether dates go without their time of day.
    days: bool,
    /// The columns that are left out, in their order.
    pub(super) left_out: Vec<usize>,
    /// Columns that were left out because they said nothing, and then had something to say.
    pub(super) missed: Vec<usize>,
    silent: Vec<usize>,
}

impl Layout {
    /// Columns as wide as what is in them.
    pub(super) fn measured(titles: &[String], rows: &[Vec<String>]) -> Self {
        let mut widths: Vec<_> = titles.iter().map(|title| title.width()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        Self {
            widths: widths.into_iter().map(Some).collect(),
            days: false,
            left_out: Vec::new(),
            missed: Vec::new(),
            silent: Vec::new(),
        }
    }

    /// Makes a line fit, as far as that can be.
    pub(super) fn fit(&mut self, columns: &[Source], rows: &[Vec<String>], line: usize) {
        let says_nothing = |place: &usize| {
            let silent = |row: &Vec<String>| row.get(*place).is_none_or(|cell| is_silent(cell));
            !columns[*place].is_asked() && !rows.is_empty() && rows.iter().all(silent)
        };
        let silent: Vec<usize> = (0..columns.len()).rev().filter(says_nothing).collect();
        let ids = (0..columns.len())
            .rev()
            .filter(|place| columns[*place].is_id());
        let has_names = columns.iter().any(Source::is_name);
        let ids: Vec<usize> = match has_names {
            true => ids.filter(|place| !silent.contains(place)).collect(),
            // Nothing else would tell the rows apart.
            false => Vec::new(),
        };
        self.leave_out(silent.iter().chain(&ids).copied(), line);
        self.silent = silent;
        self.silent.retain(|place| self.left_out.contains(place));
        if self.excess(line) > 0 {
            self.shorten_dates(columns);
        }
        let is_text =
            |place: usize| matches!(columns[place].kind, Kind::Text | Kind::Primary { .. });
        // The first column is what the row is called.
        let is_called = |place: usize| place == 0 && !has_names;
        self.cut(line, |place| {
            is_text(place) && !columns[place].is_name() && !is_called(place)
        });
        let is_date =
            |place: &usize| columns[*place].kind == Kind::Instant && !columns[*place].is_asked();
        self.leave_out((0..columns.len()).rev().filter(is_date), line);
        self.cut(line, |place| is_text(place) && place > 0);
    }

    /// Leaves columns out, one after the other, until the line fits.
    fn leave_out(&mut self, places: impl IntoIterator<Item = usize>, line: usize) {
        for place in places {
            if self.excess(line) == 0 {
                break;
            }
            if self.widths[place].take().is_some() {
                self.left_out.push(place);
            }
        }
        self.left_out.sort_unstable();
    }

    fn shorten_dates(&mut self, columns: &[Source]) {
        self.days = true;
        for (width, column) in self.widths.iter_mut().zip(columns) {
            if let (Some(width), Kind::Instant) = (width, column.kind) {
                *width = (*width).min(DAY.max(column.title.width()));
            }
        }
    }

    /// Takes from the widest of these columns until the line fits.
    fn cut(&mut self, line: usize, may: impl Fn(usize) -> bool) {
        while self.excess(line) > 0 {
            let widths = self.widths.iter_mut().enumerate();
            let widths = widths.filter(|(place, _)| may(*place));
            let widest = widths.filter_map(|(_, width)| width.as_mut()).max();
            match widest {
                Some(width) if *width > NARROWEST => *width -= 1,
                // It wraps then, but dates and what tells the rows apart stay whole.
                _ => return,
            }
        }
    }

    /// By how much a line is too long.
    fn excess(&self, line: usize) -> usize {
        let widths = self.widths.iter().flatten();
        let gaps = GAP * widths.clone().count().saturating_sub(1);
        (widths.sum::<usize>() + gaps).saturating_sub(line)
    }

    /// The columns that are written, with their widths.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.widths.iter().enumerate();
        columns.filter_map(|(place, width)| Some((place, (*width)?)))
    }

    /// A cell without what gave way of it.
    pub(super) fn shortened<'a>(&self, column: &Source, cell: &'a str) -> &'a str {
        match cell.split_once(' ') {
            Some((day, _)) if self.days && column.kind == Kind::Instant && day.len() == DAY => day,
            _ => cell,
        }
    }

    /// Notes what a row has in a column that is left out.
    pub(super) fn look_at(&mut self, cells: &[String]) {
        for place in &self.silent {
            if cells.get(*place).is_some_and(|cell| !is_silent(cell))
                && !self.missed.contains(place)
            {
                self.missed.push(*place);
            }
        }
    }
}

/// Whether a cell says what everybody takes for granted.
fn is_silent(cell: &str) -> bool {
    matches!(cell, "" | "false")
}
