//! Exports that a local Clerk is filled from: the same again, and without anybody's data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clerk_api::RawRequest;
use clerk_api::declare::Verb;
use clerk_api_emulator::{Config, Database, Restore, RestoreKind, RestoreSummary};
use clerk_api_tasks::audit::{self, rules};
use clerk_api_tasks::export::{Format, Target};
use clerk_api_tasks::restore::{Anonymizer, Source};
use clerk_api_tasks::sweep::Kind;
use rusqlite::Connection;
use serde_json::Value;

use crate::export::{Exported, export, options, path, world_of};
use crate::harness::Bench;

/// Shorter texts are in any file by chance.
const SHORTEST: usize = 7;

fn kind(kind: Kind) -> RestoreKind {
    match kind {
        Kind::Users => RestoreKind::Users,
        Kind::Organizations => RestoreKind::Organizations,
        Kind::Memberships => RestoreKind::Memberships,
        Kind::OrganizationInvitations => RestoreKind::OrganizationInvitations,
        Kind::Invitations => RestoreKind::Invitations,
        Kind::Roles => RestoreKind::Roles,
        Kind::RoleSets => RestoreKind::RoleSets,
        Kind::Domains => RestoreKind::Domains,
    }
}

/// People and teams, and what generated ones do not have: a role and a role set of the instance's own, a verified domain, a wallet.
async fn world() -> Bench {
    let bench = world_of(300, |_| {}).await;
    let post = |path: &str, body: &str| {
        let body: Value = serde_json::from_str(body).unwrap();
        let request = RawRequest::new(Verb::Post, path).json(&body).unwrap();
        let client = bench.client.clone();
        async move { client.raw(&request).await.unwrap() }
    };
    let role =
        r#"{"name":"Billing Team","key":"org:billing","description":"Pays the bills of Acme"}"#;
    post("/organization_roles", role).await;
    let set = r#"{"name":"Small Teams","key":"role_set:small","default_role_key":"org:billing","creator_role_key":"org:admin","roles":["org:admin","org:billing"]}"#;
    post("/role_sets", set).await;
    let user = r#"{"phone_number":["+15550001234"],"web3_wallet":["0x1111111111111111111111111111111111111111"],
        "email_address":["spelled.one@acme-corp.com","spelledone+x@acme-corp.com"],"skip_password_requirement":true,
        "private_metadata":{"boss":"Ada Lovelace","born":19790115,"by":{"ada@acme-corp.com":true}}}"#;
    post("/users", user).await;
    post(
        "/users",
        r#"{"email_address":["spelledone@acme-corp.com"],"skip_password_requirement":true}"#,
    )
    .await;
    let team = bench.all("organizations.list", &[]).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let domain = r#"{"name":"acme-corp.com","verified":true}"#;
    post(&format!("/organizations/{team}/domains"), domain).await;
    bench
}

fn restore(from: &Path, to: &Path, anonymizer: Option<&Anonymizer>) -> RestoreSummary {
    let source = Source::open(from).unwrap();
    let mut restore = Restore::begin(to).unwrap();
    let mut each = |of: Kind, object: &str| {
        let other = anonymizer.map(|with| with.object(of, object).unwrap());
        restore
            .add(kind(of), other.as_deref().unwrap_or(object))
            .unwrap();
        Ok(())
    };
    source.read(&mut each).unwrap();
    restore.finish().unwrap()
}

async fn all(bench: &Bench, target: Target, format: Format) -> Exported {
    export(bench, &options(&Kind::ALL, target, format))
        .await
        .unwrap()
}

/// A local Clerk over a file that was restored.
fn serve(database: &Path) -> Bench {
    Bench::with(|config: &mut Config| config.database = Database::File(database.to_owned()))
}

/// All rows of all tables but `meta`, each as one text.
fn rows(path: &Path) -> BTreeMap<String, Vec<String>> {
    let db = Connection::open(path).unwrap();
    let mut tables = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('meta', 'sqlite_stat1', 'sqlite_stat4')")
        .unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let rows = |table: String| {
        let mut all = db
            .prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))
            .unwrap();
        let columns = all.column_count();
        let all = all.query_map([], |row| {
            let cells = (0..columns).map(|at| format!("{:?}", row.get_ref_unwrap(at)));
            Ok(cells.collect::<Vec<_>>().join("|"))
        });
        let all = all.unwrap().map(Result::unwrap).collect();
        (table, all)
    };
    tables.into_iter().map(rows).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_was_restored_exports_the_same_again() {
    let bench = world().await;
    let (sqlite, folder) = (path(&bench, "all.sqlite"), path(&bench, "lines"));
    all(&bench, Target::File(sqlite.clone()), Format::Sqlite).await;
    all(&bench, Target::Folder(folder.clone()), Format::Ndjson).await;
    let before = rows(&sqlite);
    for (name, from) in [("tables", &sqlite), ("lines", &folder)] {
        let database = path(&bench, &format!("{name}.db"));
        let summary = restore(from, &database, None);
        assert_eq!(summary.left_out, BTreeMap::new());
        assert_eq!(
            summary.restored[&RestoreKind::Users],
            before["users"].len() as u64
        );
        let copy = serve(&database);
        let again = path(&bench, &format!("{name}.sqlite"));
        all(&copy, Target::File(again.clone()), Format::Sqlite).await;
        let after = rows(&again);
        for (table, rows) in &before {
            assert_eq!(&after[table], rows, "{table} from {name}");
        }
        assert_eq!(before.len(), after.len());
    }
}

