//! The rows of sign-in tokens and actor tokens. Nothing in this API uses one up; their links do.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::{AccessToken, Kind, Status};
use crate::http::error::{self, ApiError};
use crate::resource::sessions::errors as sessions_errors;
use crate::store::{StoreError, Tx};

/// What a token stands for and does not say.
#[derive(Debug)]
pub(crate) struct Terms {
    pub(crate) expires_at: i64,
    /// The organization that will be active in the session.
    pub(crate) organization_id: Option<String>,
    /// How long the session will last.
    pub(crate) session_seconds: Option<i64>,
}

/// A token with what it stands for.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) token: AccessToken,
    pub(crate) terms: Terms,
}

/// Finds a token of either kind by itself.
pub(crate) fn by_token(db: &Connection, token: &str) -> Result<Option<Found>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT wire, kind, expires_at, organization_id, session_seconds FROM access_tokens WHERE token = ?1",
        )?
        .query_row([token], |row| {
            let wire: String = row.get(0)?;
            let kind = match row.get_ref(1)?.as_str()? {
                "actor_token" => Kind::Actor,
                _ => Kind::SignIn,
            };
            let terms = Terms {
                expires_at: row.get(2)?,
                organization_id: row.get(3)?,
                session_seconds: row.get(4)?,
            };
            Ok((wire, kind, terms))
        })
        .optional()?;
    let Some((wire, kind, terms)) = found else {
        return Ok(None);
    };
    let token = serde_json::from_str(&wire)?;
    Ok(Some(Found { kind, token, terms }))
}

/// Adds a token.
pub(crate) fn insert(
    tx: &Tx<'_>,
    kind: Kind,
    user: i64,
    token: &AccessToken,
    terms: &Terms,
) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached(
            "INSERT INTO access_tokens (id, kind, user_seq, token, expires_at, organization_id, session_seconds, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            token.id,
            kind.object(),
            user,
            token.token,
            terms.expires_at,
            terms.organization_id,
            terms.session_seconds,
            serde_json::to_string(token)?,
        ])?;
    Ok(())
}

/// Takes a token back and returns it.
pub(crate) fn revoke(tx: &Tx<'_>, kind: Kind, id: &str, now: i64) -> Result<AccessToken, ApiError> {
    let wire: Option<String> = tx
        .db()
        .prepare_cached("SELECT wire FROM access_tokens WHERE id = ?1 AND kind = ?2")?
        .query_row([id, kind.object()], |row| row.get(0))
        .optional()?;
    let wire = wire.ok_or_else(|| error::not_found(format!("No token was found with id {id}.")))?;
    let mut token: AccessToken = serde_json::from_str(&wire)?;
    if token.status != Status::Pending {
        let code = match kind {
            Kind::SignIn => "sign_in_token_cannot_be_revoked_code",
            Kind::Actor => "actor_token_cannot_be_revoked_code",
        };
        return Err(sessions_errors::not_revocable(code, token.status.name()));
    }
    settle(tx, &mut token, Status::Revoked, now)?;
    Ok(token)
}

/// Writes what has become of a pending token.
pub(crate) fn settle(
    tx: &Tx<'_>,
    token: &mut AccessToken,
    status: Status,
    now: i64,
) -> Result<(), StoreError> {
    token.status = status;
    token.updated_at = now;
    tx.db()
        .prepare_cached("UPDATE access_tokens SET wire = ?1 WHERE id = ?2")?
        .execute(params![serde_json::to_string(token)?, token.id])?;
    Ok(())
}

/// Forgets the tokens for a user who is gone.
pub(crate) fn remove_of_user(tx: &Tx<'_>, user: i64) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("DELETE FROM access_tokens WHERE user_seq = ?1")?
        .execute([user])?;
    Ok(())
}
