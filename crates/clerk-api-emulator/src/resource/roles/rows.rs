//! The rows of roles. What memberships say of their role is not stored with them: it is put in when they are sent.

use rusqlite::{Connection, OptionalExtension, params};

use super::errors::{self, Use};
use super::system;
use super::wire::{Permission, Role};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::resource::organizations::errors as organizations_errors;
use crate::store::{StoreError, Tx};

/// Most roles of an instance's own.
pub(crate) const MOST: u64 = 10;

/// A role that members of an organization can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) seq: i64,
    /// Whether an organization may rest on a single member with it.
    pub(crate) elevated: bool,
}

/// Finds a role by its key, which must be in the role set of an organization.
pub(crate) fn grant(db: &Connection, organization: i64, key: &str) -> Result<Grant, ApiError> {
    let found: Option<(Grant, bool)> = db
        .prepare_cached(
            "SELECT seq, elevated, EXISTS (SELECT 1 FROM role_set_roles WHERE role_seq = roles.seq
                AND role_set_seq = (SELECT role_set_seq FROM organizations WHERE seq = ?2))
             FROM roles WHERE key = ?1",
        )?
        .query_row(params![key, organization], |row| {
            let grant = Grant {
                seq: row.get(0)?,
                elevated: row.get(1)?,
            };
            Ok((grant, row.get(2)?))
        })
        .optional()?;
    match found {
        None => Err(organizations_errors::unknown_role(key)),
        Some((_, false)) => Err(problem::value_invalid("role", key).into()),
        Some((grant, true)) => Ok(grant),
    }
}

