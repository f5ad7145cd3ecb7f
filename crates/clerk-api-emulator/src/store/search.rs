//! The search indexes, and those of users that wait with them. A write only notes which row to look at again; the
//! writing thread indexes when it has nothing else to do, and a search waits until that is done.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use crate::wire::user::User;

/// Rows indexed in one go.
const AT_ONCE: i64 = 2_000;
/// Characters that the trigram index needs; shorter texts are looked up as beginnings.
pub(crate) const SHORTEST: usize = 3;

/// What has a search index; the numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    User = 1,
    Organization = 2,
    OrganizationInvitation = 3,
    Invitation = 4,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::User,
        Self::Organization,
        Self::OrganizationInvitation,
        Self::Invitation,
    ];

    fn table(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Organization => "organizations",
            Self::OrganizationInvitation => "organization_invitations",
            Self::Invitation => "invitations",
        }
    }
}

/// The search indexes.
pub(super) const TABLES: [&str; 4] = [
    "users_search",
    "organizations_search",
    "organization_invitations_search",
    "invitations_search",
];

/// Tells whether a row waits to be indexed.
pub(crate) fn is_behind(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM search_pending)")?
        .query_row([], |row| row.get(0))
}

/// Indexes some of the rows that wait; true if there are more.
pub(crate) fn catch_up(db: &Connection) -> rusqlite::Result<bool> {
    for kind in Kind::ALL {
        let some: Vec<(i64, bool)> = db
            .prepare_cached(
                "SELECT seq, fresh FROM search_pending WHERE kind = ?1 ORDER BY seq LIMIT ?2",
            )?
            .query_map(params![kind as i64, AT_ONCE], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        let Some(&(last, _)) = some.last() else {
            continue;
        };
        for &(seq, fresh) in &some {
            index(db, kind, seq, fresh)?;
        }
        if kind == Kind::User {
            let sql = "UPDATE users SET sorted = 1 WHERE seq BETWEEN ?1 AND ?2 AND sorted = 0";
            db.prepare_cached(sql)?.execute([some[0].0, last])?;
        }
        db.prepare_cached("DELETE FROM search_pending WHERE kind = ?1 AND seq <= ?2")?
            .execute(params![kind as i64, last])?;
        break;
    }
    is_behind(db)
}

/// Turns a text of at least `SHORTEST` characters into a match expression for "contains it".
pub(crate) fn containing(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Returns the bounds of all texts that begin with this one: from the first up to, not including, the second.
pub(crate) fn beginning(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10FFFF}"))
}

fn index(db: &Connection, kind: Kind, seq: i64, fresh: bool) -> rusqlite::Result<()> {
    let table = kind.table();
    if !fresh {
        db.prepare_cached(&format!("DELETE FROM {table}_search WHERE rowid = ?1"))?
            .execute([seq])?;
    }
    match kind {
        Kind::User => return index_user(db, seq),
        Kind::Organization => db.prepare_cached(
            "INSERT INTO organizations_search (rowid, name, slug)
             SELECT seq, name, slug FROM organizations WHERE seq = ?1",
        )?,
        Kind::OrganizationInvitation => db.prepare_cached(
            "INSERT INTO organization_invitations_search (rowid, email)
             SELECT seq, email FROM organization_invitations WHERE seq = ?1",
        )?,
        Kind::Invitation => db.prepare_cached(
            "INSERT INTO invitations_search (rowid, email)
             SELECT seq, email FROM invitations WHERE seq = ?1",
        )?,
    }
    .execute([seq])?;
    Ok(())
}

/// The part of a user's JSON that a search looks at.
#[derive(Deserialize)]
struct Searched {
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

/// What an object is found by.
#[derive(Clone, Debug)]
pub(crate) enum Texts {
    User(UserTexts),
    Organization { name: String, slug: Option<String> },
    OrganizationInvitation { email: String },
    Invitation { email: String },
}

/// What a user is found by. Ids are not among it: they are three quarters of all trigrams, and short
/// texts would match some of them by chance.
#[derive(Clone, Debug)]
pub(crate) struct UserTexts {
    email: Option<String>,
    phone: Option<String>,
    wallet: Option<String>,
    username: Option<String>,
    name: Option<String>,
}

impl UserTexts {
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
        let user: Searched = serde_json::from_str(wire)?;
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

fn index_user(db: &Connection, seq: i64) -> rusqlite::Result<()> {
    let wire: Option<String> = db
        .prepare_cached("SELECT wire FROM users WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    let Some(wire) = wire else {
        return Ok(());
    };
    let texts = UserTexts::of_wire(&wire).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })?;
    insert_user(db, seq, &texts)
}

fn insert_user(db: &Connection, seq: i64, texts: &UserTexts) -> rusqlite::Result<()> {
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

/// Puts an object into its search index, which must not have it yet.
pub(super) fn insert(db: &Connection, seq: i64, texts: &Texts) -> rusqlite::Result<()> {
    match texts {
        Texts::User(texts) => return insert_user(db, seq, texts),
        Texts::Organization { name, slug } => db
            .prepare_cached(
                "INSERT INTO organizations_search (rowid, name, slug) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![seq, name, slug])?,
        Texts::OrganizationInvitation { email } => db
            .prepare_cached(
                "INSERT INTO organization_invitations_search (rowid, email) VALUES (?1, ?2)",
            )?
            .execute(params![seq, email])?,
        Texts::Invitation { email } => db
            .prepare_cached("INSERT INTO invitations_search (rowid, email) VALUES (?1, ?2)")?
            .execute(params![seq, email])?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn match_expressions_cannot_be_broken_out_of() {
        assert_eq!(containing(r#"a"b OR c"#), r#""a""b OR c""#);
    }

    #[test]
    fn beginnings_enclose_longer_texts() {
        let (from, to) = beginning("jo");
        assert!(
            ["jo", "john", "jo\u{10FFF0}"]
                .iter()
                .all(|text| *text >= from.as_str() && *text < to.as_str())
        );
        assert!("jp" > to.as_str());
    }
}
