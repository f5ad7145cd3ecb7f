//! One call of one operation: judged by what it does, approved where it must be, sent.

use std::collections::BTreeMap;

use clerk_api::declare::{Effect, Field, Kind, Meta};
use clerk_api::{Args, Client, Reply};
use clerk_api_admin::call::Call;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::input::draft::Draft;
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target::resolve;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::{Given, people};
use crate::answer::Answer;
use crate::approval::{Approval, Ended};
use crate::project::Projection;
use crate::session::Connected;
use crate::settings::Level;
use crate::turn::Turn;

/// The most objects of one call (reliability.md 10.4).
const MOST: usize = 50;
/// The argument that makes an address or a number one to sign in with.
const VERIFIED: &str = "verified";

/// Does a call.
pub(super) async fn perform(
    turn: &Turn,
    meta: &'static Meta,
    given: &Given,
    fields: &[String],
) -> Ended {
    turn.session.check_open(meta)?;
    let mut call = call(meta, given)?;
    let connected = turn.connected().await?;
    let named = resolve(&connected.connection.client, &mut call).await?;
    people::check_redirects(&turn.session.settings, &call)?;
    check_protected(turn, &connected, &call, named.as_deref()).await?;
    let level = Level::of(meta.effect);
    if level.asks() {
        let (approval, count) = approval(turn, &connected, &call).await?;
        turn.approve(&connected, approval).await?;
        turn.session.spend(&connected, level, count)?;
    }
    let tried = format!("cannot {}", phrase::one(meta, named.as_deref()));
    let client = connected.connection.client.clone();
    let reply = send(client, meta, call.args.clone(), &tried).await?;
    Ok(shown(turn, &call, &reply.raw, fields))
}

/// The call with these arguments, checked before anything is sent.
pub(super) fn call(meta: &'static Meta, given: &Given) -> Outcome<Call> {
    let mut draft = Draft::new(meta, Spelling::Members);
    for (name, value) in given {
        let field = Spelling::Members.find(meta, name).ok_or_else(|| {
            let names: Vec<&str> = meta.fields.iter().map(|field| field.name).collect();
            Problem::usage(format!("{} has no argument {name:?}", meta.name))
                .hint(format!("it takes {}", names.join(", ")))
        })?;
        check_argument(field, value)?;
        let raw = to_raw_value(value).map_err(|error| Problem::usage(error.to_string()))?;
        draft.set_json(field, &raw)?;
    }
    let call = draft.finish()?;
    let targets = call
        .targets
        .as_ref()
        .map_or(1, |targets| targets.items.len());
    if targets > 1 || call.objects() > MOST {
        let message = format!("a call is about one object, or {MOST} in a list of the body");
        return Err(Problem::usage(message).hint("job_start does one operation for many"));
    }
    Ok(call)
}

/// Refuses what would let somebody sign in as another person: a secret of theirs, or an address of theirs that nobody has verified.
pub(super) fn check_argument(field: &Field, value: &Value) -> Outcome<()> {
    let name = field.name;
    let message = if matches!(field.kind, Kind::Secret) {
        format!("agents set no secrets: {name}")
    } else if name == VERIFIED && !matches!(value, Value::Bool(false) | Value::Null) {
        format!("agents cannot say that an address or a number is verified: {name}")
    } else {
        return Ok(());
    };
    Err(Problem::refused(message).hint("the person can do it with `clerk-api` at a terminal"))
}

/// Puts ids in the place of names; gives the name of the target.
pub(super) async fn resolve(client: &Client, call: &mut Call) -> Outcome<Option<String>> {
    resolve::arguments(client, call).await?;
    let targets = call.targets.take().map(|targets| targets.items);
    let Some(target) = targets.and_then(|mut items| items.pop()) else {
        return Ok(None);
    };
    let id = resolve::id(client, &target.reference).await?;
    call.set_target(&id)?;
    Ok(Some(target.reference.shown().to_owned()))
}

async fn check_protected(
    turn: &Turn,
    connected: &Connected,
    call: &Call,
    named: Option<&str>,
) -> Outcome<()> {
    let entries = &turn.session.settings.protected;
    if !Protected::matters(entries, call.meta) {
        return Ok(());
    }
    let client = connected.connection.client.clone();
    let guard = Protected::load(client, entries, call).await?;
    guard.check(call, named).await
}

/// What a person has to approve: exactly this call; and how much of the budget it takes.
async fn approval(turn: &Turn, connected: &Connected, call: &Call) -> Outcome<(Approval, u64)> {
    let client = &connected.connection.client;
    let called = people::called(client, call.meta, &call.args).await;
    let plan = plan(call)?;
    if call.meta.effect != Effect::Mail {
        let action = capitalized(&phrase::one(call.meta, target(call).as_deref()));
        let approval = Approval {
            says: format!("{action}: {called}"),
            expected: called,
            plan,
        };
        return Ok((approval, call.objects() as u64));
    }
    let mut recipients = people::addresses(call);
    if recipients.is_empty() && called.contains('@') {
        recipients.push(called);
    }
    people::check_domains(&turn.session.settings, &recipients)?;
    let count = call.objects().max(recipients.len());
    let action = phrase::bulk(call.meta, count);
    let whom = recipients.join(", ");
    let says = format!("{} to {whom}", capitalized(&action));
    let expected = if count == 1 { whom } else { action };
    let approval = Approval {
        says,
        expected,
        plan,
    };
    Ok((approval, count as u64))
}

/// The call as text: the same text is the same call.
fn plan(call: &Call) -> Outcome<String> {
    let args: BTreeMap<&str, &RawValue> = call.args.iter().collect();
    serde_json::to_string(&(call.meta.name, args))
        .map_err(|error| Problem::usage(error.to_string()))
}

fn target(call: &Call) -> Option<String> {
    clerk_api_admin::target::field_of(call.meta).and_then(|field| call.args.text(field.name))
}

/// Sends a call. A write that was sent goes on when the client gives the call up, so that it is known what became of it.
async fn send(client: Client, meta: &'static Meta, args: Args, tried: &str) -> Outcome<Reply<()>> {
    let failed = |error| {
        let mut problem = Problem::of_call(tried, error);
        if let Some(source) = &problem.source {
            problem.sent = source.sent;
        }
        problem
    };
    if meta.effect == Effect::Read {
        return client.call(meta, args).await.map_err(failed);
    }
    let task = tokio::task::spawn_local(async move { client.call(meta, args).await });
    match task.await {
        Ok(reply) => reply.map_err(failed),
        Err(error) => Err(Problem::refused(tried.to_owned()).cause(error.to_string())),
    }
}

/// The object that came back: what matters of it, and what was set.
fn shown(turn: &Turn, call: &Call, raw: &[u8], fields: &[String]) -> Answer {
    let value: Value = serde_json::from_slice(raw).unwrap_or_default();
    let set: Vec<&str> = call.args.iter().map(|(name, _)| name).collect();
    let projection = Projection::new(call.meta, fields, &set);
    let untrusted = match &value {
        Value::Array(rows) => {
            json!({"rows": rows.iter().map(|row| projection.of(row)).collect::<Vec<_>>()})
        }
        one @ Value::Object(_) => projection.of(one),
        other => json!({"value": other}),
    };
    let mut facts = json!({"operation": call.meta.name});
    if call.meta.effect != Effect::Read {
        facts["done"] = true.into();
    }
    Answer::one(&turn.cleaner(), facts, untrusted)
}

pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