/// Returns the key and the name of a role.
pub(crate) fn names(db: &Connection, seq: i64) -> Result<(String, String), StoreError> {
    let wire: String = db
        .prepare_cached("SELECT wire FROM roles WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    let role: Role = serde_json::from_str(&wire)?;
    Ok((role.key, role.name))
}

/// Finds a role by its id and returns it with its number.
pub(crate) fn load(db: &Connection, id: &str) -> Result<(i64, Role), ApiError> {
    let seq: Option<i64> = db
        .prepare_cached("SELECT seq FROM roles WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let seq = seq.ok_or_else(|| errors::unknown(id))?;
    Ok((seq, read(db, seq)?))
}

/// Finds a role by its key or its id; keys begin with `org:` and ids do not.
pub(crate) fn find(db: &Connection, key_or_id: &str) -> Result<Option<(i64, Role)>, StoreError> {
    let seq: Option<i64> = db
        .prepare_cached("SELECT seq FROM roles WHERE key = ?1 OR id = ?1")?
        .query_row([key_or_id], |row| row.get(0))
        .optional()?;
    seq.map(|seq| Ok((seq, read(db, seq)?))).transpose()
}

/// Returns a role with its permissions.
pub(crate) fn read(db: &Connection, seq: i64) -> Result<Role, StoreError> {
    let wire: String = db
        .prepare_cached("SELECT wire FROM roles WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    let mut role: Role = serde_json::from_str(&wire)?;
    let mut statement = db.prepare_cached(
        "SELECT wire FROM role_permissions JOIN permissions ON seq = permission_seq
         WHERE role_seq = ?1 ORDER BY permission_seq",
    )?;
    let permissions = statement
        .query_map([seq], |row| row.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    role.permissions = permissions
        .iter()
        .map(|wire| serde_json::from_str(wire))
        .collect::<Result<Vec<Permission>, _>>()?;
    Ok(role)
}

/// Adds a role with the permissions of these numbers, after checking that its key is free and that there is
/// room for it, and returns its number.
pub(crate) fn insert(tx: &Tx<'_>, role: &Role, permissions: &[i64]) -> Result<i64, ApiError> {
    let db = tx.db();
    let own: u64 = db
        .prepare_cached("SELECT count(*) FROM roles WHERE custom")?
        .query_row([], |row| row.get(0))?;
    if own >= MOST {
        return Err(errors::too_many_roles(MOST));
    }
    check_key(db, &role.key, None)?;
    put(tx, role, permissions, true)
}

/// Adds a role without any check.
pub(crate) fn put(
    tx: &Tx<'_>,
    role: &Role,
    permissions: &[i64],
    custom: bool,
) -> Result<i64, ApiError> {
    let seq = tx
        .db()
        .prepare_cached(
            "INSERT INTO roles (id, key, name, custom, elevated, created_at, wire, membership)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, '')",
        )?
        .insert(params![
            role.id,
            role.key,
            role.name.to_lowercase(),
            custom,
            role.created_at,
            serde_json::to_string(role)?,
        ])?;
    for permission in permissions {
        permit(tx, seq, *permission)?;
    }
    let role = draw(tx, seq)?;
    tx.raise("role.created", |_| Ok(serde_json::to_vec(&role)?))?;
    Ok(seq)
}

/// Writes a changed role, with these permissions instead of its own if some are given.
pub(crate) fn save(
    tx: &Tx<'_>,
    seq: i64,
    role: &Role,
    permissions: Option<&[i64]>,
) -> Result<Role, ApiError> {
    let db = tx.db();
    check_key(db, &role.key, Some(seq))?;
    let before = names(db, seq)?;
    db.prepare_cached("UPDATE roles SET key = ?1, name = ?2, wire = ?3 WHERE seq = ?4")?
        .execute(params![
            role.key,
            role.name.to_lowercase(),
            stored(role)?,
            seq
        ])?;
    if let Some(permissions) = permissions {
        db.prepare_cached("DELETE FROM role_permissions WHERE role_seq = ?1")?
            .execute([seq])?;
        for permission in permissions {
            permit(tx, seq, *permission)?;
        }
    }
    if before != (role.key.clone(), role.name.clone()) {
        rename_in_invitations(db, seq, role)?;
    }
    redraw(tx, seq)
}

/// Gives a role a permission that it does not have.
pub(crate) fn permit(tx: &Tx<'_>, role: i64, permission: i64) -> Result<(), ApiError> {
    let new = tx
        .db()
        .prepare_cached("INSERT OR IGNORE INTO role_permissions VALUES (?1, ?2)")?
        .execute([role, permission])?;
    if new == 0 {
        return Err(errors::granted_already());
    }
    Ok(())
}

/// Takes a permission from a role that has it.
pub(crate) fn forbid(tx: &Tx<'_>, role: i64, permission: i64) -> Result<(), ApiError> {
    let gone = tx
        .db()
        .prepare_cached("DELETE FROM role_permissions WHERE role_seq = ?1 AND permission_seq = ?2")?
        .execute([role, permission])?;
    if gone == 0 {
        return Err(errors::not_granted());
    }
    Ok(())
}

/// Must be called when a role or its permissions have changed: writes what follows from them and returns the role.
pub(crate) fn redraw(tx: &Tx<'_>, seq: i64) -> Result<Role, ApiError> {
    let role = draw(tx, seq)?;
    tx.raise("role.updated", |_| Ok(serde_json::to_vec(&role)?))?;
    Ok(role)
}

fn draw(tx: &Tx<'_>, seq: i64) -> Result<Role, ApiError> {
    let db = tx.db();
    let mut role = read(db, seq)?;
    let keys: Vec<&str> = role.permissions.iter().map(|one| &*one.key).collect();
    role.is_creator_eligible = system::is_elevated(&keys);
    if !role.is_creator_eligible && in_role_set(db, "creator_role", seq)? {
        return Err(errors::creator_needs(&system::MINIMUM));
    }
    db.prepare_cached("UPDATE roles SET elevated = ?1, wire = ?2, membership = ?3 WHERE seq = ?4")?
        .execute(params![
            role.is_creator_eligible,
            stored(&role)?,
            role.of_membership()?,
            seq
        ])?;
    Ok(role)
}

/// Removes a role that nothing depends on.
pub(crate) fn delete(tx: &Tx<'_>, id: &str, now: i64) -> Result<(), ApiError> {
    let db = tx.db();
    let (seq, role) = load(db, id)?;
    if let Some(by) = find_use(db, seq, now)? {
        return Err(errors::in_use(by));
    }
    for sql in [
        "DELETE FROM role_permissions WHERE role_seq = ?1",
        "DELETE FROM role_set_roles WHERE role_seq = ?1",
        "DELETE FROM roles WHERE seq = ?1",
    ] {
        db.prepare_cached(sql)?.execute([seq])?;
    }
    Ok(tx.raise("role.deleted", |_| Ok(serde_json::to_vec(&role)?))?)
}

fn find_use(db: &Connection, seq: i64, now: i64) -> Result<Option<Use>, StoreError> {
    if in_role_set(db, "creator_role", seq)? {
        return Ok(Some(Use::Creator));
    }
    if in_role_set(db, "default_role", seq)? {
        return Ok(Some(Use::Default));
    }
    let (members, invitations): (bool, bool) = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM memberships WHERE role_seq = ?1),
               EXISTS (SELECT 1 FROM organization_invitations
                 WHERE role_seq = ?1 AND status = 'pending' AND expires_at > ?2)",
        )?
        .query_row(params![seq, now], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(match (members, invitations) {
        (true, _) => Some(Use::Members),
        (_, true) => Some(Use::Invitations),
        _ => None,
    })
}

fn in_role_set(db: &Connection, column: &str, seq: i64) -> rusqlite::Result<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM role_sets WHERE {column} = ?1)");
    db.prepare_cached(&sql)?.query_row([seq], |row| row.get(0))
}

/// Invitations are stored with the key and the name of their role, which hardly ever change.
fn rename_in_invitations(db: &Connection, seq: i64, role: &Role) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE organization_invitations
         SET wire = json_set(wire, '$.role', ?1, '$.role_name', ?2) WHERE role_seq = ?3",
    )?
    .execute(params![role.key, role.name, seq])?;
    Ok(())
}

fn stored(role: &Role) -> serde_json::Result<String> {
    serde_json::to_string(&Role {
        permissions: Vec::new(),
        ..role.clone()
    })
}

fn check_key(db: &Connection, key: &str, own: Option<i64>) -> Result<(), ApiError> {
    let taken: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM roles WHERE key = ?1 AND seq IS NOT ?2)")?
        .query_row(params![key, own], |row| row.get(0))?;
    if taken {
        return Err(problem::already_exists("key", "role").into());
    }
    Ok(())
}
