//! Requests that no declared operation makes.

use super::call::Call;
use super::caller::Caller;
use super::reply::Reply;
use super::trace;
use crate::args::Args;
use crate::declare::{Effect, Form, Meta, Paging, RateClass, Verb};
use crate::error::{Error, ErrorKind, Sent};
use crate::request::RawRequest;

/// The name of raw calls in errors, waits and events.
const NAME: &str = "raw";

impl Caller {
    /// Sends a raw request, with the retries of its class.
    pub(super) async fn raw(&self, raw: &RawRequest) -> Result<Reply<()>, Error> {
        let request = raw.build().map_err(|error| {
            Error::new(ErrorKind::Argument, NAME, Sent::No, error.to_string()).because(error)
        })?;
        let meta = facts(raw.verb(), raw.is_repeatable());
        let (args, policy) = (Args::new(), self.policy.clone());
        let call = Call::new(&self.session, meta, &args, request, None, policy);
        trace::within(meta.name, call.run()).await
    }
}

/// The facts of a raw call. A write is a create without a key, unless the caller says that it may be repeated.
fn facts(verb: Verb, repeatable: bool) -> &'static Meta {
    match (verb, repeatable) {
        (Verb::Get, _) => &const { raw(Verb::Get, Effect::Read) },
        (Verb::Post, true) => &const { raw(Verb::Post, Effect::Update) },
        (Verb::Put, true) => &const { raw(Verb::Put, Effect::Update) },
        (Verb::Patch, true) => &const { raw(Verb::Patch, Effect::Update) },
        (Verb::Delete, true) => &const { raw(Verb::Delete, Effect::Update) },
        (Verb::Post, false) => &const { raw(Verb::Post, Effect::Once) },
        (Verb::Put, false) => &const { raw(Verb::Put, Effect::Once) },
        (Verb::Patch, false) => &const { raw(Verb::Patch, Effect::Once) },
        (Verb::Delete, false) => &const { raw(Verb::Delete, Effect::Once) },
    }
}

const fn raw(verb: Verb, effect: Effect) -> Meta {
    Meta {
        name: NAME,
        spec_id: "",
        verb,
        path: "",
        effect,
        paging: Paging::None,
        form: Form::Any,
        answer: "",
        members: &[],
        rate: RateClass::Instance,
        doc: "Sends a raw request.",
        fields: &[],
        lookup: None,
        preset: &[],
        makes: None,
    }
}
