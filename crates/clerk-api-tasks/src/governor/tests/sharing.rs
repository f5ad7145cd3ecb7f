//! Several processes, restarts, kills, clocks that move and files that cannot be used (3.3, 3.6).

use std::time::Duration;

use clerk_api::declare::RateClass;
use clerk_api::transport::Clock as _;
use futures_util::future::{join, join_all};

use super::sim::{Sim, millis, most_within, seconds};
use crate::governor::Table;

fn live() -> Option<Table> {
    Some(Table::published(true))
}

#[test]
fn reliability_3_6_processes_share_one_limit_and_use_it_up() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let processes: Vec<_> = (0..5)
        .map(|_| sim.process(live(), 0.5, Some(&file)))
        .collect();
    let work = processes.iter().flat_map(|governor| {
        let worker = || sim.send_many(governor, RateClass::Instance, 75, millis(40));
        [worker(), worker(), worker(), worker()]
    });
    let sent = sim.run(join_all(work));
    assert!(sim.most_within(seconds(10)) <= 550);
    // 1500 requests at 50 a second take 30 s, less the burst.
    let took = sim.now();
    assert!(took < seconds(31), "{took:?}");
    let last: Vec<_> = sent.iter().map(|sent| sent[74]).collect();
    let first = last.iter().min().unwrap();
    assert!(
        *first > seconds(20),
        "nobody was served at the cost of others: {first:?}"
    );
}

#[test]
fn reliability_3_6_a_killed_process_leaves_nothing_to_clean() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    sim.run(async {
        for _ in 0..40 {
            let process = sim.process(live(), 0.5, Some(&file));
            join_all((0..6).map(|_| sim.send_many(&process, RateClass::Instance, 10, millis(5))))
                .await;
            // Killed with permits in hand and a request waiting.
            {
                let more = sim.send_many(&process, RateClass::Instance, 50, Duration::ZERO);
                futures_util::future::select(std::pin::pin!(more), sim.sleep(millis(30))).await;
            }
            std::mem::forget(process);
        }
    });
    assert!(sim.most_within(seconds(10)) <= 550);
    let sent = sim.sent.lock().unwrap().len() as f64;
    let rate = sent / sim.now().as_secs_f64();
    assert!(rate > 45.0, "lost permits cost little: {rate} a second");
}

#[test]
fn reliability_3_3_the_hour_is_not_spent_twice_after_a_restart() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let sent = sim.run(async {
        let mut all = Vec::new();
        for _ in 0..3 {
            let process = sim.process(live(), 0.5, Some(&file));
            let count = 60;
            all.extend(
                sim.send_many(&process, RateClass::Invitations, count, seconds(1))
                    .await,
            );
        }
        all
    });
    assert_eq!(most_within(&sent, seconds(3_600)), 96);
    assert!(sent[95] < seconds(100) && sent[96] > seconds(3_600));
    let process = sim.process(live(), 0.5, Some(&file));
    let ready = process.ready_in(RateClass::Invitations, "/invitations");
    assert!(ready.is_zero(), "{ready:?}");
}

#[test]
fn reliability_3_6_several_processes_share_an_hour_and_a_block() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let (one, two) = (
        sim.process(live(), 0.5, Some(&file)),
        sim.process(live(), 0.5, Some(&file)),
    );
    let class = RateClass::BulkOrganizationInvitations;
    sim.run(join(
        sim.send_many(&one, class, 40, millis(100)),
        sim.send_many(&two, class, 40, millis(100)),
    ));
    assert_eq!(sim.most_within(seconds(3_600)), 48);
    let what = (RateClass::Instance, "/users");
    let next = sim.run(async {
        sim.send(&two, what, (200, None), Duration::ZERO).await;
        sim.send(&one, what, (429, Some(7)), Duration::ZERO).await;
        sim.sleep(millis(250)).await;
        let began = sim.now();
        sim.send(&two, what, (200, None), Duration::ZERO).await - began
    });
    assert_eq!(next, millis(6_750));
}

#[test]
fn reliability_3_4_one_probe_is_enough_for_all_processes() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let processes: Vec<_> = (0..4)
        .map(|_| sim.process(live(), 0.5, Some(&file)))
        .collect();
    let what = (RateClass::Instance, "/users");
    let mut sent = sim.run(async {
        let refused = sim.send(&processes[0], what, (429, Some(5)), Duration::ZERO);
        refused.await;
        let all = processes.iter();
        join_all(all.map(|process| sim.send(process, what, (200, None), millis(700)))).await
    });
    sent.sort();
    assert_eq!(sent[0], seconds(5));
    assert!(sent[1] >= millis(5_700), "{sent:?}");
    assert!(sent[3] <= millis(5_980), "{sent:?}");
}

#[test]
fn reliability_3_6_one_object_is_one_for_all_processes() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let one = sim.process(live(), 0.9, Some(&file));
    let two = sim.process(live(), 0.9, Some(&file));
    let user = (RateClass::Object, "/users/user_1");
    let at = sim.run(async {
        sim.send(&one, user, (200, None), Duration::ZERO).await;
        sim.send(&two, user, (200, None), Duration::ZERO).await
    });
    assert_eq!(at, millis(1_250));
}

