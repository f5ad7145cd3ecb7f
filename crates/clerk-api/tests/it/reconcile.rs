//! A create whose response was lost is looked up before it is sent again (reliability.md 2.3, promise P1).

use clerk_api::ops::allowlist::AddToAllowlist;
use clerk_api::ops::blocklist::AddToBlocklist;
use clerk_api::ops::email_addresses::CreateEmailAddress;
use clerk_api::ops::organizations::CreateOrganization;
use clerk_api::ops::users::CreateUser;
use clerk_api::time::Timestamp;
use clerk_api::{Endpoint as _, ErrorKind, Lost, Sent};

use crate::fake::{SERVER_NOW, Step, answer, cut, harness, refusal, reset, with_header};

fn create() -> CreateUser {
    CreateUser::new().email_address("New@Example.com")
}

fn user(created_at: i64) -> String {
    format!(
        r#"[{{"id":"user_9","email_addresses":[{{"id":"idn_9","email_address":"new@example.com"}}],"created_at":{created_at}}}]"#
    )
}

#[tokio::test]
async fn reliability_2_3_found_and_new_is_ours() {
    let harness = harness([reset(), answer(200, &user(SERVER_NOW))]);
    let reply = harness.client.send(&create()).await.unwrap();
    assert!(reply.reconciled);
    assert_eq!(reply.value.id.as_str(), "user_9");
    assert_eq!(
        harness.script.lines(),
        [
            "POST /v1/users",
            "GET /v1/users?email_address=New%40Example.com&limit=100"
        ]
    );
}

#[tokio::test]
async fn reliability_2_3_found_but_older_is_unknown_and_not_sent_again() {
    let old = answer(200, &user(SERVER_NOW - 60_000));
    let harness = harness([reset(), old.clone(), old.clone(), old]);
    let error = harness.client.send(&create()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.sent),
        (ErrorKind::OutcomeUnknown, Sent::Unknown)
    );
}

