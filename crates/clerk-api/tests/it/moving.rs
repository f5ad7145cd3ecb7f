//! Walks over lists that change while they are walked (reliability.md 4.12).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use clerk_api::transport::{BoxFuture, Transport};
use clerk_api::{Args, Client, Error, SecretKey, Walk, ops};
use proptest::prelude::*;
use serde_json::json;

use crate::fake::{FakeClock, Step, answer, refusal};

/// What happens to the list after the request of this number, from 0.
#[derive(Debug, Clone)]
struct Change {
    after: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// These many rows go, from this place on.
    Delete(usize, usize),
    /// These many rows come, in front.
    Create(usize),
}

/// A server with one list of ids.
struct Lists {
    state: Mutex<State>,
    /// How many rows it gives at most.
    cap: usize,
    /// Whether a deleted cursor is an error; else the response is empty.
    strict: bool,
}

struct State {
    ids: Vec<String>,
    changes: Vec<Change>,
    requests: usize,
    made: usize,
}

impl Lists {
    fn new(kind: &str, rows: usize, changes: Vec<Change>) -> Self {
        Self {
            state: Mutex::new(State {
                ids: (0..rows).map(|n| format!("{kind}_{n}")).collect(),
                changes,
                requests: 0,
                made: 0,
            }),
            cap: 500,
            strict: true,
        }
    }

    fn list(&self, path: &str, query: &str) -> Step {
        let get = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let number = |name, otherwise: usize| get(name).map_or(otherwise, |n| n.parse().unwrap());
        let mut state = self.state.lock().unwrap();
        if path.ends_with("/count") {
            return answer(200, &json!({"total_count": state.ids.len()}).to_string());
        }
        let from = match get("starting_after") {
            None => number("offset", 0),
            Some(cursor) => match state.ids.iter().position(|id| id == cursor) {
                Some(at) => at + 1,
                None if self.strict => return refusal(422, "form_resource_not_found"),
                None => state.ids.len(),
            },
        };
        let limit = number("limit", 10).min(self.cap);
        let rows: Vec<_> = state.ids.iter().skip(from).take(limit).collect();
        let rows: Vec<_> = rows
            .into_iter()
            .map(|id| json!({"object": "x", "id": id}))
            .collect();
        let body = if path == "/v1/users" {
            json!(rows)
        } else {
            json!({"data": rows, "total_count": state.ids.len()})
        };
        state.change();
        answer(200, &body.to_string())
    }
}

impl State {
    fn change(&mut self) {
        let now = self.requests;
        self.requests += 1;
        let due: Vec<Kind> = self
            .changes
            .iter()
            .filter(|change| change.after == now)
            .map(|change| change.kind)
            .collect();
        for kind in due {
            match kind {
                Kind::Delete(at, count) => {
                    let at = at.min(self.ids.len());
                    let end = (at + count).min(self.ids.len());
                    self.ids.drain(at..end);
                }
                Kind::Create(count) => {
                    for _ in 0..count {
                        self.made += 1;
                        self.ids.insert(0, format!("new_{}", self.made));
                    }
                }
            }
        }
    }
}

impl Transport for Lists {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Step> {
        let uri = request.uri();
        let step = self.list(uri.path(), uri.query().unwrap_or_default());
        Box::pin(std::future::ready(step))
    }
}

struct Walked {
    ids: Vec<String>,
    walk: Walk,
    error: Option<Error>,
    requests: usize,
    /// What was there from the beginning to the end.
    stayed: BTreeSet<String>,
}

