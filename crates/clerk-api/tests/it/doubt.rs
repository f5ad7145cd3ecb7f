//! Every create against a server that fails as it likes, for the write and for the looks after it. What the server really did
//! is counted, and the caller must have been told no lie about it (reliability.md P1, 2.3, section 5).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clerk_api::declare::{Class, Form, Kind, Lookup, Meta, Second};
use clerk_api::transport::Clock;
use clerk_api::{Args, Client, ErrorKind, SecretKey, Sent, ops};
use proptest::prelude::*;
use serde_json::Value;

use self::world::{LookFault, World, WriteFault};
use crate::fake::{FakeClock, SERVER_NOW};

mod world;

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
