//! The rows of memberships: how a user comes into an organization, what they are there, and how they leave.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Key, Ordered, Tx, organizations};
use crate::error::{self, ApiError};
use crate::role;
use crate::wire::membership::{self, Membership};

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
) -> Result<(), ApiError> {
    tx.arrives(&LIST, &(membership.created_at, membership.id.clone()))?;
    tx.db()
        .prepare_cached(
            "INSERT INTO memberships (id, organization_seq, user_seq, role, elevated, created_at, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            membership.id,
            parties.organization,
            parties.user,
            membership.role,
            is_elevated(membership),
            membership.created_at,
            wire,
        ])?;
    Ok(())
}

/// Tells whether a user is a member of an organization.
pub(crate) fn exists(db: &Connection, parties: Parties) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM memberships WHERE organization_seq = ?1 AND user_seq = ?2)",
    )?
    .query_row(params![parties.organization, parties.user], |row| {
        row.get(0)
    })
}

/// Returns the membership of a user in an organization, both named by their ids.
pub(crate) fn load(
    db: &Connection,
    organization: &str,
    user: &str,
) -> Result<(Parties, Membership), ApiError> {
    let organization = organizations::find(db, organization)?.seq;
    let found: Option<(i64, String)> = db
        .prepare_cached(
            "SELECT user_seq, wire FROM memberships
             WHERE organization_seq = ?1 AND user_seq = (SELECT seq FROM users WHERE id = ?2)",
        )?
        .query_row(params![organization, user], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, wire) = found.ok_or_else(|| error::organization::no_member(user))?;
    let parties = Parties {
        organization,
        user: seq,
    };
    Ok((parties, serde_json::from_str(&wire)?))
}

/// Writes a changed membership over what `load` gave, and returns its JSON as it is sent.
pub(crate) fn save(tx: &Tx<'_>, parties: Parties, after: &Membership) -> Result<Vec<u8>, ApiError> {
    let wire = serde_json::to_string(after)?;
    tx.db()
        .prepare_cached(
            "UPDATE memberships SET role = ?1, elevated = ?2, wire = ?3
             WHERE organization_seq = ?4 AND user_seq = ?5",
        )?
        .execute(params![
            after.role,
            is_elevated(after),
            wire,
            parties.organization,
            parties.user,
        ])?;
    sent(tx.db(), parties, &wire)
}

/// Removes a member and returns the membership as it is sent.
pub(crate) fn delete(
    tx: &Tx<'_>,
    parties: Parties,
    membership: &Membership,
) -> Result<Vec<u8>, ApiError> {
    let wire = serde_json::to_string(membership)?;
    let answer = sent(tx.db(), parties, &wire)?;
    tx.db()
        .prepare_cached("DELETE FROM memberships WHERE organization_seq = ?1 AND user_seq = ?2")?
        .execute(params![parties.organization, parties.user])?;
    tx.leaves(&LIST, &(membership.created_at, membership.id.clone()))?;
    Ok(answer)
}

/// Refuses if nobody else in the organization could manage it.
pub(crate) fn check_not_last(
    db: &Connection,
    parties: Parties,
    membership: &Membership,
) -> Result<(), ApiError> {
    let managers: i64 = db
        .prepare_cached("SELECT admins_count FROM organizations WHERE seq = ?1")?
        .query_row([parties.organization], |row| row.get(0))?;
    if managers <= 1 && is_elevated(membership) {
        return Err(error::organization::minimum_permissions_needed());
    }
    Ok(())
}

/// Removes every membership of a user.
pub(crate) fn remove_of_user(tx: &Tx<'_>, user_seq: i64) -> Result<(), ApiError> {
    remove_all(tx, "user_seq", user_seq)
}

/// Removes every member of an organization.
pub(crate) fn remove_of_organization(tx: &Tx<'_>, organization_seq: i64) -> Result<(), ApiError> {
    remove_all(tx, "organization_seq", organization_seq)
}

fn remove_all(tx: &Tx<'_>, column: &str, seq: i64) -> Result<(), ApiError> {
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

/// Writes a stored membership as it is sent.
pub(crate) fn sent(db: &Connection, parties: Parties, wire: &str) -> Result<Vec<u8>, ApiError> {
    let mut out = Vec::with_capacity(2_048);
    write(db, &mut out, parties, wire)?;
    Ok(out)
}

/// Appends a stored membership as it is sent: with its organization and its user as they are now.
pub(crate) fn write(
    db: &Connection,
    out: &mut Vec<u8>,
    parties: Parties,
    wire: &str,
) -> Result<(), ApiError> {
    let mut organizations = db.prepare_cached("SELECT wire FROM organizations WHERE seq = ?1")?;
    let mut users = db.prepare_cached("SELECT wire FROM users WHERE seq = ?1")?;
    let mut organizations = organizations.query([parties.organization])?;
    let mut users = users.query([parties.user])?;
    let (Some(organization), Some(user)) = (organizations.next()?, users.next()?) else {
        return Err(error::internal("A membership has lost one of its sides."));
    };
    membership::write(
        out,
        wire,
        organization
            .get_ref(0)?
            .as_str()
            .map_err(rusqlite::Error::from)?,
        user.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?,
    )
}

fn is_elevated(membership: &Membership) -> bool {
    role::find(&membership.role).is_some_and(role::Role::is_elevated)
}
