//! Organizations and memberships from files, against the local Clerk.

use clerk_api_tasks::import::{Exists, Table, TableImport};

use super::{messages, run};
use crate::harness::{Bench, Ran};

async fn import(bench: &Bench, table: Table, text: &str, exists: Exists) -> Ran {
    let work = TableImport::open(&bench.file("table", text), table, exists).unwrap();
    run(bench, table.creates(), &work).await
}

const TEAMS: &str = "name,slug,created_by,public_metadata.plan\nAcme,acme,ada@example.com,pro\n\"Beta, Inc.\",beta,,free\nNo slug,,,\n";

#[tokio::test]
async fn organizations_are_found_by_slug_and_changed_on_request() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let ran = import(&bench, Table::Organizations, TEAMS, Exists::Skip).await;
    assert_eq!(ran.line(), "done 2, invalid 1");
    assert_eq!(
        messages(&ran),
        ["line 4, column slug: the cell is empty, and organizations are found by it"]
    );
    let changed = TEAMS.replace("Acme,", "Acme Ltd,").replace("free", "pro");
    let skipped = import(&bench, Table::Organizations, &changed, Exists::Skip).await;
    assert_eq!(skipped.line(), "skipped_existing 2, invalid 1");
    let failed = import(&bench, Table::Organizations, &changed, Exists::Fail).await;
    assert_eq!(failed.line(), "conflict 2, invalid 1");
    let updated = import(&bench, Table::Organizations, &changed, Exists::Update).await;
    assert_eq!(updated.line(), "done 2, invalid 1");
    let again = import(&bench, Table::Organizations, &changed, Exists::Update).await;
    assert_eq!(again.line(), "skipped_existing 2, invalid 1");
    let all = bench
        .all("organizations.list", &[("order_by", "+name")])
        .await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["name"], "Acme Ltd");
    assert_eq!(all[1]["public_metadata"]["plan"], "pro");
}

#[tokio::test]
async fn memberships_are_added_once_and_roles_changed_on_request() {
    let bench = Bench::new();
    bench.create_organization("Acme", "acme").await;
    let ada = bench.create_user("ada@example.com").await;
    bench.create_user("bo@example.com").await;
    let csv = format!(
        "Organization,User,Role\nacme,{ada},org:member\nacme,bo@example.com,org:member\nacme,nobody@example.com,org:member\nnowhere,{ada},org:member\n"
    );
    let ran = import(&bench, Table::Memberships, &csv, Exists::Skip).await;
    assert_eq!(ran.line(), "done 2, rejected 2");
    let changed = csv.replace(
        &format!("acme,{ada},org:member"),
        &format!("acme,{ada},org:admin"),
    );
    let skipped = import(&bench, Table::Memberships, &changed, Exists::Skip).await;
    assert_eq!(skipped.line(), "skipped_existing 2, rejected 2");
    let failed = import(&bench, Table::Memberships, &changed, Exists::Fail).await;
    assert_eq!(failed.line(), "rejected 2, conflict 2");
    let updated = import(&bench, Table::Memberships, &changed, Exists::Update).await;
    assert_eq!(updated.line(), "done 1, skipped_existing 1, rejected 2");
    assert_eq!(bench.requests("PATCH").await, 1);
}

#[test]
fn a_file_without_a_needed_column_is_refused_before_anything_is_sent() {
    let bench = Bench::new();
    let refused = |table, text: &str| {
        let path = bench.file("table", text);
        TableImport::open(&path, table, Exists::Skip)
            .unwrap_err()
            .message
    };
    assert_eq!(
        refused(Table::Memberships, "organization,user\nacme,x\n"),
        "memberships import: the input has no column \"role\""
    );
    assert_eq!(
        refused(Table::Organizations, "name\nAcme\n"),
        "organizations import: the input has no column \"slug\""
    );
}
