//! What no two users may have, in the columns and the table by which it is found.

use rusqlite::{Connection, params};

use crate::http::error::ApiError;
use crate::http::problem;
use crate::resource::identifications::wire::{self as identification, Identification};
use crate::resource::users::wire::User;

/// Columns by which users are found and sorted without regard to case.
pub(super) struct Lower<'a> {
    pub(super) username: Option<String>,
    pub(super) email: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
    pub(super) wallet: Option<&'a str>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
}

impl<'a> Lower<'a> {
    pub(super) fn of(user: &'a User) -> Self {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        Self {
            username: lower(&user.username),
            email: user
                .primary_email()
                .map(|email| email.email_address.as_str()),
            phone: user
                .primary_phone()
                .map(|phone| phone.phone_number.as_str()),
            wallet: user
                .primary_wallet()
                .map(|wallet| wallet.web3_wallet.as_str()),
            first_name: lower(&user.first_name),
            last_name: lower(&user.last_name),
        }
    }
}

/// Reports everything of a user that another one has.
pub(super) fn check_unique(db: &Connection, user: &User, own: Option<i64>) -> Result<(), ApiError> {
    let mut problems = Vec::new();
    for identification in user
        .identifications()
        .filter(|identification| identification.claimed)
    {
        let taken: bool = db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM identifications
                 WHERE kind = ?1 AND value = ?2 AND claimed AND user_seq IS NOT ?3)",
            )?
            .query_row(
                params![identification.kind as i64, identification.value, own],
                |row| row.get(0),
            )?;
        if taken {
            problems.push(match identification.kind {
                identification::Kind::Email => problem::exists("email_address", "email address"),
                identification::Kind::Phone => problem::exists("phone_number", "phone number"),
                identification::Kind::Wallet => problem::exists("web3_wallet", "web3 wallet"),
            });
        }
    }
    let columns = [
        (
            "username",
            "username",
            user.username.as_ref().map(|name| name.to_lowercase()),
        ),
        ("external_id", "external ID", user.external_id.clone()),
    ];
    for (column, what, value) in columns {
        let Some(value) = value else { continue };
        let taken: bool = db
            .prepare_cached(&format!(
                "SELECT EXISTS (SELECT 1 FROM users WHERE {column} = ?1 AND seq IS NOT ?2)"
            ))?
            .query_row(params![value, own], |row| row.get(0))?;
        if taken {
            problems.push(problem::exists(column, what));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ApiError::unprocessable(problems))
    }
}

pub(super) fn add_identification(
    db: &Connection,
    seq: i64,
    one: &Identification<'_>,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO identifications VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            one.kind as i64,
            one.value,
            one.id,
            seq,
            one.claimed
        ])?;
    Ok(())
}

pub(super) fn remove_identification(
    db: &Connection,
    one: &Identification<'_>,
) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM identifications WHERE kind = ?1 AND value = ?2 AND id = ?3")?
        .execute(params![one.kind as i64, one.value, one.id])?;
    Ok(())
}
