//! What the public types show of themselves, and what they keep.

use std::error::Error as _;

use clerk_api::host::HostError;
use clerk_api::ops::users::{DeleteUser, ListUsers};
use clerk_api::request::ArgumentError;
use clerk_api::transport::TransportError;
use clerk_api::{Args, Client, Endpoint as _, ErrorKind, SecretKey, Sent, ops};

use crate::fake::{harness, reset};

const KEY: &str = "sk_test_CANARYcanary0123456789";

#[test]
fn reliability_7_6_debug_shows_no_key() {
    let key = SecretKey::parse(KEY).unwrap();
    let builder = Client::builder(key).base_url("http://127.0.0.1:1");
    let built = format!("{builder:?}");
    let client = builder.build().unwrap();
    let pager = client.walk(ListUsers::META, Args::new(), None);
    let op = ops::find("users.list").unwrap();
    let shown = format!("{built} {client:?} {pager:?} {op:?}");
    assert!(!shown.contains("CANARY"), "{shown}");
    assert!(shown.contains("127.0.0.1"), "{shown}");
    assert!(shown.contains("users.list"), "{shown}");
}

#[tokio::test]
async fn an_error_keeps_what_it_came_from() {
    let failure = harness([reset(), reset(), reset(), reset()])
        .client
        .send(&ListUsers::new())
        .await
        .unwrap_err();
    let source = failure.source().unwrap().downcast_ref::<TransportError>();
    assert!(matches!(source, Some(TransportError::Broken(_))));
    assert_eq!(failure.report().kind, ErrorKind::Transport);
    assert_eq!(failure.report().sent, Sent::Unknown);

    let unknown = {
        let mut args = Args::new();
        args.set("nothing", &1).unwrap();
        let client = harness([]).client;
        client.call(DeleteUser::META, args).await.unwrap_err()
    };
    assert!(unknown.source().unwrap().is::<ArgumentError>());
}

#[test]
fn a_refused_server_is_the_source_of_the_error() {
    let key = SecretKey::parse(KEY).unwrap();
    let refused = Client::builder(key).base_url("https://clerk.example");
    let error = refused.build().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Host);
    assert!(error.source().unwrap().is::<HostError>());
}
