//! Undoing jobs: what was there before comes back, what somebody changed since stays, and what cannot come back is told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use clerk_api_admin::problem::ProblemKind;
use clerk_api_tasks::job::{Control, Decider, Event, Job, Place, State};
use clerk_api_tasks::undo::UndoWork;
use fs_err as fs;
use serde_json::{Value, json};

use crate::harness::{Bench, Ran, fault};

/// The place of a job that nobody works on any more.
fn left(ran: Ran) -> Place {
    let place = ran.job.place().clone();
    drop(ran);
    place
}

/// Undoes a job.
async fn undo(bench: &Bench, place: Place) -> Ran {
    let work = UndoWork::open(place).unwrap();
    let job = bench.undo(&work);
    bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap()
}

/// Objects without what no undo brings back: ids, dates, and what follows from them.
fn shape(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, value| {
                    !(name == "id"
                        || name.ends_with("_id") && name != "external_id"
                        || name == "updated_at"
                        || name == "image_url"
                        || name == "profile_image_url"
                        || name == "linked_to"
                        || name.ends_with("expire_at")
                        || name == "attempts"
                        || name == "strategy"
                        || name == "verification"
                        || (name == "created_at" && !value.is_null()))
                });
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

async fn users(bench: &Bench) -> Vec<Value> {
    let mut users = bench.all("users.list", &[]).await;
    users.sort_by_key(|user| user["email_addresses"][0]["email_address"].to_string());
    users.into_iter().map(shape).collect()
}

/// Three users with something to lose, and their ids as rows.
async fn three(bench: &Bench) -> (Vec<String>, String) {
    let csv = "email,first-name,username,external-id,public.plan,password\n\
        ada@example.com,Ada,ada1,x-1,free,correct horse battery\n\
        bo@example.com,Bo,bo22,x-2,free,\n\
        cy@example.com,Cy,cy33,x-3,free,\n";
    let made = bench.run("users.create", csv, &[]).await;
    assert_eq!(made.line(), "done 3", "{:?}", made.job.rows(0, 10));
    let rows = made.job.rows(0, 10).unwrap();
    let ids: Vec<String> = rows.into_iter().map(|row| row.id.unwrap()).collect();
    let csv = format!("id\n{}\n", ids.join("\n"));
    (ids, csv)
}

const BY_ID: (&str, &str) = ("user_id", "{{id}}");

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

#[tokio::test]
async fn invitations_are_revoked_and_revoking_cannot_be_undone() {
    let bench = Bench::new();
    let org = bench.create_organization("Acme", "acme").await;
    let csv = "email,role\na@example.com,org:member\nb@example.com,org:member\nc@example.com,org:member\n";
    let scope = [("organization_id", "acme")];
    let ran = bench.run("invitations.create", csv, &scope).await;
    assert_eq!(ran.line(), "done 3");
    let ids: Vec<String> = ran
        .job
        .rows(0, 9)
        .unwrap()
        .into_iter()
        .filter_map(|row| row.id)
        .collect();
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
    let ids: Vec<String> = ran
        .job
        .rows(0, 9)
        .unwrap()
        .into_iter()
        .filter_map(|row| row.id)
        .collect();
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
    let ids: Vec<String> = ran
        .job
        .rows(0, 9)
        .unwrap()
        .into_iter()
        .filter_map(|row| row.id)
        .collect();
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
    let plan = job.plan(&work, &decider, None).await.unwrap();
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

#[tokio::test]
async fn an_undo_that_was_interrupted_goes_on_and_lost_responses_make_nothing_twice() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(r#"{"on":"POST /users","cut":"after","every":9}"#)];
    });
    let people = (0..60).map(|number| format!("p{number:03}@example.com"));
    let csv = format!("email\n{}\n", people.collect::<Vec<_>>().join("\n"));
    let made = bench.run("users.create", &csv, &[]).await;
    let rows = made.job.rows(0, 100).unwrap();
    let ids: Vec<String> = rows.into_iter().filter_map(|row| row.id).collect();
    assert_eq!(ids.len(), 60, "{}", made.line());
    let before = users(&bench).await;
    let csv = format!("id\n{}\n", ids.join("\n"));
    let deleted = bench.run("users.delete", &csv, &[BY_ID]).await;
    assert_eq!(deleted.line(), "done 60");
    let place = left(deleted);

    let work = UndoWork::open(place.clone()).unwrap();
    let control = Control::default();
    let (stop, ended) = (control.clone(), AtomicU32::new(0));
    let watch = |event: &Event<'_>| {
        if matches!(event, Event::Row { .. }) && ended.fetch_add(1, Ordering::Relaxed) == 10 {
            stop.stop();
        }
    };
    let job = bench.undo(&work);
    let ran = bench.go_on(job, &work, &control, watch).await.unwrap();
    assert!(ran.counts.of(State::Pending) > 0, "{}", ran.line());
    let undo = left(ran);
    // Another process opens both.
    let work = UndoWork::open(place).unwrap();
    let job = Job::open(undo).unwrap();
    let ran = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    let done = ran.counts.of(State::Done) + ran.counts.of(State::DoneReconciled);
    assert_eq!(done, 60, "{}", ran.line());
    assert_eq!(users(&bench).await, before);
}

