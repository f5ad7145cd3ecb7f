//! Typed lists as streams, and raw calls.

use clerk_api::declare::Verb;
use clerk_api::list::RowError;
use clerk_api::ops::organizations::ListOrganizations;
use clerk_api::ops::users::ListUsers;
use clerk_api::{ErrorKind, RawRequest, Sent};
use futures_util::TryStreamExt as _;
use std::error::Error as _;

use crate::fake::{answer, harness, refusal, reset};

#[tokio::test]
async fn a_list_is_a_stream_of_its_rows() {
    let harness = harness([
        answer(200, r#"[{"id":"user_1"},{"id":"user_2"}]"#),
        answer(200, r#"[{"id":"user_3"}]"#),
        answer(200, "[]"),
    ]);
    let users: Vec<String> = harness
        .client
        .list(&ListUsers::new().limit(2))
        .map_ok(|user| user.id.to_string())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(users, ["user_1", "user_2", "user_3"]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_end_the_stream() {
    let page = r#"[{"id":"user_1"},{"first_name":"Ada"},{"id":7},{"id":"user_4"}]"#;
    let harness = harness([answer(200, page), answer(200, "[]")]);
    let mut users = harness.client.list(&ListUsers::new());
    let mut read = Vec::new();
    while let Some(user) = users.next().await {
        read.push(match user {
            Ok(user) => user.id.to_string(),
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::BadAnswer);
                assert_eq!(error.op, "users.list");
                let row = error.source().unwrap().downcast_ref::<RowError>().unwrap();
                row.index.to_string()
            }
        });
    }
    assert_eq!(read, ["user_1", "1", "2", "user_4"]);
}

#[tokio::test]
async fn a_page_that_fails_ends_the_stream() {
    let harness = harness([
        answer(200, r#"[{"id":"user_1"}]"#),
        refusal(403, "forbidden"),
    ]);
    let mut users = harness.client.list(&ListUsers::new().limit(1));
    assert!(users.next().await.unwrap().is_ok());
    assert_eq!(users.next().await.unwrap().unwrap_err().status, Some(403));
    assert!(users.next().await.is_none());
}

/// The API counts two organizations, and gives one.
#[tokio::test]
async fn reliability_4_12_a_stream_says_whether_rows_may_be_missing() {
    let page = r#"{"data":[{"id":"org_1"}],"total_count":2}"#;
    let empty = r#"{"data":[],"total_count":2}"#;
    let harness = harness([page, empty, empty].map(|body| answer(200, body)));
    let mut lossy = harness.client.list(&ListOrganizations::new());
    while lossy.next().await.is_some() {}
    assert_eq!(lossy.walk().rows, 1);
    assert!(!lossy.walk().is_consistent(), "{:?}", lossy.walk());

    let harness = crate::fake::harness([page.replace(":2", ":1")].map(|body| answer(200, &body)));
    let mut whole = harness.client.list(&ListOrganizations::new());
    while whole.next().await.is_some() {}
    assert!(whole.walk().is_consistent(), "{:?}", whole.walk());
}

#[tokio::test]
async fn pages_are_typed_by_their_operation() {
    let harness = harness([answer(200, r#"[{"id":"user_1"}]"#), answer(200, "[]")]);
    let mut pages = harness.client.pages(&ListUsers::new());
    let page = pages.next().await.unwrap().unwrap();
    let ids: Vec<String> = page.rows().map(|row| row.unwrap().id.to_string()).collect();
    assert_eq!(ids, ["user_1"]);
    assert_eq!(page.raw().len(), 1);
}

#[tokio::test]
async fn a_raw_read_is_retried_and_takes_any_json() {
    let harness = harness([
        reset(),
        answer(200, "[1,2]"),
        answer(200, r#"{"a":1}"#),
        answer(204, ""),
    ]);
    let get = RawRequest::new(Verb::Get, "/machines").query("query", "a b");
    let reply = harness.client.raw(&get).await.unwrap();
    assert_eq!((&reply.raw[..], reply.attempts), (&b"[1,2]"[..], 2));
    assert_eq!(
        &harness.client.raw(&get).await.unwrap().raw[..],
        b"{\"a\":1}"
    );
    assert_eq!(&harness.client.raw(&get).await.unwrap().raw[..], b"null");
    assert_eq!(harness.script.lines()[0], "GET /v1/machines?query=a%20b");
}

#[tokio::test]
async fn reliability_r4_a_raw_write_in_doubt_is_never_sent_again() {
    for verb in [Verb::Post, Verb::Put, Verb::Patch, Verb::Delete] {
        let harness = harness([reset()]);
        let write = RawRequest::new(verb, "/machines/mch_1");
        let error = harness.client.raw(&write).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown, "{verb:?}");
        assert_eq!(error.sent, Sent::Unknown);
        assert_eq!(harness.script.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_raw_write_that_may_be_repeated_is_retried() {
    let harness = harness([reset(), answer(200, "{}")]);
    let write = RawRequest::new(Verb::Patch, "/machines/mch_1").repeatable();
    let reply = harness.client.raw(&write).await.unwrap();
    assert_eq!(reply.attempts, 2);
}

#[tokio::test]
async fn a_raw_page_of_html_is_no_answer() {
    let page = || answer(200, "<html>");
    let harness = harness([page(), page(), page(), page()]);
    let get = RawRequest::new(Verb::Get, "/machines");
    let error = harness.client.raw(&get).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadAnswer);
    let bad = RawRequest::new(Verb::Get, "/../x");
    assert_eq!(
        harness.client.raw(&bad).await.unwrap_err().kind,
        ErrorKind::Argument
    );
}