#[test]
fn reliability_3_6_a_clock_that_was_moved_stops_nobody_for_long() {
    for moved in [-40_000_i64, -3_000, -15, 15, 3_000, 40_000] {
        let sim = Sim::new();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("limits.db");
        let old = sim.process(live(), 0.5, Some(&file));
        let took = sim.run(async {
            sim.send_many(&old, RateClass::Instance, 300, Duration::ZERO)
                .await;
            sim.move_clock(moved);
            let began = sim.now();
            let new = sim.process(live(), 0.5, Some(&file));
            join(
                sim.send_many(&old, RateClass::Instance, 300, Duration::ZERO),
                sim.send_many(&new, RateClass::Instance, 300, Duration::ZERO),
            )
            .await;
            sim.now() - began
        });
        // 600 requests take 12 s; the state may be up to two windows ahead.
        assert!(took < seconds(33), "{moved}: {took:?}");
        assert!(sim.most_within(seconds(10)) <= 600, "{moved}");
    }
}

#[test]
fn reliability_3_6_an_hourly_log_from_the_future_counts_as_now() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let process = sim.process(live(), 0.5, Some(&file));
    sim.run(sim.send_many(&process, RateClass::Invitations, 96, Duration::ZERO));
    sim.move_clock(-50_000);
    let next = sim.process(live(), 0.5, Some(&file));
    let began = sim.now();
    let sent = sim.run(sim.send_many(&next, RateClass::Invitations, 1, Duration::ZERO));
    let waited = sent[0] - began;
    assert!(
        waited > seconds(3_600) && waited < seconds(3_660),
        "{waited:?}"
    );
}

#[test]
fn reliability_3_3_a_clock_moved_forward_does_not_give_this_process_a_second_hour() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let process = sim.process(live(), 0.5, Some(&file));
    let sent = sim.run(async {
        sim.send_many(&process, RateClass::Invitations, 96, Duration::ZERO)
            .await;
        sim.move_clock(7_200);
        sim.send_many(&process, RateClass::Invitations, 1, Duration::ZERO)
            .await
    });
    assert!(sent[0] > seconds(3_600));
}

#[test]
fn reliability_3_6_without_its_file_a_process_takes_half_and_warns_once() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.db");
    fs_err::write(
        &broken,
        "this is no database, but long enough to be looked at. ".repeat(9),
    )
    .unwrap();
    let foreign = folder.path().join("foreign.db");
    let db = rusqlite::Connection::open(&foreign).unwrap();
    db.execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1")
        .unwrap();
    let folder_instead = folder.path().join("folder.db");
    fs_err::create_dir(&folder_instead).unwrap();
    let below_a_file = broken.join("limits.db");
    for file in [broken, foreign, folder_instead, below_a_file] {
        let sim = Sim::new();
        let process = sim.process(live(), 0.5, Some(&file));
        sim.run(sim.send_many(&process, RateClass::Instance, 600, Duration::ZERO));
        assert!(sim.now() > seconds(20), "{file:?} {:?}", sim.now());
        assert!(sim.most_within(seconds(10)) <= 300);
        let warnings = sim.warnings.lock().unwrap();
        assert_eq!(warnings.len(), 1, "{file:?} {warnings:?}");
        assert!(warnings[0].contains(&file.display().to_string()));
    }
}

#[test]
fn reliability_3_6_without_a_place_for_its_file_a_process_takes_half() {
    let sim = Sim::new();
    let process = sim.process(live(), 0.5, None).unshared("there is no home");
    sim.run(sim.send_many(&process, RateClass::Instance, 600, Duration::ZERO));
    assert!(sim.now() > seconds(20));
    let warnings = sim.warnings.lock().unwrap();
    assert!(warnings.len() == 1 && warnings[0].contains("there is no home"));
}

#[test]
fn reliability_3_6_a_file_that_breaks_in_use_is_no_failure() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let process = sim.process(live(), 0.5, Some(&file));
    sim.run(sim.send_many(&process, RateClass::Instance, 10, Duration::ZERO));
    let db = rusqlite::Connection::open(&file).unwrap();
    db.execute_batch("DROP TABLE buckets").unwrap();
    sim.run(sim.send_many(&process, RateClass::Instance, 100, Duration::ZERO));
    assert_eq!(sim.warnings.lock().unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn reliability_9_the_file_is_private_and_no_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a/governor/limits.db");
    let process = sim.process(live(), 0.5, Some(&file));
    sim.run(sim.send_many(&process, RateClass::Instance, 1, Duration::ZERO));
    let mode =
        |path: &std::path::Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    assert_eq!(mode(&file.with_extension("db-wal")), 0o600);
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let process = sim.process(live(), 0.5, Some(&link));
    sim.run(sim.send_many(&process, RateClass::Instance, 1, Duration::ZERO));
    let warnings = sim.warnings.lock().unwrap();
    assert!(warnings[0].contains("is a link"), "{warnings:?}");
}

#[test]
fn the_file_is_made_at_the_first_permit_that_needs_it() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let process = sim.process(live(), 0.5, Some(&file));
    sim.run(sim.send_many(&process, RateClass::Unlimited, 3, Duration::ZERO));
    assert!(!file.exists());
    let unknown = sim.process(None, 0.5, Some(&file));
    sim.run(sim.send_many(&unknown, RateClass::Instance, 3, Duration::ZERO));
    assert!(
        !file.exists(),
        "where no limit is known there is nothing to share"
    );
    sim.run(sim.send_many(&process, RateClass::Instance, 1, Duration::ZERO));
    assert!(file.exists());
}

#[test]
fn the_log_of_the_file_stays_short_over_many_commands() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    for _ in 0..200 {
        let process = sim.process(live(), 0.5, Some(&file));
        sim.run(sim.send_many(&process, RateClass::Instance, 1, Duration::ZERO));
    }
    let log = fs_err::metadata(file.with_extension("db-wal")).unwrap();
    assert!(log.len() < 80 * 1_024, "{} bytes", log.len());
}
