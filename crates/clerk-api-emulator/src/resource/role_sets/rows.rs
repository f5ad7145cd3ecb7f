//! The rows of role sets: which roles the members of an organization can have.

use rusqlite::{Connection, OptionalExtension, ToSql, params};

use crate::http::error::ApiError;
use crate::http::problem;
use crate::resource::roles::wire::{RoleSet, RoleSetItem};
use crate::resource::roles::{errors as roles_errors, rows as roles, system};
use crate::store::{StoreError, Tx};

/// Most sets of an instance.
pub(crate) const MOST: u64 = 10;

/// What the others need to know of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) seq: i64,
    pub(crate) key: String,
    pub(crate) initial: bool,
    pub(crate) default_role: i64,
    pub(crate) creator_role: i64,
}

/// Returns the set of new organizations.
pub(crate) fn initial(db: &Connection) -> rusqlite::Result<Known> {
    by(db, "initial = ?1", &true)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Finds a set by its key or its id; keys begin with `role_set:` and ids do not.
pub(crate) fn find(db: &Connection, key_or_id: &str) -> rusqlite::Result<Option<Known>> {
    by(db, "key = ?1 OR id = ?1", &key_or_id)
}

/// Returns the set that a path names.
pub(crate) fn load(db: &Connection, key_or_id: &str) -> Result<Known, ApiError> {
    find(db, key_or_id)?.ok_or_else(|| roles_errors::unknown_set(key_or_id))
}

fn by(db: &Connection, condition: &str, value: &dyn ToSql) -> rusqlite::Result<Option<Known>> {
    db.prepare_cached(&format!(
        "SELECT seq, key, initial, default_role, creator_role FROM role_sets WHERE {condition}"
    ))?
    .query_row([value], |row| {
        Ok(Known {
            seq: row.get(0)?,
            key: row.get(1)?,
            initial: row.get(2)?,
            default_role: row.get(3)?,
            creator_role: row.get(4)?,
        })
    })
    .optional()
}

/// Returns a set with its roles.
pub(crate) fn read(db: &Connection, seq: i64) -> Result<RoleSet, StoreError> {
    let (wire, default_role, creator_role): (String, i64, i64) = db
        .prepare_cached("SELECT wire, default_role, creator_role FROM role_sets WHERE seq = ?1")?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut set: RoleSet = serde_json::from_str(&wire)?;
    for role in members(db, seq)? {
        let item = RoleSetItem::new(roles::read(db, role)?, count_members(db, seq, role)?);
        if role == default_role {
            set.default_role = Some(item.clone());
        }
        if role == creator_role {
            set.creator_role = Some(item.clone());
        }
        set.roles.push(item);
    }
    Ok(set)
}

/// Returns the numbers of the roles in a set, in order of their creation.
pub(crate) fn members(db: &Connection, set: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached("SELECT role_seq FROM role_set_roles WHERE role_set_seq = ?1")?
        .query_map([set], |row| row.get(0))?
        .collect()
}

/// Counts who has a role in the organizations of a set.
fn count_members(db: &Connection, set: i64, role: i64) -> rusqlite::Result<u64> {
    // A role that is in no other set has its members all here, which an index alone can tell.
    db.prepare_cached(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM role_set_roles WHERE role_seq = ?2 AND role_set_seq <> ?1)
           THEN (SELECT count(*) FROM memberships CROSS JOIN organizations ON organizations.seq = organization_seq
                 WHERE role_seq = ?2 AND role_set_seq = ?1)
           ELSE (SELECT count(*) FROM memberships WHERE role_seq = ?2) END",
    )?
    .query_row([set, role], |row| row.get(0))
}

/// Returns the numbers of the roles with these keys, which a body's parameter names.
pub(crate) fn roles_of(
    db: &Connection,
    param: &str,
    keys: &[String],
) -> Result<Vec<i64>, ApiError> {
    keys.iter()
        .map(|key| match roles::find(db, key)? {
            Some((seq, role)) if role.key == *key => Ok(seq),
            _ => Err(roles_errors::no_such(param, "organization role", key)),
        })
        .collect()
}

