//! What is repeated, and what the caller learns (reliability.md sections 1 and 2).

use std::time::Duration;

use clerk_api::id::UserId;
use clerk_api::ops::users::{BanUser, DeleteUser, GetUser, ListUsers, UpdateUserMetadata};
use clerk_api::value::Object;
use clerk_api::{ErrorKind, Sent};

use crate::fake::{answer, cut, harness, refusal, reset, with_header};

fn object(json: &str) -> Object {
    Object::parse(json).unwrap()
}

fn user() -> UserId {
    "user_1".parse().unwrap()
}

#[tokio::test]
async fn reliability_r4_a_read_is_repeated_after_every_passing_failure() {
    let steps = [reset(), answer(502, "<html>"), cut("["), answer(200, "[]")];
    let harness = harness(steps);
    let reply = harness.client.send(&ListUsers::new()).await.unwrap();
    assert_eq!(reply.attempts, 4);
    let waits: Vec<u128> = harness
        .clock
        .slept
        .lock()
        .unwrap()
        .iter()
        .map(Duration::as_millis)
        .collect();
    assert_eq!(waits, [500, 1000, 2000], "full jitter up to 0.5, 1 and 2 s");
}

#[tokio::test]
async fn reliability_2_1_four_attempts_and_no_more() {
    let harness = harness([reset(), reset(), reset(), reset()]);
    let error = harness.client.send(&ListUsers::new()).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Transport, 4));
}

#[tokio::test]
async fn reliability_r3_a_429_waits_as_long_as_asked() {
    let limited = with_header(refusal(429, "too_many_requests"), "retry-after", "3");
    let harness = harness([limited, answer(200, "[]")]);
    harness.client.send(&ListUsers::new()).await.unwrap();
    let slept = harness.clock.slept.lock().unwrap()[0];
    assert!(
        slept >= Duration::from_secs(3) && slept < Duration::from_secs(4),
        "{slept:?}"
    );
}

