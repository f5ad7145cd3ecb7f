//! What objects were like before a job changed them: a line of JSON for each request, in the order in which they were sent.

use std::collections::BTreeMap;

use clerk_api::Args;
use clerk_api::declare::{Kind, Meta};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::work::Step;

/// One line.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    /// The operation.
    pub(crate) op: String,
    /// What was sent, without secrets.
    pub(crate) args: Args,
    /// The names of the secrets that were sent.
    #[serde(default)]
    pub(crate) withheld: Vec<String>,
    /// The object as it was; nothing for what did not exist, or where no list shows it.
    pub(crate) before: Option<Box<RawValue>>,
}

/// Where a line belongs.
#[derive(Debug, Deserialize)]
pub(crate) struct Head {
    /// The number of the row.
    pub(crate) row: u64,
    /// Which of the row's requests it is, from 0.
    #[serde(default)]
    pub(crate) step: u32,
    pub(crate) op: String,
}

/// The line of one request, without its line end. Secrets are left out.
pub(crate) fn line(row: u64, at: usize, step: &Step) -> Option<String> {
    let meta = step.call.meta;
    let args = step.call.args.iter();
    let (secrets, args): (Vec<_>, Vec<_>) = args.partition(|(name, _)| is_secret(meta, name));
    let args: BTreeMap<_, _> = args.into_iter().collect();
    let args = serde_json::to_string(&args).ok()?;
    let before = step.before.as_deref().unwrap_or("null");
    let step = match at {
        0 => String::new(),
        at => format!(r#""step":{at},"#),
    };
    let names: Vec<&str> = secrets.into_iter().map(|(name, _)| name).collect();
    let withheld = match names.as_slice() {
        [] => String::new(),
        names => format!(r#""withheld":{},"#, serde_json::to_string(names).ok()?),
    };
    Some(format!(
        r#"{{"row":{row},{step}"op":"{}","args":{args},{withheld}"before":{before}}}"#,
        meta.name
    ))
}

fn is_secret(meta: &Meta, name: &str) -> bool {
    meta.field(name)
        .is_some_and(|field| matches!(field.kind, Kind::Secret))
}