#[tokio::test]
async fn only_a_job_that_is_over_is_undone_and_only_with_what_was_kept() {
    let bench = Bench::new();
    let (_, csv) = three(&bench).await;
    let work = bench.work("users.ban", &csv, &[BY_ID]).unwrap();
    let job = bench.job("users.ban", &work);
    let place = job.place().clone();
    let error = |place: &Place| UndoWork::open(place.clone()).err().unwrap();
    assert_eq!(error(&place).kind, ProblemKind::Locked);
    drop(job);
    let problem = error(&place);
    assert_eq!(problem.kind, ProblemKind::Refused);
    assert!(problem.hints[0].contains("jobs cancel"), "{problem:?}");
    let job = Job::open(place.clone()).unwrap();
    let ran = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    drop(ran);
    // What was kept is changed behind the job's back.
    let work = UndoWork::open(place.clone()).unwrap();
    let job = bench.undo(&work);
    let text = fs::read_to_string(place.backup()).unwrap();
    fs::write(place.backup(), text.replace("users.ban", "users.xxx")).unwrap();
    let problem = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .err()
        .unwrap();
    assert_eq!(
        (problem.kind, problem.code),
        (ProblemKind::Changed, "backup_changed")
    );
    fs::remove_file(place.backup()).unwrap();
    assert_eq!(error(&place).kind, ProblemKind::Refused);
}

#[tokio::test]
async fn passwords_are_never_kept_and_are_said_not_to_come_back() {
    let bench = Bench::new();
    let (ids, _) = three(&bench).await;
    let csv = format!(
        "id,password,first-name\n{},hunter2hunter2hunter2,Eva\n{},hunter2hunter2hunter2,\n",
        ids[0], ids[1]
    );
    let ran = bench.run("users.update", &csv, &[BY_ID]).await;
    assert_eq!(ran.line(), "done 2", "{:?}", ran.job.rows(0, 9));
    let place = left(ran);
    for entry in fs::read_dir(place.backup().parent().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"));
    }
    let work = UndoWork::open(place).unwrap();
    let job = bench.undo(&work);
    let undone = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(undone.line(), "done 1, rejected 1");
    let rows = undone.job.rows(0, 9).unwrap();
    assert_eq!(
        rows[1].message.as_deref(),
        Some("cannot be undone: the API does not show password")
    );
    let lost = work.outcome(&undone.job, |_, _| Ok(())).unwrap();
    assert_eq!(lost.iter().collect::<Vec<_>>(), [("former password", 1)]);
}
