//! Tables for people: aligned columns that are measured on the first rows and then stream.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::cell::{Cells, Reader, Source};
use super::token::{members, unquote};
use crate::text::sanitize;
use crate::view::Kind;

/// How many rows are held back to measure the columns; memory stays constant after them.
const MEASURED: usize = 200;
/// Between columns.
const GAP: usize = 2;
/// No column is cut below this.
const NARROWEST: usize = 6;

/// The sink for rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) cells: Cells,
    held: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
    /// The terminal's width; nothing is cut without one.
    width: Option<usize>,
    color: bool,
}

impl Table {
    pub(super) fn new(cells: Cells, width: Option<u16>, color: bool) -> Self {
        Self {
            cells,
            held: Vec::new(),
            widths: None,
            width: width.map(usize::from),
            color,
        }
    }

    pub(super) fn row(&mut self, row: &str, out: &mut dyn Write) -> io::Result<()> {
        self.cells
            .settle(row, |value| !value.starts_with(['{', '[']));
        let cells = self.cells.of(row, Reader::Person);
        let cells = cells.iter().map(|cell| sanitize::text(cell).into_owned());
        if self.widths.is_some() {
            return self.line(&cells.collect::<Vec<_>>(), out);
        }
        self.held.push(cells.collect());
        if self.held.len() >= MEASURED {
            self.release(out)?;
        }
        Ok(())
    }

    /// Measures, then writes the head and what was held back.
    pub(super) fn release(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.widths.is_some() || self.cells.columns.is_empty() {
            return Ok(());
        }
        let titles = self.cells.columns.iter();
        let titles: Vec<_> = titles
            .map(|column| sanitize::text(&column.title).into_owned())
            .collect();
        let mut widths: Vec<_> = titles.iter().map(|title| title.width()).collect();
        for row in &self.held {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        if let Some(width) = self.width {
            fit(&mut widths, width);
        }
        self.widths = Some(widths);
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
        let widths = self.widths.as_deref().unwrap_or_default();
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(widths).zip(&self.cells.columns) {
            let cut = match self.width {
                Some(_) => cut(cell, *width),
                None => cell.clone(),
            };
            let blank = width.saturating_sub(cut.width());
            if column.kind == Kind::Count {
                line.push_str(&" ".repeat(blank));
                line.push_str(&cut);
            } else {
                line.push_str(&cut);
                line.push_str(&" ".repeat(blank));
            }
            line.push_str(&" ".repeat(GAP));
        }
        out.write_all(line.trim_end_matches(' ').as_bytes())
    }
}

/// Writes one object as a name and a value a line: all its members, or the fields asked for.
pub(super) fn write_object(table: &mut Table, object: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    if table.cells.columns.iter().any(Source::is_asked) {
        let values = table.cells.of(object, Reader::Person);
        let names = table.cells.columns.iter().map(|column| column.name.clone());
        lines.extend(names.zip(values));
    } else {
        let all: Vec<_> = members(object).collect();
        for (name, value) in &all {
            let name = unquote(name).unwrap_or_default();
            let value = Source::top(&name, value).cell(&all, Reader::Person);
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

/// Makes columns narrower until the line fits: the widest first, the first column last, since it holds the id.
fn fit(widths: &mut [usize], line: usize) {
    let gaps = GAP * widths.len().saturating_sub(1);
    loop {
        let total = widths.iter().sum::<usize>() + gaps;
        let Some(excess) = total.checked_sub(line).filter(|excess| *excess > 0) else {
            return;
        };
        let others = widths.iter().enumerate().skip(1);
        let widest = others.max_by_key(|(_, width)| **width);
        let place = match widest {
            Some((place, width)) if *width > NARROWEST => place,
            // it wraps then, but an id stays whole
            _ => return,
        };
        let next = widths
            .iter()
            .enumerate()
            .skip(1)
            .filter(|(other, _)| *other != place);
        let next = next.map(|(_, width)| *width).max().unwrap_or(0);
        // down to the next widest; from there on they shrink in turns
        let floor = if next < widths[place] {
            next
        } else {
            widths[place] - 1
        };
        widths[place] = (widths[place].saturating_sub(excess))
            .max(floor)
            .max(NARROWEST);
    }
}

/// The text within so many cells of a terminal, `…` at its end if something is missing.
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
    fn wide_columns_give_way_and_the_id_stays() {
        let mut widths = [20, 60, 30, 5];
        fit(&mut widths, 80);
        assert_eq!(widths.iter().sum::<usize>() + 6, 80);
        assert_eq!((widths[0], widths[3]), (20, 5));
        let mut widths = [32, 9, 9];
        fit(&mut widths, 20);
        assert_eq!(widths, [32, 6, 6]);
        let mut widths = [50];
        fit(&mut widths, 20);
        assert_eq!(widths, [50]);
    }

    #[test]
    fn cuts_count_cells_not_characters() {
        assert_eq!(cut("日本語テキスト", 7), "日本語…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("e\u{301}xyz", 3), "e\u{301}x…");
    }
}
