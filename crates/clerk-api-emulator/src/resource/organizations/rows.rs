//! The rows of organizations: how an organization object comes into the database, changes there and leaves.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::{Counts, Organization};
use super::{errors, search};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::resource::credits::rows as credits;
use crate::resource::domains::rows as domains;
use crate::resource::images::rows as images;
use crate::resource::memberships::rows as memberships;
use crate::resource::organization_invitations::rows as organization_invitations;
use crate::store::{Ordered, StoreError, Tx};

/// The list of all organizations in order of creation.
pub(crate) const LIST: Ordered = Ordered {
    list: "organizations",
    table: "organizations",
};

/// Pending invitations of the organization at hand; the placeholder is the present.
pub(crate) const PENDING: &str = "(SELECT count(*) FROM organization_invitations
     WHERE organization_seq = organizations.seq AND status = 'pending' AND expires_at > ?)";

/// Whether nobody in the organization at hand may manage it.
pub(crate) const UNMANAGED: &str =
    "NOT EXISTS (SELECT 1 FROM roles CROSS JOIN memberships ON role_seq = roles.seq
     WHERE elevated AND organization_seq = organizations.seq)";

/// An organization as it is stored, and its number.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) seq: i64,
    role_set: i64,
    pub(crate) wire: String,
}

/// Adds an organization, `wire` being its JSON, after checking that its slug is free; returns its number.
pub(crate) fn insert(
    tx: &Tx<'_>,
    organization: &Organization,
    wire: &str,
) -> Result<i64, ApiError> {
    check_slug(tx.db(), organization.slug.as_deref(), None)?;
    tx.arrives(&LIST, &(organization.created_at, organization.id.clone()))?;
    let seq = tx
        .db()
        .prepare_cached(
            "INSERT INTO organizations (id, slug, name, max_allowed_memberships, created_at, wire, role_set_seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .insert(params![
            organization.id,
            organization.slug,
            organization.name.to_lowercase(),
            organization.max_allowed_memberships,
            organization.created_at,
            wire,
            organization.role_set,
        ])?;
    tx.unsearched(&search::SEARCHED, seq, true)?;
    tx.raise("organization.created", |_| Ok(wire.into()))?;
    Ok(seq)
}

/// Finds an organization by its id.
pub(crate) fn find(db: &Connection, id: &str) -> Result<Stored, ApiError> {
    by(db, "id", id)?.ok_or_else(errors::unknown)
}

/// Finds an organization by its id or its slug. No text can be both: ids have an underscore, slugs cannot.
pub(crate) fn find_by_id_or_slug(db: &Connection, text: &str) -> Result<Stored, ApiError> {
    let column = if text.contains('_') { "id" } else { "slug" };
    by(db, column, text)?.ok_or_else(errors::unknown)
}

