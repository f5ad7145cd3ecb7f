//! Walks over lists.

use clerk_api::{Args, Pager, ops};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

use crate::fake::{Harness, Step, answer, harness, reset};

fn users(range: std::ops::Range<u32>) -> Step {
    let rows: Vec<String> = range.map(|n| format!(r#"{{"id":"user_{n}"}}"#)).collect();
    answer(200, &format!("[{}]", rows.join(",")))
}

fn walk(harness: &Harness, page: u32, most: Option<u64>) -> Pager {
    let mut args = Args::new();
    args.set("limit", &page).unwrap();
    harness
        .client
        .walk(ops::find("users.list").unwrap().meta, args, most)
}

/// What the server counts when it is asked.
fn count(harness: &Harness, total: u32) {
    let body = format!(r#"{{"object":"total_count","total_count":{total}}}"#);
    let mut counts = harness.script.counts.lock().unwrap();
    counts.push_back(answer(200, &body));
}

async fn all(mut pager: Pager) -> (usize, bool) {
    let (mut rows, mut more) = (0, false);
    while let Some(page) = pager.next().await {
        let page = page.unwrap();
        rows += page.len();
        more = page.more;
    }
    (rows, more)
}

#[tokio::test]
async fn users_are_walked_by_cursor_until_all_are_there_that_were_counted() {
    let harness = harness([users(0..3), users(3..6), users(6..7)]);
    count(&harness, 7);
    let (rows, more) = all(walk(&harness, 3, None)).await;
    assert_eq!((rows, more), (7, false));
    assert_eq!(
        harness.script.lines(),
        [
            "GET /v1/users?limit=3",
            "GET /v1/users?limit=3&starting_after=user_2",
            "GET /v1/users?limit=3&starting_after=user_5"
        ]
    );
}

#[tokio::test]
async fn a_limit_counts_rows_and_fetches_no_page_too_many() {
    let harness = harness([users(0..3), users(3..5)]);
    let (rows, more) = all(walk(&harness, 3, Some(5))).await;
    assert_eq!((rows, more), (5, true));
    assert_eq!(
        harness.script.lines()[1],
        "GET /v1/users?limit=2&starting_after=user_2"
    );
}

#[tokio::test]
async fn a_short_page_is_not_taken_for_the_end() {
    let harness = harness([users(0..1), users(1..3), users(3..3)]);
    let (rows, _) = all(walk(&harness, 3, None)).await;
    assert_eq!(rows, 3);
    assert_eq!(harness.script.lines().len(), 3);
}

#[tokio::test]
async fn reliability_4_12_a_cursor_that_came_before_ends_the_walk_with_an_error() {
    let harness = harness([users(0..2), users(2..4), users(0..2), users(2..4)]);
    let mut pager = walk(&harness, 2, None);
    assert!(pager.next().await.unwrap().is_ok());
    assert!(pager.next().await.unwrap().is_ok());
    let error = pager.next().await.unwrap().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("user_1 was already the last row"),
        "{error}"
    );
    assert!(pager.next().await.is_none());
}

#[tokio::test]
async fn reliability_4_12_rows_without_ids_are_not_taken_for_the_end() {
    let harness = harness([answer(200, r#"[{"x":1},{"x":2}]"#)]);
    let error = walk(&harness, 2, None).next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no ids"), "{error}");
}

#[tokio::test]
async fn the_next_page_is_asked_for_before_this_one_is_checked() {
    let harness = harness([users(0..2), users(2..4), users(4..5)]);
    let mut pager = walk(&harness, 2, Some(5));
    assert_eq!(pager.next().await.unwrap().unwrap().len(), 2);
    assert_eq!(
        harness.script.lines(),
        [
            "GET /v1/users?limit=2",
            "GET /v1/users?limit=2&starting_after=user_1"
        ]
    );
    assert_eq!(all(pager).await, (3, true));
    assert_eq!(harness.script.lines().len(), 3);
}

#[tokio::test]
async fn a_page_asked_for_behind_a_wrong_row_is_dropped() {
    let misleading =
        r#"[{"id":"user_0","friend":{"id":"user_9"}},{"object":"user","id":"user_1"}]"#;
    let harness = harness([answer(200, misleading), users(10..12), users(2..4)]);
    let mut pager = walk(&harness, 2, Some(4));
    assert_eq!(pager.next().await.unwrap().unwrap().len(), 2);
    let page = pager.next().await.unwrap().unwrap();
    assert_eq!(page.raw(), r#"[{"id":"user_2"},{"id":"user_3"}]"#);
    assert!(pager.next().await.is_none());
    assert_eq!(
        harness.script.lines(),
        [
            "GET /v1/users?limit=2",
            "GET /v1/users?limit=2&starting_after=user_9",
            "GET /v1/users?limit=2&starting_after=user_1"
        ]
    );
}

#[tokio::test]
async fn another_order_is_walked_by_offset_until_nothing_new_comes() {
    let harness = harness([users(0..2), users(2..3), users(3..3)]);
    let mut args = Args::new();
    args.set("limit", &2).unwrap();
    args.set("order_by", &"first_name").unwrap();
    all(harness
        .client
        .walk(ops::find("users.list").unwrap().meta, args, None))
    .await;
    assert_eq!(
        harness.script.lines()[1..],
        [
            "GET /v1/users?limit=2&offset=2&order_by=first_name",
            "GET /v1/users?limit=2&offset=3&order_by=first_name"
        ]
    );
}

#[tokio::test]
async fn a_failure_ends_the_walk_after_the_pages_before_it() {
    let mut steps = vec![users(0..2)];
    steps.extend([reset(), reset(), reset(), reset()]);
    let harness = harness(steps);
    let mut pager = walk(&harness, 2, None);
    assert!(pager.next().await.unwrap().is_ok());
    assert!(pager.next().await.unwrap().is_err());
    assert!(pager.next().await.is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_row_comes_once_for_any_sizes(total in 0_u32..40, page in 1_u32..9, most in proptest::option::of(0_u64..50)) {
        let mut steps = Vec::new();
        let wanted = most.map_or(total, |most| total.min(u32::try_from(most).unwrap()));
        let mut at = 0;
        loop {
            let asked = most.map_or(page, |most| page.min(u32::try_from(most).unwrap() - at));
            if asked == 0 { break; }
            let end = (at + asked).min(total);
            steps.push(users(at..end));
            // Without a count a short page is followed by an empty one.
            if end == at || (end - at < asked && most.is_none()) { break; }
            at = end;
        }
        let harness = harness(steps);
        count(&harness, total);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (rows, _) = runtime.block_on(all(walk(&harness, page, most)));
        prop_assert_eq!(rows, wanted as usize);
    }
}