fn walk(operation: &str, lists: Lists) -> Walked {
    let before: BTreeSet<String> = lists.state.lock().unwrap().ids.iter().cloned().collect();
    let lists = Arc::new(lists);
    let client = Client::builder(SecretKey::parse("sk_test_abcdefghij").unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(lists.clone())
        .clock(Arc::new(FakeClock::default()))
        .build()
        .unwrap();
    let meta = ops::find(operation).unwrap().meta;
    let mut pager = client.walk(meta, Args::new(), None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (mut ids, mut error) = (Vec::new(), None);
    runtime.block_on(async {
        while let Some(page) = pager.next().await {
            match page {
                Ok(page) => ids.extend(page.rows().map(|row| {
                    let row: serde_json::Value = serde_json::from_str(row).unwrap();
                    row["id"].as_str().unwrap().to_owned()
                })),
                Err(failure) => error = Some(failure),
            }
        }
    });
    let state = lists.state.lock().unwrap();
    let after: BTreeSet<String> = state.ids.iter().cloned().collect();
    Walked {
        ids,
        walk: pager.walk(),
        error,
        requests: state.requests,
        stayed: before.intersection(&after).cloned().collect(),
    }
}

/// What stayed came, and nothing came twice.
fn check(walked: &Walked) -> Result<(), TestCaseError> {
    let unique: BTreeSet<String> = walked.ids.iter().cloned().collect();
    prop_assert_eq!(unique.len(), walked.ids.len(), "rows came twice");
    let lost = walked.stayed.difference(&unique).count();
    prop_assert!(
        lost == 0 || !walked.walk.is_consistent() || walked.error.is_some(),
        "{lost} rows lost without a word: {:?}",
        walked.walk
    );
    prop_assert!(walked.requests < 400, "{} requests", walked.requests);
    Ok(())
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let kind = prop_oneof![
        (0_usize..3000, 1_usize..700).prop_map(|(at, count)| Kind::Delete(at, count)),
        (1_usize..1200).prop_map(Kind::Create),
    ];
    let change = (0_usize..8, kind).prop_map(|(after, kind)| Change { after, kind });
    prop::collection::vec(change, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn reliability_4_12_a_walk_by_offset_loses_nothing_that_stays(
        rows in 0_usize..3000, changes in changes(), cap in prop::sample::select(vec![500_usize, 100, 499]),
    ) {
        let mut lists = Lists::new("org", rows, changes);
        lists.cap = cap;
        let walked = walk("organizations.list", lists);
        check(&walked)?;
        let lost = walked.stayed.iter().filter(|id| !walked.ids.contains(id)).count();
        prop_assert_eq!(lost, 0, "{:?}", walked.walk);
    }

    #[test]
    fn reliability_4_12_a_walk_by_cursor_loses_nothing_that_stays(
        rows in 0_usize..3000, changes in changes(), strict in any::<bool>(),
    ) {
        let mut lists = Lists::new("user", rows, changes);
        lists.strict = strict;
        check(&walk("users.list", lists))?;
    }
}

#[test]
fn reliability_4_12_the_user_at_the_cursor_is_deleted_between_two_pages() {
    for strict in [true, false] {
        let change = Change {
            after: 0,
            kind: Kind::Delete(499, 1),
        };
        let mut lists = Lists::new("user", 1500, vec![change]);
        lists.strict = strict;
        let walked = walk("users.list", lists);
        assert!(walked.error.is_none());
        assert_eq!(walked.ids.len(), 1500);
    }
}

#[test]
fn reliability_4_12_rows_that_go_or_come_during_a_walk_take_nothing_else_away() {
    for kind in [Kind::Delete(0, 3), Kind::Create(3)] {
        let lists = Lists::new("org", 1500, vec![Change { after: 0, kind }]);
        let walked = walk("organizations.list", lists);
        assert_eq!(walked.ids.len(), 1500, "{kind:?}");
        assert!(walked.walk.is_consistent());
    }
}

#[test]
fn reliability_4_12_a_list_that_is_emptied_while_it_is_walked_comes_whole() {
    let empties = |after| Change {
        after,
        kind: Kind::Delete(0, 480),
    };
    let lists = Lists::new("org", 9000, (0..40).map(empties).collect());
    let walked = walk("organizations.list", lists);
    assert!(walked.error.is_none());
    check(&walked).unwrap();
}

#[test]
fn reliability_4_12_smaller_pages_than_asked_for_are_no_end() {
    let mut lists = Lists::new("org", 1000, Vec::new());
    lists.cap = 100;
    let walked = walk("organizations.list", lists);
    assert_eq!(walked.ids.len(), 1000);
    let mut lists = Lists::new("user", 1000, Vec::new());
    lists.cap = 100;
    assert_eq!(walk("users.list", lists).ids.len(), 1000);
}

#[test]
fn reliability_4_12_a_walk_that_is_not_known_to_be_whole_says_so() {
    // The last page is deleted after it was counted and before it was read.
    let change = Change {
        after: 1,
        kind: Kind::Delete(1200, 300),
    };
    let walked = walk("users.list", Lists::new("user", 1500, vec![change]));
    assert_eq!(walked.walk.before, Some(1500));
    assert_eq!(walked.walk.after, Some(1200));
    assert!(walked.walk.is_consistent(), "all that are there now came");
    let nothing = Walk::default();
    assert!(nothing.is_consistent());
}

#[test]
fn a_quiet_list_takes_few_requests() {
    let walked = walk("organizations.list", Lists::new("org", 10_000, Vec::new()));
    assert_eq!((walked.ids.len(), walked.requests), (10_000, 21));
    let walked = walk("users.list", Lists::new("user", 10_000, Vec::new()));
    assert_eq!(walked.ids.len(), 10_000);
    assert!(walked.requests <= 21, "{}", walked.requests);
}