/// Returns the number of a role in a set, which a body's parameter names by its key.
pub(crate) fn role_in(db: &Connection, set: i64, param: &str, key: &str) -> Result<i64, ApiError> {
    let found = roles_of(db, param, &[key.to_owned()])?;
    let members = members(db, set)?;
    let role = found.into_iter().find(|role| members.contains(role));
    role.ok_or_else(|| problem::value_invalid(param, key).into())
}

/// Refuses a role that creators of organizations cannot have.
pub(crate) fn check_creator(db: &Connection, role: i64) -> Result<(), ApiError> {
    if roles::read(db, role)?.is_creator_eligible {
        Ok(())
    } else {
        Err(roles_errors::creator_needs(&system::MINIMUM))
    }
}

/// Adds a set with these roles after checking that its key is free and that there is room for it, and returns
/// its number.
pub(crate) fn insert(
    tx: &Tx<'_>,
    set: &RoleSet,
    roles: &[i64],
    default_role: i64,
    creator_role: i64,
) -> Result<i64, ApiError> {
    let db = tx.db();
    let there: u64 = db
        .prepare_cached("SELECT count(*) FROM role_sets")?
        .query_row([], |row| row.get(0))?;
    if there >= MOST {
        return Err(roles_errors::too_many_sets(MOST));
    }
    check_key(db, &set.key, None)?;
    check_creator(db, creator_role)?;
    let seq = put(db, set, default_role, creator_role)?;
    include(db, seq, roles)?;
    Ok(seq)
}

/// Adds a set without any check and without roles, and returns its number.
pub(crate) fn put(
    db: &Connection,
    set: &RoleSet,
    default_role: i64,
    creator_role: i64,
) -> Result<i64, StoreError> {
    Ok(db
        .prepare_cached(
            "INSERT INTO role_sets (id, key, name, initial, default_role, creator_role, created_at, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .insert(params![
            set.id,
            set.key,
            set.name.to_lowercase(),
            set.kind == "initial",
            default_role,
            creator_role,
            set.created_at,
            serde_json::to_string(set)?,
        ])?)
}

/// Puts roles into a set; those that are there stay.
pub(crate) fn include(db: &Connection, set: i64, roles: &[i64]) -> rusqlite::Result<()> {
    for role in roles {
        db.prepare_cached("INSERT OR IGNORE INTO role_set_roles VALUES (?1, ?2)")?
            .execute([set, *role])?;
    }
    Ok(())
}

/// Writes a changed set; `known` says which roles it gives to whom. Organizations that have it get its new key.
pub(crate) fn save(tx: &Tx<'_>, known: &Known, set: &RoleSet) -> Result<(), ApiError> {
    let db = tx.db();
    check_key(db, &set.key, Some(known.seq))?;
    check_creator(db, known.creator_role)?;
    let bare = RoleSet {
        roles: Vec::new(),
        default_role: None,
        creator_role: None,
        ..set.clone()
    };
    db.prepare_cached(
        "UPDATE role_sets SET key = ?1, name = ?2, initial = ?3, default_role = ?4, creator_role = ?5, wire = ?6
         WHERE seq = ?7",
    )?
    .execute(params![
        set.key,
        set.name.to_lowercase(),
        set.kind == "initial",
        known.default_role,
        known.creator_role,
        serde_json::to_string(&bare)?,
        known.seq,
    ])?;
    if known.key != set.key {
        db.prepare_cached(
            "UPDATE organizations SET wire = json_set(wire, '$.role_set_key', ?1) WHERE role_set_seq = ?2",
        )?
        .execute(params![set.key, known.seq])?;
    }
    Ok(())
}

/// Makes the set of new organizations an ordinary one, because another takes its place.
pub(crate) fn dethrone(tx: &Tx<'_>) -> Result<(), ApiError> {
    let known = initial(tx.db())?;
    let mut set = read(tx.db(), known.seq)?;
    set.set_initial(false);
    save(tx, &known, &set)
}

