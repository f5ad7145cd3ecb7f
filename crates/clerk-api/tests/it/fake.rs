//! A transport that answers from a script, and a clock that only counts.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::transport::{BoxFuture, Clock, Transport, TransportError};
use clerk_api::{Client, SecretKey};

/// What the script answers to one request.
pub(crate) type Step = Result<http::Response<Bytes>, TransportError>;

/// The server's clock in all responses: Sun, 06 Nov 1994 08:49:37 GMT.
pub(crate) const SERVER_NOW: i64 = 784_111_777_000;

pub(crate) fn answer(status: u16, body: &str) -> Step {
    Ok(http::Response::builder()
        .status(status)
        .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("x-clerk-trace-id", "0123456789abcdef0123456789abcdef")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap())
}

pub(crate) fn with_header(step: Step, name: &'static str, value: &'static str) -> Step {
    step.map(|mut response| {
        response
            .headers_mut()
            .insert(name, http::HeaderValue::from_static(value));
        response
    })
}

pub(crate) fn refusal(status: u16, code: &str) -> Step {
    let body = format!(
        r#"{{"errors":[{{"message":"short","long_message":"A sentence.","code":"{code}","meta":{{"param_name":"x"}}}}],"clerk_trace_id":"ffffffffffffffffffffffffffffffff"}}"#
    );
    answer(status, &body)
}

pub(crate) fn reset() -> Step {
    Err(TransportError::Broken("connection reset".to_owned()))
}

/// A success whose body breaks off after its beginning.
pub(crate) fn cut(body: &str) -> Step {
    answer(200, body).and_then(|answer| {
        Err(TransportError::Cut {
            answer: Box::new(answer),
            reason: "connection reset".to_owned(),
        })
    })
}

/// One request as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sent {
    pub(crate) line: String,
    pub(crate) body: String,
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Default)]
pub(crate) struct Script {
    steps: Mutex<VecDeque<Step>>,
    /// Answers to counting, which a walk asks for beside its pages; without any, that the server cannot count.
    pub(crate) counts: Mutex<VecDeque<Step>>,
    sent: Mutex<Vec<Sent>>,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into_iter().collect()),
            counts: Mutex::default(),
            sent: Mutex::default(),
        })
    }

    /// Method, path and query of every request so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.sent
            .lock()
            .unwrap()
            .iter()
            .map(|sent| sent.line.clone())
            .collect()
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Script {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Step> {
        if request.uri().path().ends_with("/count") {
            let step = self.counts.lock().unwrap().pop_front();
            let step = step.unwrap_or_else(|| answer(404, ""));
            return Box::pin(std::future::ready(step));
        }
        let headers = request
            .headers()
            .iter()
            .filter(|(_, value)| !value.is_sensitive());
        self.sent.lock().unwrap().push(Sent {
            line: format!(
                "{} {}",
                request.method(),
                request.uri().path_and_query().unwrap()
            ),
            body: String::from_utf8_lossy(request.body()).into_owned(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
        });
        let step = self
            .steps
            .lock()
            .unwrap()
            .pop_front()
            .expect("one request more than the script has answers");
        Box::pin(std::future::ready(step))
    }
}

/// Time that passes only by sleeping. A sleep of a minute or more is a time limit and never ends.
#[derive(Default)]
pub(crate) struct FakeClock {
    pub(crate) slept: Mutex<Vec<Duration>>,
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        self.slept.lock().unwrap().iter().sum()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        if duration > Duration::from_secs(40) {
            return Box::pin(std::future::pending());
        }
        Box::pin(async move { self.slept.lock().unwrap().push(duration) })
    }

    fn random(&self) -> u64 {
        u64::MAX
    }
}

pub(crate) struct Harness {
    pub(crate) client: Client,
    pub(crate) script: Arc<Script>,
    pub(crate) clock: Arc<FakeClock>,
}

pub(crate) fn harness(steps: impl IntoIterator<Item = Step>) -> Harness {
    let script = Script::new(steps);
    let clock = Arc::new(FakeClock::default());
    let key = SecretKey::parse("sk_test_abcdefghij").unwrap();
    let client = Client::builder(key)
        .base_url("http://127.0.0.1:1/v1")
        .transport(script.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    Harness {
        client,
        script,
        clock,
    }
}
