//! Addresses of objects, such as `s3://bucket/path/users.csv`, and of folders, which end in `/`.

use std::fmt;
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

use crate::export::format::Format;

/// A kind of store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// S3 of Amazon, and stores that speak like it.
    S3,
    /// Google Cloud Storage.
    Gs,
    /// Azure Blob Storage.
    Az,
}

impl Scheme {
    /// What stands before `://`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Gs => "gs",
            Self::Az => "az",
        }
    }

    /// How the names of its variables begin.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::S3 => "AWS_",
            Self::Gs => "GOOGLE_",
            Self::Az => "AZURE_",
        }
    }

    /// What it calls the places that objects are in.
    #[must_use]
    pub const fn bucket(self) -> &'static str {
        match self {
            Self::S3 | Self::Gs => "bucket",
            Self::Az => "container",
        }
    }
}

/// Where objects go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) scheme: Scheme,
    pub(super) bucket: String,
    /// The keys of all objects begin with it; empty, or with a `/` at its end.
    folder: String,
    /// The one object; nothing for a folder.
    file: Option<String>,
}

impl Address {
    /// The address of a text; nothing if it is none.
    ///
    /// # Errors
    /// It begins like one, and has no bucket or a key that no object can have here.
    pub fn parse(text: &str) -> Outcome<Option<Self>> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(None);
        };
        let all = [Scheme::S3, Scheme::Gs, Scheme::Az];
        let Some(scheme) = all
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(scheme))
        else {
            return Ok(None);
        };
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if bucket.is_empty() || !bucket.chars().all(is_fine) {
            let kind = scheme.bucket();
            return Err(
                Problem::usage(format!("{text} has no {kind} name")).hint(format!(
                    "write {}://{}/path",
                    scheme.name(),
                    kind.to_uppercase()
                )),
            );
        }
        let (folder, file) = match key.rsplit_once('/') {
            Some((folder, file)) => (format!("{folder}/"), file),
            None => (String::new(), key),
        };
        let mut parts = folder
            .split_terminator('/')
            .chain(Some(file).filter(|file| !file.is_empty()));
        let is_wrong =
            |part: &str| matches!(part, "" | "." | "..") || part.contains(char::is_control);
        if parts.any(is_wrong) {
            return Err(Problem::usage(format!(
                "{text:?} has an empty part, a . or a .., or a control character"
            ))
            .hint("name the object or the folder without them"));
        }
        Ok(Some(Self {
            scheme,
            bucket: bucket.to_owned(),
            folder,
            file: Some(file.to_owned()).filter(|file| !file.is_empty()),
        }))
    }

    /// The kind of store.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The name of the one object; nothing for a folder.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The format: the one that was asked for, else the one that the object's name says.
    ///
    /// # Errors
    /// There is none, or it does not go there.
    pub fn format(&self, asked: Option<Format>) -> Outcome<Format> {
        let format = match &self.file {
            Some(name) => asked.or_else(|| Format::of(Path::new(name))),
            None => asked.or(Some(Format::Ndjson)),
        };
        match (format, &self.file) {
            (Some(Format::Sqlite), None) => Err(Problem::usage(format!(
                "a SQLite export is one object, and {self} is a folder"
            ))
            .hint(format!(
                "name the object, such as --to {}",
                self.shown("clerk.sqlite")
            ))),
            (Some(format), _) => Ok(format),
            (None, _) => Err(
                Problem::usage(format!("the format of {self} is not known")).hint(format!(
                    "give --format {}, or end the name in one of them; a folder's name ends in /",
                    Format::WORDS.join("|")
                )),
            ),
        }
    }

    /// The key of an object of this name.
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    /// The address of an object of this name.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        format!(
            "{}://{}/{}",
            self.scheme.name(),
            self.bucket,
            self.key(name)
        )
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(self.file().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(Scheme, String, String, bool)> {
        let address = Address::parse(text).unwrap()?;
        let (bucket, key) = (address.bucket.clone(), address.key("x"));
        Some((address.scheme, bucket, key, address.file.is_some()))
    }

    #[test]
    fn an_address_has_a_bucket_and_an_object_or_a_folder() {
        let wanted =
            |scheme, key: &str, is_file| Some((scheme, "acme".to_owned(), key.to_owned(), is_file));
        for (text, is) in [
            ("s3://acme/users.csv", wanted(Scheme::S3, "x", true)),
            ("S3://acme/a/b/users.csv", wanted(Scheme::S3, "a/b/x", true)),
            ("gs://acme/lake/", wanted(Scheme::Gs, "lake/x", false)),
            ("az://acme", wanted(Scheme::Az, "x", false)),
            ("az://acme/", wanted(Scheme::Az, "x", false)),
            ("https://acme/users.csv", None),
            ("s3/acme", None),
            ("-", None),
        ] {
            assert_eq!(parsed(text), is, "{text}");
        }
        let address = Address::parse("s3://acme/a/users.csv").unwrap().unwrap();
        assert_eq!(address.to_string(), "s3://acme/a/users.csv");
    }

    #[test]
    fn what_no_object_can_be_called_is_refused() {
        for text in [
            "s3://",
            "s3:///users.csv",
            "s3://me:secret@acme/users.csv",
            "s3://acme//users.csv",
            "s3://acme/a//b/",
            "s3://acme/../users.csv",
            "s3://acme/.",
            "gs://acme/a\nb.csv",
        ] {
            assert!(Address::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_name_says_the_format() {
        let format = |text: &str, asked| {
            let address = Address::parse(text).unwrap().unwrap();
            address.format(asked).map_err(|problem| problem.message)
        };
        assert_eq!(format("s3://a/x.sqlite", None), Ok(Format::Sqlite));
        assert_eq!(format("s3://a/x.json", Some(Format::Csv)), Ok(Format::Csv));
        assert_eq!(format("s3://a/x/", None), Ok(Format::Ndjson));
        assert!(format("s3://a/x", None).is_err());
        assert!(format("s3://a/x/", Some(Format::Sqlite)).is_err());
    }
}
