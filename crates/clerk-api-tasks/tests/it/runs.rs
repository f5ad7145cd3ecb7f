//! What a job does where nothing fails.

use std::cell::Cell;

use clerk_api_tasks::job::{Control, End, Event, State};
use clerk_api_tasks::undo::not_back;

use crate::harness::Bench;

#[tokio::test]
async fn every_row_is_sent_once_and_its_new_id_is_kept() {
    let bench = Bench::new();
    let csv = "email,first-name\nada@example.com,Ada\nbo@example.com,Bo\nnot an address,Cy\n";
    let ran = bench.run("users.create", csv, &[]).await;
    assert!(matches!(ran.end, End::Finished));
    assert_eq!(ran.line(), "done 2, invalid 1");
    assert_eq!(
        bench.addresses().await,
        ["ada@example.com", "bo@example.com"]
    );
    let rows = ran.job.rows(0, 10).unwrap();
    assert!(rows[0].id.as_deref().unwrap().starts_with("user_"));
    assert!(
        rows[2]
            .message
            .as_deref()
            .unwrap()
            .starts_with("line 4, column email "),
        "{rows:?}"
    );
}

#[tokio::test]
async fn reliability_4_5_rows_that_were_claimed_ahead_are_given_back_when_a_job_is_asked_to_end() {
    let bench = Bench::new();
    let csv: String = (0..200)
        .map(|row| format!("p{row}@example.com\n"))
        .collect();
    let work = bench
        .work("users.create", &format!("email\n{csv}"), &[])
        .unwrap();
    let (job, control) = (bench.job("users.create", &work), Control::default());
    let ended = Cell::new(0);
    let watch = |event: &Event<'_>| {
        if matches!(
            event,
            Event::Row {
                state: State::Done,
                ..
            }
        ) {
            ended.set(ended.get() + 1);
            control.stop();
        }
    };
    let ran = bench.go_on(job, &work, &control, watch).await.unwrap();
    assert!(matches!(ran.end, End::Stopped));
    // Responses in flight were waited for, and nothing else was sent.
    assert!(ended.get() <= 16, "{}", ran.line());
    assert_eq!(
        ran.line(),
        format!("pending {}, done {}", 200 - ended.get(), ended.get())
    );
    assert_eq!(bench.addresses().await.len(), ended.get());
}

#[tokio::test]
async fn reliability_4_4_rows_that_are_so_already_are_not_sent() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let csv = "email\nAda@Example.com\nbo@example.com\n";
    let ran = bench.run("users.create", csv, &[]).await;
    assert_eq!(ran.line(), "done 1, skipped_existing 1");
    let again = bench.run("users.create", csv, &[]).await;
    assert_eq!(again.line(), "skipped_existing 2");
    assert_eq!(bench.addresses().await.len(), 2);
}

#[tokio::test]
async fn reliability_4_4_addresses_that_a_user_has_already_are_not_sent() {
    let bench = Bench::new();
    let (ada, bo) = (
        bench.create_user("ada@example.com").await,
        bench.create_user("bo@example.com").await,
    );
    let csv = format!(
        "user_id,email_address\n{ada},Ada@example.com\n{ada},ada@work.example\n{bo},eve@work.example\n"
    );
    let ran = bench.run("email_addresses.create", &csv, &[]).await;
    assert_eq!(ran.line(), "done 2, skipped_existing 1");
    let csv = csv.replace(&format!("{bo},eve"), &format!("{ada},eve"));
    let again = bench.run("email_addresses.create", &csv, &[]).await;
    assert_eq!(again.line(), "skipped_existing 2, conflict 1");
}

#[tokio::test]
async fn reliability_8_5_rows_for_the_same_object_are_told_before_anything_is_sent() {
    let bench = Bench::new();
    let csv = "email\nada@example.com\nbo@example.com\nADA@example.com\n";
    let ran = bench.run("users.create", csv, &[]).await;
    assert_eq!(ran.line(), "done 2, invalid 1");
    let message = ran.job.rows(2, 1).unwrap().remove(0).message.unwrap();
    assert_eq!(
        message,
        "the same object as in line 2: only the first of them is used"
    );
}

