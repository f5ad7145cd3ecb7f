//! The rows of memberships: how a user comes into an organization, what they are there, and how they leave.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::wire::{self, Membership};
use crate::http::error::ApiError;
use crate::resource::organizations::errors as organizations_errors;
use crate::resource::roles::rows::Grant;
use crate::resource::users::public;
use crate::store::{Key, Ordered, StoreError, Tx};

/// The list of all memberships in order of creation.
pub(crate) const LIST: Ordered = Ordered {
    list: "memberships",
    table: "memberships",
};

/// Who is a member of what, by the numbers of their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parties {
    pub(crate) organization: i64,
    pub(crate) user: i64,
}

/// Adds a member; `wire` is the membership's JSON.
pub(crate) fn insert(
    tx: &Tx<'_>,
    parties: Parties,
    membership: &Membership,
    wire: &str,
) -> Result<(), StoreError> {
    tx.arrives(&LIST, &(membership.created_at, membership.id.clone()))?;
    tx.db()
        .prepare_cached(
            "INSERT INTO memberships (id, organization_seq, user_seq, role_seq, created_at, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            membership.id,
            parties.organization,
            parties.user,
            membership.role,
            membership.created_at,
            wire,
        ])?;
    tx.raise("organizationMembership.created", |_| {
        sent(tx.db(), parties, membership.role, wire)
    })
}

/// Returns whether a user is a member of an organization.
pub(crate) fn exists(db: &Connection, parties: Parties) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM memberships WHERE organization_seq = ?1 AND user_seq = ?2)",
    )?
    .query_row(params![parties.organization, parties.user], |row| {
        row.get(0)
    })
}

/// Returns the membership of a user, named by their id, in an organization.
pub(crate) fn load(
    db: &Connection,
    organization: i64,
    user: &str,
) -> Result<(Parties, Membership), ApiError> {
    let found: Option<(i64, i64, String)> = db
        .prepare_cached(
            "SELECT user_seq, role_seq, wire FROM memberships
             WHERE organization_seq = ?1 AND user_seq = (SELECT seq FROM users WHERE id = ?2)",
        )?
        .query_row(params![organization, user], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (seq, role, wire) = found.ok_or_else(|| organizations_errors::no_member(user))?;
    let parties = Parties {
        organization,
        user: seq,
    };
    let mut membership: Membership = serde_json::from_str(&wire)?;
    membership.role = role;
    Ok((parties, membership))
}

/// Returns the keys of a user's roles by organization.
pub(crate) fn roles_of(
    db: &Connection,
    user: i64,
) -> Result<serde_json::Map<String, serde_json::Value>, StoreError> {
    let roles = db
        .prepare_cached(
            "SELECT organizations.id, roles.key FROM memberships
               JOIN organizations ON organizations.seq = organization_seq
               JOIN roles ON roles.seq = role_seq
             WHERE user_seq = ?1 ORDER BY memberships.created_at, memberships.id",
        )?
        .query_map([user], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?.into()))
        })?
        .collect::<Result<_, _>>()?;
    Ok(roles)
}

/// Writes a changed membership over what `load` gave, and returns its JSON as it is sent.
pub(crate) fn save(
    tx: &Tx<'_>,
    parties: Parties,
    after: &Membership,
) -> Result<Vec<u8>, StoreError> {
    let wire = serde_json::to_string(after)?;
    tx.db()
        .prepare_cached(
            "UPDATE memberships SET role_seq = ?1, wire = ?2
             WHERE organization_seq = ?3 AND user_seq = ?4",
        )?
        .execute(params![
            after.role,
            wire,
            parties.organization,
            parties.user,
        ])?;
    let sent = sent(tx.db(), parties, after.role, &wire)?;
    tx.raise("organizationMembership.updated", |_| Ok(sent.clone()))?;
    Ok(sent)
}

/// Removes a member and returns the membership as it is sent.
pub(crate) fn delete(
    tx: &Tx<'_>,
    parties: Parties,
    membership: &Membership,
) -> Result<Vec<u8>, StoreError> {
    let wire = serde_json::to_string(membership)?;
    let answer = sent(tx.db(), parties, membership.role, &wire)?;
    tx.db()
        .prepare_cached("DELETE FROM memberships WHERE organization_seq = ?1 AND user_seq = ?2")?
        .execute(params![parties.organization, parties.user])?;
    tx.leaves(&LIST, &(membership.created_at, membership.id.clone()))?;
    tx.raise("organizationMembership.deleted", |_| Ok(answer.clone()))?;
    Ok(answer)
}

/// Refuses if nobody else in the organization could manage it, unless the member still can with a new role.
pub(crate) fn check_not_last(
    db: &Connection,
    parties: Parties,
    role: Option<Grant>,
) -> Result<(), ApiError> {
    if role.is_some_and(|role| role.elevated) {
        return Ok(());
    }
    let last: bool = db
        .prepare_cached(
            "SELECT elevated AND NOT EXISTS (SELECT 1 FROM roles CROSS JOIN memberships ON role_seq = roles.seq
                WHERE elevated AND organization_seq = ?1 AND user_seq <> ?2)
             FROM memberships JOIN roles ON roles.seq = role_seq WHERE organization_seq = ?1 AND user_seq = ?2",
        )?
        .query_row(params![parties.organization, parties.user], |row| {
            row.get(0)
        })?;
    if last {
        return Err(organizations_errors::minimum_permissions_needed());
    }
    Ok(())
}

