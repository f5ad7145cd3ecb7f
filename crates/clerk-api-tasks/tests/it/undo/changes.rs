//! Bans, fields, metadata and roles come back, and what somebody changed since stays.

use clerk_api_tasks::job::Place;
use serde_json::{Value, json};

use super::{BY_ID, left, shape, three, undo, users};
use crate::harness::{Bench, Ran};

#[tokio::test]
async fn bans_and_locks_are_lifted_and_redone_by_undoing_the_undo() {
    let bench = Bench::new();
    let (_, csv) = three(&bench).await;
    let before = users(&bench).await;
    for op in ["users.ban", "users.lock"] {
        let ran = bench.run(op, &csv, &[BY_ID]).await;
        assert_eq!(ran.line(), "done 3");
        let after = users(&bench).await;
        assert_ne!(before, after);
        let undone = undo(&bench, left(ran)).await;
        assert_eq!(undone.line(), "done 3", "{:?}", undone.job.rows(0, 10));
        assert_eq!(users(&bench).await, before, "{op}");
        let redone = undo(&bench, left(undone)).await;
        assert_eq!(redone.line(), "done 3");
        assert_eq!(users(&bench).await, after, "{op}");
        assert_eq!(undo(&bench, left(redone)).await.line(), "done 3");
        assert_eq!(users(&bench).await, before, "{op}");
    }
}

#[tokio::test]
async fn fields_of_users_and_organizations_come_back_and_drift_is_left_alone() {
    let bench = Bench::new();
    let (ids, csv) = three(&bench).await;
    let before = users(&bench).await;
    let given = [
        BY_ID,
        ("first_name", "New"),
        ("external_id", "new-{{id}}"),
        ("create_organizations_limit", "7"),
        ("created_at", "2020-01-01T00:00:00Z"),
    ];
    let ran = bench.run("users.update", &csv, &given).await;
    assert_eq!(ran.line(), "done 3", "{:?}", ran.job.rows(0, 10));
    // Somebody changes one of what was set, and somebody else puts another one back by hand.
    let change = format!("id,first-name\n{},Eva\n", ids[0]);
    bench.run("users.update", &change, &[BY_ID]).await;
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 2, skipped_drift 1");
    let rows = undone.job.rows(0, 10).unwrap();
    assert_eq!(
        rows[0].message.as_deref(),
        Some("somebody changed first_name since")
    );
    let after = users(&bench).await;
    assert_eq!(
        (&after[1..], after[0]["first_name"].as_str()),
        (&before[1..], Some("Eva"))
    );
    let again = undo(&bench, left(undone)).await;
    assert_eq!(again.line(), "done 2");

    let org = bench.create_organization("Acme", "acme").await;
    let shown = bench.all("organizations.list", &[]).await;
    let csv = format!("id\n{org}\n");
    let given = [
        ("organization_id", "{{id}}"),
        ("name", "Beta"),
        ("slug", "beta"),
        ("max_allowed_memberships", "3"),
    ];
    let ran = bench.run("organizations.update", &csv, &given).await;
    assert_eq!(ran.line(), "done 1");
    assert_eq!(undo(&bench, left(ran)).await.line(), "done 1");
    let now = bench.all("organizations.list", &[]).await;
    assert_eq!(shape(json!(now)), shape(json!(shown)));
}

