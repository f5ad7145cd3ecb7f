//! Every create of the client against the local Clerk, over a network that fails for the write and for the looks after it. The
//! local Clerk counts what it did, and that is at most once (reliability.md P1, 2.3).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::transport::{
    BoxFuture, Clock, HyperTransport, Timeouts, TokioClock, Transport, TransportError,
};
use clerk_api::{Args, Client, ErrorKind, SecretKey, Sent, ops};
use clerk_api_emulator::{Config, Emulator, Handle};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

type Answer = Result<http::Response<Bytes>, TransportError>;

/// What the network does to one request.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    /// It never arrives, and nobody says so.
    LostBefore,
    /// It arrives, and the response is lost.
    LostAfter,
    /// It arrives, and something else answers in place of the API.
    Replaced(u16, &'static str),
    /// Something else answers, and it never arrives.
    Refused(u16),
    /// It arrives, and the response breaks off.
    Cut,
}

/// A network with a script: the faults of the writes, and those of the reads.
struct Network {
    inner: HyperTransport,
    writes: Mutex<VecDeque<Fault>>,
    reads: Mutex<VecDeque<Fault>>,
}

impl Network {
    async fn exchange(&self, request: http::Request<Bytes>) -> Answer {
        let faults = if request.method() == "GET" {
            &self.reads
        } else {
            &self.writes
        };
        let fault = faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
        let plain = |status: u16, body: &'static str| {
            let answer = http::Response::builder().status(status);
            Ok(answer.body(Bytes::from_static(body.as_bytes())).unwrap())
        };
        match fault {
            Fault::None => self.inner.send(request).await,
            Fault::LostBefore => Err(TransportError::Broken("lost".to_owned())),
            Fault::Refused(status) => plain(status, ""),
            Fault::LostAfter => {
                self.inner.send(request).await?;
                Err(TransportError::Broken("lost".to_owned()))
            }
            Fault::Replaced(status, body) => {
                self.inner.send(request).await?;
                plain(status, body)
            }
            Fault::Cut => Err(TransportError::Cut {
                answer: Box::new(self.inner.send(request).await?),
                reason: "lost".to_owned(),
            }),
        }
    }
}

impl Transport for Network {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Answer> {
        Box::pin(self.exchange(request))
    }
}

/// Waits take no time, but are counted as if they did.
#[derive(Default)]
struct Hasty {
    real: TokioClock,
    slept: Mutex<Duration>,
}

impl Clock for Hasty {
    fn now(&self) -> Duration {
        self.real.now() + *self.slept.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // The limit of a call runs beside its exchange, which ends first.
            if duration > Duration::from_secs(20) {
                std::future::pending::<()>().await;
            }
            *self.slept.lock().unwrap() += duration;
        })
    }

    fn random(&self) -> u64 {
        self.real.random()
    }
}

struct Bench {
    clerk: Handle,
    runtime: tokio::runtime::Runtime,
    organization: String,
    user: String,
    number: AtomicU32,
}

impl Bench {
    fn new() -> Self {
        let mut config = Config::new("sk_test_creates0123456789");
        config.count_effects = true;
        config.max_allowed_memberships = 0;
        let clerk = Emulator::start(config).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut bench = Self {
            clerk,
            runtime,
            organization: String::new(),
            user: String::new(),
            number: AtomicU32::new(0),
        };
        bench.user = bench.person("owner");
        let args = json!({"name": "Bench", "created_by": bench.user});
        bench.organization = bench.quietly("organizations.create", &args);
        bench
    }

    fn client(&self, writes: &[Fault], reads: &[Fault]) -> Client {
        let network = Network {
            inner: HyperTransport::new(Timeouts::default(), None),
            writes: Mutex::new(writes.iter().copied().collect()),
            reads: Mutex::new(reads.iter().copied().collect()),
        };
        Client::builder(SecretKey::parse(self.clerk.secret_key()).unwrap())
            .base_url(self.clerk.url())
            .transport(Arc::new(network))
            .clock(Arc::new(Hasty::default()))
            .build()
            .unwrap()
    }

    /// Does what is needed before a case, and gives the new object's id.
    fn quietly(&self, operation: &str, args: &Value) -> String {
        let meta = ops::find(operation).unwrap().meta;
        let client = self.client(&[], &[]);
        let reply = self
            .runtime
            .block_on(client.call(meta, arguments(args)))
            .unwrap();
        let object: Value = serde_json::from_slice(&reply.raw).unwrap();
        object["id"].as_str().unwrap().to_owned()
    }

    fn person(&self, name: &str) -> String {
        let args = json!({"email_address": [format!("{name}@people.example.com")], "skip_password_requirement": true});
        self.quietly("users.create", &args)
    }

