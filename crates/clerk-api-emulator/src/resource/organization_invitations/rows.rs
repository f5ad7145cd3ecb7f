//! The rows of invitations to organizations. They go only with their organization.

mod sender;

use rusqlite::{Connection, OptionalExtension, params};

use super::search;
use super::wire::OrganizationInvitation;
use crate::http::error::{self, ApiError};
use crate::resource::identifications::wire as identification;
use crate::resource::invitations::rows::counter;
use crate::resource::invitations::wire::Status;
use crate::resource::invitations::{errors as invitations_errors, wire as invitation};
use crate::resource::roles::system::MANAGE_MEMBERS;
use crate::store::{Expiring, Key, Ordered, StoreError, Tx};
pub(crate) use sender::Sender;

/// The list of all invitations to organizations in order of creation.
pub(crate) const LIST: Ordered = Ordered {
    list: "organization_invitations",
    table: "organization_invitations",
};

/// The columns that `Sender` writes an invitation from.
pub(crate) const SENT: &str = "wire, inviter, organization_seq";

/// Adds a pending invitation, `role` being the number of its role's row, with where its ticket leads to, and
/// returns its JSON as it is stored.
pub(crate) fn insert(
    tx: &Tx<'_>,
    organization_seq: i64,
    role: i64,
    invitation: &OrganizationInvitation,
    redirect_url: Option<&str>,
) -> Result<String, StoreError> {
    tx.arrives(&LIST, &(invitation.created_at, invitation.id.clone()))?;
    let wire = serde_json::to_string(invitation)?;
    let mut statement = tx.db().prepare_cached(
        "INSERT INTO organization_invitations
           (id, organization_seq, email, status, inviter, created_at, expires_at, wire, role_seq, ticket,
            redirect_url)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let seq = statement.insert(params![
        invitation.id,
        organization_seq,
        invitation.email_address,
        invitation.status.name(),
        invitation.inviter_id,
        invitation.created_at,
        invitation.expires_at,
        wire,
        role,
        invitation.url.as_deref().and_then(invitation::ticket),
        redirect_url,
    ])?;
    tx.count(&counter(&LIST, invitation.status), 1)?;
    tx.unsearched(&search::SEARCHED, seq, true)?;
    raise(
        tx,
        "organizationInvitation.created",
        organization_seq,
        invitation,
        &wire,
    )?;
    Ok(wire)
}

/// Returns whether an invitation to this address is pending.
pub(crate) fn is_pending(
    db: &Connection,
    organization_seq: i64,
    email: &str,
    now: i64,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM organization_invitations
         WHERE organization_seq = ?1 AND email = ?2 AND +status = 'pending' AND +expires_at > ?3)",
    )?
    .query_row(params![organization_seq, email, now], |row| row.get(0))
}

/// Returns whether one of the users who have this address, proven or not, is a member.
pub(crate) fn is_member(
    db: &Connection,
    organization_seq: i64,
    email: &str,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM identifications CROSS JOIN memberships USING (user_seq)
         WHERE kind = ?1 AND value = ?2 AND organization_seq = ?3)",
    )?
    .query_row(
        params![identification::Kind::Email as i64, email, organization_seq],
        |row| row.get(0),
    )
}

/// Refuses a user who may not invite to an organization or revoke invitations there.
pub(crate) fn check_permitted(
    db: &Connection,
    organization_seq: i64,
    user: &str,
) -> Result<(), ApiError> {
    let exists: Option<i64> = db
        .prepare_cached("SELECT seq FROM users WHERE id = ?1")?
        .query_row([user], |row| row.get(0))
        .optional()?;
    let user_seq = exists.ok_or_else(|| error::user_not_found(user))?;
    let permitted: Option<bool> = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM role_permissions JOIN permissions ON seq = permission_seq
                WHERE role_permissions.role_seq = memberships.role_seq AND key = ?3)
             FROM memberships WHERE organization_seq = ?1 AND user_seq = ?2",
        )?
        .query_row(params![organization_seq, user_seq, MANAGE_MEMBERS], |row| {
            row.get(0)
        })
        .optional()?;
    match permitted {
        None => Err(invitations_errors::stranger(user)),
        Some(false) => Err(invitations_errors::not_permitted(user, MANAGE_MEMBERS)),
        Some(true) => Ok(()),
    }
}

/// Returns an invitation of an organization as it is at this moment, with its number.
pub(crate) fn load(
    db: &Connection,
    organization_seq: i64,
    id: &str,
    now: i64,
) -> Result<(i64, OrganizationInvitation), ApiError> {
    let found: Option<(i64, String)> = db
        .prepare_cached(
            "SELECT seq, wire FROM organization_invitations WHERE id = ?1 AND organization_seq = ?2",
        )?
        .query_row(params![id, organization_seq], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, wire) = found.ok_or_else(|| invitations_errors::unknown(id))?;
    let mut invitation: OrganizationInvitation = serde_json::from_str(&wire)?;
    let status = invitation.status.at(now, invitation.expires_at);
    if status != invitation.status {
        invitation.settle(status);
    }
    Ok((seq, invitation))
}

