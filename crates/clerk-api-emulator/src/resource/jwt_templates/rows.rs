//! The rows of JWT templates and their own signing keys.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::JwtTemplate;
use crate::http::error::ApiError;
use crate::http::problem;
use crate::resource::sessions::errors as sessions_errors;
use crate::store::Tx;

/// A template and what signs its tokens, if that is not the instance's key.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) template: JwtTemplate,
    pub(crate) signing_key: Option<String>,
}

/// Adds a template and returns its JSON.
pub(crate) fn insert(tx: &Tx<'_>, stored: &Stored) -> Result<String, ApiError> {
    check_name(tx.db(), &stored.template)?;
    let wire = serde_json::to_string(&stored.template)?;
    tx.db()
        .prepare_cached(
            "INSERT INTO jwt_templates (id, name, signing_key, wire) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            stored.template.id,
            stored.template.name,
            stored.signing_key,
            wire
        ])?;
    Ok(wire)
}

/// Finds a template by its id.
pub(crate) fn load(db: &Connection, id: &str) -> Result<Stored, ApiError> {
    by(db, "id", id)
}

/// Finds a template by its name.
pub(crate) fn named(db: &Connection, name: &str) -> Result<Stored, ApiError> {
    by(db, "name", name)
}

fn by(db: &Connection, column: &str, value: &str) -> Result<Stored, ApiError> {
    let sql = format!("SELECT wire, signing_key FROM jwt_templates WHERE {column} = ?1");
    let found: Option<(String, Option<String>)> = db
        .prepare_cached(&sql)?
        .query_row([value], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (wire, signing_key) =
        found.ok_or_else(|| sessions_errors::unknown_template(column, value))?;
    Ok(Stored {
        template: serde_json::from_str(&wire)?,
        signing_key,
    })
}

/// Writes a changed template over what `load` gave, and returns its JSON.
pub(crate) fn save(tx: &Tx<'_>, stored: &Stored) -> Result<String, ApiError> {
    check_name(tx.db(), &stored.template)?;
    let wire = serde_json::to_string(&stored.template)?;
    tx.db()
        .prepare_cached(
            "UPDATE jwt_templates SET name = ?1, signing_key = ?2, wire = ?3 WHERE id = ?4",
        )?
        .execute(params![
            stored.template.name,
            stored.signing_key,
            wire,
            stored.template.id
        ])?;
    Ok(wire)
}

/// Removes a template.
pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), ApiError> {
    let gone = tx
        .db()
        .prepare_cached("DELETE FROM jwt_templates WHERE id = ?1")?
        .execute([id])?;
    if gone == 0 {
        return Err(sessions_errors::unknown_template("id", id));
    }
    Ok(())
}

fn check_name(db: &Connection, template: &JwtTemplate) -> Result<(), ApiError> {
    let taken: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM jwt_templates WHERE name = ?1 AND id <> ?2)")?
        .query_row([&template.name, &template.id], |row| row.get(0))?;
    if taken {
        return Err(problem::already_exists("name", "name").into());
    }
    Ok(())
}
