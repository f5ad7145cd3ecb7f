//! The objects of another instance, as the API sends them, in place of all that an instance holds.
//!
//! They are put into a database beside the instance's, which takes its place when all are there: whatever fails before
//! leaves the instance as it was.

mod error;
mod object;
mod people;
mod roles;
mod teams;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::id::Ids;
use crate::lab::clock::Clock;
use crate::resource;
use crate::store::bulk::Bulk;
use crate::store::{self, Part};

pub use error::RestoreError;
use roles::Roles;

/// A list of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RestoreKind {
    /// Roles with their permissions.
    Roles,
    /// Role sets.
    RoleSets,
    /// Users with their addresses and numbers.
    Users,
    /// Organizations.
    Organizations,
    /// Memberships of all organizations.
    Memberships,
    /// Invitations to organizations.
    OrganizationInvitations,
    /// Invitations to the application.
    Invitations,
    /// Domains of organizations.
    Domains,
}

/// What became of the objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RestoreSummary {
    /// How many objects of each kind the instance has now.
    pub restored: BTreeMap<RestoreKind, u64>,
    /// How many were left out, and why.
    pub left_out: BTreeMap<RestoreKind, BTreeMap<String, u64>>,
    /// What no response of the API holds, so that it cannot come back: how many objects had it.
    pub lost: BTreeMap<&'static str, u64>,
}

/// An object that has no place here.
struct LeftOut(String);

/// A restoring. Give it roles and role sets first, then users, organizations, and what refers to them. Dropped before its
/// end, it leaves the instance as it was.
///
/// ```
/// use clerk_api_emulator::{Restore, RestoreKind};
///
/// let folder = tempfile::tempdir()?;
/// let mut restore = Restore::begin(&folder.path().join("local.db"))?;
/// let user = r#"{"object":"user","id":"user_1","first_name":"Ada","created_at":1767225600000}"#;
/// restore.add(RestoreKind::Users, user)?;
/// assert_eq!(restore.finish()?.restored[&RestoreKind::Users], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Restore {
    // Before the file that it has open.
    bulk: Bulk,
    part: Part,
    database: PathBuf,
    ids: Ids,
    now: i64,
    /// The id of the instance that is made.
    instance_id: String,
    roles: Roles,
    summary: RestoreSummary,
}

impl Restore {
    /// Begins to restore into the database at this path, which is made if it is absent.
    ///
    /// # Errors
    ///
    /// When the file is no instance, or when nothing can be written beside it.
    pub fn begin(database: &Path) -> Result<Self, RestoreError> {
        store::own_file::check(database)?;
        let (ids, now) = (Ids::new(None), Clock::system().now());
        let part = Part::new(database)?;
        let bulk = Bulk::apart(part.path(), resource::content(), &ids, now)?;
        let sql = "SELECT value FROM instance WHERE key = 'id'";
        let instance_id = bulk.db().query_row(sql, [], |row| row.get(0))?;
        Ok(Self {
            bulk,
            part,
            database: database.to_owned(),
            ids,
            now,
            instance_id,
            roles: Roles::default(),
            summary: RestoreSummary::default(),
        })
    }

    /// Adds an object, given as the API sends it. Members that are missing get the values of a new object. An object that
    /// cannot be here, such as the membership of a user who did not come, is left out and counted.
    ///
    /// # Errors
    ///
    /// When it is not such an object, or when the database cannot be written.
    pub fn add(&mut self, kind: RestoreKind, object: &str) -> Result<(), RestoreError> {
        if !matches!(kind, RestoreKind::Roles | RestoreKind::RoleSets) {
            self.put_roles()?;
        }
        let put = match kind {
            RestoreKind::Roles => self.roles.role(object),
            RestoreKind::RoleSets => self.roles.set(object),
            RestoreKind::Users => self.user(object),
            RestoreKind::Organizations => self.organization(object),
            RestoreKind::Memberships => self.membership(object),
            RestoreKind::OrganizationInvitations => self.organization_invitation(object),
            RestoreKind::Invitations => self.invitation(object),
            RestoreKind::Domains => self.domain(object),
        };
        match put.map_err(|refusal| refusal.of(kind))? {
            Ok(()) if matches!(kind, RestoreKind::Roles | RestoreKind::RoleSets) => {}
            Ok(()) => *self.summary.restored.entry(kind).or_default() += 1,
            Err(LeftOut(why)) => self.leave_out(kind, why),
        }
        Ok(())
    }

    /// Puts all of it in place of what the instance holds, also for those who have it open.
    ///
    /// # Errors
    ///
    /// When a database cannot be written, or the instance's is none.
    pub fn finish(mut self) -> Result<RestoreSummary, RestoreError> {
        self.put_roles()?;
        self.bulk.catch_up_search()?;
        self.bulk.close()?;
        let content = resource::content();
        store::load(
            self.part.path(),
            &self.database,
            content,
            &self.ids,
            self.now,
        )?;
        Ok(self.summary)
    }

    /// Puts in the roles that came, once.
    fn put_roles(&mut self) -> Result<(), RestoreError> {
        if self.roles.are_known() {
            return Ok(());
        }
        let put = self.roles.put(&self.bulk.tx(), &self.ids, self.now);
        let (roles, sets, alone) = put.map_err(|refusal| refusal.of(RestoreKind::Roles))?;
        for (kind, number) in [(RestoreKind::Roles, roles), (RestoreKind::RoleSets, sets)] {
            if number > 0 {
                self.summary.restored.insert(kind, number);
            }
        }
        for _ in 0..alone {
            self.leave_out(RestoreKind::RoleSets, "none of its roles came".to_owned());
        }
        Ok(())
    }

    fn leave_out(&mut self, kind: RestoreKind, why: String) {
        let reasons = self.summary.left_out.entry(kind).or_default();
        *reasons.entry(why).or_default() += 1;
    }

    fn lose(&mut self, what: &'static str, number: usize) {
        if number > 0 {
            let lost = self.summary.lost.entry(what).or_default();
            *lost += number as u64;
        }
    }

    /// Whether a table has a row with this id.
    fn has(&self, table: &str, id: &str) -> rusqlite::Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE id = ?1)");
        let mut statement = self.bulk.db().prepare_cached(&sql)?;
        statement.query_row([id], |row| row.get(0))
    }

    /// The number of the row with this id.
    fn number(&self, table: &str, id: Option<&str>) -> rusqlite::Result<Option<i64>> {
        use rusqlite::OptionalExtension as _;
        let Some(id) = id else { return Ok(None) };
        let sql = format!("SELECT seq FROM {table} WHERE id = ?1");
        let mut statement = self.bulk.db().prepare_cached(&sql)?;
        statement.query_row([id], |row| row.get(0)).optional()
    }
}
