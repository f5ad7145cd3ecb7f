//! What a permit costs. Run with `cargo test --release -p clerk-api-tasks governor_cost -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clerk_api::declare::{RateClass, Verb};
use clerk_api::pace::{Exchange, Observed, Pace as _};
use clerk_api::transport::TokioClock;

use crate::governor::{Governor, Share, Table};

#[expect(clippy::disallowed_methods, reason = "this measures real time")]
fn now() -> Instant {
    Instant::now()
}

/// The time of a process with one request of this class, in microseconds: the median and the slowest of 500.
async fn single(class: RateClass, file: Option<&std::path::Path>) -> (u128, u128) {
    let mut table = Table::published(true);
    // What is measured is not the waiting.
    table.instance.requests = 1_000_000;
    table.invitations.requests = 1_000_000;
    let exchange = Exchange::new("test", class, Verb::Get, "/users/user_1");
    let mut took = Vec::new();
    for _ in 0..500 {
        let began = now();
        let governor = Governor::new(Some(table), Share::LIVE, Arc::new(TokioClock::default()));
        let governor = match file {
            Some(file) => governor.shared_in(file),
            None => governor,
        };
        governor.permit(&exchange).await;
        let answer = Observed::new(Some(200), None, Duration::from_millis(1));
        governor.observe(&exchange, &answer);
        drop(governor);
        took.push(began.elapsed().as_micros());
    }
    took.sort_unstable();
    (took[250], took[499])
}

#[tokio::test]
#[ignore = "prints numbers; nothing depends on them"]
async fn governor_cost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limits.db");
    for class in [RateClass::Instance, RateClass::Invitations] {
        let alone = single(class, None).await;
        let shared = single(class, Some(&file)).await;
        println!("{class:?}: without a file {alone:?} µs, with it {shared:?} µs");
    }
}
