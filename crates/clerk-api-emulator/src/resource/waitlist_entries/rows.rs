//! The rows of the waitlist.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::value::RawValue;

use super::errors;
use super::wire::{Status, WaitlistEntry};
use crate::http::error::ApiError;
use crate::resource::invitations::wire as invitation;
use crate::store::{StoreError, Tx};

/// The columns that an entry is read from.
pub(crate) const COLUMNS: &str = "id, email, status, created_at, updated_at,
     (SELECT wire FROM invitations WHERE invitations.id = waitlist_entries.invitation)";

/// An entry with the JSON of its invitation as that is stored.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) status: Status,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) invitation: Option<String>,
}

impl Entry {
    /// Somebody who waits from now on.
    pub(crate) fn new(id: String, email: String, now: i64) -> Self {
        Self {
            id,
            email,
            status: Status::Pending,
            created_at: now,
            updated_at: now,
            invitation: None,
        }
    }

    /// Reads an entry from `COLUMNS`.
    pub(crate) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            email: row.get(1)?,
            status: Status::parse(row.get_ref(2)?.as_str()?),
            created_at: row.get(3)?,
            updated_at: row.get(4)?,
            invitation: row.get(5)?,
        })
    }

    /// Writes the entry as it is sent; `server` is the address of its invitation's link.
    pub(crate) fn write(&self, out: &mut Vec<u8>, server: &str) -> Result<(), StoreError> {
        let invitation = match &self.invitation {
            None => None,
            Some(wire) => {
                let mut sent = Vec::with_capacity(wire.len() + server.len());
                invitation::write(&mut sent, wire, server);
                Some(serde_json::from_slice::<Box<RawValue>>(&sent)?)
            }
        };
        let times = (self.created_at, self.updated_at);
        let entry = WaitlistEntry::new(&self.id, &self.email, self.status, times, invitation);
        Ok(serde_json::to_writer(out, &entry)?)
    }
}

/// Finds the entry of an address.
pub(crate) fn by_email(db: &Connection, email: &str) -> Result<Option<Entry>, StoreError> {
    find(db, "email", email)
}

/// Returns the entry that a path names.
pub(crate) fn load(db: &Connection, id: &str) -> Result<Entry, ApiError> {
    find(db, "id", id)?.ok_or_else(|| errors::unknown(id))
}

fn find(db: &Connection, column: &str, value: &str) -> Result<Option<Entry>, StoreError> {
    let found = db
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM waitlist_entries WHERE {column} = ?1"
        ))?
        .query_row([value], Entry::of)
        .optional()?;
    Ok(found)
}

/// Adds an entry.
pub(crate) fn insert(tx: &Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached(
            "INSERT INTO waitlist_entries (id, email, status, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            entry.id,
            entry.email,
            entry.status.name(),
            entry.created_at,
            entry.updated_at,
        ])?;
    raise(tx, "waitlistEntry.created", entry)
}

fn raise(tx: &Tx<'_>, kind: &'static str, entry: &Entry) -> Result<(), StoreError> {
    tx.raise(kind, |outbox| {
        let mut data = Vec::with_capacity(256);
        entry.write(&mut data, &outbox.server)?;
        Ok(data)
    })
}

/// Writes that somebody who waited has been invited or rejected, and returns the entry as it is now.
pub(crate) fn settle(
    tx: &Tx<'_>,
    id: &str,
    status: Status,
    invitation: Option<&str>,
    now: i64,
) -> Result<Entry, ApiError> {
    tx.db()
        .prepare_cached(
            "UPDATE waitlist_entries SET status = ?2, updated_at = ?3, invitation = ?4,
               invited_at = CASE WHEN ?4 IS NULL THEN NULL ELSE ?3 END
             WHERE id = ?1",
        )?
        .execute(params![id, status.name(), now, invitation])?;
    let entry = load(tx.db(), id)?;
    raise(tx, "waitlistEntry.updated", &entry)?;
    Ok(entry)
}

/// Writes that who was invited has come, if the invitation came from the waitlist.
pub(crate) fn complete(tx: &Tx<'_>, invitation: &str, now: i64) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached(
            "UPDATE waitlist_entries SET status = 'completed', updated_at = ?2 WHERE invitation = ?1",
        )?
        .execute(params![invitation, now])?;
    match find(tx.db(), "invitation", invitation)? {
        Some(entry) => raise(tx, "waitlistEntry.updated", &entry),
        None => Ok(()),
    }
}

pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("DELETE FROM waitlist_entries WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}