#[tokio::test]
async fn updates_name_people_by_address_and_say_what_changes_nothing() {
    let bench = Bench::new();
    for name in ["ada", "bo", "cy"] {
        bench.create_user(&format!("{name}@example.com")).await;
    }
    let csv = "email,department\nada@example.com,Sales\nbo@example.com,R&D \"core\"\ncy@example.com,Sales\nnobody@example.com,Sales\n";
    let given = [
        ("user_id", "{{email}}"),
        ("public_metadata", r#"{"dept":"{{department}}"}"#),
    ];
    let ran = bench.run("users.update_metadata", csv, &given).await;
    assert_eq!(ran.line(), "done 3, rejected 1");
    let users = bench.all("users.list", &[("order_by", "created_at")]).await;
    assert_eq!(users[1]["public_metadata"]["dept"], "R&D \"core\"");
    // One look for the names and one for what is there, however many rows.
    assert_eq!(bench.requests("PATCH").await, 3);
    let again = bench.run("users.update_metadata", csv, &given).await;
    assert_eq!(again.line(), "skipped_existing 3, rejected 1");
    assert_eq!(bench.requests("PATCH").await, 3);
}

#[tokio::test]
async fn reliability_2_4_what_is_gone_already_counts_as_deleted() {
    let bench = Bench::new();
    let ada = bench.create_user("ada@example.com").await;
    let csv = format!("id\n{ada}\nuser_2abcdefghijklmnopqrstuvwxyz\n");
    let ran = bench
        .run("users.delete", &csv, &[("user_id", "{{id}}")])
        .await;
    assert_eq!(ran.line(), "done 1, skipped_absent 1");
    assert!(bench.addresses().await.is_empty());
}

#[tokio::test]
async fn reliability_4_6_bans_go_fifty_at_once() {
    let bench = Bench::new();
    let mut csv = "id\n".to_owned();
    for number in 0..60 {
        let id = bench.create_user(&format!("u{number}@example.com")).await;
        csv.push_str(&id);
        csv.push('\n');
    }
    let ran = bench.run("users.ban", &csv, &[("user_id", "{{id}}")]).await;
    assert_eq!(ran.line(), "done 60");
    assert_eq!(bench.requests("POST /v1/users/ban").await, 2);
    let again = bench.run("users.ban", &csv, &[("user_id", "{{id}}")]).await;
    assert_eq!(again.line(), "skipped_existing 60");
    assert_eq!(bench.requests("POST /v1/users/ban").await, 2);
}

#[tokio::test]
async fn reliability_4_6_one_bad_row_of_a_bulk_request_takes_no_other_with_it() {
    let bench = Bench::new();
    let org = bench.create_organization("Acme", "acme").await;
    let csv = "email,role\na@example.com,org:member\nb@example.com,org:nonsense\nc@example.com,org:member\n";
    let ran = bench
        .run("invitations.create", csv, &[("organization_id", "acme")])
        .await;
    assert_eq!(ran.line(), "done 2, rejected 1");
    let open = bench
        .all("invitations.list", &[("organization_id", &org)])
        .await;
    assert_eq!(open.len(), 2);
    let again = bench
        .run("invitations.create", csv, &[("organization_id", "acme")])
        .await;
    assert_eq!(again.line(), "skipped_existing 2, rejected 1");
}

#[tokio::test]
async fn members_are_added_once_and_invited_people_who_are_members_are_left_alone() {
    let bench = Bench::new();
    bench.create_organization("Acme", "acme").await;
    for name in ["ada", "bo"] {
        bench.create_user(&format!("{name}@example.com")).await;
    }
    let csv = "email\nada@example.com\nbo@example.com\n";
    let given = [
        ("organization_id", "acme"),
        ("user_id", "{{email}}"),
        ("role", "org:member"),
    ];
    let ran = bench.run("organizations.add_member", csv, &given).await;
    assert_eq!(ran.line(), "done 2");
    let again = bench.run("organizations.add_member", csv, &given).await;
    assert_eq!(again.line(), "skipped_existing 2");
    let other = [given[0], given[1], ("role", "org:admin")];
    assert_eq!(
        bench
            .run("organizations.add_member", csv, &other)
            .await
            .line(),
        "conflict 2"
    );
    let invited = bench
        .run(
            "invitations.create",
            csv,
            &[given[0], ("role", "org:member")],
        )
        .await;
    assert_eq!(invited.line(), "skipped_existing 2");
    assert_eq!(bench.requests("POST /v1/organizations/").await, 2);
}

#[tokio::test]
async fn a_plan_looks_at_everything_and_sends_nothing() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let work = bench
        .work(
            "users.create",
            "email\nada@example.com\nbo@example.com\nx\n",
            &[],
        )
        .unwrap();
    let job = bench.job("users.create", &work);
    let decider = clerk_api_tasks::job::Decider::new(bench.client.clone(), None);
    let plan = job.plan(&work, &decider, None, not_back).await.unwrap();
    assert_eq!(plan.writes(), 1);
    assert_eq!(plan.operations["users.create"], 1);
    assert_eq!(plan.settled.of(State::SkippedExisting), 1);
    assert_eq!(plan.settled.of(State::Invalid), 1);
    assert_eq!(plan.trouble[0].line, 4);
    assert_eq!(bench.requests("POST /v1/users").await, 1);
}
