//! Where an export goes.

mod outlet;

use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};

use super::format::Format;

pub(super) use outlet::Outlet;
pub use outlet::Written;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// One file.
    File(PathBuf),
    /// A folder, with a file for each kind or table.
    Folder(PathBuf),
}

impl Target {
    /// The place of a text, and the format that it has there: the one that was asked for, else the one that the file's name says.
    ///
    /// # Errors
    /// It is a place that is not written to, or the format does not go there.
    pub fn parse(text: &str, asked: Option<Format>) -> Outcome<(Self, Format)> {
        if text.contains("://") {
            return Err(elsewhere(text));
        }
        if text == "-" {
            let format = asked.unwrap_or(Format::Ndjson);
            return match format {
                Format::Sqlite | Format::Parquet => Err(Problem::usage(format!(
                    "{} is written to a file, not to standard output",
                    format.name()
                ))
                .hint("name a file: --to FILE")),
                _ => Ok((Self::Stdout, format)),
            };
        }
        let path = PathBuf::from(text);
        if text.ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir() {
            return match asked.unwrap_or(Format::Ndjson) {
                Format::Sqlite => Err(Problem::usage(format!(
                    "a SQLite export is one file, and {text} is a folder"
                ))
                .hint(format!(
                    "name the file, such as --to {}",
                    path.join("clerk.sqlite").display()
                ))),
                format => Ok((Self::Folder(path), format)),
            };
        }
        match asked.or_else(|| Format::of(&path)) {
            Some(format) => Ok((Self::File(path), format)),
            None => Err(
                Problem::usage(format!("the format of {text} is not known")).hint(format!(
                    "give --format {}, or end the name in one of them; a folder's name ends in /",
                    Format::WORDS.join("|")
                )),
            ),
        }
    }
}

fn elsewhere(text: &str) -> Box<Problem> {
    Problem::usage(format!("{text} is not a file, a folder or -")).hint(
        "export to a folder, --to FOLDER/, and copy it there; or --to - into a program that uploads it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_written_where() {
        let parse = |text, asked| Target::parse(text, asked).map_err(|problem| problem.message);
        let file = |name: &str| Target::File(PathBuf::from(name));
        assert_eq!(
            parse("x.sqlite", None),
            Ok((file("x.sqlite"), Format::Sqlite))
        );
        assert_eq!(
            parse("x.JSONL", None),
            Ok((file("x.JSONL"), Format::Ndjson))
        );
        assert_eq!(
            parse("x.json", Some(Format::Csv)),
            Ok((file("x.json"), Format::Csv))
        );
        assert_eq!(parse("-", None), Ok((Target::Stdout, Format::Ndjson)));
        let folder = Target::Folder(PathBuf::from("x/"));
        assert_eq!(
            parse("x/", Some(Format::Parquet)),
            Ok((folder, Format::Parquet))
        );
        for wrong in [
            ("x", None),
            ("-", Some(Format::Sqlite)),
            ("x/", Some(Format::Sqlite)),
            ("s3://bucket/x", None),
            ("https://example.com/x", None),
            ("ftp://x", None),
        ] {
            assert!(parse(wrong.0, wrong.1).is_err(), "{wrong:?}");
        }
    }
}
