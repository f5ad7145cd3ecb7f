//! What a user is found by, and the indexes of users that wait with it.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use super::wire::User;
use crate::store::Searched;

/// The search index of users.
pub(crate) static SEARCHED: Searched = Searched {
    kind: 1,
    table: "users",
    index,
    caught_up: Some(sort),
};

/// The part of a user's JSON that a search looks at.
#[derive(Deserialize)]
struct Found {
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email_addresses: Vec<Email>,
    phone_numbers: Vec<Phone>,
    web3_wallets: Vec<Wallet>,
}

#[derive(Deserialize)]
struct Email {
    email_address: String,
}

#[derive(Deserialize)]
struct Phone {
    phone_number: String,
}

#[derive(Deserialize)]
struct Wallet {
    web3_wallet: String,
}

/// What a user is found by. Ids are not among it: they are three quarters of all trigrams, and short
/// texts would match some of them by chance.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    email: Option<String>,
    phone: Option<String>,
    wallet: Option<String>,
    username: Option<String>,
    name: Option<String>,
}

impl Texts {
    pub(crate) fn of(user: &User) -> Self {
        let emails = user.email_addresses.iter();
        let phones = user.phone_numbers.iter();
        let wallets = user.web3_wallets.iter();
        let names = [&user.first_name, &user.last_name];
        Self {
            email: joined(emails.map(|email| email.email_address.as_str()), "\n"),
            phone: joined(phones.map(|phone| phone.phone_number.as_str()), "\n"),
            wallet: joined(wallets.map(|wallet| wallet.web3_wallet.as_str()), "\n"),
            username: user.username.clone(),
            name: joined(names.into_iter().filter_map(|name| name.as_deref()), " "),
        }
    }

    fn of_wire(wire: &str) -> serde_json::Result<Self> {
        let user: Found = serde_json::from_str(wire)?;
        let emails = user.email_addresses.iter();
        let phones = user.phone_numbers.iter();
        let wallets = user.web3_wallets.iter();
        let names = [&user.first_name, &user.last_name];
        Ok(Self {
            email: joined(emails.map(|email| email.email_address.as_str()), "\n"),
            phone: joined(phones.map(|phone| phone.phone_number.as_str()), "\n"),
            wallet: joined(wallets.map(|wallet| wallet.web3_wallet.as_str()), "\n"),
            name: joined(names.into_iter().filter_map(|name| name.as_deref()), " "),
            username: user.username,
        })
    }
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>, between: &str) -> Option<String> {
    texts.fold(None, |whole: Option<String>, text| match whole {
        None => Some(text.to_owned()),
        Some(whole) => Some(whole + between + text),
    })
}

fn index(db: &Connection, seq: i64) -> rusqlite::Result<()> {
    let wire: Option<String> = db
        .prepare_cached("SELECT wire FROM users WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    let Some(wire) = wire else {
        return Ok(());
    };
    let texts = Texts::of_wire(&wire).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })?;
    insert(db, seq, &texts)
}

/// Puts a user into the index, which must not have it yet.
pub(crate) fn insert(db: &Connection, seq: i64, texts: &Texts) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO users_search (rowid, email, phone, wallet, username, name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        seq,
        texts.email,
        texts.phone,
        texts.wallet,
        texts.username,
        texts.name,
    ])?;
    Ok(())
}

/// Puts the users from one number to another into the indexes that waited (see `SORTED`).
fn sort(db: &Connection, first: i64, last: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE users SET sorted = 1 WHERE seq BETWEEN ?1 AND ?2 AND sorted = 0";
    db.prepare_cached(sql)?.execute([first, last])?;
    Ok(())
}
