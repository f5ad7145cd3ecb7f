//! How stored invitations to organizations are sent: with what is known of inviters and organizations as they are now.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::resource::organization_invitations::wire;
use crate::store::StoreError;

/// Writes stored invitations as they are sent, looking every inviter and every organization up once.
#[derive(Debug)]
pub(crate) struct Sender<'a> {
    db: &'a Connection,
    server: String,
    inviters: BTreeMap<String, Option<String>>,
    /// Present where invitations are sent with their organizations.
    organizations: Option<BTreeMap<i64, String>>,
}

impl<'a> Sender<'a> {
    /// `server` is the address that links get.
    pub(crate) fn new(db: &'a Connection, server: &str) -> Self {
        Self {
            db,
            server: server.to_owned(),
            inviters: BTreeMap::new(),
            organizations: None,
        }
    }

    /// Puts `public_organization_data` into every invitation.
    pub(crate) fn with_organizations(db: &'a Connection, server: &str) -> Self {
        Self {
            organizations: Some(BTreeMap::new()),
            ..Self::new(db, server)
        }
    }

    /// Appends the invitation of a row whose columns are `SENT`.
    pub(crate) fn append(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let wire = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        self.write(out, wire, row.get(1)?, row.get(2)?)
    }

    /// Appends one invitation without its organization.
    pub(crate) fn one(
        &mut self,
        out: &mut Vec<u8>,
        wire: &str,
        inviter: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(out, wire, inviter.map(str::to_owned), 0)
    }

    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        wire: &str,
        inviter: Option<String>,
        organization_seq: i64,
    ) -> Result<(), StoreError> {
        let inviter = match inviter {
            None => None,
            Some(id) => match self.inviters.entry(id) {
                Entry::Occupied(entry) => Some(&*entry.into_mut()),
                Entry::Vacant(entry) => {
                    let data = inviter_data(self.db, entry.key())?;
                    Some(&*entry.insert(data))
                }
            },
        };
        let organization = match &mut self.organizations {
            None => None,
            Some(known) => {
                let data = match known.entry(organization_seq) {
                    Entry::Occupied(entry) => entry.into_mut(),
                    Entry::Vacant(entry) => {
                        entry.insert(organization_data(self.db, organization_seq)?)
                    }
                };
                Some(&*data)
            }
        };
        wire::write(
            out,
            wire,
            &self.server,
            inviter.and_then(Option::as_deref),
            organization.map(String::as_str),
        );
        Ok(())
    }
}

/// `None` if the user is gone.
fn inviter_data(db: &Connection, id: &str) -> Result<Option<String>, StoreError> {
    let user: Option<String> = db
        .prepare_cached("SELECT wire FROM users WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    user.map(|wire| wire::inviter(&wire)).transpose()
}

fn organization_data(db: &Connection, seq: i64) -> Result<String, StoreError> {
    let wire: String = db
        .prepare_cached("SELECT wire FROM organizations WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    wire::organization(&wire)
}
