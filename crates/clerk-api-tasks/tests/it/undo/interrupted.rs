//! An undo that is interrupted, jobs that cannot be undone, and secrets.

use std::sync::atomic::{AtomicU32, Ordering};

use clerk_api_admin::problem::ProblemKind;
use clerk_api_tasks::job::{Control, Event, Job, Place, State};
use clerk_api_tasks::undo::UndoWork;
use fs_err as fs;

use super::{BY_ID, left, three, users};
use crate::harness::{Bench, fault};

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
