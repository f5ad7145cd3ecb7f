//! The rows of domains. They go with their organization.

use rusqlite::{Connection, OptionalExtension, params};

use super::errors;
use super::wire::{self, Domain};
use crate::http::error::ApiError;
use crate::resource::organization_invitations::wire as organization_invitation;
use crate::store::{Key, Ordered, StoreError, Tx};

/// The list of all domains in order of creation.
pub(crate) const LIST: Ordered = Ordered {
    list: "organization_domains",
    table: "organization_domains",
};

/// What answers call a domain.
pub(crate) const OBJECT: &str = "organization_domain";

/// Most domains of an organization.
pub(crate) const MOST: u64 = 10;

/// Adds a domain to an organization that does not have it, and returns its JSON as it is sent.
pub(crate) fn insert(tx: &Tx<'_>, organization: i64, domain: &Domain) -> Result<Vec<u8>, ApiError> {
    let (there, own): (u64, bool) = tx
        .db()
        .prepare_cached(
            "SELECT count(*), coalesce(max(name = ?2), 0) FROM organization_domains WHERE organization_seq = ?1",
        )?
        .query_row(params![organization, domain.name], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if own {
        return Err(errors::there_already());
    }
    check_free(tx.db(), organization, &domain.name, "name")?;
    if there >= MOST {
        return Err(errors::too_many(MOST));
    }
    tx.arrives(&LIST, &(domain.created_at, domain.id.clone()))?;
    let wire = serde_json::to_string(domain)?;
    tx.db()
        .prepare_cached(
            "INSERT INTO organization_domains (id, organization_seq, name, mode, verified, created_at, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            domain.id,
            organization,
            domain.name,
            domain.enrollment_mode,
            domain.is_verified(),
            domain.created_at,
            wire,
        ])?;
    Ok(told(tx, "organizationDomain.created", organization, &wire)?)
}

/// Refuses a domain that another organization has verified.
pub(crate) fn check_free(
    db: &Connection,
    organization: i64,
    name: &str,
    param: &str,
) -> Result<(), ApiError> {
    let taken: bool = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM organization_domains
             WHERE name = ?1 AND verified AND organization_seq <> ?2)",
        )?
        .query_row(params![name, organization], |row| row.get(0))?;
    if taken {
        return Err(errors::taken(param));
    }
    Ok(())
}

/// Returns a domain of an organization with its number.
pub(crate) fn load(
    db: &Connection,
    organization: i64,
    id: &str,
) -> Result<(i64, Domain), ApiError> {
    let found: Option<(i64, String)> = db
        .prepare_cached(
            "SELECT seq, wire FROM organization_domains WHERE id = ?1 AND organization_seq = ?2",
        )?
        .query_row(params![id, organization], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, wire) = found.ok_or_else(|| errors::unknown(id))?;
    Ok((seq, serde_json::from_str(&wire)?))
}

/// Writes a changed domain over what `load` gave, and returns its JSON as it is sent.
pub(crate) fn save(
    tx: &Tx<'_>,
    organization: i64,
    seq: i64,
    domain: &Domain,
) -> Result<Vec<u8>, StoreError> {
    let wire = serde_json::to_string(domain)?;
    tx.db()
        .prepare_cached(
            "UPDATE organization_domains SET mode = ?1, verified = ?2, wire = ?3 WHERE seq = ?4",
        )?
        .execute(params![
            domain.enrollment_mode,
            domain.is_verified(),
            wire,
            seq
        ])?;
    told(tx, "organizationDomain.updated", organization, &wire)
}

/// Removes a domain of an organization.
pub(crate) fn delete(tx: &Tx<'_>, organization: i64, id: &str) -> Result<(), ApiError> {
    let (seq, _) = load(tx.db(), organization, id)?;
    Ok(remove(tx, "seq", seq)?)
}

/// Removes every domain of an organization.
pub(crate) fn remove_of_organization(tx: &Tx<'_>, organization: i64) -> Result<(), StoreError> {
    remove(tx, "organization_seq", organization)
}

fn remove(tx: &Tx<'_>, column: &str, seq: i64) -> Result<(), StoreError> {
    let gone: Vec<Key> = tx
        .db()
        .prepare_cached(&format!(
            "DELETE FROM organization_domains WHERE {column} = ?1 RETURNING created_at, id"
        ))?
        .query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for key in gone {
        tx.leaves(&LIST, &key)?;
        tx.raise_deleted("organizationDomain.deleted", OBJECT, &key.1, &[])?;
    }
    Ok(())
}

/// Returns a domain as it is sent, after an event with it.
fn told(
    tx: &Tx<'_>,
    kind: &'static str,
    organization: i64,
    wire: &str,
) -> Result<Vec<u8>, StoreError> {
    let mut out = Vec::with_capacity(1_024);
    write(tx.db(), &mut out, organization, wire)?;
    tx.raise(kind, |_| Ok(out.clone()))?;
    Ok(out)
}

/// Appends a stored domain as it is sent: with its organization as it is now.
pub(crate) fn write(
    db: &Connection,
    out: &mut Vec<u8>,
    organization: i64,
    wire: &str,
) -> Result<(), StoreError> {
    let of: String = db
        .prepare_cached("SELECT wire FROM organizations WHERE seq = ?1")?
        .query_row([organization], |row| row.get(0))?;
    wire::write(out, wire, &organization_invitation::organization(&of)?);
    Ok(())
}
