//! Named states of an instance, to return to: files beside its database, or in memory with it.

mod error;
mod files;
mod folder;
mod kept;
mod memory;
mod moment;

use serde::Serialize;

pub use error::SnapshotError;
pub use files::Snapshots;
pub(crate) use kept::Kept;
pub(crate) use moment::Running;

/// A state that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// When it was kept, in Unix milliseconds.
    pub created_at: i64,
    /// How large it is.
    pub bytes: u64,
}

/// A name becomes a file's.
fn check(name: &str) -> Result<(), SnapshotError> {
    let good = (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if good {
        Ok(())
    } else {
        Err(SnapshotError::Name(name.chars().take(80).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_lead_anywhere_else() {
        for good in ["a", "with-teams_2", &"x".repeat(64)] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a.db", "ä", " a", &"x".repeat(65)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