#[tokio::test]
async fn metadata_comes_back_key_by_key_and_as_a_whole() {
    let bench = Bench::new();
    let (ids, csv) = three(&bench).await;
    let deep = r#"{"plan":"pro","deep":{"a":[1,2],"b":12345678901234567890}}"#;
    bench
        .run(
            "users.replace_metadata",
            &csv,
            &[BY_ID, ("public_metadata", deep)],
        )
        .await;
    let before = users(&bench).await;
    let patch = r#"{"plan":null,"deep":{"a":[3],"new":{"x":1}},"new":{"y":2}}"#;
    let given = [
        BY_ID,
        ("public_metadata", patch),
        ("private_metadata", r#"{"p":1}"#),
    ];
    let ran = bench.run("users.update_metadata", &csv, &given).await;
    assert_eq!(ran.line(), "done 3");
    // A key that the job did not touch stays; one that it did and somebody changed is drift.
    let other = format!("id\n{}\n", ids[0]);
    let given = [BY_ID, ("public_metadata", r#"{"theirs":true}"#)];
    bench.run("users.update_metadata", &other, &given).await;
    let other = format!("id\n{}\n", ids[2]);
    let given = [BY_ID, ("public_metadata", r#"{"deep":{"a":[4]}}"#)];
    bench.run("users.update_metadata", &other, &given).await;
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(
        undone.line(),
        "done 2, skipped_drift 1",
        "{:?}",
        undone.job.rows(0, 10)
    );
    let mut after = users(&bench).await;
    assert_eq!(after[0]["public_metadata"]["theirs"], true);
    after[0]["public_metadata"]
        .as_object_mut()
        .unwrap()
        .remove("theirs");
    assert_eq!(after[..2], before[..2]);
    assert_eq!(after[2]["public_metadata"]["deep"]["a"], json!([4]));

    let before = users(&bench).await;
    let given = [BY_ID, ("public_metadata", r#"{"only":1}"#)];
    let ran = bench.run("users.replace_metadata", &csv, &given).await;
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 3");
    assert_eq!(users(&bench).await, before);
    // The same undo once more finds nothing to do.
    let place = Place::find(&bench.jobs(), &work_of(&undone)).unwrap();
    drop(undone);
    assert_eq!(undo(&bench, place).await.line(), "skipped_existing 3");
}

fn work_of(undone: &Ran) -> String {
    undone.job.meta().undoes.clone().unwrap()
}

#[tokio::test]
async fn members_are_removed_added_again_and_get_their_former_roles() {
    let bench = Bench::new();
    let (ids, csv) = three(&bench).await;
    // Somebody must be left who may manage members.
    let owner = bench.create_user("owner@example.com").await;
    let made = format!("name,slug,created-by\nAcme,acme,{owner}\n");
    let made = bench.run("organizations.create", &made, &[]).await;
    let org = made.job.rows(0, 1).unwrap().remove(0).id.unwrap();
    let scope = ("organization_id", org.as_str());
    let members = async || {
        let mut rows = bench
            .all("organizations.members", &[("organization_id", &org)])
            .await;
        rows.retain(|row| row["public_user_data"]["user_id"] != owner.as_str());
        rows.sort_by_key(|row| row["public_user_data"]["user_id"].to_string());
        let part = |row: &Value| {
            json!([
                row["public_user_data"]["user_id"],
                row["role"],
                row["public_metadata"],
                row["private_metadata"]
            ])
        };
        rows.iter().map(part).collect::<Vec<_>>()
    };
    let given = [
        ("organization_id", "acme"),
        BY_ID,
        ("role", "org:member"),
        ("public_metadata", r#"{"desk":4}"#),
    ];
    let added = bench.run("organizations.add_member", &csv, &given).await;
    assert_eq!(added.line(), "done 3", "{:?}", added.job.rows(0, 10));
    let before = members().await;

    let ran = bench
        .run(
            "organizations.update_member",
            &csv,
            &[scope, BY_ID, ("role", "org:admin")],
        )
        .await;
    assert_eq!(ran.line(), "done 3");
    assert_eq!(undo(&bench, left(ran)).await.line(), "done 3");
    assert_eq!(members().await, before);

    let given = [scope, BY_ID, ("private_metadata", r#"{"k":1}"#)];
    let ran = bench
        .run("organizations.update_member_metadata", &csv, &given)
        .await;
    assert_eq!(undo(&bench, left(ran)).await.line(), "done 3");
    assert_eq!(members().await, before);

    let removed = bench
        .run("organizations.remove_member", &csv, &[scope, BY_ID])
        .await;
    assert_eq!(removed.line(), "done 3");
    assert!(members().await.is_empty());
    // One is a member again already, with another role.
    let again = format!("id\n{}\n", ids[0]);
    let given = [scope, BY_ID, ("role", "org:admin")];
    bench.run("organizations.add_member", &again, &given).await;
    let undone = undo(&bench, left(removed)).await;
    assert_eq!(undone.line(), "done 2, skipped_drift 1");
    assert_eq!(members().await[1..], before[1..]);

    let undone = undo(&bench, left(added)).await;
    assert_eq!(undone.line(), "done 2, skipped_drift 1");
    assert_eq!(members().await.len(), 1);
}