/// Removes every membership of a user.
pub(crate) fn remove_of_user(tx: &Tx<'_>, user_seq: i64) -> Result<(), StoreError> {
    remove_all(tx, "user_seq", user_seq)
}

/// Removes every member of an organization.
pub(crate) fn remove_of_organization(tx: &Tx<'_>, organization_seq: i64) -> Result<(), StoreError> {
    remove_all(tx, "organization_seq", organization_seq)
}

fn remove_all(tx: &Tx<'_>, column: &str, seq: i64) -> Result<(), StoreError> {
    raise_deleted(tx, column, seq)?;
    let gone: Vec<Key> = tx
        .db()
        .prepare_cached(&format!(
            "DELETE FROM memberships WHERE {column} = ?1 RETURNING created_at, id"
        ))?
        .query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for key in gone {
        tx.leaves(&LIST, &key)?;
    }
    Ok(())
}

/// Notes that all memberships with a number in a column are about to go.
fn raise_deleted(tx: &Tx<'_>, column: &str, seq: i64) -> Result<(), StoreError> {
    if tx.listened_to_at()?.is_none() {
        return Ok(());
    }
    let gone: Vec<(Parties, i64, String)> = tx
        .db()
        .prepare_cached(&format!(
            "SELECT organization_seq, user_seq, role_seq, wire FROM memberships WHERE {column} = ?1
             ORDER BY created_at, id"
        ))?
        .query_map([seq], |row| {
            let parties = Parties {
                organization: row.get(0)?,
                user: row.get(1)?,
            };
            Ok((parties, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    for (parties, role, wire) in gone {
        tx.raise("organizationMembership.deleted", |_| {
            sent(tx.db(), parties, role, &wire)
        })?;
    }
    Ok(())
}

/// Writes a stored membership as it is sent.
pub(crate) fn sent(
    db: &Connection,
    parties: Parties,
    role: i64,
    wire: &str,
) -> Result<Vec<u8>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT ?1 AS wire, {PARTS} FROM (SELECT ?2 AS role_seq, ?3 AS organization_seq, ?4 AS user_seq)"
    ))?;
    let mut rows = statement.query(params![wire, role, parties.organization, parties.user])?;
    let mut out = Vec::with_capacity(2_048);
    if let Some(row) = rows.next()? {
        Sender::new(db).append(row, &mut out)?;
    }
    Ok(out)
}

/// What a stored membership lacks to be sent: its role, its organization and what is public of its user, or all of a user whose
/// public part was not stored yet, as bytes. A subquery, since a join would need every name in a condition or an order qualified.
pub(super) const PARTS: &str = "role_seq, organization_seq,
     COALESCE((SELECT data FROM users_public WHERE seq = user_seq), (SELECT CAST(wire AS BLOB) FROM users WHERE seq = user_seq))";

/// Writes memberships as they are sent: with their parties as they are now. Many have the same role and organization.
pub(super) struct Sender<'db> {
    db: &'db Connection,
    roles: BTreeMap<i64, Box<[u8]>>,
    organizations: BTreeMap<i64, Box<[u8]>>,
}

impl<'db> Sender<'db> {
    pub(super) fn new(db: &'db Connection) -> Self {
        Self {
            db,
            roles: BTreeMap::new(),
            organizations: BTreeMap::new(),
        }
    }

    /// Appends a membership from a row of `wire` and `PARTS`.
    pub(super) fn append(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let made;
        let user = match row.get_ref(3)? {
            ValueRef::Text(text) => text,
            ValueRef::Blob(whole) => {
                made = public::json(&serde_json::from_slice(whole)?)?;
                made.as_bytes()
            }
            _ => return Err(StoreError::Broken("A membership has lost its user.")),
        };
        let (role, organization) = (row.get(1)?, row.get(2)?);
        let wire = row.get_ref(0)?;
        let wire = wire.as_bytes().map_err(rusqlite::Error::from)?;
        let of_role = "SELECT membership FROM roles WHERE seq = ?1";
        let of_organization = "SELECT wire FROM organizations WHERE seq = ?1";
        let role = kept(&mut self.roles, self.db, of_role, role)?;
        let organization = kept(
            &mut self.organizations,
            self.db,
            of_organization,
            organization,
        )?;
        wire::write(out, wire, role, organization, user);
        Ok(())
    }
}

/// The text of a row that is looked up once.
fn kept<'m>(
    found: &'m mut BTreeMap<i64, Box<[u8]>>,
    db: &Connection,
    sql: &str,
    seq: i64,
) -> rusqlite::Result<&'m [u8]> {
    Ok(match found.entry(seq) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => {
            let mut statement = db.prepare_cached(sql)?;
            entry.insert(statement.query_row([seq], |row| Ok(row.get_ref(0)?.as_bytes()?.into()))?)
        }
    })
}
