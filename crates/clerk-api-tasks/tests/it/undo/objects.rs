//! What was made goes again, and what was deleted is made anew as far as the API can.

use std::collections::BTreeMap;

use clerk_api_admin::problem::ProblemKind;
use clerk_api_tasks::job::{Control, Decider};
use clerk_api_tasks::undo::{UndoWork, not_back};
use serde_json::Value;

use super::{BY_ID, ids_of, left, three, undo, users};
use crate::harness::Bench;

#[tokio::test]
async fn invitations_are_revoked_and_revoking_cannot_be_undone() {
    let bench = Bench::new();
    let org = bench.create_organization("Acme", "acme").await;
    let csv = "email,role\na@example.com,org:member\nb@example.com,org:member\nc@example.com,org:member\n";
    let scope = [("organization_id", "acme")];
    let ran = bench.run("invitations.create", csv, &scope).await;
    assert_eq!(ran.line(), "done 3");
    let ids = ids_of(&ran);
    assert_eq!(ids.len(), 3, "{:?}", ran.job.rows(0, 9));
    let one = format!("id\n{}\n", ids[0]);
    let given = [
        ("organization_id", org.as_str()),
        ("invitation_id", "{{id}}"),
    ];
    let revoked = bench.run("invitations.revoke", &one, &given).await;
    assert_eq!(revoked.line(), "done 1");
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 2, skipped_existing 1");
    let open = [("organization_id", org.as_str()), ("status", "pending")];
    assert!(bench.all("invitations.list", &open).await.is_empty());

    let work = UndoWork::open(left(revoked)).unwrap();
    let problem = work.operation().unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Refused);
    assert_eq!(
        problem.causes,
        ["invitations.revoke: a new mail would go out"]
    );

    let csv = "email\na@example.com\nb@example.com\n";
    let ran = bench.run("application_invitations.create", csv, &[]).await;
    assert_eq!(ran.line(), "done 2");
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 2");
    let open = bench
        .all("application_invitations.list", &[("status", "pending")])
        .await;
    assert!(open.is_empty());
}

#[tokio::test]
async fn what_was_made_goes_again_unless_somebody_uses_it() {
    let bench = Bench::new();
    let csv = "email,first-name\nada@example.com,Ada\nbo@example.com,Bo\ncy@example.com,Cy\n";
    let ran = bench.run("users.create", csv, &[]).await;
    let ids = ids_of(&ran);
    let change = format!("id,first-name\n{},Eva\n", ids[0]);
    bench.run("users.update", &change, &[BY_ID]).await;
    let gone = format!("id\n{}\n", ids[1]);
    bench.run("users.delete", &gone, &[BY_ID]).await;
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 1, skipped_absent 1, skipped_drift 1");
    assert_eq!(bench.addresses().await, ["ada@example.com"]);

    let ran = bench
        .run("organizations.create", "name\nAcme\nBeta\n", &[])
        .await;
    let ids = ids_of(&ran);
    let user = bench.all("users.list", &[]).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let given = [
        ("organization_id", ids[0].as_str()),
        BY_ID,
        ("role", "org:member"),
    ];
    bench
        .run("organizations.add_member", &format!("id\n{user}\n"), &given)
        .await;
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 1, skipped_drift 1");
    let names: Vec<Value> = bench
        .all("organizations.list", &[])
        .await
        .into_iter()
        .map(|org| org["name"].clone())
        .collect();
    assert_eq!(names, ["Acme"]);
}

