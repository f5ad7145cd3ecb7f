//! What objects were like before a job changed them: a line of JSON for each request, in the order in which they were sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use clerk_api::Args;
use clerk_api::declare::{Kind, Meta};
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::place::{Place, private_file};
use super::task::Step;

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
    /// The number of the row; for what was made before the job, one that no row has.
    pub(crate) row: u64,
    /// The id of what was made before the job.
    pub(crate) made: Option<String>,
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
    let mut text = format!(r#"{{"row":{row},"#);
    if at > 0 {
        let _ = write!(text, r#""step":{at},"#);
    }
    let _ = write!(text, r#""op":"{}","args":{args},"#, meta.name);
    if !secrets.is_empty() {
        let names: Vec<&str> = secrets.into_iter().map(|(name, _)| name).collect();
        let names = serde_json::to_string(&names).ok()?;
        let _ = write!(text, r#""withheld":{names},"#);
    }
    let _ = write!(text, r#""before":{before}}}"#);
    Some(text)
}

/// Begins the file with what was made before the first row.
pub(crate) fn begin<'m>(
    place: &Place,
    made: impl Iterator<Item = (u64, &'m Call, &'m str)>,
) -> Outcome<()> {
    let mut text = String::new();
    for (row, call, id) in made {
        let step = Step {
            call: call.clone(),
            before: None,
        };
        let line = line(row, 0, &step).unwrap_or_default();
        if let Some(members) = line.strip_suffix('}') {
            let _ = writeln!(text, "{members},\"made\":{id:?}}}");
        }
    }
    if text.is_empty() {
        return Ok(());
    }
    let written = private_file(&place.backup(), false)?;
    (&written)
        .write_all(text.as_bytes())
        .and_then(|()| written.sync_all())
        .map_err(|error| Problem::io("cannot write down what was made", &error))
}

fn is_secret(meta: &Meta, name: &str) -> bool {
    meta.field(name)
        .is_some_and(|field| matches!(field.kind, Kind::Secret))
}
