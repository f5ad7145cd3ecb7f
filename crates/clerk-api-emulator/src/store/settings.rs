//! The settings of the instance. They are in the database, since several processes share them; those that
//! many requests ask for are remembered by each connection for as long as nobody else has written.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Snapshot, Tx, role_sets, roles};
use crate::config::Config;
use crate::error::{self, ApiError};
use crate::wire::settings::{
    Communication, General, OAuthApplications, OrganizationSettings, Protect, Restrictions,
};

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
    fn complete(&mut self, _: &Connection) -> Result<(), ApiError> {
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

            $(fn complete(&mut self, db: &Connection) -> Result<(), ApiError> {
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

/// What one connection remembers, and of which state of the database.
#[derive(Debug, Default)]
pub(super) struct Memory {
    initial: Arc<Settings>,
    known: RefCell<Option<(i64, Arc<Settings>)>>,
    /// Whether the transaction at hand has changed settings.
    changed: Cell<bool>,
}

impl Memory {
    pub(super) fn new(initial: Arc<Settings>) -> Self {
        Self {
            initial,
            ..Self::default()
        }
    }

    fn settings(&self, db: &Connection) -> Result<Arc<Settings>, ApiError> {
        // The number changes when another connection has committed, and only then.
        let version = db
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        let mut known = self.known.borrow_mut();
        match &*known {
            Some((of, settings)) if *of == version => Ok(Arc::clone(settings)),
            _ => {
                let settings = Arc::new(Settings {
                    organizations: group(db, &self.initial)?,
                    restrictions: group(db, &self.initial)?,
                });
                *known = Some((version, Arc::clone(&settings)));
                Ok(settings)
            }
        }
    }

    /// Must be called when all that the connection sees may have been replaced.
    pub(super) fn forget(&self) {
        self.known.take();
    }

    /// Must be called when what was written is settled: what a transaction that failed has changed is forgotten.
    pub(super) fn settle(&self, kept: bool) {
        if self.changed.get() && !kept {
            self.known.take();
        }
        if kept {
            self.changed.set(false);
        }
    }
}

impl Tx<'_> {
    /// Returns the settings that hold in this transaction.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, ApiError> {
        self.memory().settings(self.db())
    }

    /// Changes some settings and returns them.
    pub(crate) fn change_settings<G: Group>(
        &self,
        change: impl FnOnce(&mut G) -> Result<(), ApiError>,
    ) -> Result<G, ApiError> {
        let memory = self.memory();
        let mut changed: G = group(self.db(), &memory.initial)?;
        change(&mut changed)?;
        memory.changed.set(true);
        memory.known.take();
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO instance VALUES (?1, ?2)")?
            .execute(params![G::KEY, serde_json::to_string(&changed)?])?;
        changed.complete(self.db())?;
        Ok(changed)
    }
}

impl Snapshot<'_> {
    /// Returns the settings that hold.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, ApiError> {
        self.memory().settings(self)
    }

    /// Returns settings that are not asked for often.
    pub(crate) fn settings_of<G: Group>(&self) -> Result<G, ApiError> {
        let mut settings: G = group(self, &self.memory().initial)?;
        settings.complete(self)?;
        Ok(settings)
    }
}

/// Writes down the settings with which a new database begins, so that all who open it agree.
pub(super) fn begin(db: &Connection, initial: &Settings) -> rusqlite::Result<()> {
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

fn put_roles_in(settings: &mut OrganizationSettings, db: &Connection) -> Result<(), ApiError> {
    let set = role_sets::initial(db)?;
    settings.creator_role = roles::names(db, set.creator_role)?.0;
    settings.domains_default_role = roles::names(db, set.default_role)?.0;
    settings.initial_role_set_key = Some(set.key);
    settings.max_allowed_roles = roles::MOST;
    settings.max_role_sets_allowed = role_sets::MOST;
    Ok(())
}

fn group<G: Group>(db: &Connection, initial: &Settings) -> Result<G, ApiError> {
    match row::<G>(db)? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(G::initial(initial)),
    }
}

fn row<G: Group>(db: &Connection) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT value FROM instance WHERE key = ?1")?
        .query_row([G::KEY], |row| row.get(0))
        .optional()
}

impl Settings {
    /// Those with which a new instance begins.
    pub(super) fn of(config: &Config) -> Self {
        let mut settings = Self::default();
        settings.organizations.slug_disabled = !config.slugs_enabled;
        settings.organizations.max_allowed_memberships = i64::from(config.max_allowed_memberships);
        settings
    }

    /// Refuses while the instance has no organizations.
    pub(super) fn check_organizations(&self) -> Result<(), ApiError> {
        if self.organizations.enabled {
            Ok(())
        } else {
            Err(error::organization::not_enabled())
        }
    }
}
