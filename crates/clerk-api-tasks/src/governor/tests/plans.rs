//! What a plan says of its time (3.7).

use std::time::Duration;

use clerk_api::declare::RateClass;

use super::sim::{Sim, seconds};
use crate::governor::{Share, Table};

#[test]
fn reliability_3_7_a_plan_knows_its_time_and_what_binds() {
    let sim = Sim::new();
    let governor = sim.process(Some(Table::published(true)), 0.5, None);
    // A million creates, and a look at each hundred of them before.
    let users = governor.forecast(&[(RateClass::Instance, 1_010_000)]);
    assert_eq!(users.takes.as_secs() / 60, 5 * 60 + 36);
    assert_eq!(users.binds, "requests to the instance");
    // Of 336 an hour, 96 go alone and 240 in 24 bulk requests.
    let invitations = [
        (RateClass::Invitations, 2_857),
        (RateClass::BulkInvitations, 715),
    ];
    let invitations = governor.forecast(&invitations);
    let hours = invitations.takes.as_secs_f64() / 3_600.0;
    assert!((29.5..30.0).contains(&hours), "{hours}");
    assert_eq!(invitations.binds, "bulk invitations per hour");
    let few = governor.forecast(&[(RateClass::Invitations, 40), (RateClass::Unlimited, 9_999)]);
    assert_eq!((few.takes, few.binds), (Duration::ZERO, "no limit"));
}

#[test]
fn reliability_3_7_a_plan_knows_what_was_sent_within_the_hour() {
    let sim = Sim::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    let before = sim.process(Some(Table::published(true)), 0.5, Some(&file));
    sim.run(sim.send_many(&before, RateClass::BulkInvitations, 24, Duration::ZERO));
    let governor = sim.process(Some(Table::published(true)), 0.5, Some(&file));
    let one = governor.forecast(&[(RateClass::BulkInvitations, 1)]);
    assert!(one.takes >= seconds(3_600), "{one:?}");
    let ready = governor.ready_in(RateClass::BulkInvitations, "/invitations/bulk");
    assert!(ready > seconds(3_590));
    assert!(
        governor
            .ready_in(RateClass::Invitations, "/invitations")
            .is_zero()
    );
}

#[test]
fn a_plan_without_limits_takes_no_time() {
    let sim = Sim::new();
    let governor = sim.process(None, 0.5, None);
    let plan = governor.forecast(&[(RateClass::Invitations, 1_000_000)]);
    assert_eq!((plan.takes, plan.binds), (Duration::ZERO, "no limit"));
}

#[test]
fn reliability_3_2_a_share_is_a_number_within_bounds() {
    for good in ["0.05", "0.5", ".9", " 0.90 "] {
        assert!(good.parse::<Share>().is_ok(), "{good}");
    }
    for bad in ["0.04", "0.91", "1", "50%", "", "NaN", "inf", "-0.5"] {
        let error = bad.parse::<Share>().unwrap_err().to_string();
        assert!(error.contains("from 0.05 to 0.90"), "{error}");
    }
    assert_eq!(Share::LIVE.get(), 0.5);
    assert_eq!(Share::TEST.to_string(), "0.90");
}
