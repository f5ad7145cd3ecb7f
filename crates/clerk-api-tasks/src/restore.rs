//! An export read back: the objects that it was made of, as the API sends them, for a local Clerk to hold.
//!
//! The tables of a SQLite export do not have everything that an object has; what they lack is missing from the objects too.

mod anonymize;
mod lines;
mod tables;

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

pub use anonymize::Anonymizer;
pub use lines::Lines;
pub use tables::Tables;

use crate::sweep::Kind;

/// The kinds in the order in which they can be put in: what others refer to comes first.
pub const ORDER: [Kind; 8] = [
    Kind::Roles,
    Kind::RoleSets,
    Kind::Users,
    Kind::Organizations,
    Kind::Memberships,
    Kind::OrganizationInvitations,
    Kind::Invitations,
    Kind::Domains,
];

/// An export.
pub enum Source {
    /// A SQLite file.
    Tables(Tables),
    /// A folder with a file of objects for each kind.
    Lines(Lines),
}

impl Source {
    /// Opens an export: a SQLite file, or a folder in the format ndjson.
    ///
    /// # Errors
    /// There is no such file, or it is something else.
    pub fn open(path: &Path) -> Outcome<Self> {
        if path.is_dir() {
            return Ok(Self::Lines(Lines::open(path)?));
        }
        if !path.is_file() {
            return Err(
                Problem::usage(format!("there is no file {}", path.display()))
                    .hint("`clerk-api export --to acme.sqlite` writes one"),
            );
        }
        Ok(Self::Tables(Tables::open(path)?))
    }

    /// The format.
    #[must_use]
    pub const fn format(&self) -> &'static str {
        match self {
            Self::Tables(_) => "sqlite",
            Self::Lines(_) => "ndjson",
        }
    }

    /// How many objects there are, where that is known.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn total(&self) -> Outcome<Option<u64>> {
        match self {
            Self::Tables(tables) => tables.total().map(Some),
            Self::Lines(_) => Ok(None),
        }
    }

    /// Gives every object away, one at a time, the kinds in [`ORDER`].
    ///
    /// # Errors
    /// The file is damaged, or what takes the objects fails.
    pub fn read(&self, each: &mut dyn FnMut(Kind, &str) -> Outcome<()>) -> Outcome<()> {
        for kind in ORDER {
            match self {
                Self::Tables(tables) => tables.read(kind, &mut |object| each(kind, object))?,
                Self::Lines(lines) => lines.read(kind, &mut |object| each(kind, object))?,
            }
        }
        Ok(())
    }
}
