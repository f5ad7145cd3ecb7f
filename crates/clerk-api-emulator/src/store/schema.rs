//! How a database comes to the newest schema.

use rusqlite::{Connection, TransactionBehavior};

use super::Content;
use crate::id::Ids;
use crate::start_error::StartError;

/// The newest format of a database.
pub(super) const NEWEST: usize = MIGRATIONS.len();

/// Each brings a database from the version of its position to the next.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_objects.sql"),
    include_str!("migrations/002_verifications.sql"),
    include_str!("migrations/003_roles.sql"),
    include_str!("migrations/004_sessions.sql"),
    include_str!("migrations/005_tickets_and_mails.sql"),
    include_str!("migrations/006_domains.sql"),
    include_str!("migrations/007_webhooks.sql"),
    include_str!("migrations/008_waitlist_and_identifier_lists.sql"),
    include_str!("migrations/009_sorted_later.sql"),
    include_str!("migrations/010_public_user_data.sql"),
    include_str!("migrations/011_public_user_data_apart.sql"),
];

/// Returns whether a database consists of what one of its version does, and of nothing else.
pub(super) fn is_pure(db: &Connection, version: usize) -> rusqlite::Result<bool> {
    let model = Connection::open_in_memory()?;
    for sql in MIGRATIONS.iter().take(version) {
        model.execute_batch(sql)?;
    }
    Ok(parts(&model)? == parts(db)?)
}

/// Everything that a database consists of, but for what SQLite keeps for itself.
fn parts(db: &Connection) -> rusqlite::Result<Vec<[String; 4]>> {
    let sql = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema
        WHERE NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))
        ORDER BY type, name, tbl_name";
    let text = |row: &rusqlite::Row<'_>, at| row.get(at);
    let mut parts = db.prepare(sql)?;
    let parts = parts.query_map([], |row| {
        let sql: String = text(row, 3)?;
        // Comments have changed from one release to the other.
        let lines = sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default());
        let words: Vec<_> = lines.flat_map(str::split_whitespace).collect();
        Ok([text(row, 0)?, text(row, 1)?, text(row, 2)?, words.join(" ")])
    })?;
    parts.collect()
}

pub(super) fn migrate(
    db: &mut Connection,
    content: &Content,
    ids: &Ids,
    now: i64,
) -> Result<(), StartError> {
    let newest = NEWEST;
    if version(db)? == newest {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again: another process may have done it while we waited for the lock.
    let found = version(&tx)?;
    if found > newest {
        return Err(StartError::Newer { found, newest });
    }
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(found) {
        tx.execute_batch(sql)?;
        if step == 0 {
            name_instance(&tx, ids, now)?;
        }
    }
    fill_new(&tx, content, now)?;
    tx.pragma_update(None, "user_version", i64::try_from(newest).unwrap_or(0))?;
    tx.commit()?;
    Ok(())
}

/// Empties a database in one transaction, so that processes that have it open see it empty too. Since tables are
/// dropped and made, it is in a new epoch (see `anchor`).
pub(super) fn reset(
    db: &mut Connection,
    content: &Content,
    ids: &Ids,
    now: i64,
) -> Result<(), StartError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: Vec<String> = tx
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        // Dropping a search index drops its shadow tables, which are in this list as well.
        tx.execute_batch(&format!("DROP TABLE IF EXISTS \"{table}\""))?;
    }
    for sql in MIGRATIONS {
        tx.execute_batch(sql)?;
    }
    name_instance(&tx, ids, now)?;
    fill_new(&tx, content, now)?;
    tx.commit()?;
    db.execute_batch("VACUUM")?;
    Ok(())
}

/// Gives a new instance, and one from before there were such rows, those that every instance has.
fn fill_new(db: &Connection, content: &Content, now: i64) -> Result<(), StartError> {
    let sql = "SELECT value FROM instance WHERE key = 'id'";
    let id: String = db.query_row(sql, [], |row| row.get(0))?;
    for fill in &content.seeded {
        fill(db, &id, now).map_err(std::io::Error::other)?;
    }
    Ok(())
}

fn name_instance(db: &Connection, ids: &Ids, now: i64) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO instance VALUES ('id', ?1)",
        [ids.next("ins", now)],
    )?;
    Ok(())
}

