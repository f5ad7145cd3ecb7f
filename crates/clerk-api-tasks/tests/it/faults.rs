//! What a job does when the network, the server or its own process fails: no row is lost, none is done twice.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use clerk_api_tasks::job::{Control, End, Event, Job, Place, State};

use crate::harness::{Bench, fault};

fn people(count: usize) -> String {
    let mut csv = "email\n".to_owned();
    for number in 0..count {
        csv.push_str(&format!("p{number:03}@example.com\n"));
    }
    csv
}

#[tokio::test]
async fn reliability_p1_creates_that_were_done_and_not_answered_are_found_not_repeated() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(r#"{"on":"POST /users","cut":"after","every":3}"#)];
    });
    let ran = bench.run("users.create", &people(30), &[]).await;
    assert_eq!(ran.line(), "done 20, done_reconciled 10");
    let addresses = bench.addresses().await;
    assert_eq!(addresses.len(), 30);
}

#[tokio::test]
async fn reliability_4_8_an_unknown_outcome_is_looked_for_once_more_at_the_end() {
    // The looks right after the attempt fail, so that nothing follows from them.
    let bench = Bench::with(|config| {
        config.faults = vec![fault(
            r#"{"on":"POST /organizations","cut":"after","nth":2,"times":1}"#,
        )];
    });
    let ran = bench
        .run("organizations.create", "name\nAcme\nBeta\nGamma\n", &[])
        .await;
    assert_eq!(ran.counts.total(), 3);
    assert_eq!(
        bench.all("organizations.list", &[]).await.len(),
        3,
        "{}",
        ran.line()
    );
    assert_eq!(ran.counts.of(State::Unknown), 0, "{}", ran.line());
}

#[tokio::test]
async fn reliability_2_7_an_outage_parks_the_job_and_it_goes_on_afterwards() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(r#"{"on":"POST /users","status":503,"times":400}"#)];
    });
    let work = bench.work("users.create", &people(120), &[]).unwrap();
    let job = bench.job("users.create", &work);
    let first = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    let mut ran = first;
    for _ in 0..40 {
        if matches!(ran.end, End::Finished) {
            break;
        }
        assert_eq!(ran.counts.total(), 120);
        let job = reopened(&bench, ran.job);
        ran = bench
            .go_on(job, &work, &Control::default(), |_| {})
            .await
            .unwrap();
    }
    assert!(matches!(ran.end, End::Finished), "{:?}", ran.end);
    assert_eq!(ran.counts.total(), 120);
    let done = ran.counts.of(State::Done) + ran.counts.of(State::DoneReconciled);
    assert_eq!(
        usize::try_from(done).unwrap(),
        bench.addresses().await.len(),
        "{}",
        ran.line()
    );
}

fn reopened(bench: &Bench, job: Job) -> Job {
    let id = job.place().id();
    drop(job);
    Job::open(Place::find(&bench.jobs(), &id).unwrap()).unwrap()
}

#[tokio::test]
async fn reliability_4_7_a_job_that_was_stopped_goes_on_where_it_was() {
    let bench = Bench::new();
    let work = bench.work("users.create", &people(200), &[]).unwrap();
    let control = Control::default();
    let ended = AtomicU32::new(0);
    let stop = control.clone();
    let watch = |event: &Event<'_>| {
        if matches!(event, Event::Row { .. }) && ended.fetch_add(1, Ordering::Relaxed) == 20 {
            stop.stop();
        }
    };
    let job = bench.job("users.create", &work);
    let ran = bench.go_on(job, &work, &control, watch).await.unwrap();
    assert!(matches!(ran.end, End::Stopped));
    assert!(ran.counts.of(State::Pending) > 0);
    assert_eq!(ran.counts.of(State::Sent), 0);
    let job = reopened(&bench, ran.job);
    let ran = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(ran.line(), "done 200");
    assert_eq!(bench.addresses().await.len(), 200);
}

