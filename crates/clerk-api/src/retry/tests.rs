//! The table of what is repeated, row by row.

use super::*;

fn at(attempts: u32) -> Progress {
    Progress {
        attempts,
        ..Progress::default()
    }
}

fn decide(class: Class, outcome: Outcome) -> Decision {
    RetryPolicy::default().decide(class, at(1), outcome, 1.0)
}

const HALF_SECOND: Decision = Decision::Resend(Duration::from_millis(500));

#[test]
fn reliability_r1_what_was_not_sent_is_sent_again_for_every_class() {
    for class in [Class::Read, Class::Idempotent, Class::Keyed, Class::Unkeyed] {
        assert_eq!(decide(class, Outcome::NotSent), HALF_SECOND);
    }
}

#[test]
fn what_no_second_attempt_can_change_is_one_attempt() {
    for class in [Class::Read, Class::Idempotent, Class::Keyed, Class::Unkeyed] {
        assert_eq!(decide(class, Outcome::Barred), Decision::Fail);
    }
}

#[test]
fn reliability_r3_a_429_waits_as_asked_and_is_no_attempt() {
    let policy = RetryPolicy::default();
    for class in [Class::Read, Class::Idempotent, Class::Keyed, Class::Unkeyed] {
        let limited = Outcome::Status(429, Some(Duration::from_secs(7)));
        assert_eq!(
            policy.decide(class, at(4), limited, 0.0),
            Decision::Resend(Duration::from_secs(7))
        );
    }
    let long = Outcome::Status(429, Some(Duration::from_secs(31)));
    assert_eq!(
        policy.decide(Class::Read, at(1), long, 0.0),
        Decision::TooLong(Duration::from_secs(31))
    );
    let blind = Outcome::Status(429, None);
    assert_eq!(
        policy.decide(Class::Read, at(1), blind, 0.0),
        Decision::Resend(Duration::from_secs(10))
    );
    let later = Progress {
        limited: 2,
        ..at(1)
    };
    assert_eq!(
        policy.decide(Class::Read, later, blind, 0.0),
        Decision::TooLong(Duration::from_secs(40))
    );
}

#[test]
fn reliability_r4_an_unknown_outcome_is_looked_up_before_a_create_is_repeated() {
    for outcome in [
        Outcome::Unknown,
        Outcome::Status(500, None),
        Outcome::Status(504, None),
        Outcome::Status(522, None),
        Outcome::Status(501, None),
        Outcome::Status(507, None),
    ] {
        assert_eq!(decide(Class::Read, outcome), HALF_SECOND);
        assert_eq!(decide(Class::Idempotent, outcome), HALF_SECOND);
        assert_eq!(decide(Class::Keyed, outcome), Decision::LookUp);
        assert_eq!(decide(Class::Unkeyed, outcome), Decision::LookUp);
    }
}

#[test]
fn reliability_r5_a_write_with_an_unreadable_success_is_not_sent_again() {
    assert_eq!(decide(Class::Read, Outcome::Broken), HALF_SECOND);
    assert_eq!(
        decide(Class::Idempotent, Outcome::Broken),
        Decision::ReadAgain
    );
    assert_eq!(decide(Class::Keyed, Outcome::Broken), Decision::LookUp);
    assert_eq!(decide(Class::Unkeyed, Outcome::Broken), Decision::LookUp);
}

#[test]
fn reliability_2_2_no_wait_over_thirty_seconds_whatever_the_status() {
    let asked = Duration::from_secs(40);
    for class in [Class::Read, Class::Idempotent] {
        let outcome = Outcome::Status(503, Some(asked));
        assert_eq!(decide(class, outcome), Decision::TooLong(asked));
    }
}

#[test]
fn reliability_2_8_nothing_is_sent_that_has_no_time_to_be_answered() {
    let late = Progress {
        elapsed: Duration::from_secs(56),
        ..at(1)
    };
    let policy = RetryPolicy::default();
    for outcome in [Outcome::Unknown, Outcome::NotSent] {
        assert_eq!(
            policy.decide(Class::Read, late, outcome, 0.0),
            Decision::Fail
        );
    }
}

#[test]
fn reliability_r6_r7_r9_refusals_are_final() {
    for status in [301, 302, 307, 400, 401, 402, 403, 404, 413, 422] {
        for class in [Class::Read, Class::Idempotent, Class::Keyed, Class::Unkeyed] {
            assert_eq!(
                decide(class, Outcome::Status(status, None)),
                Decision::Fail,
                "{status}"
            );
        }
    }
}

#[test]
fn reliability_r8_an_update_is_resent_once_after_a_409() {
    let policy = RetryPolicy::default();
    let locked = Outcome::Status(409, None);
    assert_eq!(
        decide(Class::Idempotent, locked),
        Decision::Resend(Duration::from_secs(1))
    );
    let again = Progress {
        resent_conflict: true,
        ..at(2)
    };
    assert_eq!(
        policy.decide(Class::Idempotent, again, locked, 1.0),
        Decision::Fail
    );
    for class in [Class::Keyed, Class::Unkeyed] {
        assert_eq!(decide(class, locked), Decision::LookUp);
        assert_eq!(policy.decide(class, again, locked, 1.0), Decision::Fail);
    }
}

#[test]
fn reliability_2_1_four_attempts_with_doubling_backoff_within_a_minute() {
    let policy = RetryPolicy::default();
    let wait = |n| policy.decide(Class::Read, at(n), Outcome::Unknown, 1.0);
    assert_eq!(wait(1), HALF_SECOND);
    assert_eq!(wait(2), Decision::Resend(Duration::from_secs(1)));
    assert_eq!(wait(3), Decision::Resend(Duration::from_secs(2)));
    assert_eq!(wait(4), Decision::Fail);
    let late = Progress {
        elapsed: Duration::from_secs(60),
        ..at(1)
    };
    assert_eq!(
        policy.decide(Class::Read, late, Outcome::Unknown, 1.0),
        Decision::Fail
    );
}

#[test]
fn reliability_2_2_retry_after_is_seconds_or_a_date_and_nonsense_is_absent() {
    assert_eq!(retry_after("5", None), Some(Duration::from_secs(5)));
    assert_eq!(
        retry_after(" 2.5 ", None),
        Some(Duration::from_millis(2500))
    );
    assert_eq!(retry_after("0", None), Some(Duration::from_secs(1)));
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(
        retry_after("Sun, 06 Nov 1994 08:49:47 GMT", Some(date)),
        Some(Duration::from_secs(10))
    );
    for nonsense in ["-1", "NaN", "inf", "86401", "soon", "", "1e99"] {
        assert_eq!(retry_after(nonsense, Some(date)), None, "{nonsense}");
    }
}
