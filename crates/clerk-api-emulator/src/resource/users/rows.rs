//! The rows of users: how a user object comes into the database, changes there and leaves.

mod unique;

use rusqlite::{Connection, OptionalExtension, params};

use super::public::{self, PublicUserData};
use super::search;
use super::wire::User;
use crate::http::error::{self, ApiError};
use crate::resource::identifications::wire as identification;
use crate::store::{Key, Ordered, StoreError, Tx};
use unique::{Lower, add_identification, check_unique, remove_identification};

/// The list of all users in order of creation.
pub(crate) const LIST: Ordered = Ordered {
    list: "users",
    table: "users",
};

/// Columns whose indexes lack new users until the search indexes have caught up. Conditions and orders that are to use
/// them need `SORTED`.
pub(crate) const SORTED_LATER: [&str; 8] = [
    "updated_at",
    "last_active_at",
    "last_sign_in_at",
    "email",
    "phone",
    "wallet",
    "first_name",
    "last_name",
];
/// True of all users once the search indexes have caught up.
pub(crate) const SORTED: &str = "sorted = 1";

/// What is kept beside a user and never sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    pub(crate) password_hash: Option<String>,
    /// The scheme of a hash that came from another system.
    pub(crate) password_hasher: Option<String>,
    pub(crate) totp_secret: Option<String>,
    /// Hashes of codes, as a JSON array.
    pub(crate) backup_codes: Option<String>,
}

impl Secrets {
    pub(crate) fn is_empty(&self) -> bool {
        self.password_hash.is_none() && self.totp_secret.is_none() && self.backup_codes.is_none()
    }
}

