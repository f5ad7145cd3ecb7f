//! What is protected is looked up once, however many rows are checked.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::transport::{BoxFuture, Clock, Transport, TransportError};
use clerk_api::{Client, SecretKey, ops};

use super::Protected;
use crate::call::Call;
use crate::input::draft::Draft;
use crate::input::spelling::Spelling;
use crate::problem::ProblemKind;

/// One user and one organization; every request is counted.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Transport for Counting {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let body = match request.uri().path() {
            "/v1/users" => {
                r#"[{"id":"user_2chief","email_addresses":[{"id":"idn_2boss","email_address":"boss@example.com"}]}]"#
            }
            _ => r#"{"id":"org_2acme","slug":"acme"}"#,
        };
        let response = http::Response::new(Bytes::from_static(body.as_bytes()));
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// Waits take no time.
#[derive(Default)]
struct Hasty(Mutex<Duration>);

impl Clock for Hasty {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        if duration > Duration::from_secs(20) {
            return Box::pin(std::future::pending());
        }
        *self.0.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> u64 {
        u64::MAX / 2
    }
}

/// Nothing here waits for the world: whatever is not ready is so at the next look.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

fn client(server: &Arc<Counting>) -> Client {
    Client::builder(SecretKey::parse("sk_test_0123456789").unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(server.clone())
        .clock(Arc::new(Hasty::default()))
        .build()
        .unwrap()
}

fn call(op: &str, texts: &[(&str, &str)]) -> Call {
    let meta = ops::find(op).unwrap().meta;
    let mut draft = Draft::new(meta, Spelling::Columns);
    for (name, text) in texts {
        draft.set(meta.field(name).unwrap(), text).unwrap();
    }
    draft.finish().unwrap()
}

fn entries() -> Vec<String> {
    let entries = ["boss@example.com", "user_2chief", "acme", "org_2other"];
    entries.map(str::to_owned).to_vec()
}

#[test]
fn a_thousand_rows_look_up_no_more_than_one() {
    let server = Arc::new(Counting::default());
    let first = call("users.delete", &[("user_id", "user_2a")]);
    let guard = run(Protected::load(client(&server), &entries(), &first)).unwrap();
    let looked_up = server.0.load(Ordering::Relaxed);
    assert_eq!(looked_up, 2);
    let mut row = first.clone();
    for number in 0..1000 {
        row.set_target(&format!("user_2row{number}")).unwrap();
        run(guard.check(&row, None)).unwrap();
    }
    row.set_target("user_2chief").unwrap();
    let problem = run(guard.check(&row, None)).unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Refused);
    assert_eq!(server.0.load(Ordering::Relaxed), looked_up);
}

#[test]
fn slugs_are_looked_up_where_an_organization_is_named() {
    let server = Arc::new(Counting::default());
    let texts = [
        ("organization_id", "org_2a"),
        ("user_id", "user_2a"),
        ("role", "org:member"),
    ];
    let mut row = call("organizations.add_member", &texts);
    let guard = run(Protected::load(client(&server), &entries(), &row)).unwrap();
    assert_eq!(server.0.load(Ordering::Relaxed), 3);
    for (organization, refused) in [("org_2a", false), ("org_2acme", true), ("org_2other", true)] {
        row.set_target(organization).unwrap();
        let checked = run(guard.check(&row, None));
        assert_eq!(checked.is_err(), refused, "{organization}");
    }
    assert_eq!(server.0.load(Ordering::Relaxed), 3);
}

#[test]
fn reads_and_empty_lists_cost_nothing() {
    let meta = |op: &str| ops::find(op).unwrap().meta;
    assert!(!Protected::matters(&entries(), meta("users.list")));
    assert!(!Protected::matters(&[], meta("users.delete")));
    assert!(Protected::matters(&entries(), meta("users.delete")));
}
