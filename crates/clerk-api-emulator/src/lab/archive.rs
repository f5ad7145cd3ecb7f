//! An instance as a folder: a copy of its database, and a page of facts about it that people can read and compare.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use fs_err as fs;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::clock::Clock;
use crate::id::Ids;
use crate::resource;
use crate::start_error::StartError;
use crate::store::{self, Part};

/// The format of the folder.
const FORMAT: u32 = 1;
const DATABASE: &str = "instance.db";
const MANIFEST: &str = "manifest.json";
/// Most bytes of a manifest.
const MANIFEST_MOST: u64 = 64 << 10;
/// What the name of the tool that wrote it begins with.
const TOOL: &str = "clerk-api ";
/// The lists whose lengths the manifest gives.
const LISTS: [&str; 5] = [
    "users",
    "organizations",
    "memberships",
    "organization_invitations",
    "invitations",
];

/// What is said about an exported instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// The format of the folder.
    pub format: u32,
    /// What wrote it.
    pub tool: String,
    /// The format of the database.
    pub schema: u64,
    /// The instance's id.
    pub instance_id: String,
    /// How many objects there are.
    pub counts: BTreeMap<String, u64>,
}

/// Why an instance could not be exported or imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// There is nothing to export.
    #[error("there is no instance in {}", .0.display())]
    NoInstance(PathBuf),
    /// The folder holds something.
    #[error("{} is there already and not empty", .0.display())]
    Taken(PathBuf),
    /// The folder was not exported.
    #[error("{} is not an exported instance: it has no readable {MANIFEST}", .0.display())]
    Foreign(PathBuf),
    /// The folder was exported by a later release.
    #[error("the export has format {found}, this release knows format {FORMAT}")]
    Newer {
        /// The format of the folder.
        found: u32,
    },
    /// The copy is broken.
    #[error("the database of the export is damaged: {0}")]
    Damaged(String),
    /// A database cannot be read or written.
    #[error(transparent)]
    Database(#[from] StartError),
}

impl From<std::io::Error> for ArchiveError {
    fn from(error: std::io::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<rusqlite::Error> for ArchiveError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Writes all that the database at a path holds into a folder; the database may be in use. With `replace` it may
/// take the place of what was exported there before. The database in the folder is complete at every moment.
///
/// # Errors
///
/// When there is no database, when the folder holds something, or when it cannot be written.
pub fn export(database: &Path, folder: &Path, replace: bool) -> Result<Manifest, ArchiveError> {
    check_export(folder, replace)?;
    if !database.exists() {
        return Err(ArchiveError::NoInstance(database.to_owned()));
    }
    let target = folder.join(DATABASE);
    let copy = store::save(database, &target)?;
    let manifest = describe(copy.path())?;
    copy.sync()?;
    let mut text = serde_json::to_string_pretty(&manifest).map_err(std::io::Error::from)?;
    text.push('\n');
    // The manifest comes first: by it the next one knows what is left if this one is killed here.
    let part = Part::of_text(&text, &folder.join(MANIFEST))?;
    part.sync()?;
    part.name(&folder.join(MANIFEST))?;
    copy.name(&target)?;
    Ok(manifest)
}

/// Returns whether `export` would be refused because of what is in the folder.
///
/// # Errors
///
/// When the folder holds something and may not be replaced, or cannot be read.
pub fn check_export(folder: &Path, replace: bool) -> Result<(), ArchiveError> {
    let taken = || ArchiveError::Taken(folder.to_owned());
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
        Ok(facts) if facts.is_dir() => {}
        Ok(_) => return Err(taken()),
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Leftovers of a killed export do no harm.
        if !store::is_leftover(&path) {
            names.extend(path.file_name().map(ToOwned::to_owned));
        }
    }
    let unfinished = names == [MANIFEST];
    // Nothing but an export may be replaced: a mistyped path must not cost somebody their files.
    if names.is_empty() || (unfinished || replace) && is_ours(folder) {
        Ok(())
    } else {
        Err(taken())
    }
}

/// Returns whether the files in a folder are an earlier export, judged by their content.
fn is_ours(folder: &Path) -> bool {
    let copy = folder.join(DATABASE);
    let copied = fs::symlink_metadata(&copy).is_ok();
    read(folder).is_ok_and(|manifest| manifest.tool.starts_with(TOOL))
        && (!copied || store::is_instance(&copy))
}

/// Puts an exported instance in place of all that the database at a path holds, also for those who have it open.
/// A copy of an older release is brought up to date on the way.
///
/// # Errors
///
/// When the folder is no export or a later release's, when its database is damaged, or when the database cannot be
/// written.
pub fn import(folder: &Path, database: &Path) -> Result<Manifest, ArchiveError> {
    let manifest = read(folder)?;
    let copy = folder.join(DATABASE);
    if let Some(broken) = store::check_whole(&copy)? {
        return Err(ArchiveError::Damaged(broken));
    }
    let (ids, now) = (Ids::new(None), Clock::system().now());
    store::load(&copy, database, resource::content(), &ids, now)?;
    Ok(manifest)
}

/// Returns whether the database at a path holds users, organizations or invitations.
///
/// # Errors
///
/// When there is a database that cannot be read.
pub fn holds_something(database: &Path) -> Result<bool, ArchiveError> {
    if !database.exists() {
        return Ok(false);
    }
    store::own_file::check(database)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    // An empty file is what a start that was broken off leaves behind.
    let is_empty: bool = db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'counters')",
        [],
        |row| row.get(0),
    )?;
    Ok(!is_empty && counts(&db)?.values().any(|n| *n > 0))
}

fn read(folder: &Path) -> Result<Manifest, ArchiveError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let foreign = || ArchiveError::Foreign(folder.to_owned());
    let path = folder.join(MANIFEST);
    let facts = fs::metadata(&path).map_err(|_| foreign())?;
    // A pipe would be waited for, and nothing of ours is large.
    if !facts.is_file() || facts.len() > MANIFEST_MOST {
        return Err(foreign());
    }
    let text = fs::read(path).map_err(|_| foreign())?;
    let Format { format } = serde_json::from_slice(&text).map_err(|_| foreign())?;
    if format > FORMAT {
        return Err(ArchiveError::Newer { found: format });
    }
    serde_json::from_slice(&text).map_err(|_| foreign())
}

fn describe(copy: &Path) -> Result<Manifest, ArchiveError> {
    let db = store::open_alone(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    Ok(Manifest {
        format: FORMAT,
        tool: concat!("clerk-api ", env!("CARGO_PKG_VERSION")).to_owned(),
        schema: db.pragma_query_value(None, "user_version", |row| row.get(0))?,
        instance_id: db.query_row("SELECT value FROM instance WHERE key = 'id'", [], |row| {
            row.get(0)
        })?,
        counts: counts(&db)?,
    })
}

fn counts(db: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let mut count = db.prepare("SELECT n FROM counters WHERE name = ?1")?;
    LISTS
        .iter()
        .map(|list| {
            Ok((
                (*list).to_owned(),
                count.query_row([list], |row| row.get(0))?,
            ))
        })
        .collect()
}