fn by(db: &Connection, column: &str, value: &str) -> Result<Option<Stored>, StoreError> {
    let found = db
        .prepare_cached(&format!(
            "SELECT seq, wire, role_set_seq FROM organizations WHERE {column} = ?1"
        ))?
        .query_row([value], |row| {
            Ok(Stored {
                seq: row.get(0)?,
                wire: row.get(1)?,
                role_set: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Returns the organization with this number.
pub(crate) fn read(db: &Connection, seq: i64) -> Result<Organization, StoreError> {
    let wire: String = db
        .prepare_cached("SELECT wire FROM organizations WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    Ok(serde_json::from_str(&wire)?)
}

/// Returns an organization to be changed, with its number.
pub(crate) fn load(db: &Connection, id: &str) -> Result<(i64, Organization), ApiError> {
    let stored = find(db, id)?;
    let mut organization: Organization = serde_json::from_str(&stored.wire)?;
    organization.role_set = stored.role_set;
    Ok((stored.seq, organization))
}

/// Writes a changed organization over what `load` gave, and returns its JSON.
pub(crate) fn save(
    tx: &Tx<'_>,
    seq: i64,
    before: &Organization,
    after: &Organization,
) -> Result<String, ApiError> {
    check_slug(tx.db(), after.slug.as_deref(), Some(seq))?;
    if before.created_at != after.created_at {
        let place =
            |organization: &Organization| (organization.created_at, organization.id.clone());
        tx.moves(&LIST, &place(before), &place(after))?;
    }
    let wire = serde_json::to_string(after)?;
    tx.db()
        .prepare_cached(
            "UPDATE organizations SET slug = ?1, name = ?2, max_allowed_memberships = ?3, created_at = ?4, wire = ?5,
               role_set_seq = ?6
             WHERE seq = ?7",
        )?
        .execute(params![
            after.slug,
            after.name.to_lowercase(),
            after.max_allowed_memberships,
            after.created_at,
            wire,
            after.role_set,
            seq,
        ])?;
    if (&before.name, &before.slug) != (&after.name, &after.slug) {
        tx.unsearched(&search::SEARCHED, seq, false)?;
    }
    tx.raise("organization.updated", |_| Ok(wire.clone().into()))?;
    Ok(wire)
}

/// Removes an organization with its members, its invitations and all else that hangs on it, and returns it.
pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<Organization, ApiError> {
    let (seq, organization) = load(tx.db(), id)?;
    memberships::remove_of_organization(tx, seq)?;
    organization_invitations::remove_of_organization(tx, seq)?;
    domains::remove_of_organization(tx, seq)?;
    images::remove(tx, id)?;
    credits::remove_of(tx, id)?;
    tx.db()
        .prepare_cached("DELETE FROM organizations WHERE seq = ?1")?
        .execute([seq])?;
    tx.leaves(&LIST, &(organization.created_at, organization.id.clone()))?;
    tx.unsearched(&search::SEARCHED, seq, false)?;
    let slug = [("slug", organization.slug.as_deref())];
    tx.raise_deleted("organization.deleted", "organization", id, &slug)?;
    Ok(organization)
}

/// Returns the counts of an organization that were asked for.
pub(crate) fn counts(
    db: &Connection,
    seq: i64,
    now: i64,
    people: bool,
    unmanaged: bool,
) -> Result<Counts, StoreError> {
    let sql =
        format!("SELECT members_count, {PENDING}, {UNMANAGED} FROM organizations WHERE seq = ?");
    let counts = db.prepare_cached(&sql)?.query_row([now, seq], |row| {
        Ok(Counts {
            people: Some((row.get(0)?, row.get(1)?)).filter(|_| people),
            unmanaged: Some(row.get(2)?).filter(|_| unmanaged),
        })
    })?;
    Ok(counts)
}

/// Refuses if an organization has no room for so many more people. Pending invitations take room too.
pub(crate) fn check_room(db: &Connection, seq: i64, now: i64, more: u64) -> Result<(), ApiError> {
    let sql = format!(
        "SELECT max_allowed_memberships, members_count + {PENDING} FROM organizations WHERE seq = ?"
    );
    let (most, taken): (u64, u64) = db
        .prepare_cached(&sql)?
        .query_row([now, seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if most == 0 || taken + more <= most {
        Ok(())
    } else {
        Err(errors::full(most))
    }
}

/// Returns a slug made from a name that no organization has: where that is taken, with the second behind it,
/// and where that is taken too, with a number behind that.
pub(crate) fn free_slug(db: &Connection, base: &str, now: i64) -> Result<String, StoreError> {
    let seconds = now.div_euclid(1_000);
    let mut slug = base.to_owned();
    let mut number = 0_u64;
    while is_taken(db, &slug, None)? {
        number += 1;
        slug = match number {
            1 => format!("{base}-{seconds}"),
            _ => format!("{base}-{seconds}-{number}"),
        };
    }
    Ok(slug)
}

fn check_slug(db: &Connection, slug: Option<&str>, own: Option<i64>) -> Result<(), ApiError> {
    match slug {
        Some(slug) if is_taken(db, slug, own)? => Err(problem::exists("slug", "slug").into()),
        _ => Ok(()),
    }
}

fn is_taken(db: &Connection, slug: &str, own: Option<i64>) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM organizations WHERE slug = ?1 AND seq IS NOT ?2)",
    )?
    .query_row(params![slug, own], |row| row.get(0))
}
