//! Answers: whatever a server sends, a call ends without a panic and tells no lie.
//!
//! The first byte chooses what the rest is the response to: a read, a walk, the look after a create whose response was lost, or
//! the read after an update whose success could not be read.
#![no_main]

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::transport::{BoxFuture, Clock, Transport, TransportError};
use clerk_api::{Args, Client, SecretKey, ops};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

struct Server {
    /// What reads are answered with.
    read: Bytes,
    /// What writes are answered with; nothing: the connection breaks.
    write: Option<&'static str>,
    writes: AtomicUsize,
}

impl Transport for Server {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let answer = |body: Bytes| {
            let answer = http::Response::builder().header("date", DATE);
            Ok(answer.body(body).unwrap())
        };
        let result = if request.method() == "GET" {
            answer(self.read.clone())
        } else {
            self.writes.fetch_add(1, Ordering::Relaxed);
            match self.write {
                Some(body) => answer(Bytes::from_static(body.as_bytes())),
                None => Err(TransportError::Broken("lost".to_owned())),
            }
        };
        Box::pin(std::future::ready(result))
    }
}

/// Waits take no time and are counted; limits never strike.
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

fn client(server: &Arc<Server>) -> Client {
    Client::builder(SecretKey::parse("sk_test_0123456789").unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(server.clone())
        .clock(Arc::new(Hasty::default()))
        .build()
        .unwrap()
}

fn args(pairs: &[(&str, Value)]) -> Args {
    let mut args = Args::new();
    for (name, value) in pairs {
        args.set(name, value).unwrap();
    }
    args
}

/// Whether a text is a list, as far as a plain reader can tell.
fn is_list(bytes: &[u8]) -> bool {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Array(_)) => true,
        Ok(Value::Object(object)) => object.get("data").is_some_and(Value::is_array),
        _ => false,
    }
}

fn read(server: &Arc<Server>) {
    let meta = ops::find("users.get").unwrap().meta;
    let client = client(server);
    let call = client.call(meta, args(&[("user_id", "user_1".into())]));
    if let Ok(reply) = run(call) {
        assert!(serde_json::from_slice::<Value>(&reply.raw).is_ok_and(|value| value.is_object()));
    }
}

fn walk(server: &Arc<Server>) {
    for name in ["users.list", "organizations.list"] {
        let meta = ops::find(name).unwrap().meta;
        let mut pager = client(server).walk(meta, Args::new(), None);
        for _ in 0..50 {
            match run(pager.next()) {
                Some(Ok(page)) => assert!(page.rows().all(|row| !row.is_empty())),
                _ => break,
            }
        }
    }
}

fn look(server: &Arc<Server>) {
    let meta = ops::find("users.create").unwrap().meta;
    let email = args(&[("email_address", vec!["ada@example.com"].into())]);
    let told = run(client(server).call(meta, email));
    let writes = server.writes.load(Ordering::Relaxed);
    assert!(
        writes == 1 || is_list(&server.read),
        "sent again after no list"
    );
    if let Ok(reply) = told {
        let found: Value = serde_json::from_slice(&reply.raw).unwrap();
        let found = found.to_string().to_lowercase();
        assert!(
            found.contains("ada@example.com"),
            "somebody else's: {found}"
        );
    }
}

fn read_again(server: &Arc<Server>) {
    let meta = ops::find("users.update").unwrap().meta;
    let name = args(&[("user_id", "user_1".into()), ("first_name", "Ada".into())]);
    let told = run(client(server).call(meta, name));
    assert_eq!(server.writes.load(Ordering::Relaxed), 1, "sent again");
    if let Ok(reply) = told {
        let there: Value = serde_json::from_slice(&reply.raw).unwrap();
        let name = there["first_name"].as_str().unwrap().to_lowercase();
        assert_eq!(name, "ada", "called done");
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, body)) = input.split_first() else {
        return;
    };
    let server = Arc::new(Server {
        read: Bytes::copy_from_slice(body),
        write: (kind % 4 == 3).then_some("<html>"),
        writes: AtomicUsize::new(0),
    });
    match kind % 4 {
        0 => read(&server),
        1 => walk(&server),
        2 => look(&server),
        _ => read_again(&server),
    }
});
