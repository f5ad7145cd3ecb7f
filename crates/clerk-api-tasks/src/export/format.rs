//! The forms that an export can have.

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The API's own objects, one a line.
    Ndjson,
    /// One document with an array for each kind.
    Json,
    /// The tables, each a CSV file.
    Csv,
    /// The tables in one database.
    Sqlite,
    /// The tables, each a Parquet file.
    Parquet,
}

impl Format {
    /// What `--format` takes.
    pub const WORDS: [&str; 5] = ["ndjson", "json", "csv", "sqlite", "parquet"];

    /// The format of a word.
    ///
    /// # Errors
    /// There is no such format.
    pub fn parse(word: &str) -> Outcome<Self> {
        match word {
            "ndjson" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            "sqlite" => Ok(Self::Sqlite),
            "parquet" => Ok(Self::Parquet),
            other => Err(Problem::usage(format!("{other:?} is not a format"))
                .hint(format!("the formats are {}", Self::WORDS.join(", ")))),
        }
    }

    /// The word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Sqlite => "sqlite",
            Self::Parquet => "parquet",
        }
    }

    /// The format that a file's name says.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "sqlite" | "sqlite3" | "db" => Some(Self::Sqlite),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}
