//! The rows of permissions: what members of organizations may do.

use rusqlite::{Connection, OptionalExtension, params};

use crate::http::error::ApiError;
use crate::http::problem;
use crate::resource::roles::wire::Permission;
use crate::resource::roles::{errors as roles_errors, rows as roles};
use crate::store::{StoreError, Tx};

/// Most permissions of an instance's own.
pub(crate) const MOST: u64 = 50;

/// Adds a permission after checking that its key is free and that there is room for it.
pub(crate) fn insert(tx: &Tx<'_>, permission: &Permission) -> Result<(), ApiError> {
    let db = tx.db();
    let own: u64 = db
        .prepare_cached("SELECT count(*) FROM permissions WHERE NOT system")?
        .query_row([], |row| row.get(0))?;
    if own >= MOST {
        return Err(roles_errors::too_many_permissions(MOST));
    }
    check_key(db, &permission.key, None)?;
    put(db, permission, false)?;
    Ok(tx.raise("permission.created", |_| {
        Ok(serde_json::to_vec(permission)?)
    })?)
}

/// Adds a permission without any check and returns its number.
pub(crate) fn put(
    db: &Connection,
    permission: &Permission,
    system: bool,
) -> Result<i64, StoreError> {
    Ok(db
        .prepare_cached(
            "INSERT INTO permissions (id, key, name, system, created_at, wire)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .insert(params![
            permission.id,
            permission.key,
            permission.name.to_lowercase(),
            system,
            permission.created_at,
            serde_json::to_string(permission)?,
        ])?)
}

/// Finds a permission by its id.
pub(crate) fn load(db: &Connection, id: &str) -> Result<(i64, Permission), ApiError> {
    let (seq, wire) = number(db, id)?.ok_or_else(|| roles_errors::unknown_permission(id))?;
    Ok((seq, serde_json::from_str(&wire)?))
}

/// Returns the numbers of the permissions with these ids, which a body's parameter names.
pub(crate) fn numbers(db: &Connection, param: &str, ids: &[String]) -> Result<Vec<i64>, ApiError> {
    ids.iter()
        .map(|id| match number(db, id)? {
            Some((seq, _)) => Ok(seq),
            None => Err(roles_errors::no_such(param, "permission", id)),
        })
        .collect()
}

fn number(db: &Connection, id: &str) -> rusqlite::Result<Option<(i64, String)>> {
    db.prepare_cached("SELECT seq, wire FROM permissions WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Returns a permission that may be changed: those of every instance may not.
pub(crate) fn load_own(db: &Connection, id: &str) -> Result<(i64, Permission), ApiError> {
    let (seq, permission) = load(db, id)?;
    let system: bool = db
        .prepare_cached("SELECT system FROM permissions WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    if system {
        return Err(roles_errors::system_permission());
    }
    Ok((seq, permission))
}

/// Writes a changed permission; roles that have it, and hence their members, have the new one.
pub(crate) fn save(tx: &Tx<'_>, seq: i64, permission: &Permission) -> Result<(), ApiError> {
    check_key(tx.db(), &permission.key, Some(seq))?;
    tx.db()
        .prepare_cached("UPDATE permissions SET key = ?1, name = ?2, wire = ?3 WHERE seq = ?4")?
        .execute(params![
            permission.key,
            permission.name.to_lowercase(),
            serde_json::to_string(permission)?,
            seq,
        ])?;
    tx.raise("permission.updated", |_| {
        Ok(serde_json::to_vec(permission)?)
    })?;
    for role in roles_with(tx.db(), seq)? {
        roles::redraw(tx, role)?;
    }
    Ok(())
}

/// Removes a permission, from the roles that have it too.
pub(crate) fn delete(tx: &Tx<'_>, seq: i64, permission: &Permission) -> Result<(), ApiError> {
    let db = tx.db();
    let roles = roles_with(db, seq)?;
    db.prepare_cached("DELETE FROM role_permissions WHERE permission_seq = ?1")?
        .execute([seq])?;
    db.prepare_cached("DELETE FROM permissions WHERE seq = ?1")?
        .execute([seq])?;
    tx.raise("permission.deleted", |_| {
        Ok(serde_json::to_vec(permission)?)
    })?;
    for role in roles {
        roles::redraw(tx, role)?;
    }
    Ok(())
}

fn roles_with(db: &Connection, permission: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached("SELECT role_seq FROM role_permissions WHERE permission_seq = ?1")?
        .query_map([permission], |row| row.get(0))?
        .collect()
}

fn check_key(db: &Connection, key: &str, own: Option<i64>) -> Result<(), ApiError> {
    let taken: bool = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM permissions WHERE key = ?1 AND seq IS NOT ?2)",
        )?
        .query_row(params![key, own], |row| row.get(0))?;
    if taken {
        return Err(problem::already_exists("key", "permission").into());
    }
    Ok(())
}
