//! The actions of a person with the link of a sign-in or actor token, which the Backend API does not have: looks
//! at the token, and uses it up for a session.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::app::App;
use crate::http::error::ApiError;
use crate::resource::access_tokens::rows::{self as access_tokens, Found};
use crate::resource::access_tokens::wire::Status;
use crate::resource::sessions::{
    errors as sessions_errors, routes as sessions, rows as session_rows,
};
use crate::resource::users::rows as users;
use crate::store::Tx;

/// A token as its holder sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Opened {
    /// `sign_in_token` or `actor_token`.
    object: &'static str,
    id: String,
    /// Also `expired`, which the API does not say.
    status: &'static str,
    user_id: String,
    /// The user's name, if there is one.
    user: Option<String>,
    /// Who acts as the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Box<RawValue>>,
    expires_at: i64,
    /// The session that it began, where it just did.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<String>,
}

/// Returns the token that a ticket is, if it is one.
pub(super) fn open(db: &Connection, ticket: &str, now: i64) -> Result<Option<Opened>, ApiError> {
    match access_tokens::by_token(db, ticket)? {
        Some(found) => Ok(Some(seen(db, found, now)?)),
        None => Ok(None),
    }
}

/// Uses a token up, if the ticket is one: a session of its user begins.
pub(super) fn accept(
    app: &App,
    tx: &Tx<'_>,
    ticket: &str,
    now: i64,
) -> Result<Option<Opened>, ApiError> {
    let Some(mut found) = access_tokens::by_token(tx.db(), ticket)? else {
        return Ok(None);
    };
    let status = status(&found, now);
    if status != Status::Pending.name() {
        return Err(sessions_errors::not_usable(status));
    }
    let organization = found.terms.organization_id.clone();
    let (user, mut session) = sessions::prepare(app, tx, &found.token.user_id, organization)?;
    session.actor.clone_from(&found.token.actor);
    if let Some(seconds) = found.terms.session_seconds {
        session.expire_at = session
            .created_at
            .saturating_add(seconds.saturating_mul(1_000));
    }
    access_tokens::settle(tx, &mut found.token, Status::Accepted, now)?;
    session_rows::insert(tx, user, &session)?;
    let mut opened = seen(tx.db(), found, now)?;
    opened.session_id = Some(session.id);
    Ok(Some(opened))
}

fn seen(db: &Connection, found: Found, now: i64) -> Result<Opened, ApiError> {
    Ok(Opened {
        object: found.kind.object(),
        status: status(&found, now),
        user: users::name(db, &found.token.user_id)?,
        id: found.token.id,
        user_id: found.token.user_id,
        actor: found.token.actor,
        expires_at: found.terms.expires_at,
        session_id: None,
    })
}

fn status(found: &Found, now: i64) -> &'static str {
    match found.token.status {
        Status::Pending if found.terms.expires_at <= now => "expired",
        status => status.name(),
    }
}