#[tokio::test]
async fn reliability_2_3_found_under_the_key_but_different_and_older_is_a_conflict() {
    let harness = harness([reset(), answer(200, &other(SERVER_NOW - 60_000))]);
    let request = create().external_id("crm-1");
    let error = harness.client.send(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
}

/// A user with the same address who lacks the external id that was sent.
fn other(created_at: i64) -> String {
    user(created_at).replace(r#""id":"user_9""#, r#""id":"user_9","external_id":null"#)
}

#[tokio::test]
async fn reliability_2_3_found_under_the_key_but_different_and_new_is_unknown() {
    let new = answer(200, &other(SERVER_NOW));
    let harness = harness([reset(), new.clone(), new.clone(), new]);
    let request = create().external_id("crm-1");
    let error = harness.client.send(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!(harness.script.lines().len(), 4, "nothing is sent again");
}

#[tokio::test]
async fn reliability_2_3_a_look_that_failed_is_no_look() {
    let empty = || answer(200, "[]");
    let failing = [
        answer(503, ""),
        answer(401, ""),
        answer(404, ""),
        answer(302, ""),
        answer(204, ""),
        reset(),
        answer(200, "<html>"),
        answer(200, "{}"),
        answer(200, "null"),
        answer(200, r#"[{"id":1}]"#),
        cut("["),
    ];
    let mut steps = vec![reset()];
    for step in failing {
        steps.extend([step, empty()]);
    }
    // Three answered looks settle it, and each failed one was repeated.
    steps.truncate(7);
    steps.push(answer(200, r#"{"id":"user_9"}"#));
    let harness = harness(steps);
    let reply = harness.client.send(&create()).await.unwrap();
    assert_eq!((reply.reconciled, reply.attempts), (false, 2));
}

#[tokio::test]
async fn reliability_2_3_looks_that_all_fail_forbid_a_second_create() {
    let failures: [fn() -> Step; 8] = [
        || answer(503, ""),
        || answer(401, ""),
        || answer(302, ""),
        || answer(204, ""),
        reset,
        || answer(200, "<html>"),
        || answer(200, "null"),
        || answer(200, r#"["x",null]"#),
    ];
    for failure in failures {
        let mut steps = vec![answer(500, "")];
        steps.extend((0..40).map(|_| failure()));
        let harness = harness(steps);
        let error = harness.client.send(&create()).await.unwrap_err();
        assert_eq!(
            (error.kind, error.sent, error.attempts),
            (ErrorKind::OutcomeUnknown, Sent::Unknown, 1)
        );
        assert_eq!(
            error.status,
            Some(500),
            "2.9b: the error has the response to the write"
        );
        assert!(error.to_string().contains("the look-up failed"), "{error}");
    }
}

#[tokio::test]
async fn reliability_2_3_an_organization_without_slug_is_never_sent_twice() {
    let empty = || answer(200, r#"{"data":[],"total_count":0}"#);
    let harness = harness([reset(), empty(), empty(), empty()]);
    let request = CreateOrganization::new("Twice");
    let error = harness.client.send(&request).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::OutcomeUnknown, 1));
}

#[tokio::test]
async fn reliability_2_3_a_full_page_without_it_does_not_say_absent() {
    let rows: Vec<String> = (0..500)
        .map(|n| format!(r#"{{"id":"org_{n}","name":"Twice {n}","slug":"t{n}","created_at":1}}"#))
        .collect();
    let full = answer(
        200,
        &format!(r#"{{"data":[{}],"total_count":900}}"#, rows.join(",")),
    );
    let harness = harness([reset(), full.clone(), full.clone(), full]);
    let request = CreateOrganization::new("Twice").slug("twice");
    let error = harness.client.send(&request).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::OutcomeUnknown, 1));
    assert_eq!(
        harness.script.lines()[1],
        "GET /v1/organizations?query=twice&order_by=-created_at&limit=500"
    );
}

#[tokio::test]
async fn reliability_r8_a_conflict_is_looked_up_and_stands_where_nothing_of_ours_is_there() {
    let empty = || answer(200, "[]");
    let ours = harness([
        refusal(409, "resource_locked"),
        answer(200, &user(SERVER_NOW)),
    ]);
    assert!(ours.client.send(&create()).await.unwrap().reconciled);
    let old = harness([
        refusal(409, "x"),
        answer(200, &user(SERVER_NOW - 60_000)),
        empty(),
        empty(),
    ]);
    let error = old.client.send(&create()).await.unwrap_err();
    assert_eq!((error.status, error.sent), (Some(409), Sent::Yes));
    let twice = harness([
        refusal(409, "x"),
        empty(),
        empty(),
        empty(),
        refusal(409, "x"),
    ]);
    let error = twice.client.send(&create()).await.unwrap_err();
    assert_eq!((error.status, error.attempts), (Some(409), 2));
}

#[tokio::test]
async fn reliability_5_a_create_in_doubt_comes_before_what_refuses_it_later() {
    let empty = || answer(200, "[]");
    for last in [refusal(401, "x"), refusal(403, "quota"), answer(503, "")] {
        let slow = with_header(last, "retry-after", "120");
        let harness = harness([
            reset(),
            empty(),
            empty(),
            empty(),
            slow,
            empty(),
            empty(),
            empty(),
        ]);
        let error = harness.client.send(&create()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    }
}

#[tokio::test]
async fn reliability_2_3_absent_in_three_looks_is_sent_again() {
    let looks = [answer(200, "[]"), answer(200, "[]"), answer(200, "[]")];
    let mut steps = vec![answer(504, "<html>gateway</html>")];
    steps.extend(looks);
    steps.push(answer(200, r#"{"id":"user_9"}"#));
    let harness = harness(steps);
    let reply = harness.client.send(&create()).await.unwrap();
    assert!(!reply.reconciled);
    assert_eq!(reply.attempts, 2);
    let slept: Vec<u64> = harness
        .clock
        .slept
        .lock()
        .unwrap()
        .iter()
        .map(std::time::Duration::as_secs)
        .collect();
    assert_eq!(slept, [0, 2, 6], "looks at 0, 2 and 8 s");
}

#[tokio::test]
async fn reliability_2_3_a_duplicate_after_an_unclear_attempt_goes_through_the_lookup() {
    let mut steps = vec![
        reset(),
        answer(200, "[]"),
        answer(200, "[]"),
        answer(200, "[]"),
    ];
    steps.push(refusal(422, "form_identifier_exists"));
    steps.push(answer(200, &user(SERVER_NOW)));
    let harness = harness(steps);
    let reply = harness.client.send(&create()).await.unwrap();
    assert!(reply.reconciled);
}

#[tokio::test]
async fn a_duplicate_on_the_first_attempt_is_a_plain_error() {
    let harness = harness([refusal(422, "form_identifier_exists")]);
    let error = harness.client.send(&create()).await.unwrap_err();
    assert_eq!((error.status, error.sent), (Some(422), Sent::Yes));
}

#[tokio::test]
async fn reliability_p1_a_create_that_cannot_be_found_again_is_unknown() {
    let harness = harness([reset()]);
    let error = harness.client.send(&CreateUser::new()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.sent, error.attempts),
        (ErrorKind::OutcomeUnknown, Sent::Unknown, 1)
    );
}

#[tokio::test]
async fn reliability_2_3_an_address_is_found_inside_its_user() {
    let found = format!(
        r#"[{{"id":"user_9","created_at":1,"email_addresses":[
            {{"id":"idn_1","email_address":"old@example.com","created_at":1}},
            {{"id":"idn_2","email_address":"new@example.com","created_at":{SERVER_NOW}}}]}}]"#
    );
    let harness = harness([reset(), answer(200, &found)]);
    let user: clerk_api::id::UserId = "user_9".parse().unwrap();
    let request = CreateEmailAddress::new(user, "New@Example.com");
    let reply = harness.client.send(&request).await.unwrap();
    assert!(reply.reconciled);
    assert_eq!(reply.value.id.as_str(), "idn_2");
    assert_eq!(
        harness.script.lines()[1],
        "GET /v1/users?email_address=New%40Example.com&user_id=%2Buser_9&limit=100"
    );
}

#[tokio::test]
async fn reliability_2_3_a_list_that_cannot_be_searched_is_looked_through() {
    let found = format!(
        r#"[{{"id":"alid_1","identifier":"a@example.com","created_at":{SERVER_NOW}}},
            {{"id":"alid_2","identifier":"b@example.com","created_at":{SERVER_NOW}}}]"#
    );
    let enveloped = format!(
        r#"{{"data":{},"total_count":2}}"#,
        found.replace("alid", "blid")
    );
    let harness = harness([
        reset(),
        answer(200, &found),
        reset(),
        answer(200, &enveloped),
    ]);
    let allow = AddToAllowlist::new("B@example.com");
    let reply = harness.client.send(&allow).await.unwrap();
    assert_eq!(reply.value.id.as_str(), "alid_2");
    let block = AddToBlocklist::new("b@example.com");
    let reply = harness.client.send(&block).await.unwrap();
    assert_eq!(reply.value.id.as_str(), "blid_2");
    let lines = harness.script.lines();
    assert_eq!(
        [&lines[1], &lines[3]],
        [
            "GET /v1/allowlist_identifiers?limit=500",
            "GET /v1/blocklist_identifiers"
        ]
    );
}

#[tokio::test]
async fn reliability_4_7_a_create_of_an_earlier_process_is_found_or_is_not_there() {
    let sent = Timestamp::from_millis(SERVER_NOW - 3_600_000);
    let find = async |list: &str| {
        let harness = harness((0..3).map(|_| answer(200, list)));
        let args = create().args();
        let found = harness.client.find_lost(CreateUser::META, &args, sent);
        (found.await.unwrap(), harness.script.lines().len())
    };
    let (made, looks) = find(&user(SERVER_NOW - 3_599_000)).await;
    assert!(
        matches!(&made, Lost::Made(reply) if reply.reconciled),
        "{made:?}"
    );
    assert_eq!(looks, 1);
    let (absent, looks) = find("[]").await;
    let is_safe = matches!(
        absent,
        Lost::Absent {
            refuses_a_second: true
        }
    );
    assert!(is_safe, "{absent:?}");
    assert_eq!(looks, 3);
    let (older, _) = find(&user(SERVER_NOW - 7_200_000)).await;
    assert!(matches!(older, Lost::Unknown(_)), "{older:?}");
}
