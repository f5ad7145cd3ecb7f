//! How long so many requests take, for plans (reliability.md 3.7).

use std::time::Duration;

use clerk_api::declare::RateClass;

use super::clock::Moment;
use super::rule::{Rule, duration, real};
use super::state::State;
use super::table::{Bucket, Want};

/// How long a piece of work takes at least, as far as the limits decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The time until the last request may leave; how long the responses take is not in it.
    pub takes: Duration,
    /// The limit that decides it, in words; "no limit" where none does.
    pub binds: &'static str,
}

/// Estimates how long so many requests of each class take from now on.
pub(super) fn forecast(state: &mut State, now: Moment, demand: &[(RateClass, u64)]) -> Forecast {
    let mut longest = (0, "no limit");
    for bucket in Bucket::SINGLE {
        let requests = demand
            .iter()
            .filter(|(class, _)| falls_under(*class, bucket));
        let requests: u64 = requests.map(|(_, requests)| requests).sum();
        let takes = takes(state, now, bucket, requests);
        if takes > longest.0 {
            longest = (takes, bucket.words());
        }
    }
    Forecast {
        takes: duration(longest.0),
        binds: longest.1,
    }
}

fn falls_under(class: RateClass, bucket: Bucket) -> bool {
    Want::of(class, "").is_some_and(|want| want.buckets().any(|one| one == bucket))
}

fn takes(state: &mut State, now: Moment, bucket: Bucket, requests: u64) -> i64 {
    if requests == 0 {
        return 0;
    }
    let (used, blocked) = state.used(bucket, now);
    let requests = i64::try_from(requests).unwrap_or(i64::MAX / 2);
    let paced = match state.rule(bucket, now.stamp) {
        None => 0,
        Some(Rule::Spread { gap, late, .. }) => gap.saturating_mul(requests - 1) - late,
        Some(Rule::Counted { most, window }) => {
            let count = |number| i64::try_from(number).unwrap_or(i64::MAX);
            let all = requests.saturating_add(count(used));
            if all <= count(most) {
                0
            } else {
                part(all, count(most), window)
            }
        }
    };
    paced.max(0).saturating_add(blocked)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, which is far beyond any plan"
)]
fn part(all: i64, most: i64, window: i64) -> i64 {
    (real(all) / real(most) * real(window)) as i64
}
