//! What a job does when the network, the server or its own process fails: no row is lost, none is done twice.

use std::sync::atomic::{AtomicU32, Ordering};

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
        config.faults = vec![fault(r#"{"on":"POST /users","cut":"after","every":3}"#)]
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
        config.faults = vec![fault(r#"{"on":"POST /users","status":503,"times":400}"#)]
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
        )]
    });
    let ran = bench.run("users.create", &people(60), &[]).await;
    assert_eq!(ran.line(), "done 60");
}

#[tokio::test]
async fn reliability_r6_a_refused_key_parks_the_job() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(
            r#"{"on":"POST /users","status":401,"nth":3,"every":1}"#,
        )]
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
