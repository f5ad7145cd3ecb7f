//! An export from a few lines of text.
//!
//! A line is a kind, what it must have, and columns as `name=value`. `-100d` is the moment 100 days before the export was read.
//!
//! ```text
//! user USER [email=ADDRESS]      org ORG      member ORG USER ROLE      invite ID ORG ADDRESS ROLE
//! apply ID ADDRESS               domain ORG NAME                        phone USER NUMBER
//! role-set SET ROLE              meta KEY VALUE
//! ```

use std::path::{Path, PathBuf};

use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::iso;
use clerk_api_tasks::export::sqlite;
use rusqlite::Connection;
use tempfile::TempDir;

/// When every export here was read: 2026-11-30T12:00:00Z.
pub(crate) const READ_AT: i64 = 1_796_040_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Databases that vanish together.
pub(crate) struct World {
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes an export of these lines.
    pub(crate) fn export(&self, name: &str, lines: &str) -> PathBuf {
        let path = self.path(name);
        sqlite::Database::create(&path).unwrap().finish().unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("BEGIN").unwrap();
        let swept_at = iso(READ_AT).unwrap();
        insert(
            &connection,
            "meta",
            &[("key", "swept_at"), ("value", &swept_at)],
            &[],
        );
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            add(&connection, line);
        }
        connection.execute_batch("COMMIT").unwrap();
        path
    }

    pub(crate) fn open(&self, lines: &str) -> Database {
        Database::open(&self.export("export.sqlite", lines)).unwrap()
    }
}

fn add(db: &Connection, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (named, words): (Vec<&str>, Vec<&str>) =
        words.into_iter().partition(|word| word.contains('='));
    let mut given: Vec<(&str, &str)> = named
        .iter()
        .map(|word| word.split_once('=').unwrap())
        .collect();
    match words[..] {
        ["user", id] => {
            let address = given.iter().position(|(name, _)| *name == "email");
            let address = address.map_or_else(
                || format!("{id}@acme.com"),
                |at| given.remove(at).1.to_owned(),
            );
            let row = [
                ("id", id),
                ("primary_email_address", &address),
                ("primary_email_verified", "1"),
                ("two_factor_enabled", "1"),
                ("banned", "0"),
                ("locked", "0"),
                ("created_at", "-400d"),
                ("last_sign_in_at", "-1d"),
            ];
            insert(db, "users", &row, &given);
            let verified = given
                .iter()
                .find(|(name, _)| *name == "primary_email_verified");
            let identification = format!("idn_{id}");
            let row = [
                ("id", identification.as_str()),
                ("user_id", id),
                ("email_address", &address),
                ("domain", domain(&address)),
                ("normalized_address", &normalized(&address)),
                ("is_primary", "1"),
                ("verified", verified.map_or("1", |(_, value)| value)),
            ];
            insert(db, "email_addresses", &row, &[]);
        }
        ["apply", id, address] => {
            let row = [
                ("id", id),
                ("email_address", address),
                ("domain", domain(address)),
                ("normalized_address", &normalized(address)),
                ("status", "pending"),
                ("revoked", "0"),
                ("created_at", "-1d"),
            ];
            insert(db, "invitations", &row, &given);
        }
        ["phone", user, number] => {
            let id = format!("idn_{user}_{number}");
            let row = [
                ("id", id.as_str()),
                ("user_id", user),
                ("phone_number", number),
                ("verified", "1"),
            ];
            insert(db, "phone_numbers", &row, &given);
        }
        ["meta", key, value] => insert(db, "meta", &[("key", key), ("value", value)], &[]),
        _ => add_to_organizations(db, line, &words, &given),
    }
}

/// What belongs to organizations.
fn add_to_organizations(db: &Connection, line: &str, words: &[&str], given: &[(&str, &str)]) {
    match *words {
        ["org", id] => {
            let row = [
                ("id", id),
                ("name", id),
                ("slug", id),
                ("created_at", "-400d"),
                ("max_allowed_memberships", "0"),
                ("missing_member_with_elevated_permissions", "0"),
            ];
            insert(db, "organizations", &row, given);
        }
        ["member", organization, user, role] => {
            let id = format!("orgmem_{organization}_{user}");
            let row = [
                ("id", id.as_str()),
                ("organization_id", organization),
                ("user_id", user),
                ("role", role),
                ("can_manage", manages(role)),
                ("created_at", "-400d"),
            ];
            insert(db, "memberships", &row, given);
        }
        ["invite", id, organization, address, role] => {
            let row = [
                ("id", id),
                ("organization_id", organization),
                ("email_address", address),
                ("domain", domain(address)),
                ("normalized_address", &normalized(address)),
                ("role", role),
                ("can_manage", manages(role)),
                ("status", "pending"),
                ("created_at", "-1d"),
                ("expires_at", "+29d"),
            ];
            insert(db, "organization_invitations", &row, given);
        }
        ["domain", organization, name] => {
            let id = format!("orgdmn_{organization}_{name}");
            let row = [
                ("id", id.as_str()),
                ("organization_id", organization),
                ("name", name),
                ("verified", "1"),
            ];
            insert(db, "domains", &row, given);
        }
        ["role-set", set, role] => {
            insert(
                db,
                "role_set_roles",
                &[("role_set_key", set), ("role_key", role)],
                &[],
            );
        }
        _ => panic!("{line}"),
    }
}

fn insert(db: &Connection, table: &str, usual: &[(&str, &str)], given: &[(&str, &str)]) {
    let mut row: Vec<(&str, &str)> = usual.to_vec();
    for (name, value) in given {
        row.retain(|(other, _)| other != name);
        row.push((name, value));
    }
    let names: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES ({marks})",
        names.join(", ")
    );
    let values = row.iter().map(|(_, value)| moment(value));
    db.execute(&sql, rusqlite::params_from_iter(values))
        .unwrap();
}

/// A value, and nothing for `null`.
fn moment(value: &str) -> Option<String> {
    let days = value
        .strip_suffix('d')
        .and_then(|days| days.parse::<i64>().ok());
    match (days, value) {
        (_, "null") => None,
        (Some(days), _) if value.starts_with(['-', '+']) => iso(READ_AT + days * DAY),
        _ => Some(value.to_owned()),
    }
}

fn manages(role: &str) -> &'static str {
    if role.contains("admin") { "1" } else { "0" }
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

fn normalized(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap();
    let local = local.split('+').next().unwrap_or_default().replace('.', "");
    format!("{local}@{domain}").to_lowercase()
}

/// A file that is no export.
pub(crate) fn other_database(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("CREATE TABLE t (a)").unwrap();
}
