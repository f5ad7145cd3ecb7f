//! What `tracing` is told: operations, attempts and waits, and nothing that a request holds.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use clerk_api::ops::users::CreateUser;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::fake::{answer, harness, with_header};

/// Writes down every span and event with its values.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0.lock().unwrap(), " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("clerk_api")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.0.lock().unwrap().push_str(span.metadata().name());
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_a_span_with_its_attempts_and_waits_and_without_secrets() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let limited = with_header(answer(429, ""), "retry-after", "2");
    let harness = harness([limited, answer(200, r#"{"id":"user_1"}"#)]);
    let create = CreateUser::new()
        .email_address("ada@example.com")
        .password("hunter2hunter2");
    harness.client.send(&create).await.unwrap();
    let told = log.0.lock().unwrap().clone();
    for word in [
        "clerk_api op=\"users.create\"",
        "attempt=1 status=429",
        "wait_ms=2",
        "attempt=2 status=200",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    for secret in ["hunter2", "ada@", "sk_test", "Bearer"] {
        assert!(!told.contains(secret), "{told}");
    }
}
