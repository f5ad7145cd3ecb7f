//! Tables for people: aligned columns that are measured on the first rows and then stream.
//!
//! `table/layout.rs` decides what gives way where a terminal is too narrow.

mod layout;

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::cell::{Cells, Reader, Source};
use super::report::Report;
use super::token::{members, unquote};
use crate::text::sanitize;
use crate::view::Kind;
use layout::{GAP, Layout, NARROWEST};

/// How many rows are held back to measure the columns; memory stays constant after them.
const MEASURED: usize = 200;

/// The sink for rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) cells: Cells,
    held: Vec<Vec<String>>,
    layout: Option<Layout>,
    /// The terminal's width; nothing is left out or cut without one.
    width: Option<usize>,
    reader: Reader,
    color: bool,
}

impl Table {
    /// A table for a terminal of this width, if it is one that is not to show everything.
    pub(super) fn new(cells: Cells, width: Option<u16>, reader: Reader, color: bool) -> Self {
        Self {
            cells,
            held: Vec::new(),
            layout: None,
            width: width.map(usize::from),
            reader,
            color,
        }
    }

    pub(super) fn row(&mut self, row: &str, out: &mut dyn Write) -> io::Result<()> {
        self.cells
            .settle(row, |value| !value.starts_with(['{', '[']));
        let cells = self.cells.of(row, self.reader);
        let cells = cells.iter().map(|cell| sanitize::text(cell).into_owned());
        let cells: Vec<_> = cells.collect();
        if let Some(layout) = &mut self.layout {
            layout.look_at(&cells);
            return self.line(&cells, out);
        }
        self.held.push(cells);
        if self.held.len() >= MEASURED {
            self.release(out)?;
        }
        Ok(())
    }

    /// Measures, then writes the head and what was held back.
    pub(super) fn release(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.layout.is_some() || self.cells.columns.is_empty() {
            return Ok(());
        }
        let titles = self.cells.columns.iter();
        let titles: Vec<_> = titles
            .map(|column| sanitize::text(&column.title).into_owned())
            .collect();
        let mut layout = Layout::measured(&titles, &self.held);
        if let Some(width) = self.width {
            layout.fit(&self.cells.columns, &self.held, width);
        }
        self.layout = Some(layout);
        if self.color {
            out.write_all(b"\x1b[1m")?;
        }
        self.line_without_end(&titles, out)?;
        out.write_all(if self.color { b"\x1b[0m\n" } else { b"\n" })?;
        for row in std::mem::take(&mut self.held) {
            self.line(&row, out)?;
        }
        Ok(())
    }

    fn line(&self, cells: &[String], out: &mut dyn Write) -> io::Result<()> {
        self.line_without_end(cells, out)?;
        out.write_all(b"\n")
    }

    fn line_without_end(&self, cells: &[String], out: &mut dyn Write) -> io::Result<()> {
        let Some(layout) = &self.layout else {
            return Ok(());
        };
        let mut line = String::new();
        for (place, width) in layout.columns() {
            let (cell, column) = (&cells[place], &self.cells.columns[place]);
            let cell = layout.shortened(column, cell);
            let cut = match self.width {
                Some(_) => cut(cell, width),
                None => cell.to_owned(),
            };
            let blank = " ".repeat(width.saturating_sub(cut.width()));
            let cut = if self.reader == Reader::Terminal {
                isolated(cut)
            } else {
                cut
            };
            let (before, behind) = if column.kind == Kind::Count {
                (blank, String::new())
            } else {
                (String::new(), blank)
            };
            line.extend([before, cut, behind, " ".repeat(GAP)]);
        }
        out.write_all(line.trim_end_matches(' ').as_bytes())
    }

    /// Notes what is not in the table.
    pub(super) fn report(&self, report: &mut Report) {
        let Some(layout) = &self.layout else {
            return;
        };
        let titles = |places: &[usize]| {
            let titles = places
                .iter()
                .map(|place| self.cells.columns[*place].title.as_str());
            titles.collect::<Vec<_>>().join(", ")
        };
        if !layout.left_out.is_empty() {
            let titles = titles(&layout.left_out);
            report
                .notes
                .push(format!("left out to fit: {titles} (--wide shows all)"));
        }
        if !layout.missed.is_empty() {
            let titles = titles(&layout.missed);
            report.notes.push(format!(
                "some rows have a value in {titles}, which is not shown"
            ));
        }
    }
}

/// A cell that a terminal may turn around, kept from turning its neighbours around too.
fn isolated(cell: String) -> String {
    let turns = |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if cell.contains(turns) {
        format!("\u{2068}{cell}\u{2069}")
    } else {
        cell
    }
}

/// Writes one object as a name and a value a line: all its members, or the fields asked for.
pub(super) fn write_object(table: &mut Table, object: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    if table.cells.columns.iter().any(Source::is_asked) {
        let values = table.cells.of(object, table.reader);
        let names = table.cells.columns.iter().map(|column| column.name.clone());
        lines.extend(names.zip(values));
    } else {
        let all: Vec<_> = members(object).collect();
        for (name, value) in &all {
            let name = unquote(name).unwrap_or_default();
            let value = Source::top(&name, value).cell(&all, table.reader);
            lines.push((name, value));
        }
    }
    let widest = lines
        .iter()
        .map(|(name, _)| sanitize::text(name).width())
        .max();
    let widest = widest.unwrap_or_default();
    for (name, value) in lines {
        let name = sanitize::text(&name);
        let blank = " ".repeat(widest - name.width().min(widest) + GAP);
        let value = sanitize::text(&value);
        let value = match table.width {
            Some(width) => cut(&value, width.saturating_sub(widest + GAP).max(NARROWEST)),
            None => value.into_owned(),
        };
        let (bold, plain) = if table.color {
            ("\x1b[1m", "\x1b[0m")
        } else {
            ("", "")
        };
        let line = format!("{bold}{name}{plain}{blank}{value}");
        writeln!(out, "{}", line.trim_end_matches(' '))?;
    }
    Ok(())
}

/// The text within this many cells of a terminal, `…` at its end if something is missing.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_count_cells_not_characters() {
        assert_eq!(cut("日本語テキスト", 7), "日本語…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("e\u{301}xyz", 3), "e\u{301}x…");
    }
}
