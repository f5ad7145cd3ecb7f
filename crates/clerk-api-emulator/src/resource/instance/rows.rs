//! The settings of the instance. They are in the database, since several processes share them; those that
//! many requests ask for are remembered by each connection for as long as nobody else has written.

use std::borrow::Cow;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire::{
    Communication, General, OAuthApplications, OrganizationSettings, Protect, Restrictions,
};
use crate::config::Config;
use crate::http::error::ApiError;
use crate::resource::organizations::errors as organizations_errors;
use crate::resource::role_sets::rows as role_sets;
use crate::resource::roles::rows as roles;
use crate::store::{Memory, Snapshot, StoreError, Tx};

/// The settings that many requests ask for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) organizations: OrganizationSettings,
    pub(crate) restrictions: Restrictions,
}

/// Settings that are stored, sent and changed together.
pub(crate) trait Group: Serialize + DeserializeOwned {
    /// The name of the row.
    const KEY: &'static str;

    /// What holds until somebody changes it.
    fn initial(settings: &Settings) -> Self;

    /// Puts in what is stored elsewhere.
    fn complete(&mut self, _: &Connection) -> Result<(), StoreError> {
        Ok(())
    }
}

macro_rules! groups {
    ($($group:ty = $key:literal, $initial:expr $(, $complete:expr)?;)+) => {$(
        impl Group for $group {
            const KEY: &'static str = $key;

            fn initial(settings: &Settings) -> Self {
                ($initial as fn(&Settings) -> Self)(settings)
            }

            $(fn complete(&mut self, db: &Connection) -> Result<(), StoreError> {
                $complete(self, db)
            })?
        }
    )+};
}

groups! {
    Communication = "communication", |_| Self::default();
    General = "general", |_| Self::default();
    OAuthApplications = "oauth_applications", |_| Self::default();
    OrganizationSettings = "organizations", |settings| settings.organizations.clone(), put_roles_in;
    Protect = "protect", |_| Self::default();
    Restrictions = "restrictions", |settings| settings.restrictions.clone();
}

/// Returns the current settings, from the connection's cache if possible.
fn known(db: &Connection, memory: &Memory) -> Result<Arc<Settings>, StoreError> {
    memory.get(db, || {
        let initial = initial(memory);
        Ok(Settings {
            organizations: group(db, &initial)?,
            restrictions: group(db, &initial)?,
        })
    })
}

/// Those that hold until somebody changes them.
fn initial(memory: &Memory) -> Cow<'_, Settings> {
    memory.initial().map_or_else(Cow::default, Cow::Borrowed)
}

/// Refuses while the instance has no organizations.
pub(crate) fn check_organizations(db: &Connection, memory: &Memory) -> Result<(), ApiError> {
    if known(db, memory)?.organizations.enabled {
        Ok(())
    } else {
        Err(organizations_errors::not_enabled())
    }
}

impl Tx<'_> {
    /// Returns the settings that hold in this transaction.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, StoreError> {
        known(self.db(), self.memory())
    }

    /// Changes some settings and returns them.
    pub(crate) fn change_settings<G: Group, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut G) -> Result<(), E>,
    ) -> Result<G, E> {
        let memory = self.memory();
        let mut changed: G = group(self.db(), &initial(memory))?;
        change(&mut changed)?;
        memory.changes();
        put(self.db(), &changed)?;
        changed.complete(self.db())?;
        Ok(changed)
    }
}

impl Snapshot<'_> {
    /// Returns settings that are not asked for often.
    pub(crate) fn settings_of<G: Group>(&self) -> Result<G, StoreError> {
        let mut settings: G = group(self, &initial(self.memory()))?;
        settings.complete(self)?;
        Ok(settings)
    }
}

/// Writes down the settings with which a new database begins, so that all who open it agree.
pub(crate) fn begin(db: &Connection, initial: &Settings) -> rusqlite::Result<()> {
    if row::<OrganizationSettings>(db)?.is_none() {
        let text = serde_json::to_string(&initial.organizations)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        db.execute(
            "INSERT OR IGNORE INTO instance VALUES (?1, ?2)",
            params![OrganizationSettings::KEY, text],
        )?;
    }
    Ok(())
}

fn put_roles_in(settings: &mut OrganizationSettings, db: &Connection) -> Result<(), StoreError> {
    let set = role_sets::initial(db)?;
    settings.creator_role = roles::names(db, set.creator_role)?.0;
    settings.domains_default_role = roles::names(db, set.default_role)?.0;
    settings.initial_role_set_key = Some(set.key);
    settings.max_allowed_roles = roles::MOST;
    settings.max_role_sets_allowed = role_sets::MOST;
    Ok(())
}

fn group<G: Group>(db: &Connection, initial: &Settings) -> Result<G, StoreError> {
    match row::<G>(db)? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(G::initial(initial)),
    }
}

fn put<G: Group>(db: &Connection, group: &G) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO instance VALUES (?1, ?2)")?
        .execute(params![G::KEY, serde_json::to_string(group)?])?;
    Ok(())
}

fn row<G: Group>(db: &Connection) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT value FROM instance WHERE key = ?1")?
        .query_row([G::KEY], |row| row.get(0))
        .optional()
}

impl Settings {
    /// Those with which a new instance begins.
    pub(crate) fn of(config: &Config) -> Self {
        let mut settings = Self::default();
        settings.organizations.slug_disabled = !config.slugs_enabled;
        settings.organizations.max_allowed_memberships = i64::from(config.max_allowed_memberships);
        settings
    }
}
