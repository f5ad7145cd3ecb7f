//! What follows from a 429 (3.4), and how many requests are in flight (3.5).

use std::time::Duration;

use clerk_api::declare::RateClass;
use clerk_api::transport::Clock as _;
use futures_util::future::join_all;

use super::sim::{Sim, millis, seconds};
use crate::governor::Table;

const USERS: (RateClass, &str) = (RateClass::Instance, "/users");
const INVITE: (RateClass, &str) = (RateClass::Invitations, "/invitations");

#[test]
fn reliability_3_4_a_refusal_stops_all_until_its_time_and_one_probe() {
    for table in [None, Some(Table::published(true))] {
        let sim = Sim::new();
        let governor = sim.process(table, 0.5, None);
        let sent = sim.run(async {
            sim.send(&governor, USERS, (429, Some(20)), Duration::ZERO)
                .await;
            join_all((0..5).map(|_| sim.send(&governor, USERS, (200, None), millis(300)))).await
        });
        assert_eq!(sent[0], seconds(20), "the probe");
        // All others wait for its answer.
        assert!(sent[1..].iter().all(|at| *at >= millis(20_300)), "{sent:?}");
        assert!(sent[1..].iter().all(|at| *at < millis(20_500)), "{sent:?}");
    }
}

#[test]
fn reliability_3_4_a_refused_probe_blocks_again_and_a_lost_one_is_given_up() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    sim.run(async {
        sim.send(&governor, USERS, (429, None), Duration::ZERO)
            .await;
        let again = sim
            .send(&governor, USERS, (429, None), Duration::ZERO)
            .await;
        assert_eq!(again, seconds(10), "without Retry-After");
        let doubled = sim
            .send(&governor, USERS, (429, Some(3)), Duration::ZERO)
            .await;
        assert_eq!(doubled, seconds(30));
        // A probe whose call is dropped.
        {
            let lost = std::pin::pin!(sim.send(&governor, USERS, (200, None), seconds(99)));
            futures_util::future::select(lost, sim.sleep(seconds(4))).await;
        }
        let next = sim
            .send(&governor, USERS, (200, None), Duration::ZERO)
            .await;
        assert_eq!(next, seconds(43));
    });
}

#[test]
fn reliability_3_4_the_pace_falls_and_comes_back_window_by_window() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    let rate = async |count: usize| {
        let began = sim.now();
        sim.send_many(&governor, RateClass::Instance, count, Duration::ZERO)
            .await;
        count as f64 / (sim.now() - began).as_secs_f64()
    };
    sim.run(async {
        // Refusals within a second count as one.
        for _ in 0..3 {
            sim.send(&governor, USERS, (200, None), Duration::ZERO)
                .await;
        }
        join_all((0..5).map(|_| sim.send(&governor, USERS, (429, Some(1)), millis(1)))).await;
        sim.sleep(seconds(1)).await;
        sim.send(&governor, USERS, (200, None), Duration::ZERO)
            .await;
        rate(60).await;
        let slowed = rate(100).await;
        assert!(
            (33.0..36.0).contains(&slowed),
            "70 % of 50 a second: {slowed}"
        );
        sim.sleep(seconds(61)).await;
        rate(60).await;
        let back = rate(400).await;
        assert!((49.0..50.5).contains(&back), "{back}");
        for _ in 0..30 {
            sim.sleep(seconds(2)).await;
            sim.send(&governor, USERS, (429, Some(1)), Duration::ZERO)
                .await;
        }
        sim.sleep(seconds(2)).await;
        sim.send(&governor, USERS, (200, None), Duration::ZERO)
            .await;
        let slowest = rate(6).await;
        assert!(
            (0.9..1.6).contains(&slowest),
            "2 % of 50 a second: {slowest}"
        );
    });
}

#[test]
fn reliability_3_4_a_long_refusal_of_an_hourly_endpoint_blocks_only_that() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    sim.run(async {
        sim.send(&governor, INVITE, (429, Some(1_800)), Duration::ZERO)
            .await;
        let users = sim
            .send(&governor, USERS, (200, None), Duration::ZERO)
            .await;
        assert_eq!(users, Duration::ZERO);
        assert_eq!(governor.ready_in(INVITE.0, INVITE.1), seconds(1_800));
        let bulk = governor.ready_in(RateClass::BulkInvitations, "/invitations/bulk");
        assert!(bulk.is_zero());
        sim.send(&governor, USERS, (429, Some(30)), Duration::ZERO)
            .await;
        assert_eq!(governor.ready_in(USERS.0, USERS.1), seconds(30));
        let next = sim
            .send(&governor, INVITE, (200, None), Duration::ZERO)
            .await;
        assert_eq!(next, seconds(1_800));
    });
    // 60 s or less is the instance's, no matter who asks.
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    sim.run(sim.send(&governor, INVITE, (429, Some(60)), Duration::ZERO));
    assert_eq!(governor.ready_in(USERS.0, USERS.1), seconds(60));
}

#[test]
fn reliability_3_4_waiting_for_an_hour_holds_nobody_else_up() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    sim.run(async {
        sim.send_many(&governor, RateClass::Invitations, 96, Duration::ZERO)
            .await;
        let began = sim.now();
        let waiting = sim.send(&governor, INVITE, (200, None), Duration::ZERO);
        let other = async {
            sim.sleep(seconds(5)).await;
            let (what, wait) = governor.binding().unwrap();
            assert_eq!(what, "invitations per hour");
            assert!(wait > seconds(3_000), "{wait:?}");
            sim.send(&governor, USERS, (200, None), Duration::ZERO)
                .await
        };
        let (_, other) = futures_util::future::join(waiting, other).await;
        assert_eq!(other, began + seconds(5));
    });
    assert!(governor.binding().is_none());
}

#[test]
fn reliability_3_5_concurrency_follows_rate_and_measured_latency() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    assert_eq!(governor.concurrency(), 4);
    sim.run(sim.send_many(&governor, RateClass::Instance, 9, seconds(1)));
    assert_eq!(governor.concurrency(), 4, "too few to know");
    sim.run(sim.send_many(&governor, RateClass::Instance, 40, millis(200)));
    // 50 a second, of which the slowest tenth takes 1 s.
    assert_eq!(governor.concurrency(), 60);
    sim.run(sim.send_many(&governor, RateClass::Instance, 128, millis(200)));
    assert_eq!(governor.concurrency(), 12);
    sim.run(sim.send_many(&governor, RateClass::Instance, 128, millis(1)));
    assert_eq!(governor.concurrency(), 1);
}