#[tokio::test]
async fn reliability_2_2_a_wait_over_thirty_seconds_is_left_to_the_caller() {
    let limited = with_header(refusal(429, "too_many_requests"), "retry-after", "120");
    let harness = harness([limited]);
    let error = harness.client.send(&ListUsers::new()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(error.retry_after, Some(Duration::from_secs(120)));
    assert!(harness.clock.slept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn reliability_r9_a_redirect_is_an_error() {
    let elsewhere = with_header(answer(302, ""), "location", "https://evil.example/");
    let harness = harness([elsewhere]);
    let error = harness.client.send(&ListUsers::new()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.status),
        (ErrorKind::UnexpectedRedirect, Some(302))
    );
    assert_eq!(harness.script.lines().len(), 1);
}

#[tokio::test]
async fn reliability_i_an_update_is_repeated_and_its_doubt_is_told_when_it_fails() {
    let harness = harness([reset(), answer(500, ""), reset(), reset()]);
    let error = harness
        .client
        .send(&UpdateUserMetadata::new(user()))
        .await
        .unwrap_err();
    assert_eq!((error.attempts, error.sent), (4, Sent::Unknown));
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert!(error.to_string().contains("again is safe"), "{error}");
}

#[tokio::test]
async fn reliability_5_an_update_in_doubt_comes_before_what_refuses_it_later() {
    for last in [
        refusal(401, "authentication_invalid"),
        refusal(404, "x"),
        refusal(422, "x"),
    ] {
        let harness = harness([reset(), last]);
        let request = UpdateUserMetadata::new(user());
        let error = harness.client.send(&request).await.unwrap_err();
        assert_eq!(
            (error.kind, error.sent),
            (ErrorKind::OutcomeUnknown, Sent::Unknown)
        );
        assert!(error.status.is_some(), "the error has the last response");
    }
}

#[tokio::test]
async fn reliability_r5_an_update_with_an_unreadable_success_is_read_again() {
    let request = UpdateUserMetadata::new(user()).public_metadata(object(r#"{"plan":"pro"}"#));
    for broken in [
        cut("{\"id\":"),
        answer(200, "<html>"),
        answer(204, ""),
        answer(200, "42"),
    ] {
        let there = r#"{"id":"user_1","public_metadata":{"plan":"pro","old":1}}"#;
        let harness = harness([broken, answer(503, ""), answer(200, there)]);
        let reply = harness.client.send(&request).await.unwrap();
        assert!(reply.reconciled);
        assert_eq!(
            harness.script.lines(),
            [
                "PATCH /v1/users/user_1/metadata",
                "GET /v1/users/user_1",
                "GET /v1/users/user_1"
            ]
        );
    }
}

#[tokio::test]
async fn reliability_r5_an_update_that_is_not_there_is_not_called_done() {
    let request = UpdateUserMetadata::new(user()).public_metadata(object(r#"{"plan":"pro"}"#));
    let there = r#"{"id":"user_1","public_metadata":{"plan":"free"}}"#;
    let harness = harness([answer(200, "<html>"), answer(200, there)]);
    let error = harness.client.send(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert!(
        error
            .to_string()
            .contains("its public_metadata is not the one"),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("200, but its body is a page of HTML"),
        "{error}"
    );
}

#[tokio::test]
async fn reliability_r5_a_page_in_place_of_a_ban_does_not_make_it_done() {
    let harness = harness([
        answer(200, "<html>"),
        answer(200, r#"{"id":"user_1","banned":false}"#),
    ]);
    let error = harness
        .client
        .send(&BanUser::new(user()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
}

#[tokio::test]
async fn reliability_r5_a_deletion_with_an_unreadable_success_is_looked_at() {
    let gone = harness([cut("{"), refusal(404, "resource_not_found")]);
    let reply = gone.client.send(&DeleteUser::new(user())).await.unwrap();
    assert_eq!(reply.raw, r#"{"id":"user_1","deleted":true}"#);
    let there = harness([answer(200, "<html>"), answer(200, r#"{"id":"user_1"}"#)]);
    let error = there
        .client
        .send(&DeleteUser::new(user()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!(there.script.lines().len(), 2);
}

#[tokio::test]
async fn reliability_r6_a_401_with_a_page_is_a_refused_key() {
    let harness = harness([answer(401, "<html>")]);
    let error = harness.client.send(&ListUsers::new()).await.unwrap_err();
    assert_eq!((error.kind, error.status), (ErrorKind::Api, Some(401)));
}

#[tokio::test]
async fn reliability_2_9b_an_enormous_error_is_kept_short() {
    let text = "x ".repeat(1 << 20);
    let body = format!(
        r#"{{"errors":[{}]}}"#,
        vec![format!(r#"{{"code":"c","message":"{text}","meta":"{text}"}}"#); 30].join(",")
    );
    let harness = harness([answer(422, &body)]);
    let error = harness.client.send(&ListUsers::new()).await.unwrap_err();
    let kept: usize = error.errors.iter().map(|error| error.message.len()).sum();
    assert!(error.errors.len() <= 20 && kept < 50_000, "{kept}");
    assert!(error.errors.iter().all(|error| error.meta.is_none()));
}

#[tokio::test]
async fn reliability_2_4_a_404_after_an_unclear_delete_means_deleted() {
    let harness = harness([reset(), refusal(404, "resource_not_found")]);
    let reply = harness.client.send(&DeleteUser::new(user())).await.unwrap();
    assert!(reply.reconciled);
    assert_eq!(reply.raw, r#"{"id":"user_1","deleted":true}"#);
}

#[tokio::test]
async fn reliability_2_4_a_404_on_the_first_delete_is_an_error() {
    let harness = harness([refusal(404, "resource_not_found")]);
    let error = harness
        .client
        .send(&DeleteUser::new(user()))
        .await
        .unwrap_err();
    assert_eq!((error.status, error.sent), (Some(404), Sent::Yes));
}

#[tokio::test]
async fn reliability_r8_an_update_is_sent_once_more_after_a_409() {
    let harness = harness([
        refusal(409, "resource_locked"),
        refusal(409, "resource_locked"),
    ]);
    let error = harness
        .client
        .send(&UpdateUserMetadata::new(user()))
        .await
        .unwrap_err();
    assert_eq!((error.status, error.attempts), (Some(409), 2));
    assert_eq!(
        *harness.clock.slept.lock().unwrap(),
        [Duration::from_secs(1)]
    );
}

#[tokio::test]
async fn an_answer_that_no_api_sends_is_shown_and_not_taken_for_an_error_body() {
    for (body, words) in [
        ("<html>denied</html>", "not an API error"),
        ("", "an empty body"),
    ] {
        let harness = harness([answer(403, body)]);
        let error = harness
            .client
            .send(&GetUser::new(user()))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, error.status),
            (ErrorKind::BadAnswer, Some(403))
        );
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.body.as_deref(), Some(body));
    }
}

#[tokio::test]
async fn reliability_2_10_json_deeper_than_128_levels_is_refused() {
    let deep = format!(r#"{{"id":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let harness = harness((0..4).map(|_| answer(200, &deep)).collect::<Vec<_>>());
    let error = harness
        .client
        .send(&GetUser::new(user()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::ResponseTooLarge);
    assert!(
        error.to_string().contains("more than 128 levels"),
        "{error}"
    );
}

#[tokio::test]
async fn reliability_2_6_the_retry_budget_ends_a_storm() {
    let mut steps = Vec::new();
    for _ in 0..12 {
        steps.extend([reset(), reset(), reset(), reset()]);
    }
    let harness = harness(steps);
    let mut attempts = Vec::new();
    for _ in 0..12 {
        attempts.push(
            harness
                .client
                .send(&ListUsers::new())
                .await
                .unwrap_err()
                .attempts,
        );
    }
    // 500 tokens at 14 each are 35 retries: eleven full calls of three, then two, then none.
    assert_eq!(attempts, [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3]);
}
