//! Made-up users, organizations, members and invitations. The same seed makes the same ones, byte for byte.

mod ahead;
mod dice;
mod error;
mod fill;
mod invite;
mod names;
mod person;
mod team;
#[cfg(test)]
mod tests;
mod texts;

use std::path::Path;

pub use error::SeedError;

const DAY: i64 = 86_400_000;
/// When the first user may have come: the beginning of 2021.
const SINCE: i64 = 1_609_459_200_000;
/// All of it happened before the beginning of 2026.
const UNTIL: i64 = 1_767_225_600_000;
/// The password of every made-up user that has one.
const PASSWORD: &str = "local-clerk-password";
/// Most users, most organizations and most memberships at a time; their phone numbers still fit E.164.
const MOST: u64 = 50_000_000;
/// Objects from which it pays to make the indexes afterwards.
const MANY: u64 = 10_000;

/// What to make up. The fields say how many, and the number that decides on all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Users to add.
    pub users: u64,
    /// Organizations to add; the added users become their members.
    pub organizations: u64,
    /// About how many memberships to add, where there are users and organizations enough; none means four for five users.
    pub memberships: Option<u64>,
    /// The same number makes the same objects in an instance that holds as much.
    pub seed: u64,
}

/// How far a seeding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeedProgress {
    /// What is being made.
    pub stage: SeedStage,
    /// How many of it are done.
    pub done: u64,
    /// How many there will be.
    pub total: u64,
}

/// The parts of a seeding, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeedStage {
    /// Users.
    Users,
    /// Organizations.
    Organizations,
    /// Memberships.
    Memberships,
    /// Invitations, to organizations and to the application.
    Invitations,
    /// Indexes, also those of free text.
    Indexes,
}

/// What a seeding has added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeedSummary {
    /// Users.
    pub users: u64,
    /// Organizations.
    pub organizations: u64,
    /// Memberships.
    pub memberships: u64,
    /// Invitations to organizations, whatever became of them.
    pub organization_invitations: u64,
    /// Invitations to the application, whatever became of them.
    pub invitations: u64,
}

/// Adds made-up objects to the instance whose database is at this path, making it if it is absent.
///
/// It is one transaction: whatever happens, the instance has all of them or is as it was. What an instance
/// holds already is not touched; numbers in names go on where it ends. An instance that never held anything
/// also gets its own id from the seed. All made-up users with a password have the same, `local-clerk-password`.
///
/// ```
/// use clerk_api_emulator::{Seed, seed};
///
/// let folder = tempfile::tempdir()?;
/// let wanted = Seed { users: 20, organizations: 3, memberships: None, seed: 7 };
/// let made = seed(&folder.path().join("local.db"), &wanted, &mut |_| {})?;
/// assert_eq!((made.users, made.organizations), (20, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the database cannot be opened or written, or something of a made-up object is taken there.
pub fn seed(
    database: &Path,
    wanted: &Seed,
    progress: &mut dyn FnMut(SeedProgress),
) -> Result<SeedSummary, SeedError> {
    let counts = [
        wanted.users,
        wanted.organizations,
        wanted.memberships.unwrap_or(0),
    ];
    if counts.iter().any(|count| *count > MOST) {
        return Err(SeedError::TooMany { most: MOST });
    }
    let many = wanted.users + wanted.organizations >= MANY;
    fill::fill(database, wanted, many, progress)
}
