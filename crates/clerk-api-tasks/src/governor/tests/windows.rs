//! Windows are never over their limit (3.1 to 3.3).

use std::time::Duration;

use clerk_api::declare::RateClass;
use clerk_api::transport::Clock as _;
use futures_util::future::join_all;
use proptest::prelude::*;

use super::sim::{Sim, millis, most_within, seconds};
use crate::governor::{Limit, Table};

fn table(requests: u32) -> Table {
    let mut table = Table::published(false);
    table.instance = Limit {
        requests,
        per: seconds(10),
    };
    table
}

/// What a worker does: the pause before each request, and how long its answer takes, in milliseconds.
type Work = Vec<(u64, u64)>;

fn works() -> impl Strategy<Value = Vec<Work>> {
    let pause = prop_oneof![4 => Just(0_u64), 2 => 0_u64..300, 1 => 0_u64..9_000];
    let step = (pause, prop_oneof![Just(0_u64), 1_u64..800]);
    proptest::collection::vec(proptest::collection::vec(step, 10..120), 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reliability_3_2_no_window_is_ever_over_the_share_and_a_twentieth(
        works in works(),
        requests in 20_u32..1_000,
        share in 0.05_f64..0.9,
        processes in 1_usize..4,
    ) {
        let sim = Sim::new();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("g/limits.db");
        // One process knows no file at all.
        let file = (processes > 1).then_some(file.as_path());
        let governors: Vec<_> = (0..processes)
            .map(|_| sim.process(Some(table(requests)), share, file))
            .collect();
        sim.run(join_all(works.iter().enumerate().map(|(index, work)| {
            let governor = &governors[index % processes];
            let sim = &sim;
            async move {
                for (pause, took) in work {
                    sim.sleep(millis(*pause)).await;
                    let what = (RateClass::Instance, "/users");
                    sim.send(governor, what, (200, None), millis(*took)).await;
                }
            }
        })));
        let limit = f64::from(requests);
        let most = ((share + 0.05) * limit).max(share * limit + 1.0);
        let counted = sim.most_within(seconds(10));
        prop_assert!(f64::from(u32::try_from(counted).unwrap()) <= most + 1e-6, "{counted} > {most}");
        prop_assert!(sim.warnings.lock().unwrap().is_empty());
    }
}

#[test]
fn reliability_3_2_a_busy_process_reaches_98_percent_of_its_share() {
    for (live, share) in [(true, 0.5), (false, 0.9), (true, 0.9), (false, 0.05)] {
        for shared in [false, true] {
            let sim = Sim::new();
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("limits.db");
            let file = shared.then_some(file.as_path());
            let governor = sim.process(Some(Table::published(live)), share, file);
            let allowed = share * if live { 1000.0 } else { 100.0 } * 6.0;
            let enough = (allowed * 1.06) as usize;
            let workers = (0..24).map(|_| {
                let answer = millis(150);
                sim.send_many(&governor, RateClass::Instance, enough / 24 + 1, answer)
            });
            sim.run(join_all(workers));
            let sent = sim.sent.lock().unwrap().clone();
            let within = sent.iter().filter(|at| **at < seconds(60)).count();
            assert!(
                within as f64 >= 0.98 * allowed,
                "{live} {share} {shared}: {within}"
            );
        }
    }
}

#[test]
fn reliability_3_2_an_idle_instance_lets_a_burst_pass() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    let sent = sim.run(sim.send_many(&governor, RateClass::Instance, 60, Duration::ZERO));
    assert_eq!(sent.iter().filter(|at| at.is_zero()).count(), 50);
    assert_eq!(sent[50], millis(20));
}

#[test]
fn reliability_3_1_each_class_has_its_limit_and_public_keys_have_none() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(false)), 0.9, None);
    sim.run(sim.send_many(&governor, RateClass::Unlimited, 500, Duration::ZERO));
    assert_eq!(sim.now(), Duration::ZERO);
    let hourly = [
        (RateClass::Invitations, 96),
        (RateClass::BulkInvitations, 24),
        (RateClass::OrganizationInvitations, 240),
        (RateClass::BulkOrganizationInvitations, 48),
    ];
    for (class, most) in hourly {
        let sim = Sim::new();
        let governor = sim.process(Some(Table::published(true)), 0.5, None);
        let sent = sim.run(sim.send_many(&governor, class, 2 * most + 10, Duration::ZERO));
        assert!(sent[most - 1] < seconds(10), "{class:?}");
        assert!(sent[most] > seconds(3_600), "{class:?}");
        assert_eq!(most_within(&sent, seconds(3_600)), most, "{class:?}");
    }
}

#[test]
fn reliability_3_2_writes_of_one_object_are_apart_and_never_together() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(false)), 0.9, None);
    let one = (RateClass::Object, "/users/user_1");
    let same = (RateClass::Object, "/users/user_1/metadata");
    let other = (RateClass::Object, "/users/user_2");
    let (slow, quick) = (seconds(4), Duration::ZERO);
    let sent = sim.run(async {
        futures_util::future::join4(
            sim.send(&governor, one, (200, None), slow),
            sim.send(&governor, same, (200, None), quick),
            sim.send(&governor, other, (200, None), quick),
            sim.send(&governor, other, (200, None), quick),
        )
        .await
    });
    assert_eq!(sent.0, Duration::ZERO);
    assert_eq!(sent.1, seconds(4), "waits for the answer before it");
    assert_eq!(sent.2, Duration::ZERO);
    assert_eq!(sent.3, millis(1_250));
}

#[test]
fn reliability_3_2_a_request_that_is_given_up_leaves_its_object_free() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(false)), 0.9, None);
    let one = (RateClass::Object, "/users/user_1");
    sim.run(async {
        sim.send(&governor, one, (200, None), Duration::ZERO).await;
        {
            let second = std::pin::pin!(sim.send(&governor, one, (200, None), Duration::ZERO));
            let given_up = futures_util::future::select(second, sim.sleep(millis(500))).await;
            assert!(matches!(given_up, futures_util::future::Either::Right(_)));
        }
        let third = sim.send(&governor, one, (200, None), Duration::ZERO).await;
        assert_eq!(third, millis(1_250));
        assert!(governor.binding().is_none());
    });
}

#[test]
fn without_a_table_nothing_waits() {
    let sim = Sim::new();
    let governor = sim.process(None, 0.9, None);
    let one = (RateClass::Object, "/users/user_1");
    sim.run(async {
        sim.send_many(&governor, RateClass::Invitations, 2_000, Duration::ZERO)
            .await;
        sim.send(&governor, one, (200, None), Duration::ZERO).await;
        sim.send(&governor, one, (200, None), Duration::ZERO).await;
    });
    assert_eq!(sim.now(), Duration::ZERO);
    sim.run(sim.send_many(&governor, RateClass::Instance, 128, millis(1)));
    assert_eq!(sim.now(), millis(128));
    assert_eq!(governor.concurrency(), 64);
}