pub(super) fn version(db: &Connection) -> rusqlite::Result<usize> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::resource;
    use crate::resource::invitations::rows as invitations;
    use crate::resource::organization_invitations::rows as organization_invitations;
    use crate::resource::roles::rows as roles;

    #[test]
    fn what_was_there_before_roles_were_rows_keeps_its_roles() {
        let mut db = Connection::open_in_memory().expect("opens");
        db.execute_batch(MIGRATIONS[0]).expect("the first schema");
        db.execute_batch(
            r#"INSERT INTO instance VALUES ('id', 'ins_1');
            INSERT INTO organizations (seq, id, name, max_allowed_memberships, created_at, wire)
              VALUES (1, 'org_1', 'a', 5, 1, '{"id":"org_1","role_set_key":null}');
            INSERT INTO memberships (id, organization_seq, user_seq, role, elevated, created_at, wire) VALUES
              ('orgmem_1', 1, 1, 'org:admin', 1, 1,
               '{"id":"orgmem_1","object":"o","role":"org:admin","role_name":"Admin","permissions":["a"],"public_metadata":{"n":123456789012345678901234567890.10}}'),
              ('orgmem_2', 1, 2, 'org:member', 0, 2, '{"id":"orgmem_2","role":"org:member","public_metadata":{}}');
            INSERT INTO organization_invitations (id, organization_seq, email, status, created_at, expires_at, wire)
              VALUES ('orginv_1', 1, 'a@b.c', 'pending', 1, 2, '{"role":"org:member"}');
            PRAGMA user_version = 1;"#,
        )
        .expect("rows");
        migrate(&mut db, resource::content(), &Ids::new(Some(1)), 1).expect("migrates");
        let text = |sql: &str| -> String { db.query_row(sql, [], |row| row.get(0)).expect(sql) };
        assert_eq!(
            text("SELECT wire FROM memberships WHERE seq = 1"),
            r#"{"id":"orgmem_1","object":"o","public_metadata":{"n":123456789012345678901234567890.10}}"#
        );
        let roles = "SELECT group_concat(key) FROM
            (SELECT key FROM memberships JOIN roles ON roles.seq = role_seq ORDER BY memberships.seq)";
        assert_eq!(text(roles), "org:admin,org:member");
        let invited = "SELECT key FROM organization_invitations JOIN roles ON roles.seq = role_seq";
        assert_eq!(text(invited), "org:member");
        let wire: Value =
            serde_json::from_str(&text("SELECT wire FROM organizations")).expect("JSON");
        assert_eq!(
            wire,
            json!({"id": "org_1", "role_set_key": "role_set:default"})
        );
        let set = "SELECT role_sets.key FROM organizations JOIN role_sets ON role_sets.seq = role_set_seq";
        assert_eq!(text(set), "role_set:default");
    }
    #[test]
    fn invitations_of_the_first_schema_are_kept_and_their_links_work() {
        let mut db = Connection::open_in_memory().expect("opens");
        db.execute_batch(MIGRATIONS[0]).expect("the first schema");
        db.execute_batch(
            "INSERT INTO instance VALUES ('id', 'ins_1');
            INSERT INTO organizations (seq, id, name, max_allowed_memberships, created_at, wire)
              VALUES (1, 'org_1', 'a', 5, 1, '{\"id\":\"org_1\",\"role_set_key\":null}');
            PRAGMA user_version = 1;",
        )
        .expect("rows");
        let states = ["pending", "accepted", "revoked", "expired"];
        for (n, status) in states.iter().enumerate() {
            let (id, email) = (format!("inv_{n}"), format!("{status}@b.c"));
            let revoked = *status == "revoked";
            let wire = old_wire("invitation", &id, &email, status);
            db.execute(
                "INSERT INTO invitations (id, email, status, revoked, created_at, expires_at, wire)
                 VALUES (?1, ?2, ?3, ?4, 1, 9, ?5)",
                (&id, &email, status, revoked, &wire),
            )
            .expect("an invitation");
            let id = format!("org{id}");
            let wire = old_wire("organization_invitation", &id, &email, status);
            db.execute(
                "INSERT INTO organization_invitations
                   (id, organization_seq, email, status, created_at, expires_at, wire)
                 VALUES (?1, 1, ?2, ?3, 1, 9, ?4)",
                (&id, &email, status, &wire),
            )
            .expect("an invitation");
        }
        migrate(&mut db, resource::content(), &Ids::new(Some(1)), 1).expect("migrates");
        assert_eq!(version(&db).expect("a version"), NEWEST);
        for (table, object, prefix) in [
            ("invitations", "invitation", "inv"),
            (
                "organization_invitations",
                "organization_invitation",
                "orginv",
            ),
        ] {
            for (n, status) in states.iter().enumerate() {
                let id = format!("{prefix}_{n}");
                let sql = format!("SELECT status, wire FROM {table} WHERE id = ?1");
                let found = db.query_row(&sql, [&id], |row| Ok((row.get(0)?, row.get(1)?)));
                let (kept, wire): (String, String) = found.expect(&id);
                let mut before = old_wire(object, &id, &format!("{status}@b.c"), status);
                // The address of the server is put in when it is sent.
                before = before.replace("https://clerk.localhost/", "/");
                assert_eq!((kept.as_str(), wire), (*status, before), "{table}");
            }
        }
        let found = invitations::by_ticket(&db, &ticket("inv_0"), 2).expect("reads");
        let (_, invitation, leads_to) = found.expect("the one that waits");
        assert_eq!((invitation.id.as_str(), leads_to), ("inv_0", None));
        let found = organization_invitations::by_ticket(&db, &ticket("orginv_0"), 2);
        let found = found.expect("reads").expect("the one that waits");
        assert_eq!(found.invitation.id, "orginv_0");
        let role = roles::names(&db, found.role_seq).expect("a role").0;
        assert_eq!(role, "org:member");
    }

    fn ticket(id: &str) -> String {
        format!("{id:0>64}")
    }

    /// An invitation as the first release stored it.
    fn old_wire(object: &str, id: &str, email: &str, status: &str) -> String {
        let link = format!(
            "https://clerk.localhost/v1/tickets/accept?ticket={}",
            ticket(id)
        );
        let metadata = r#"{"n":123456789012345678901234567890.10}"#;
        let pending = status == "pending";
        let (rest, url) = if object == "invitation" {
            let url = pending.then(|| format!(r#","url":"{link}""#));
            (
                format!(
                    r#""public_metadata":{metadata},"revoked":{},"status":"{status}""#,
                    status == "revoked"
                ),
                url,
            )
        } else {
            let role = r#""role":"org:member","role_name":"Member","organization_id":"org_1","inviter_id":null"#;
            let url = if pending {
                format!(r#","url":"{link}""#)
            } else {
                r#","url":null"#.to_owned()
            };
            (
                format!(
                    r#"{role},"public_inviter_data":null,"status":"{status}","public_metadata":{metadata},"private_metadata":{{}}"#
                ),
                Some(url),
            )
        };
        let url = url.unwrap_or_default();
        format!(
            r#"{{"object":"{object}","id":"{id}","email_address":"{email}",{rest}{url},"expires_at":9,"created_at":1,"updated_at":1}}"#
        )
    }
}
