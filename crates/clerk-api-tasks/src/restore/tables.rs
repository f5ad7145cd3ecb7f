//! The objects that the rows of a SQLite export were made of.

mod object;

use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem};
use rusqlite::{Connection, OpenFlags, Rows};

use crate::export::FORMAT_VERSION;
use crate::export::sqlite::APPLICATION;
use crate::export::table::{
    Domain, EmailAddress, Invitation, Membership, Organization, OrganizationInvitation,
    PhoneNumber, Record as _, Role, RoleSetRole, Table, User,
};
use crate::sweep::Kind;
use object::{Flag, Object};

/// A file.
#[derive(Debug)]
pub struct Tables {
    path: PathBuf,
    db: Connection,
}

/// The table with a row for each object of a kind.
const fn table(kind: Kind) -> &'static Table {
    match kind {
        Kind::Users => User::TABLE,
        Kind::Organizations => Organization::TABLE,
        Kind::Memberships => Membership::TABLE,
        Kind::OrganizationInvitations => OrganizationInvitation::TABLE,
        Kind::Invitations => Invitation::TABLE,
        Kind::Roles => Role::TABLE,
        Kind::RoleSets => RoleSetRole::TABLE,
        Kind::Domains => Domain::TABLE,
    }
}

impl Tables {
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let foreign = |cause: String| {
            let message = format!("{} is not a SQLite export of clerk-api", path.display());
            Problem::usage(message)
                .cause(cause)
                .hint("`clerk-api export --to acme.sqlite` writes one")
        };
        let connect = || -> rusqlite::Result<(Connection, i32, i32)> {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let db = Connection::open_with_flags(path, flags)?;
            db.pragma_update(None, "trusted_schema", false)?;
            db.pragma_update(None, "query_only", true)?;
            let number = |name: &str| db.pragma_query_value(None, name, |row| row.get(0));
            let found = (number("application_id")?, number("user_version")?);
            Ok((db, found.0, found.1))
        };
        let (db, application, version) = connect().map_err(|error| foreign(error.to_string()))?;
        if application != APPLICATION {
            return Err(foreign("it is a database of another program".to_owned()));
        }
        if version > FORMAT_VERSION {
            let message = format!("{} was written by a later release", path.display());
            return Err(Problem::usage(message).cause(format!(
                "its tables have version {version}, this release reads {FORMAT_VERSION}"
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            db,
        })
    }

    pub(super) fn total(&self) -> Outcome<u64> {
        let mut total = 0;
        for kind in super::ORDER {
            if kind == Kind::RoleSets {
                continue;
            }
            let sql = format!("SELECT count(*) FROM {}", table(kind).name);
            let count = self.db.query_row(&sql, [], |row| row.get::<_, i64>(0));
            total += count.map_err(|error| self.damaged(&error))?.unsigned_abs();
        }
        Ok(total)
    }

    pub(super) fn read(
        &self,
        kind: Kind,
        each: &mut dyn FnMut(&str) -> Outcome<()>,
    ) -> Outcome<()> {
        if kind == Kind::RoleSets {
            return self.role_sets(each);
        }
        let table = table(kind);
        let sql = format!("SELECT * FROM {} ORDER BY created_at, id", table.name);
        self.rows(&sql, &[], |rows| {
            while let Some(row) = rows.next().map_err(|error| self.damaged(&error))? {
                let mut object = Object::of(table, row).map_err(|why| self.wrong(&why))?;
                match kind {
                    Kind::Users => self.complete_user(&mut object)?,
                    Kind::Memberships => object.split_parties(),
                    Kind::Roles => object.name_permissions(),
                    Kind::Domains => object.verify_domain(),
                    _ => {}
                }
                each(&object.text())?;
            }
            Ok(())
        })
    }

    /// A user's addresses and numbers are in tables of their own.
    fn complete_user(&self, user: &mut Object) -> Outcome<()> {
        let id = user.quoted("id").to_owned();
        let id: String = serde_json::from_str(&id).unwrap_or_default();
        for (table, list, primary) in [
            (
                EmailAddress::TABLE,
                "email_addresses",
                "primary_email_address_id",
            ),
            (
                PhoneNumber::TABLE,
                "phone_numbers",
                "primary_phone_number_id",
            ),
        ] {
            let sql = format!(
                "SELECT * FROM {} WHERE user_id = ? ORDER BY rowid",
                table.name
            );
            let mut all = Vec::new();
            self.rows(&sql, &[&id], |rows| {
                while let Some(row) = rows.next().map_err(|error| self.damaged(&error))? {
                    let mut one = Object::of(table, row).map_err(|why| self.wrong(&why))?;
                    if one.is("is_primary") == Flag::True {
                        user.set(primary, one.quoted("id").to_owned());
                    }
                    one.verify("verified", "verification");
                    all.push(one.text());
                }
                Ok(())
            })?;
            user.set(list, format!("[{}]", all.join(",")));
        }
        user.add_wallet();
        user.count("passkeys_count", "passkeys");
        user.rename("external_account_providers", "external_accounts");
        Ok(())
    }

    /// The rows of a set are one object.
    fn role_sets(&self, each: &mut dyn FnMut(&str) -> Outcome<()>) -> Outcome<()> {
        let table = RoleSetRole::TABLE;
        let sql = format!("SELECT * FROM {} ORDER BY role_set_key, rowid", table.name);
        let mut sets: Vec<(String, object::RoleSet)> = Vec::new();
        self.rows(&sql, &[], |rows| {
            while let Some(row) = rows.next().map_err(|error| self.damaged(&error))? {
                let row = Object::of(table, row).map_err(|why| self.wrong(&why))?;
                let key = row.quoted("role_set_key").to_owned();
                if sets.last().is_none_or(|(last, _)| *last != key) {
                    sets.push((key, object::RoleSet::default()));
                }
                if let Some((_, set)) = sets.last_mut() {
                    set.add(&row);
                }
            }
            Ok(())
        })?;
        for (key, set) in sets {
            each(&set.text(&key))?;
        }
        Ok(())
    }

    fn rows(
        &self,
        sql: &str,
        values: &[&str],
        take: impl FnOnce(&mut Rows<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let statement = self.db.prepare_cached(sql);
        let mut statement = statement.map_err(|error| self.damaged(&error))?;
        let rows = statement.query(rusqlite::params_from_iter(values));
        take(&mut rows.map_err(|error| self.damaged(&error))?)
    }

    fn damaged(&self, error: &rusqlite::Error) -> Box<Problem> {
        self.wrong(&error.to_string())
    }

    fn wrong(&self, why: &str) -> Box<Problem> {
        Problem::usage(format!("cannot read the export {}", self.path.display()))
            .cause(why.to_owned())
            .hint("make the export again: `clerk-api export --to acme.sqlite`")
    }
}
