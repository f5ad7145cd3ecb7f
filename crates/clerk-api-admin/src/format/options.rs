//! What the user asked the output to be, and what can go wrong with it.

use std::io;
use std::path::PathBuf;

use crate::text::secrets::Secrets;
use crate::view::{View, view};

/// How a response is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// The server's JSON.
    #[default]
    Json,
    /// One compact JSON text a line.
    Ndjson,
    /// Aligned columns for people.
    Table,
    /// RFC 4180, safe for spreadsheets.
    Csv,
    /// YAML 1.2.
    Yaml,
    /// One id a line.
    Ids,
}

impl Format {
    /// Every format, in the order that help shows them.
    pub const ALL: [Self; 6] = [
        Self::Json,
        Self::Ndjson,
        Self::Table,
        Self::Csv,
        Self::Yaml,
        Self::Ids,
    ];

    /// The word for it on the command line and in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Yaml => "yaml",
            Self::Ids => "ids",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = OutputError;

    fn from_str(word: &str) -> Result<Self, OutputError> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| OutputError::Format(word.to_owned()))
    }
}

/// All that decides about the output.
#[derive(Debug, Clone)]
pub struct OutputOptions {
    /// The format.
    pub format: Format,
    /// The fields to show, each as names joined by dots; empty for all.
    pub fields: Vec<String>,
    /// A filter in jq's language.
    pub jq: Option<String>,
    /// Whether to color.
    pub color: bool,
    /// Whether JSON is indented.
    pub pretty: bool,
    /// How wide the terminal is; cells are cut to fit only where it is known.
    pub width: Option<u16>,
    /// Columns and ids of the operation's model: `view::view(op)`.
    pub view: &'static View,
    /// Whether a terminal shows the output.
    pub to_terminal: bool,
    /// Whether a file takes the output, so that no log of a CI runner does.
    pub to_file: bool,
    /// Whether CSV has the API's own values: milliseconds, lists as JSON.
    pub raw: bool,
    /// Whether values that grant access are shown.
    pub show_secrets: bool,
    /// What was sent as a secret, masked by its value.
    pub secrets: Secrets,
    /// The program that runs the filter in a process of its own, this one by its hidden command; without it the filter
    /// runs in this process, which it can overflow.
    pub filter_program: Option<PathBuf>,
}

impl Default for OutputOptions {
    fn default() -> Self {
        Self {
            format: Format::Json,
            fields: Vec::new(),
            jq: None,
            color: false,
            pretty: false,
            width: None,
            view: view(""),
            to_terminal: false,
            to_file: false,
            raw: false,
            show_secrets: false,
            secrets: Secrets::default(),
            filter_program: None,
        }
    }
}

/// Who reads text that is not within quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A person at a terminal, which hidden characters would move.
    Terminal,
    /// Whatever is at the other end of a pipe: it may be the log of a CI runner.
    Pipe,
    /// A file.
    File,
}

impl OutputOptions {
    pub(super) const fn reader(&self) -> Reader {
        match (self.to_terminal, self.to_file) {
            (true, _) => Reader::Terminal,
            (_, true) => Reader::File,
            _ => Reader::Pipe,
        }
    }
}

/// Options that cannot be followed; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// No such format.
    #[error("there is no output format {0:?}; take one of json, ndjson, table, csv, yaml, ids")]
    Format(String),
    /// A path of `--fields` with an empty name in it.
    #[error("{0:?} is not a field: names are joined by single dots, as in public_metadata.plan")]
    Field(String),
    /// A path of `--fields` that leads deeper than any response.
    #[error("{0:?} has more than {1} names, and no response is that deep")]
    FieldDepth(String, usize),
    /// The filter cannot be compiled.
    #[error("the jq filter has an error at character {position}: {message}")]
    Jq {
        /// The place in the filter, counted in characters from 1.
        position: usize,
        /// What is wrong.
        message: String,
    },
    /// The filter is too long or too deep.
    #[error("the jq filter cannot be used: {0}")]
    JqSize(String),
    /// The process that runs the filter could not be started.
    #[error("cannot start the process that runs the jq filter")]
    Start(#[source] io::Error),
    /// A format in which a filter's results have no form.
    #[error("--jq works with the output formats json, ndjson, csv and table, not with {0}")]
    JqFormat(&'static str),
}

/// Why a response could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The output does not take it: a closed pipe, a full disk.
    #[error("cannot write the output")]
    Write(#[from] io::Error),
    /// The filter failed on this value.
    #[error("the jq filter failed: {0}")]
    Jq(String),
    /// Nothing in a row is an id, where ids were asked for.
    #[error("there is no id in it")]
    NoId,
    /// Too deep or no JSON, where values are needed.
    #[error("the response cannot be read as JSON values: {0}")]
    Json(String),
    /// The bytes are no text.
    #[error("the response is not UTF-8 (byte {0})")]
    Utf8(usize),
    /// A list is too large to be filtered as one document.
    #[error(
        "the list is larger than {0} MiB, the limit of --jq for one document: with `-o ndjson` the filter runs on one row at a time"
    )]
    TooLarge(usize),
}
