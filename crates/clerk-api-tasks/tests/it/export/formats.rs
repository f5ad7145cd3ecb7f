//! Every format has what the API lists, row for row.

use std::path::{Path, PathBuf};

use clerk_api_tasks::export::table::{Meta, Record as _, Table};
use clerk_api_tasks::export::{Format, Target, tables};
use clerk_api_tasks::sweep::Kind;
use serde_json::Value;

use super::expected::{self, Row};
use super::{export, options, path, readers, world};
use crate::harness::Bench;

type Reader = fn(&Path, &Table) -> Vec<Row>;

/// Compares all tables of all kinds.
async fn compare(bench: &Bench, file: impl Fn(&Table) -> PathBuf, read: Reader, empty: bool) {
    let mut compared = 0;
    for kind in Kind::ALL {
        for table in tables(kind) {
            let mut wanted = expected::rows(bench, kind, table).await;
            if !empty {
                let cells = wanted.iter_mut().flatten();
                cells.for_each(|cell| *cell = cell.take().filter(|text| !text.is_empty()));
                wanted.sort();
            }
            let found = read(&file(table), table);
            assert_eq!(found.len(), wanted.len(), "{}", table.name);
            for (found, wanted) in found.iter().zip(&wanted) {
                assert_eq!(found, wanted, "{}", table.name);
            }
            compared += found.len();
        }
    }
    assert!(compared > 3000, "{compared} rows");
    let meta = read(&file(Meta::TABLE), Meta::TABLE);
    let value = |key: &str| {
        let found = meta.iter().find(|row| row[0].as_deref() == Some(key));
        found.and_then(|row| row[1].clone())
    };
    assert_eq!(
        value("swept_at").as_deref(),
        Some("2026-11-27T15:33:12.345Z")
    );
    assert_eq!(value("consistent").as_deref(), Some("true"));
    assert_eq!(value("before.users"), value("after.users"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_in_sqlite_csv_and_parquet_are_what_the_api_lists() {
    let bench = world(|_| {}).await;
    let file = path(&bench, "all.sqlite");
    let target = Target::File(file.clone());
    let done = export(&bench, &options(&Kind::ALL, target, Format::Sqlite))
        .await
        .unwrap();
    assert!(done.sweep.is_consistent());
    assert_eq!(done.unreadable, 0);
    compare(&bench, |_| file.clone(), readers::sqlite, true).await;

    let folder = path(&bench, "csv");
    let target = Target::Folder(folder.clone());
    export(&bench, &options(&Kind::ALL, target, Format::Csv))
        .await
        .unwrap();
    let of = |table: &Table| folder.join(format!("{}.csv", table.name));
    compare(&bench, of, readers::csv, false).await;

    let folder = path(&bench, "parquet");
    let target = Target::Folder(folder.clone());
    export(&bench, &options(&Kind::ALL, target, Format::Parquet))
        .await
        .unwrap();
    let of = |table: &Table| {
        let partition = format!("kind={}/date=2026-11-27/part-0000.parquet", table.name);
        folder.join(partition)
    };
    compare(&bench, of, readers::parquet, true).await;
}

/// The API's objects of a kind without their secrets, by id.
async fn objects(bench: &Bench, kind: Kind) -> Vec<Value> {
    let mut objects = expected::objects(bench, kind).await;
    let invites = matches!(kind, Kind::Invitations | Kind::OrganizationInvitations);
    assert_eq!(
        objects.iter().any(|object| object["url"].is_string()),
        invites
    );
    let with_url = |object: &&mut Value| object.get("url").is_some();
    for object in objects.iter_mut().filter(with_url) {
        object["url"] = Value::Null;
    }
    sorted(objects)
}

fn sorted(mut objects: Vec<Value>) -> Vec<Value> {
    objects.sort_by_key(|object| object["id"].as_str().unwrap().to_owned());
    objects
}

#[tokio::test(flavor = "multi_thread")]
async fn reliability_7_6_objects_in_ndjson_and_json_are_the_apis_own_without_links() {
    let bench = world(|_| {}).await;
    let lines = path(&bench, "all.ndjson");
    let target = Target::File(lines.clone());
    export(&bench, &options(&Kind::ALL, target, Format::Ndjson))
        .await
        .unwrap();
    let text = std::fs::read_to_string(&lines).unwrap();
    let mut found: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();

    let document = path(&bench, "all.json");
    let target = Target::File(document.clone());
    export(&bench, &options(&Kind::ALL, target, Format::Json))
        .await
        .unwrap();
    let document: Value = serde_json::from_slice(&std::fs::read(&document).unwrap()).unwrap();
    assert_eq!(document["meta"]["consistent"], "true");

    let folder = path(&bench, "json");
    let target = Target::Folder(folder.clone());
    export(&bench, &options(&Kind::ALL, target, Format::Json))
        .await
        .unwrap();

    for kind in Kind::ALL {
        let wanted = objects(&bench, kind).await;
        assert!(!wanted.is_empty(), "{}", kind.name());
        let of_document = document[kind.name()].as_array().unwrap().clone();
        assert_eq!(sorted(of_document), wanted);
        let bytes = std::fs::read(folder.join(format!("{}.json", kind.name()))).unwrap();
        assert_eq!(sorted(serde_json::from_slice(&bytes).unwrap()), wanted);
        // Every object says what it is, so that a file may have several kinds.
        let word = &wanted[0]["object"];
        let (own, others) = found
            .into_iter()
            .partition(|object| object["object"] == *word);
        assert_eq!(sorted(own), wanted);
        found = others;
    }
    assert!(found.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_invitations_come_only_when_they_are_asked_for() {
    let bench = world(|_| {}).await;
    let kinds = [Kind::Invitations, Kind::OrganizationInvitations];
    let invitations = expected::objects(&bench, Kind::Invitations).await;
    let mut urls = invitations.iter().filter_map(|it| it["url"].as_str());
    let ticket = urls.next().unwrap();
    let ticket = &ticket[ticket.len() - 16..];
    for format in [Format::Sqlite, Format::Ndjson] {
        let file = path(&bench, format.name());
        let mut options = options(&kinds, Target::File(file.clone()), format);
        export(&bench, &options).await.unwrap();
        let has_ticket = |bytes: &[u8]| {
            let mut parts = bytes.windows(ticket.len());
            parts.any(|part| part == ticket.as_bytes())
        };
        assert!(
            !has_ticket(&std::fs::read(&file).unwrap()),
            "{}",
            format.name()
        );
        (options.urls, options.replaces) = (true, true);
        export(&bench, &options).await.unwrap();
        assert!(
            has_ticket(&std::fs::read(&file).unwrap()),
            "{}",
            format.name()
        );
    }
}
