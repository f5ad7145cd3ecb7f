//! Every create against a server that fails as it likes, for the write and for the looks after it. What the server really did
//! is counted, and the caller must have been told no lie about it (reliability.md P1, 2.3, section 5).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::declare::{Class, Form, Kind, Meta};
use clerk_api::declare::{Lookup, Second};
use clerk_api::transport::{BoxFuture, Clock, Transport, TransportError};
use clerk_api::{Args, Client, ErrorKind, SecretKey, Sent, ops};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fake::{FakeClock, SERVER_NOW, Step, answer, cut, refusal, reset, with_header};

/// What goes wrong with a write.
#[derive(Debug, Clone, Copy)]
enum WriteFault {
    None,
    NoConnection,
    ResetBefore,
    ResetAfter,
    TimeoutAfter,
    Status(u16),
    StatusAfter(u16),
    CutAfter,
    PageAfter,
    EmptyAfter,
    Limited,
}

/// What goes wrong with a look.
#[derive(Debug, Clone, Copy)]
enum LookFault {
    None,
    Stale,
    NoDate,
    NoAges,
    Reset,
    Timeout,
    Cut,
    Status(u16),
    Body(&'static str),
}

#[derive(Debug, Clone)]
struct Case {
    operation: usize,
    /// Whether the optional arguments by which it is found are given too.
    keyed: bool,
    /// Whether something with the same key has been there for long.
    older: bool,
    /// Whether something else is made at the same time.
    neighbor: bool,
    writes: Vec<WriteFault>,
    looks: Vec<LookFault>,
}

fn creates() -> Vec<(&'static Meta, &'static Lookup)> {
    let creates = ops::all().filter_map(|op| Some((op.meta, op.meta.lookup?)));
    creates.collect()
}

fn write_fault() -> impl Strategy<Value = WriteFault> {
    use WriteFault::{
        CutAfter, EmptyAfter, Limited, NoConnection, None, PageAfter, ResetAfter, ResetBefore,
        Status, StatusAfter, TimeoutAfter,
    };
    prop_oneof![
        Just(None),
        Just(NoConnection),
        Just(ResetBefore),
        Just(ResetAfter),
        Just(ResetAfter),
        Just(TimeoutAfter),
        prop::sample::select(vec![401, 403, 404, 409, 422, 302, 500, 501, 503, 507, 530])
            .prop_map(Status),
        prop::sample::select(vec![408, 500, 501, 502, 503, 504, 505, 507, 520, 599])
            .prop_map(StatusAfter),
        Just(CutAfter),
        Just(PageAfter),
        Just(EmptyAfter),
        Just(Limited),
    ]
}

fn look_fault() -> impl Strategy<Value = LookFault> {
    use LookFault::{Body, Cut, NoAges, NoDate, None, Reset, Stale, Status, Timeout};
    prop_oneof![
        Just(None),
        Just(Stale),
        Just(NoDate),
        Just(NoAges),
        Just(Reset),
        Just(Timeout),
        Just(Cut),
        prop::sample::select(vec![204, 302, 400, 401, 404, 429, 500, 503]).prop_map(Status),
        prop::sample::select(vec![
            "",
            "<html>",
            "{}",
            "null",
            "\"x\"",
            "42",
            "[1]",
            "[null]",
            "[{\"id\":1}]",
            "{\"errors\":[]}",
            "{\"data\":[{\"id\":1}],\"total_count\":1}",
        ])
        .prop_map(Body),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    (
        0..creates().len(),
        any::<bool>(),
        prop::bool::weighted(0.2),
        any::<bool>(),
        prop::collection::vec(write_fault(), 1..6),
        prop::collection::vec(look_fault(), 0..12),
    )
        .prop_map(|(operation, keyed, older, neighbor, writes, looks)| Case {
            operation,
            keyed,
            older,
            neighbor,
            writes,
            looks,
        })
}

/// A server with one collection, which keeps it as the API would.
struct World {
    lookup: &'static Lookup,
    args: Args,
    /// Whether the server itself refuses a second one.
    refuses: bool,
    clock: Arc<FakeClock>,
    rows: Mutex<Vec<Value>>,
    /// Looks that were answered with nothing like it since a write that left doubt; nothing where no write did.
    answered: Mutex<Option<usize>>,
    /// Writes that came too early.
    hasty: Mutex<usize>,
    neighbor: bool,
    writes: Mutex<VecDeque<WriteFault>>,
    looks: Mutex<VecDeque<LookFault>>,
}

impl World {
    fn now(&self) -> i64 {
        SERVER_NOW + i64::try_from(self.clock.now().as_millis()).unwrap()
    }

    /// The row that the server keeps of the create.
    fn row(&self, created_at: i64) -> Value {
        let mut row = json!({"id": format!("obj_{created_at}"), "created_at": created_at});
        for (argument, path) in self.lookup.same {
            let value: Option<Value> = self
                .args
                .get(argument)
                .map(|raw| serde_json::from_str(raw.get()).unwrap());
            put(&mut row, path, value.unwrap_or(Value::Null));
        }
        row
    }

    fn make(&self) -> Step {
        let mut rows = self.rows.lock().unwrap();
        if self.refuses && !rows.is_empty() {
            return refusal(422, "form_identifier_exists");
        }
        let row = self.row(self.now());
        rows.push(row.clone());
        answer(200, &row.to_string())
    }

    fn write(&self) -> Step {
        let fault = self.writes.lock().unwrap().pop_front();
        let mut answered = self.answered.lock().unwrap();
        *self.hasty.lock().unwrap() += usize::from(answered.is_some_and(|looks| looks < 3));
        *answered = match fault {
            None | Some(WriteFault::None | WriteFault::NoConnection | WriteFault::Limited) => None,
            Some(WriteFault::Status(status)) if status < 500 => None,
            Some(_) => Some(0),
        };
        let after = |step: Step| match self.make() {
            Ok(made) if made.status() == 200 => step,
            refused => refused,
        };
        match fault.unwrap_or(WriteFault::None) {
            WriteFault::None => self.make(),
            WriteFault::NoConnection => Err(TransportError::Connect("refused".to_owned())),
            WriteFault::ResetBefore => reset(),
            WriteFault::ResetAfter => after(reset()),
            WriteFault::TimeoutAfter => after(self.time_out()),
            WriteFault::Status(status) => answer(status, ""),
            WriteFault::StatusAfter(status) => after(answer(status, "<html>")),
            WriteFault::CutAfter => after(cut("{\"id\":")),
            WriteFault::PageAfter => after(answer(200, "<html>")),
            WriteFault::EmptyAfter => after(answer(204, "")),
            WriteFault::Limited => with_header(answer(429, ""), "retry-after", "2"),
        }
    }

    fn look(&self) -> Step {
        let fault = self.looks.lock().unwrap().pop_front();
        let list = |mut rows: Vec<Value>| {
            if rows.is_empty()
                && let Some(looks) = &mut *self.answered.lock().unwrap()
            {
                *looks += 1;
            }
            if self.neighbor {
                let mut other = self.row(self.now());
                rename(&mut other);
                rows.push(other);
            }
            if !self.lookup.within.is_empty() {
                let key = self.lookup.within;
                rows = vec![json!({"id": "user_1", "created_at": 1, key: rows})];
            }
            answer(
                200,
                &json!({"data": rows, "total_count": rows.len()}).to_string(),
            )
        };
        let rows = self.rows.lock().unwrap().clone();
        match fault.unwrap_or(LookFault::None) {
            LookFault::None => list(rows).map(|answer| self.dated(answer)),
            LookFault::Stale => {
                let old = |row: &Value| row["created_at"].as_i64().unwrap() < SERVER_NOW - 1000;
                list(rows.into_iter().filter(old).collect()).map(|answer| self.dated(answer))
            }
            LookFault::NoDate => list(rows).map(|mut answer| {
                answer.headers_mut().remove("date");
                answer
            }),
            LookFault::NoAges => list(
                rows.into_iter()
                    .map(|mut row| {
                        row.as_object_mut().unwrap().remove("created_at");
                        row
                    })
                    .collect(),
            )
            .map(|answer| self.dated(answer)),
            LookFault::Reset => reset(),
            LookFault::Timeout => self.time_out(),
            LookFault::Cut => cut("[{"),
            LookFault::Status(status) => answer(status, ""),
            LookFault::Body(body) => answer(200, body),
        }
    }

    fn dated(&self, mut answer: http::Response<Bytes>) -> http::Response<Bytes> {
        let date = jiff::Timestamp::from_millisecond(self.now()).unwrap();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        answer.headers_mut().insert("date", date.parse().unwrap());
        answer
    }

    fn time_out(&self) -> Step {
        let after = Duration::from_secs(15);
        self.clock.slept.lock().unwrap().push(after);
        Err(TransportError::Timeout {
            what: "the answer's first byte",
            after,
        })
    }
}

/// Makes a row of somebody else's out of one of ours.
fn rename(value: &mut Value) {
    match value {
        Value::String(text) => text.push_str("-other"),
        Value::Array(items) => items.iter_mut().for_each(rename),
        Value::Object(members) => members.values_mut().for_each(rename),
        _ => {}
    }
}

/// Sets a value under a path, a list's values as objects in a list where the path goes on.
fn put(row: &mut Value, path: &str, value: Value) {
    match path.split_once('.') {
        None => row[path] = value,
        Some((head, rest)) => {
            row[head] = match value {
                Value::Array(values) => values
                    .into_iter()
                    .map(|value| json!({rest: value}))
                    .collect(),
                value => json!({rest: value}),
            };
        }
    }
}

impl Transport for World {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Step> {
        let step = if request.method() == "GET" {
            self.look()
        } else {
            self.write()
        };
        Box::pin(std::future::ready(step))
    }
}

/// Arguments that the operation takes: those it needs, and those it is found by where `keyed`.
fn arguments(meta: &'static Meta, lookup: &Lookup, keyed: bool) -> Args {
    let mut args = Args::new();
    for field in meta.fields {
        let key = lookup.same.iter().any(|(name, _)| *name == field.name);
        if !(field.required || keyed && key) {
            continue;
        }
        let text = match field.kind {
            Kind::Id { check, .. } => ["user_1", "org_1", "role_1"]
                .into_iter()
                .find(|id| check(id).is_ok())
                .unwrap(),
            _ if field.name.contains("email") || field.name == "identifier" => "ada@example.com",
            _ if field.name.contains("phone") => "+15550100001",
            _ => "twice",
        };
        if field.many {
            args.set(field.name, &[text]).unwrap();
        } else {
            args.set(field.name, &text).unwrap();
        }
    }
    args
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let (meta, lookup) = creates()[case.operation];
    let args = arguments(meta, lookup, case.keyed);
    let refuses = meta.class(&args) == Class::Keyed || lookup.second != Second::Made;
    let clock = Arc::new(FakeClock::default());
    let world = Arc::new(World {
        lookup,
        args: args.clone(),
        refuses,
        clock: Arc::clone(&clock),
        rows: Mutex::default(),
        answered: Mutex::default(),
        hasty: Mutex::default(),
        neighbor: case.neighbor,
        writes: Mutex::new(case.writes.iter().copied().collect()),
        looks: Mutex::new(case.looks.iter().copied().collect()),
    });
    if case.older {
        let old = world.row(SERVER_NOW - 3_600_000);
        world.rows.lock().unwrap().push(old);
    }
    let client = Client::builder(SecretKey::parse("sk_test_abcdefghij").unwrap())
        .base_url("http://127.0.0.1:1")
        .transport(world.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let told = runtime.block_on(client.call(meta, args));
    let made = world.rows.lock().unwrap().len() - usize::from(case.older);
    let name = meta.name;
    prop_assert!(made <= 1, "{name}: made {made} times");
    prop_assert_eq!(
        *world.hasty.lock().unwrap(),
        0,
        "{}: sent without looking",
        name
    );
    match told {
        Ok(reply) => {
            prop_assert_eq!(made, 1, "{}: said to be done", name);
            let object: Value = serde_json::from_slice(&reply.raw).unwrap();
            let ours = &world.rows.lock().unwrap()[usize::from(case.older)]["id"];
            prop_assert_eq!(&object["id"], ours, "{}: somebody else's", name);
        }
        Err(error) if error.kind == ErrorKind::OutcomeUnknown => {
            prop_assert_eq!(error.sent, Sent::Unknown);
        }
        Err(error) => {
            prop_assert_eq!(made, 0, "{}: said to have failed: {}", name, error);
            prop_assert_ne!(error.sent, Sent::Unknown);
        }
    }
    let time = clock.now();
    prop_assert!(time <= Duration::from_secs(76), "{name}: took {time:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn reliability_p1_a_create_is_done_at_most_once_and_no_lie_is_told_about_it(case in case()) {
        check(&case)?;
    }
}

#[test]
fn every_create_with_a_lookup_is_drawn() {
    let names: Vec<&str> = creates().iter().map(|(meta, _)| meta.name).collect();
    assert!(names.len() >= 14, "{names:?}");
    assert!(
        creates()
            .iter()
            .all(|(_, lookup)| lookup.list.form == Form::List)
    );
}