#[tokio::test]
async fn deleted_users_are_made_anew_with_new_ids_and_what_is_lost_is_told() {
    let bench = Bench::new();
    let (ids, csv) = three(&bench).await;
    let given = [
        BY_ID,
        ("private_metadata", r#"{"n":1}"#),
        ("unsafe_metadata", r#"{"u":[2]}"#),
    ];
    bench.run("users.update_metadata", &csv, &given).await;
    bench
        .run("users.ban", &format!("id\n{}\n", ids[1]), &[BY_ID])
        .await;
    let phones = format!("id,phone-number,verified\n{},+12125550123,true\n", ids[0]);
    let phone = bench.run("phone_numbers.create", &phones, &[BY_ID]).await;
    assert_eq!(phone.line(), "done 1", "{:?}", phone.job.rows(0, 9));
    let before = users(&bench).await;
    let dates = |rows: &[Value]| -> BTreeMap<String, Value> {
        let name = |row: &Value| row["first_name"].as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| (name(row), row["created_at"].clone()))
            .collect()
    };
    let created = dates(&bench.all("users.list", &[]).await);
    let ran = bench.run("users.delete", &csv, &[BY_ID]).await;
    assert_eq!(ran.line(), "done 3");

    let place = left(ran);
    let work = UndoWork::open(place.clone()).unwrap();
    let job = bench.undo(&work);
    let decider = Decider::new(bench.client.clone(), None);
    let plan = job.plan(&work, &decider, None, not_back).await.unwrap();
    assert_eq!(plan.operations["users.create"], 3);
    let lost = [
        ("memberships in organizations", 3),
        ("passwords", 1),
        ("sessions", 3),
    ];
    let told: Vec<(&str, u64)> = plan
        .lost
        .iter()
        .map(|(what, count)| (what.as_str(), *count))
        .collect();
    assert_eq!(told, lost);
    assert!(users(&bench).await.is_empty());

    let undone = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(undone.line(), "done 3", "{:?}", undone.job.rows(0, 9));
    let mut after = users(&bench).await;
    for (was, is) in before.iter().zip(&mut after) {
        // The one thing of a user's own fields that does not come back.
        is["password_enabled"] = was["password_enabled"].clone();
        is["password_last_updated_at"] = was["password_last_updated_at"].clone();
        assert_eq!(is, was);
    }
    assert_eq!(dates(&bench.all("users.list", &[]).await), created);
    let mut map = BTreeMap::new();
    let told = work.outcome(&undone.job, |old, new| {
        map.insert(old.to_owned(), new.to_owned());
        Ok(())
    });
    assert_eq!(told.unwrap().iter().collect::<Vec<_>>(), lost);
    assert!(
        ids.iter()
            .all(|id| map[id].starts_with("user_") && map[id] != *id)
    );
    // Undone once more, they are there already.
    assert_eq!(undo(&bench, place).await.line(), "skipped_existing 3");
    // And the undo can be undone.
    assert_eq!(undo(&bench, left(undone)).await.line(), "done 3");
    assert!(users(&bench).await.is_empty());
}

#[tokio::test]
async fn deleted_organizations_are_made_anew_with_their_creators_where_these_are_there() {
    let bench = Bench::new();
    let ada = bench.create_user("ada@example.com").await;
    let bo = bench.create_user("bo@example.com").await;
    let csv = format!(
        "name,slug,created-by,public.n\nAcme,acme,{ada},1\nBeta,beta,{bo},2\nGamma,gamma,,3\n"
    );
    let made = bench.run("organizations.create", &csv, &[]).await;
    assert_eq!(made.line(), "done 3", "{:?}", made.job.rows(0, 9));
    let list = async || {
        let mut all = bench.all("organizations.list", &[]).await;
        all.sort_by_key(|org| org["slug"].to_string());
        all
    };
    let before = list().await;
    let ids: Vec<&str> = before.iter().filter_map(|org| org["id"].as_str()).collect();
    let csv = format!("id\n{}\n", ids.join("\n"));
    let ran = bench
        .run(
            "organizations.delete",
            &csv,
            &[("organization_id", "{{id}}")],
        )
        .await;
    assert_eq!(ran.line(), "done 3");
    bench
        .run("users.delete", &format!("id\n{bo}\n"), &[BY_ID])
        .await;
    let undone = undo(&bench, left(ran)).await;
    assert_eq!(undone.line(), "done 3", "{:?}", undone.job.rows(0, 9));
    let after = list().await;
    for (at, members) in [(0, 1), (1, 0), (2, 0)] {
        assert_eq!(after[at]["members_count"], members);
        for name in [
            "name",
            "slug",
            "public_metadata",
            "created_at",
            "max_allowed_memberships",
        ] {
            assert_eq!(after[at][name], before[at][name], "{name}");
        }
        assert_ne!(after[at]["id"], before[at]["id"]);
    }
    assert_eq!(after[0]["created_by"].as_str(), Some(ada.as_str()));
}
