//! The renderer: one response, or a list row by row, in the format that was asked for.

use std::io::Write;

use super::document::Document;
use super::fields::{Path, Selection};
use super::filter::Filter;
use super::hidden;
use super::options::{Format, OutputError, OutputOptions, RenderError};
use super::report::Report;
use super::rows::{Layout, Shape};
use super::sink::Sink;
use crate::text::secrets::Secrets;

/// Writes answers.
///
/// A whole response goes through `answer`; a walk calls `list_start` with the first page, `row` for each row, `pause` where the
/// reader shall have what there is, and `list_end`, also after a failure in the middle, so that what was written stays
/// well-formed. A list looks the same either way. A document with one long list goes through `start_within` instead of
/// `list_start`.
pub struct Renderer {
    sink: Sink,
    /// What rows pass before the sink.
    filter: Option<Filtered>,
    /// The fields of JSON-like formats; tables and CSV have columns instead.
    selection: Option<Selection>,
    hidden: &'static [&'static str],
    secrets: Secrets,
    layout: Layout,
    rows: u64,
    pruned: String,
    report: Report,
    keep: Option<Keep>,
}

/// Says whether a row is shown, or why nobody can tell.
pub type Keep = Box<dyn FnMut(&str) -> Result<bool, String>>;

/// A filter and what waits for it.
struct Filtered {
    filter: Filter,
    waiting: Waiting,
}

enum Waiting {
    /// The rows since the last pause.
    Rows(Vec<String>),
    /// The document so far.
    Document(Document),
}

impl Renderer {
    /// Checks the options; compiles the filter.
    pub fn new(options: &OutputOptions) -> Result<Self, OutputError> {
        let filter = options.jq.as_deref();
        Ok(Self {
            selection: selection(options)?,
            sink: Sink::new(options)?,
            filter: filter
                .map(|code| Filtered::new(code, options))
                .transpose()?,
            hidden: match options.show_secrets {
                true => &[],
                false => options.view.hidden,
            },
            secrets: options.secrets.clone(),
            layout: Layout::default(),
            rows: 0,
            pruned: String::new(),
            report: Report::default(),
            keep: None,
        })
    }

    /// Shows only the rows of lists that this keeps.
    pub fn keep(&mut self, keep: Keep) {
        self.keep = Some(keep);
    }

    /// Whether a row is shown. One that cannot be judged is left out and reported.
    fn keeps(&mut self, row: &str) -> bool {
        match self.keep.as_mut().map(|keep| keep(row)) {
            None => true,
            Some(Ok(kept)) => kept,
            Some(Err(reason)) => {
                self.rows += 1;
                let error = RenderError::Json(reason);
                self.report.leave_out(self.rows, row, &error);
                false
            }
        }
    }

    /// Writes a whole response: an object, a list, or a list with its total.
    pub fn answer(&mut self, raw: &[u8], out: &mut dyn Write) -> Result<Report, RenderError> {
        let text = std::str::from_utf8(raw);
        let text = text.map_err(|error| RenderError::Utf8(error.valid_up_to()))?;
        let masked = hidden::mask(text.trim(), &self.secrets);
        let text = hidden::hide(&masked, self.hidden);
        // `null` is the response of what answers nothing: it has no rows.
        let nothing = self.filter.is_none() && self.sink.has_rows_only() && text == "null";
        if text.is_empty() || nothing {
            return Ok(Report::default());
        }
        match Shape::of(&text) {
            Shape::One(one) => self.one(one, out),
            list => {
                self.list_start(Some(&text), out)?;
                for row in list.rows() {
                    self.visible_row(row, out)?;
                }
                self.list_end(out)
            }
        }
    }

    fn one(&mut self, one: &str, out: &mut dyn Write) -> Result<Report, RenderError> {
        let one = pruned(self.selection.as_mut(), one, &mut self.pruned);
        match &mut self.filter {
            Some(filtered) => filtered.run_on(one, &mut self.sink, out)?,
            None => self.sink.one(one, out)?,
        }
        Ok(self.reported())
    }

    /// Begins a list that looks like its first page, if there is one.
    pub fn list_start(
        &mut self,
        first: Option<&str>,
        out: &mut dyn Write,
    ) -> Result<(), RenderError> {
        self.start(Layout::of(first), out)
    }

    /// Begins the long list of a document, a member that is empty in it: its rows follow one by one, and are never in memory at
    /// once. A filter sees the whole document.
    pub fn start_within(
        &mut self,
        document: &str,
        member: &str,
        out: &mut dyn Write,
    ) -> Result<(), RenderError> {
        let masked = hidden::mask(document, &self.secrets);
        self.start(Layout::within(&masked, member), out)
    }

    fn start(&mut self, layout: Layout, out: &mut dyn Write) -> Result<(), RenderError> {
        self.rows = 0;
        self.layout = layout;
        match &mut self.filter {
            None => self.sink.start(&self.layout, out),
            Some(filtered) => {
                if let Waiting::Document(document) = &mut filtered.waiting {
                    document.start(&self.layout);
                }
                Ok(())
            }
        }
    }

    /// Writes one row from its exact JSON text. One that cannot be read in this format is left out and reported.
    pub fn row(&mut self, row: &str, out: &mut dyn Write) -> Result<(), RenderError> {
        let masked = hidden::mask(row, &self.secrets);
        self.visible_row(&hidden::hide(&masked, self.hidden), out)
    }