/// Refuses a set for an organization in which somebody has, or is invited to, a role that is not in it.
pub(crate) fn check_fits(
    db: &Connection,
    set: i64,
    organization: i64,
    now: i64,
) -> Result<(), ApiError> {
    let fits: bool = db
        .prepare_cached(
            "WITH roles_in AS (SELECT role_seq FROM role_set_roles WHERE role_set_seq = ?1)
             SELECT NOT EXISTS (SELECT 1 FROM memberships
                 WHERE organization_seq = ?2 AND role_seq NOT IN roles_in)
               AND NOT EXISTS (SELECT 1 FROM organization_invitations
                 WHERE organization_seq = ?2 AND status = 'pending' AND expires_at > ?3
                   AND role_seq NOT IN roles_in)",
        )?
        .query_row(params![set, organization, now], |row| row.get(0))?;
    if fits {
        Ok(())
    } else {
        Err(roles_errors::does_not_fit().into())
    }
}

/// Returns whether a member or an invitation has a role in an organization of a set.
pub(crate) fn is_used(db: &Connection, set: i64, role: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM memberships CROSS JOIN organizations ON organizations.seq = organization_seq
             WHERE role_seq = ?2 AND role_set_seq = ?1)
           OR EXISTS (SELECT 1 FROM organization_invitations AS invitation
               CROSS JOIN organizations ON organizations.seq = organization_seq
             WHERE role_seq = ?2 AND role_set_seq = ?1 AND status = 'pending')",
    )?
    .query_row([set, role], |row| row.get(0))
}

/// Gives everybody who has one of some roles, or is invited to it, in the organizations of a set another one.
/// Roles may be exchanged: who has just got one keeps it.
pub(crate) fn reassign(
    tx: &Tx<'_>,
    set: i64,
    pairs: &[(i64, i64)],
    now: i64,
) -> Result<(), StoreError> {
    let db = tx.db();
    for (from, to) in pairs {
        db.prepare_cached(
            "UPDATE memberships SET role_seq = -?3, wire = json_set(wire, '$.updated_at', ?4)
             WHERE role_seq = ?2 AND (SELECT role_set_seq FROM organizations WHERE seq = organization_seq) = ?1",
        )?
        .execute(params![set, from, to, now])?;
        let (key, name) = roles::names(db, *to)?;
        db.prepare_cached(
            "UPDATE organization_invitations
             SET role_seq = -?3, wire = json_set(wire, '$.role', ?4, '$.role_name', ?5, '$.updated_at', ?6)
             WHERE role_seq = ?2 AND status = 'pending'
               AND (SELECT role_set_seq FROM organizations WHERE seq = organization_seq) = ?1",
        )?
        .execute(params![set, from, to, key, name, now])?;
    }
    for table in ["memberships", "organization_invitations"] {
        db.prepare_cached(&format!(
            "UPDATE {table} SET role_seq = -role_seq WHERE role_seq < 0"
        ))?
        .execute([])?;
    }
    Ok(())
}

/// Takes a role out of a set.
pub(crate) fn exclude(tx: &Tx<'_>, set: i64, role: i64) -> rusqlite::Result<()> {
    tx.db()
        .prepare_cached("DELETE FROM role_set_roles WHERE role_set_seq = ?1 AND role_seq = ?2")?
        .execute([set, role])?;
    Ok(())
}

/// Removes a set after giving another one to its organizations.
pub(crate) fn replace(tx: &Tx<'_>, gone: &Known, by: &Known) -> Result<(), StoreError> {
    let db = tx.db();
    db.prepare_cached(
        "UPDATE organizations SET role_set_seq = ?1, wire = json_set(wire, '$.role_set_key', ?2)
         WHERE role_set_seq = ?3",
    )?
    .execute(params![by.seq, by.key, gone.seq])?;
    for sql in [
        "DELETE FROM role_set_roles WHERE role_set_seq = ?1",
        "DELETE FROM role_sets WHERE seq = ?1",
    ] {
        db.prepare_cached(sql)?.execute([gone.seq])?;
    }
    Ok(())
}

/// Returns a key made from a name that no set has: with a number behind it where that is taken.
pub(crate) fn free_key(db: &Connection, base: &str) -> Result<String, StoreError> {
    let mut key = base.to_owned();
    let mut number = 1_u64;
    while find(db, &key)?.is_some() {
        number += 1;
        key = format!("{base}_{number}");
    }
    Ok(key)
}

fn check_key(db: &Connection, key: &str, own: Option<i64>) -> Result<(), ApiError> {
    match find(db, key)? {
        Some(other) if Some(other.seq) != own => {
            Err(problem::already_exists("key", "role set").into())
        }
        _ => Ok(()),
    }
}