/// Adds a user, `wire` being its JSON, after checking that what must be unique is; returns its number.
pub(crate) fn insert(
    tx: &Tx<'_>,
    user: &User,
    wire: &str,
    secrets: &Secrets,
) -> Result<i64, ApiError> {
    if !tx.is_filling() {
        check_unique(tx.db(), user, None)?;
    }
    tx.arrives(&LIST, &(user.created_at, user.id.clone()))?;
    if user.banned {
        tx.count("users_banned", 1)?;
    }
    let mut statement = tx.db().prepare_cached(
        "INSERT INTO users (id, external_id, username, email, phone, wallet, first_name, last_name, banned,
           created_at, updated_at, last_active_at, last_sign_in_at, wire, sorted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    let lower = Lower::of(user);
    let seq = statement.insert(params![
        user.id,
        user.external_id,
        lower.username,
        lower.email,
        lower.phone,
        lower.wallet,
        lower.first_name,
        lower.last_name,
        user.banned,
        user.created_at,
        user.updated_at,
        user.last_active_at,
        user.last_sign_in_at,
        wire,
        tx.is_filling(),
    ])?;
    save_public(tx, seq, &public::json(user)?)?;
    for identification in user.identifications() {
        add_identification(tx.db(), seq, &identification)?;
    }
    if !secrets.is_empty() {
        save_secrets(tx, seq, secrets)?;
    }
    tx.unsearched(&search::SEARCHED, seq, true)?;
    tx.raise("user.created", |_| Ok(wire.into()))?;
    Ok(seq)
}

/// Checks that one more user may come where so many are allowed.
pub(crate) fn check_room(tx: &Tx<'_>, cap: Option<u32>) -> Result<(), ApiError> {
    let Some(cap) = cap else { return Ok(()) };
    let present: i64 = tx
        .db()
        .prepare_cached("SELECT n FROM counters WHERE name = 'users'")?
        .query_row([], |row| row.get(0))?;
    if present < i64::from(cap) {
        Ok(())
    } else {
        Err(error::user_quota_exceeded(cap))
    }
}

/// Returns the JSON of a user as it is sent.
pub(crate) fn wire(db: &Connection, id: &str) -> Result<String, ApiError> {
    db.prepare_cached("SELECT wire FROM users WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| error::user_not_found(id))
}

/// Returns the number of a user's row.
pub(crate) fn number(db: &Connection, id: &str) -> Result<Option<i64>, StoreError> {
    let number = db
        .prepare_cached("SELECT seq FROM users WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(number)
}

/// Returns a user's number and its place in the order of creation.
pub(crate) fn place(db: &Connection, id: &str) -> Result<Option<(i64, Key)>, StoreError> {
    let place = db
        .prepare_cached("SELECT seq, created_at, id FROM users WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
        .optional()?;
    Ok(place)
}

/// Returns what a user is called in front of others: the name, else the first identifier. `None` if the user is gone.
pub(crate) fn name(db: &Connection, id: &str) -> Result<Option<String>, StoreError> {
    let wire: Option<String> = db
        .prepare_cached("SELECT wire FROM users WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    match wire {
        Some(wire) => Ok(PublicUserData::of(&serde_json::from_str(&wire)?).name()),
        None => Ok(None),
    }
}

/// Returns a user who has an email address, one who claims it first, with its number.
pub(crate) fn with_email(db: &Connection, email: &str) -> Result<Option<(i64, User)>, StoreError> {
    let found: Option<(i64, String)> = db
        .prepare_cached(
            "SELECT users.seq, users.wire FROM identifications JOIN users ON users.seq = user_seq
             WHERE kind = ?1 AND value = ?2 ORDER BY claimed DESC, users.seq LIMIT 1",
        )?
        .query_row(params![identification::Kind::Email as i64, email], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(seq, wire)| Ok((seq, serde_json::from_str(&wire)?)))
        .transpose()
}

/// Returns a user to be changed, with its number.
pub(crate) fn load(db: &Connection, id: &str) -> Result<(i64, User), ApiError> {
    let found: Option<(i64, String)> = db
        .prepare_cached("SELECT seq, wire FROM users WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, wire) = found.ok_or_else(|| error::user_not_found(id))?;
    Ok((seq, serde_json::from_str(&wire)?))
}

/// Returns the user who has an identification of a kind, with its number.
pub(crate) fn owner(
    db: &Connection,
    kind: identification::Kind,
    id: &str,
) -> Result<Option<(i64, User)>, StoreError> {
    let found: Option<(i64, String)> = db
        .prepare_cached(
            "SELECT users.seq, users.wire FROM identifications JOIN users ON users.seq = user_seq
             WHERE identifications.id = ?1 AND kind = ?2",
        )?
        .query_row(params![id, kind as i64], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((seq, wire)) = found else {
        return Ok(None);
    };
    Ok(Some((seq, serde_json::from_str(&wire)?)))
}

/// Writes a changed user over what `load` gave, and returns its JSON.
pub(crate) fn save(tx: &Tx<'_>, seq: i64, before: &User, after: &User) -> Result<String, ApiError> {
    check_unique(tx.db(), after, Some(seq))?;
    if before.created_at != after.created_at {
        let place = |user: &User| (user.created_at, user.id.clone());
        tx.moves(&LIST, &place(before), &place(after))?;
    }
    if before.banned != after.banned {
        tx.count("users_banned", if after.banned { 1 } else { -1 })?;
    }
    let wire = serde_json::to_string(after)?;
    let lower = Lower::of(after);
    let mut statement = tx.db().prepare_cached(
        "UPDATE users SET external_id = ?1, username = ?2, email = ?3, phone = ?4, wallet = ?5, first_name = ?6,
           last_name = ?7, banned = ?8, created_at = ?9, updated_at = ?10, last_active_at = ?11,
           last_sign_in_at = ?12, wire = ?13
         WHERE seq = ?14",
    )?;
    statement.execute(params![
        after.external_id,
        lower.username,
        lower.email,
        lower.phone,
        lower.wallet,
        lower.first_name,
        lower.last_name,
        after.banned,
        after.created_at,
        after.updated_at,
        after.last_active_at,
        after.last_sign_in_at,
        wire,
        seq,
    ])?;
    let public = public::json(after)?;
    if public != public::json(before)? {
        save_public(tx, seq, &public)?;
    }
    let same = before.identifications().eq(after.identifications());
    if !same {
        for gone in before.identifications() {
            remove_identification(tx.db(), &gone)?;
        }
        for identification in after.identifications() {
            add_identification(tx.db(), seq, &identification)?;
        }
    }
    let named = |user: &User| {
        (
            user.username.clone(),
            user.first_name.clone(),
            user.last_name.clone(),
        )
    };
    if !same || named(before) != named(after) {
        tx.unsearched(&search::SEARCHED, seq, false)?;
    }
    tx.raise("user.updated", |_| Ok(wire.clone().into()))?;
    Ok(wire)
}

/// Keeps what is public of a user where a page of members finds it.
fn save_public(tx: &Tx<'_>, seq: i64, json: &str) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("INSERT OR REPLACE INTO users_public VALUES (?1, ?2)")?
        .execute(params![seq, json])?;
    Ok(())
}

/// Removes a user with all that hangs on it, and returns it.
pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<User, ApiError> {
    let (seq, user) = load(tx.db(), id)?;
    for gone in user.identifications() {
        remove_identification(tx.db(), &gone)?;
    }
    crate::resource::memberships::rows::remove_of_user(tx, seq)?;
    crate::resource::sessions::rows::remove_of_user(tx, seq)?;
    crate::resource::access_tokens::rows::remove_of_user(tx, seq)?;
    for sql in [
        "DELETE FROM external_accounts WHERE user_seq = ?1",
        "DELETE FROM user_secrets WHERE user_seq = ?1",
        "DELETE FROM users_public WHERE seq = ?1",
        "DELETE FROM verifications WHERE user_seq = ?1",
        "DELETE FROM users WHERE seq = ?1",
    ] {
        tx.db().prepare_cached(sql)?.execute([seq])?;
    }
    crate::resource::images::rows::remove(tx, id)?;
    crate::resource::credits::rows::remove_of(tx, id)?;
    tx.leaves(&LIST, &(user.created_at, user.id.clone()))?;
    if user.banned {
        tx.count("users_banned", -1)?;
    }
    tx.unsearched(&search::SEARCHED, seq, false)?;
    let external = user.external_id.as_deref();
    tx.raise_deleted("user.deleted", "user", id, &[("external_id", external)])?;
    Ok(user)
}

/// Returns what is kept beside a user.
pub(crate) fn secrets(db: &Connection, seq: i64) -> Result<Secrets, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT password_hash, password_hasher, totp_secret, backup_codes FROM user_secrets WHERE user_seq = ?1",
        )?
        .query_row([seq], |row| {
            Ok(Secrets {
                password_hash: row.get(0)?,
                password_hasher: row.get(1)?,
                totp_secret: row.get(2)?,
                backup_codes: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn save_secrets(tx: &Tx<'_>, seq: i64, secrets: &Secrets) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("INSERT OR REPLACE INTO user_secrets VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            seq,
            secrets.password_hash,
            secrets.password_hasher,
            secrets.totp_secret,
            secrets.backup_codes
        ])?;
    Ok(())
}