    /// Writes the rows of a page and gives their number. The page is searched for secrets once, not row by row.
    pub fn page<'p>(
        &mut self,
        whole: &str,
        rows: impl Iterator<Item = &'p str>,
        out: &mut dyn Write,
    ) -> Result<u64, RenderError> {
        let masks = self.secrets.are_in(whole);
        let mut count = 0;
        for row in rows {
            if !self.keeps(row) {
                continue;
            }
            if masks {
                self.row(row, out)?;
            } else {
                self.visible_row(&hidden::hide(row, self.hidden), out)?;
            }
            count += 1;
        }
        Ok(count)
    }

    fn visible_row(&mut self, whole: &str, out: &mut dyn Write) -> Result<(), RenderError> {
        self.rows += 1;
        let row = pruned(self.selection.as_mut(), whole, &mut self.pruned);
        let written = match &mut self.filter {
            None => self.sink.row(row, &self.layout, out),
            Some(filtered) => match &mut filtered.waiting {
                Waiting::Rows(rows) => {
                    rows.push(row.to_owned());
                    return Ok(());
                }
                Waiting::Document(document) => return document.push(row),
            },
        };
        match written {
            Ok(()) => self.layout.written += 1,
            Err(error @ (RenderError::Json(_) | RenderError::NoId)) => {
                self.report.leave_out(self.rows, whole, &error);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Lets the reader have what there is of rows.
    pub fn pause(&mut self, out: &mut dyn Write) -> Result<(), RenderError> {
        let Some(filtered) = &mut self.filter else {
            return self.sink.release(out);
        };
        let Waiting::Rows(waiting) = &mut filtered.waiting else {
            return Ok(());
        };
        let rows = std::mem::take(waiting);
        let before = self.rows - rows.len() as u64;
        let read = filtered.run(&rows, &mut self.sink, out)?;
        for ((row, number), read) in rows.iter().zip(before + 1..).zip(read) {
            if let Err(reason) = read {
                let error = RenderError::Json(reason);
                self.report.leave_out(number, row, &error);
            }
        }
        Ok(())
    }

    /// Ends a list, complete or not.
    pub fn list_end(&mut self, out: &mut dyn Write) -> Result<Report, RenderError> {
        self.pause(out)?;
        match &mut self.filter {
            None => self.sink.end(&self.layout, out)?,
            Some(filtered) => match &mut filtered.waiting {
                Waiting::Rows(_) => self.sink.release(out)?,
                Waiting::Document(document) => {
                    let document = std::mem::take(document);
                    let whole = document.readable(&mut filtered.filter, &mut self.report)?;
                    filtered.run_on(&whole, &mut self.sink, out)?;
                }
            },
        }
        Ok(self.reported())
    }

    /// Whether nothing is written before the list is whole, since a filter sees all of it at once.
    #[must_use]
    pub fn needs_whole(&self) -> bool {
        let waiting = self.filter.as_ref().map(|filtered| &filtered.waiting);
        matches!(waiting, Some(Waiting::Document(_)))
    }

    fn reported(&mut self) -> Report {
        let unknown = match &self.selection {
            Some(selection) => selection.unknown(),
            None => self.sink.unknown_fields(),
        };
        let mut report = std::mem::take(&mut self.report);
        report.unknown_fields(&unknown);
        self.sink.report(&mut report);
        report
    }
}

impl Filtered {
    fn new(code: &str, options: &OutputOptions) -> Result<Self, OutputError> {
        let waiting = match options.format {
            Format::Ndjson => Waiting::Rows(Vec::new()),
            Format::Json | Format::Csv | Format::Table => Waiting::Document(Document::default()),
            Format::Yaml | Format::Ids => {
                return Err(OutputError::JqFormat(options.format.as_str()));
            }
        };
        let filter = Filter::new(code, options.filter_program.as_deref())?;
        Ok(Self { filter, waiting })
    }

    /// Runs the filter on each input and writes its results; says of each input whether it could be read.
    fn run(
        &mut self,
        inputs: &[impl AsRef<str>],
        sink: &mut Sink,
        out: &mut dyn Write,
    ) -> Result<Vec<Result<(), String>>, RenderError> {
        self.filter
            .run(inputs, &mut |result| sink.result(&result, out))
    }

    /// The same for one input that must be readable.
    fn run_on(
        &mut self,
        input: &str,
        sink: &mut Sink,
        out: &mut dyn Write,
    ) -> Result<(), RenderError> {
        for read in self.run(&[input], sink, out)? {
            read.map_err(RenderError::Json)?;
        }
        sink.release(out)
    }
}

fn selection(options: &OutputOptions) -> Result<Option<Selection>, OutputError> {
    let has_columns = matches!(options.format, Format::Ids | Format::Csv | Format::Table);
    let paths: Vec<Path> = options
        .fields
        .iter()
        .map(|field| Path::parse(field))
        .collect::<Result<_, _>>()?;
    Ok((!has_columns && !paths.is_empty()).then(|| Selection::new(&paths)))
}

/// The row with the fields that were asked for.
fn pruned<'a>(selection: Option<&mut Selection>, row: &'a str, room: &'a mut String) -> &'a str {
    let Some(selection) = selection else {
        return row;
    };
    room.clear();
    selection.prune(row, room);
    room
}