/// An invitation that was found by its ticket.
#[derive(Debug)]
pub(crate) struct Ticketed {
    pub(crate) seq: i64,
    pub(crate) organization_seq: i64,
    pub(crate) role_seq: i64,
    pub(crate) invitation: OrganizationInvitation,
    pub(crate) redirect_url: Option<String>,
}

/// Returns the invitation that has a ticket as it is at this moment.
pub(crate) fn by_ticket(
    db: &Connection,
    ticket: &str,
    now: i64,
) -> Result<Option<Ticketed>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT seq, organization_seq, role_seq, wire, redirect_url FROM organization_invitations
             WHERE ticket = ?1",
        )?
        .query_row([ticket], |row| {
            let numbers = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((numbers, row.get::<_, String>(3)?, row.get(4)?))
        })
        .optional()?;
    let Some(((seq, organization_seq, role_seq), wire, redirect_url)) = found else {
        return Ok(None);
    };
    let mut invitation: OrganizationInvitation = serde_json::from_str(&wire)?;
    invitation.status = invitation.status.at(now, invitation.expires_at);
    Ok(Some(Ticketed {
        seq,
        organization_seq,
        role_seq,
        invitation,
        redirect_url,
    }))
}

/// Writes an invitation that was pending and is not any more, and returns its JSON as it is stored.
fn settle(
    tx: &Tx<'_>,
    seq: i64,
    invitation: &OrganizationInvitation,
) -> Result<String, StoreError> {
    tx.count(&counter(&LIST, Status::Pending), -1)?;
    tx.count(&counter(&LIST, invitation.status), 1)?;
    let wire = serde_json::to_string(invitation)?;
    tx.db()
        .prepare_cached(
            "UPDATE organization_invitations SET status = ?1, wire = ?2 WHERE seq = ?3",
        )?
        .execute(params![invitation.status.name(), wire, seq])?;
    Ok(wire)
}

/// Writes that a pending invitation has been revoked, and returns its JSON as it is stored.
pub(crate) fn revoke(
    tx: &Tx<'_>,
    seq: i64,
    organization_seq: i64,
    invitation: &mut OrganizationInvitation,
    now: i64,
) -> Result<String, StoreError> {
    invitation.settle(Status::Revoked);
    invitation.updated_at = now;
    let wire = settle(tx, seq, invitation)?;
    raise(
        tx,
        "organizationInvitation.revoked",
        organization_seq,
        invitation,
        &wire,
    )?;
    Ok(wire)
}

/// Writes that a user has accepted a pending invitation.
pub(crate) fn accept(
    tx: &Tx<'_>,
    seq: i64,
    organization_seq: i64,
    invitation: &mut OrganizationInvitation,
    user_id: &str,
    now: i64,
) -> Result<(), StoreError> {
    invitation.settle(Status::Accepted);
    invitation.updated_at = now;
    let wire = settle(tx, seq, invitation)?;
    tx.raise("organizationInvitation.accepted", |outbox| {
        let mut data = told(tx.db(), &outbox.server, organization_seq, invitation, &wire)?;
        data.pop();
        data.extend_from_slice(br#","user_id":"#);
        serde_json::to_writer(&mut data, user_id)?;
        data.push(b'}');
        Ok(data)
    })
}

fn raise(
    tx: &Tx<'_>,
    kind: &'static str,
    organization_seq: i64,
    invitation: &OrganizationInvitation,
    wire: &str,
) -> Result<(), StoreError> {
    tx.raise(kind, |outbox| {
        told(tx.db(), &outbox.server, organization_seq, invitation, wire)
    })
}

/// Writes an invitation as events have it, which is with its organization.
fn told(
    db: &Connection,
    server: &str,
    organization_seq: i64,
    invitation: &OrganizationInvitation,
    wire: &str,
) -> Result<Vec<u8>, StoreError> {
    let mut out = Vec::new();
    let inviter = invitation.inviter_id.clone();
    Sender::with_organizations(db, server).write(&mut out, wire, inviter, organization_seq)?;
    Ok(out)
}

/// Those that wait pass their time.
pub(crate) static EXPIRING: Expiring = Expiring {
    table: "organization_invitations",
    expire,
};

fn expire(tx: &Tx<'_>, seq: i64, wire: &str) -> Result<(), StoreError> {
    let mut invitation: OrganizationInvitation = serde_json::from_str(wire)?;
    invitation.settle(Status::Expired);
    settle(tx, seq, &invitation)?;
    Ok(())
}

/// Removes every invitation to an organization, whatever became of it.
pub(crate) fn remove_of_organization(tx: &Tx<'_>, seq: i64) -> Result<(), StoreError> {
    let mut statement = tx.db().prepare_cached(
        "DELETE FROM organization_invitations WHERE organization_seq = ?1 RETURNING seq, status, created_at, id",
    )?;
    let gone: Vec<(i64, String, Key)> = statement
        .query_map([seq], |row| {
            Ok((row.get(0)?, row.get(1)?, (row.get(2)?, row.get(3)?)))
        })?
        .collect::<Result<_, _>>()?;
    for (invitation, status, key) in gone {
        tx.leaves(&LIST, &key)?;
        tx.count(&format!("organization_invitations_{status}"), -1)?;
        tx.unsearched(&search::SEARCHED, invitation, false)?;
    }
    Ok(())
}