#[tokio::test]
async fn reliability_2_2_refusals_by_the_rate_limit_lose_nothing() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(
            r#"{"on":"POST /users","status":429,"retry_after":"1","every":20}"#,
        )];
    });
    let ran = bench.run("users.create", &people(60), &[]).await;
    assert_eq!(ran.line(), "done 60");
}

#[tokio::test]
async fn reliability_r6_a_refused_key_parks_the_job() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(
            r#"{"on":"POST /users","status":401,"nth":3,"every":1}"#,
        )];
    });
    let ran = bench.run("users.create", &people(40), &[]).await;
    let End::Parked(problem) = ran.end else {
        panic!("{:?}", ran.end)
    };
    assert_eq!(problem.http, Some(401));
    assert_eq!(ran.counts.total(), 40);
    assert!(ran.counts.of(State::Pending) >= 30, "{:?}", ran.counts);
}

#[tokio::test]
async fn reliability_r7_twenty_equal_refusals_park_the_job() {
    let bench =
        Bench::with(|config| config.faults = vec![fault(r#"{"on":"POST /users","status":402}"#)]);
    let ran = bench.run("users.create", &people(200), &[]).await;
    let End::Parked(problem) = ran.end else {
        panic!("{:?}", ran.end)
    };
    assert_eq!((problem.code, problem.http), ("same_refusal", Some(402)));
    assert!(ran.counts.of(State::Rejected) >= 20);
    assert!(ran.counts.of(State::Pending) >= 100);
}

#[tokio::test]
async fn reliability_p1_rows_that_cannot_be_looked_at_for_a_while_are_sent_once() {
    let bench = Bench::with(|config| {
        config.faults = vec![
            fault(r#"{"on":"GET /users","status":503,"nth":2,"times":18}"#),
            fault(r#"{"on":"POST /users","cut":"after","every":9}"#),
            fault(r#"{"on":"POST /users","delay_ms":15}"#),
        ];
    });
    let ran = bench.run("users.create", &people(260), &[]).await;
    assert!(matches!(ran.end, End::Finished), "{:?}", ran.end);
    let done = ran.counts.of(State::Done) + ran.counts.of(State::DoneReconciled);
    assert_eq!(done, 260, "{}", ran.line());
    assert_eq!(bench.addresses().await.len(), 260);
    // Nothing was tried twice that only the API's uniqueness kept from being done twice.
    assert_eq!(bench.requests("POST /v1/users").await, 260);
}

#[tokio::test]
async fn reliability_2_3_invitations_whose_responses_are_lost_go_out_once() {
    let bench = Bench::with(|config| {
        config.max_allowed_memberships = 0;
        config.faults = vec![
            fault(r#"{"on":"POST /organizations/*/invitations/bulk","cut":"after","every":2}"#),
            fault(r#"{"on":"POST /organizations/*/invitations","cut":"after","every":3}"#),
        ];
    });
    let org = bench.create_organization("Acme", "acme").await;
    let given = [("organization_id", "acme"), ("role", "org:member")];
    let ran = bench.run("invitations.create", &people(57), &given).await;
    assert_eq!(
        ran.counts.with(clerk_api_tasks::job::Outcome::Done),
        57,
        "{}",
        ran.line()
    );
    assert!(ran.counts.of(State::DoneReconciled) > 0, "{}", ran.line());
    assert_eq!(
        bench
            .all("invitations.list", &[("organization_id", &org)])
            .await
            .len(),
        57
    );
}

#[tokio::test]
async fn changes_that_were_made_and_not_answered_are_made_again() {
    let bench = Bench::with(|config| {
        config.faults = vec![
            fault(r#"{"on":"PATCH /users/*/metadata","cut":"after","every":3}"#),
            fault(r#"{"on":"PATCH /users/*/metadata","status":500,"every":4}"#),
        ];
    });
    let mut csv = "id\n".to_owned();
    for number in 0..20 {
        csv.push_str(&bench.create_user(&format!("u{number}@example.com")).await);
        csv.push('\n');
    }
    let given = [
        ("user_id", "{{id}}"),
        ("public_metadata", r#"{"by":"job"}"#),
    ];
    let ran = bench.run("users.update_metadata", &csv, &given).await;
    assert_eq!(
        ran.counts.with(clerk_api_tasks::job::Outcome::Done),
        20,
        "{}",
        ran.line()
    );
    let users = bench.all("users.list", &[]).await;
    assert!(
        users
            .iter()
            .all(|user| user["public_metadata"]["by"] == "job")
    );
}

#[tokio::test]
async fn reliability_2_7_rows_that_cannot_be_looked_at_are_looked_at_after_a_pause() {
    let mut bench = Bench::with(|config| {
        config.faults = vec![fault(r#"{"on":"GET /users","status":503}"#)];
    });
    bench.timing.breaker = Duration::from_millis(300);
    bench.timing.breaker_most = Duration::from_millis(300);
    bench.timing.breaker_park = Duration::from_millis(600);
    let began = Instant::now();
    let ran = bench.run("users.create", &people(3), &[]).await;
    // Two pauses; without them the looks take a tenth of that.
    assert!(began.elapsed() >= Duration::from_millis(600));
    let End::Parked(problem) = ran.end else {
        panic!("{:?}", ran.end)
    };
    assert_eq!(problem.code, "outage");
    assert_eq!(ran.counts.of(State::Pending), 3);
}

#[tokio::test]
async fn reliability_4_8_a_create_that_is_never_answered_is_sent_once_more_and_not_again() {
    let lost = r#"{"on":"POST /organizations","cut":"before"}"#;
    let bench = Bench::with(|config| config.faults = vec![fault(lost)]);
    let work = bench
        .work("organizations.create", "name\nAcme\n", &[])
        .unwrap();
    let job = bench.job("organizations.create", &work);
    let ran = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(ran.line(), "unknown 1");
    assert_eq!(bench.requests("POST /v1/organizations").await, 2);
    // A run that ends early and is continued has no further try.
    let job = reopened(&bench, ran.job);
    let ran = bench
        .go_on(job, &work, &Control::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(ran.line(), "unknown 1");
    assert_eq!(bench.requests("POST /v1/organizations").await, 2);
}

#[tokio::test]
async fn at_most_once_never_sends_an_invitation_a_second_time() {
    let lost = r#"{"on":"POST /organizations/*/invitations","cut":"before"}"#;
    let bench = Bench::with(|config| config.faults = vec![fault(lost)]);
    bench.create_organization("Acme", "acme").await;
    let given = [("organization_id", "acme"), ("role", "org:member")];
    let work = bench
        .work("invitations.create", "email\na@example.com\n", &given)
        .unwrap();
    let job = bench.job("invitations.create", &work);
    let ran = bench.at_most_once(job, &work).await;
    assert_eq!(ran.line(), "unknown 1");
    assert_eq!(bench.requests("POST /v1/organizations/").await, 1);
}

#[tokio::test]
async fn reliability_2_7_requests_whose_outcome_is_unknown_count_as_failures() {
    let bench = Bench::with(|config| {
        config.max_allowed_memberships = 0;
        config.faults = vec![fault(
            r#"{"on":"POST /organizations/*/invitations/bulk","cut":"after"}"#,
        )];
    });
    for slug in ["acme", "beta"] {
        bench.create_organization(slug, slug).await;
    }
    // Two rows a request: those of one organization go together.
    let mut csv = "email,organization-id\n".to_owned();
    for number in 0..140 {
        let slug = ["acme", "beta"][number / 2 % 2];
        csv.push_str(&format!("p{number:03}@example.com,{slug}\n"));
    }
    let given = [("role", "org:member")];
    let work = bench.work("invitations.create", &csv, &given).unwrap();
    let job = bench.job("invitations.create", &work);
    let pauses = AtomicU32::new(0);
    let watch = |event: &Event<'_>| {
        if matches!(event, Event::Waiting { reason, .. } if *reason == "most requests fail") {
            pauses.fetch_add(1, Ordering::Relaxed);
        }
    };
    let ran = bench
        .go_on(job, &work, &Control::default(), watch)
        .await
        .unwrap();
    assert!(pauses.into_inner() > 0, "{}", ran.line());
}