    /// A create that was never done before, and the text by which its effect is counted.
    fn create(&self, which: usize) -> (&'static str, Value, String) {
        let n = self.number.fetch_add(1, Ordering::Relaxed);
        let (mail, word) = (format!("n{n}@example.com"), format!("word{n}"));
        let (organization, user) = (&self.organization, &self.user);
        let skip = "skip_password_requirement";
        let (operation, args, key) = match which {
            0 => (
                "users.create",
                json!({"email_address": [&mail], skip: true}),
                mail,
            ),
            1 => (
                "users.create",
                json!({"username": &word, "external_id": word, "password": "correct horse battery"}),
                word,
            ),
            2 => (
                "users.create",
                json!({"phone_number": [format!("+1555{n:07}")], skip: true}),
                format!("+1555{n:07}"),
            ),
            3 => ("organizations.create", json!({"name": &word}), word),
            4 => (
                "organizations.create",
                json!({"name": &word, "slug": &word}),
                word,
            ),
            5 => {
                let member = self.person(&word);
                (
                    "organizations.add_member",
                    json!({"organization_id": organization, "user_id": &member, "role": "org:member"}),
                    member,
                )
            }
            6 => (
                "invitations.create",
                json!({"organization_id": organization, "email_address": &mail, "role": "org:member"}),
                mail,
            ),
            7 => (
                "application_invitations.create",
                json!({"email_address": &mail}),
                mail,
            ),
            8 => (
                "application_invitations.create",
                json!({"email_address": &mail, "ignore_existing": true}),
                mail,
            ),
            9 => (
                "email_addresses.create",
                json!({"user_id": user, "email_address": &mail}),
                mail,
            ),
            10 => (
                "phone_numbers.create",
                json!({"user_id": user, "phone_number": format!("+1556{n:07}")}),
                format!("+1556{n:07}"),
            ),
            11 => ("allowlist.add", json!({"identifier": &mail}), mail),
            12 => ("blocklist.add", json!({"identifier": &mail}), mail),
            13 => ("waitlist.add", json!({"email_address": &mail}), mail),
            14 => (
                "roles.create",
                json!({"name": &word, "key": format!("org:{word}")}),
                format!("org:{word}"),
            ),
            15 => (
                "permissions.create",
                json!({"name": &word, "key": format!("org:{word}:read")}),
                format!("org:{word}:read"),
            ),
            16 => (
                "domains.create",
                json!({"organization_id": organization, "name": format!("{word}.example.com"), "enrollment_mode": "manual_invitation"}),
                format!("{word}.example.com"),
            ),
            _ => (
                "role_sets.create",
                json!({"name": &word, "key": format!("role_set:{word}"), "default_role_key": "org:member", "creator_role_key": "org:admin", "roles": ["org:admin", "org:member"]}),
                format!("role_set:{word}"),
            ),
        };
        (operation, args, key)
    }

    /// How often the local Clerk did something to this key.
    fn effects(&self, key: &str) -> u64 {
        let transport = HyperTransport::new(Timeouts::default(), None);
        let url = format!(
            "{}/local/api/effects?key={}",
            self.clerk.url(),
            key.replace('+', "%2B")
        );
        let request = http::Request::get(url)
            .header(
                "authorization",
                format!("Bearer {}", self.clerk.control_token()),
            )
            .body(Bytes::new())
            .unwrap();
        let answer = self.runtime.block_on(transport.send(request)).unwrap();
        let counts: Value = serde_json::from_slice(answer.body()).unwrap();
        let counts = counts["data"].as_array().unwrap().clone();
        let made = counts.iter().filter(|count| {
            let operation = count["operation"].as_str().unwrap();
            operation.starts_with("POST ")
        });
        // An object with several keys is counted by each.
        made.filter_map(|count| count["count"].as_u64())
            .max()
            .unwrap_or(0)
    }
}

const CREATES: usize = 18;

fn arguments(args: &Value) -> Args {
    let mut all = Args::new();
    for (name, value) in args.as_object().unwrap() {
        all.set(name, value).unwrap();
    }
    all
}

fn write_fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
        Fault::None,
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::LostAfter,
        Fault::Replaced(500, ""),
        Fault::Replaced(503, "<html>"),
        Fault::Replaced(507, ""),
        Fault::Replaced(200, "<html>"),
        Fault::Replaced(204, ""),
        Fault::Refused(500),
        Fault::Refused(503),
        Fault::Cut,
    ])
}

fn read_fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
        Fault::None,
        Fault::None,
        Fault::LostBefore,
        Fault::Replaced(200, "<html>"),
        Fault::Replaced(200, "{}"),
        Fault::Replaced(200, "null"),
        Fault::Replaced(204, ""),
        Fault::Refused(302),
        Fault::Refused(401),
        Fault::Refused(404),
        Fault::Refused(503),
        Fault::Cut,
    ])
}

/// Looks that fail as they like, or a list that lags behind for three looks.
fn reads() -> impl Strategy<Value = Vec<Fault>> {
    let lags = [Fault::Replaced(200, r#"{"data":[],"total_count":0}"#); 3];
    prop_oneof![
        2 => prop::collection::vec(read_fault(), 0..10),
        1 => Just(lags.to_vec()),
    ]
}

fn check(
    bench: &Bench,
    which: usize,
    writes: &[Fault],
    reads: &[Fault],
) -> Result<(), TestCaseError> {
    let (operation, args, key) = bench.create(which);
    let meta = ops::find(operation).unwrap().meta;
    let client = bench.client(writes, reads);
    let told = bench.runtime.block_on(client.call(meta, arguments(&args)));
    let done = bench.effects(&key);
    prop_assert!(done <= 1, "{operation} was done {done} times");
    match told {
        Ok(_) => prop_assert_eq!(done, 1, "{} is said to be done", operation),
        Err(error) if error.kind == ErrorKind::OutcomeUnknown => {
            prop_assert_eq!(error.sent, Sent::Unknown);
        }
        Err(error) => prop_assert_eq!(done, 0, "{} is said to have failed: {}", operation, error),
    }
    Ok(())
}

#[test]
fn reliability_p1_every_create_is_done_at_most_once_whatever_the_network_does() {
    let bench = Bench::new();
    let faults = (prop::collection::vec(write_fault(), 0..4), reads());
    let config = ProptestConfig::with_cases(24);
    for which in 0..CREATES {
        // Without faults each one works, so that those with faults tell something.
        let (operation, args, key) = bench.create(which);
        bench.quietly(operation, &args);
        assert_eq!(bench.effects(&key), 1, "{operation}");
        let mut runner = TestRunner::new(config.clone());
        let run = runner.run(&faults, |(writes, reads)| {
            check(&bench, which, &writes, &reads)
        });
        if let Err(error) = run {
            panic!("{error}");
        }
    }
}