/// Texts of the export that say who somebody is.
fn personal(sqlite: &Path) -> BTreeSet<String> {
    let db = Connection::open(sqlite).unwrap();
    let sql = "SELECT first_name FROM users UNION SELECT last_name FROM users UNION SELECT username FROM users
        UNION SELECT external_id FROM users UNION SELECT id FROM users UNION SELECT image_url FROM users
        UNION SELECT email_address FROM email_addresses UNION SELECT id FROM email_addresses
        UNION SELECT domain FROM email_addresses UNION SELECT phone_number FROM phone_numbers
        UNION SELECT name FROM organizations UNION SELECT slug FROM organizations UNION SELECT id FROM organizations
        UNION SELECT id FROM memberships UNION SELECT id FROM roles UNION SELECT name FROM domains
        UNION SELECT email_address FROM organization_invitations UNION SELECT email_address FROM invitations
        UNION SELECT value FROM users, json_tree(public_metadata) WHERE json_tree.type = 'text'
        UNION SELECT value FROM users, json_tree(private_metadata) WHERE json_tree.type = 'text'
        UNION SELECT value FROM invitations, json_tree(public_metadata) WHERE json_tree.type = 'text'";
    let mut texts = db.prepare(sql).unwrap();
    let texts = texts
        .query_map([], |row| row.get::<_, Option<String>>(0))
        .unwrap();
    texts
        .filter_map(Result::unwrap)
        .filter(|text| text.len() >= SHORTEST)
        .collect()
}

/// Which of the texts are anywhere in a file.
fn found(texts: &BTreeSet<String>, file: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(file).unwrap();
    assert!(!file.with_extension("db-wal").exists());
    let mut begins = vec![false; 1 << 16];
    let start = |text: &[u8]| usize::from(text[0]) << 8 | usize::from(text[1]);
    texts
        .iter()
        .for_each(|text| begins[start(text.as_bytes())] = true);
    let mut by_begin: BTreeMap<&[u8], Vec<&String>> = BTreeMap::new();
    for text in texts {
        by_begin
            .entry(&text.as_bytes()[..SHORTEST])
            .or_default()
            .push(text);
    }
    let places = (0..bytes.len() - SHORTEST).filter(|at| begins[start(&bytes[*at..])]);
    let there = places.flat_map(|at| {
        let here = by_begin
            .get(&bytes[at..at + SHORTEST])
            .into_iter()
            .flatten();
        here.filter(|text| bytes[at..].starts_with(text.as_bytes()))
            .collect::<Vec<_>>()
    });
    there.map(|text| (*text).clone()).collect()
}

fn findings(sqlite: &Path) -> BTreeMap<String, usize> {
    let database = audit::database::Database::open(sqlite).unwrap();
    let report = audit::check(
        &database,
        &rules::built_in().unwrap(),
        &audit::Options::default(),
    )
    .unwrap();
    report
        .rules
        .iter()
        .map(|rule| (rule.rule.id.clone(), rule.findings.len()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymized_copy_has_the_same_findings_and_nobodys_data() {
    let bench = world().await;
    let sqlite = path(&bench, "all.sqlite");
    all(&bench, Target::File(sqlite.clone()), Format::Sqlite).await;
    let secrets = personal(&sqlite);
    assert!(secrets.len() > 1000, "{}", secrets.len());
    let empty = path(&bench, "empty.db");
    Restore::begin(&empty).unwrap().finish().unwrap();
    // Such as a plan that is called like a word in the name of a permission.
    let usual = found(&secrets, &empty);
    let secrets: BTreeSet<String> = secrets.difference(&usual).cloned().collect();
    let mut copies: Vec<PathBuf> = Vec::new();
    for name in ["one", "two"] {
        let database = path(&bench, &format!("{name}.db"));
        let anonymizer = Anonymizer::new().unwrap();
        let summary = restore(&sqlite, &database, Some(&anonymizer));
        assert_eq!(summary.left_out, BTreeMap::new());
        let copy = serve(&database);
        let again = path(&bench, &format!("{name}.sqlite"));
        all(&copy, Target::File(again.clone()), Format::Sqlite).await;
        drop(copy);
        assert_eq!(found(&secrets, &database), BTreeSet::new());
        copies.push(again);
    }
    for again in &copies {
        let counts = |path: &Path| -> Vec<(String, usize)> {
            rows(path)
                .into_iter()
                .map(|(table, rows)| (table, rows.len()))
                .collect()
        };
        assert_eq!(counts(again), counts(&sqlite));
        assert_eq!(findings(again), findings(&sqlite));
    }
    let (one, two) = (rows(&copies[0]), rows(&copies[1]));
    let both: BTreeSet<_> = one["users"].iter().collect();
    assert!(two["users"].iter().all(|row| !both.contains(row)));
}
