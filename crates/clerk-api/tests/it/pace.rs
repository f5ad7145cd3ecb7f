//! A pace that counts: each exchange has a permit, and its result is reported.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clerk_api::declare::RateClass;
use clerk_api::ops::users::{ListUsers, UpdateUser};
use clerk_api::pace::{Exchange, Observed, Pace};
use clerk_api::transport::{BoxFuture, Clock as _};
use clerk_api::{Client, ErrorKind, SecretKey, Sent};

use crate::fake::{FakeClock, Script, answer, reset, with_header};

/// Gives a permit to as many exchanges as it is told, and writes down what it sees.
#[derive(Default)]
struct Model {
    permits: Mutex<usize>,
    seen: Mutex<Vec<String>>,
}

impl Model {
    fn note(&self, line: String) {
        self.seen.lock().unwrap().push(line);
    }
}

impl Pace for Model {
    fn permit<'a>(&'a self, exchange: &'a Exchange<'a>) -> BoxFuture<'a, ()> {
        let mut permits = self.permits.lock().unwrap();
        if *permits == 0 {
            return Box::pin(std::future::pending());
        }
        *permits -= 1;
        self.note(format!(
            "{} {} {:?}",
            exchange.op, exchange.path, exchange.rate
        ));
        Box::pin(std::future::ready(()))
    }

    fn observe(&self, exchange: &Exchange<'_>, observed: &Observed<'_>) {
        let headers = observed.headers.map_or(0, http::HeaderMap::len);
        self.note(format!(
            "{} {:?} {:?} {headers}",
            exchange.op, observed.status, observed.retry_after
        ));
    }
}

fn client(pace: &Arc<Model>, script: &Arc<Script>) -> Client {
    Client::builder(SecretKey::parse("sk_test_abcdefghij").unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(script.clone())
        .clock(Arc::new(FakeClock::default()))
        .pace(pace.clone())
        .build()
        .unwrap()
}

#[tokio::test]
async fn each_exchange_has_a_permit_and_is_told_of() {
    let pace = Arc::new(Model {
        permits: Mutex::new(9),
        ..Model::default()
    });
    let limited = with_header(answer(429, ""), "retry-after", "2");
    let script = Script::new([reset(), limited, answer(200, "[]")]);
    let client = client(&pace, &script);
    client.send(&ListUsers::new().query("ada")).await.unwrap();
    assert_eq!(
        *pace.seen.lock().unwrap(),
        [
            "users.list /users Instance",
            "users.list None None 0",
            "users.list /users Instance",
            "users.list Some(429) Some(2s) 3",
            "users.list /users Instance",
            "users.list Some(200) None 2",
        ]
    );
}

#[tokio::test]
async fn a_limit_of_an_object_is_known_by_its_path() {
    let pace = Arc::new(Model {
        permits: Mutex::new(1),
        ..Model::default()
    });
    let script = Script::new([answer(200, r#"{"id":"user_1"}"#)]);
    let update = UpdateUser::new("user_1".parse::<clerk_api::id::UserId>().unwrap());
    client(&pace, &script)
        .send(&update.first_name("Ada"))
        .await
        .unwrap();
    let seen = pace.seen.lock().unwrap();
    assert_eq!(seen[0], "users.update /users/user_1 Object");
    assert_eq!(RateClass::Object.extra().unwrap().requests, 10);
}

#[tokio::test]
async fn without_a_permit_nothing_is_sent() {
    let pace = Arc::new(Model::default());
    let script = Script::new([]);
    let hasty = client(&pace, &script).with_time_limit(Duration::from_secs(30));
    let error = hasty.send(&ListUsers::new()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(error.sent, Sent::No);
    assert!(script.lines().is_empty());
}

/// A pace that gives each permit after so long, and says so.
struct Slow {
    clock: Arc<FakeClock>,
    wait: Duration,
}

impl Pace for Slow {
    fn permit<'a>(&'a self, _: &'a Exchange<'a>) -> BoxFuture<'a, ()> {
        let mut first = true;
        let ready = self.clock.now() >= self.wait;
        Box::pin(std::future::poll_fn(move |_| {
            // Pending once, so that the client looks how long it takes.
            if std::mem::take(&mut first) && !ready {
                return std::task::Poll::Pending;
            }
            std::task::Poll::Ready(())
        }))
    }

    fn observe(&self, _: &Exchange<'_>, _: &Observed<'_>) {}

    fn expected(&self, _: &Exchange<'_>) -> Duration {
        self.wait
    }
}

async fn with_wait(
    wait: Duration,
    script: Arc<Script>,
) -> (Result<(), clerk_api::Error>, Vec<String>) {
    let clock = Arc::new(FakeClock::default());
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = told.clone();
    let client = Client::builder(SecretKey::parse("sk_test_abcdefghij").unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(script)
        .clock(clock.clone())
        .pace(Arc::new(Slow { clock, wait }))
        .on_wait(move |waiting| teller.lock().unwrap().push(waiting.to_string()))
        .build()
        .unwrap();
    let came = client.send(&ListUsers::new()).await.map(|_| ());
    let told = told.lock().unwrap().clone();
    (came, told)
}

#[tokio::test]
async fn reliability_2_2_a_permit_that_is_too_far_away_ends_the_call_at_once() {
    let script = Script::new([]);
    let (came, told) = with_wait(Duration::from_secs(3_000), script.clone()).await;
    let error = came.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(error.sent, Sent::No);
    assert_eq!(error.retry_after, Some(Duration::from_secs(3_000)));
    assert!(error.to_string().contains("3000 s"), "{error}");
    assert!(script.lines().is_empty() && told.is_empty());
}

#[tokio::test]
async fn reliability_2_2_waits_for_permits_are_told_from_two_seconds_on() {
    for (seconds, count) in [(1, 0), (2, 1), (29, 1)] {
        let script = Script::new([answer(200, "[]")]);
        let (came, told) = with_wait(Duration::from_secs(seconds), script).await;
        came.unwrap();
        assert_eq!(told.len(), count, "{seconds} {told:?}");
        assert!(told.iter().all(|line| line.contains("rate limit")));
    }
}
