//! Finding out whether a write happened when no answer came (reliability.md 2.3).

use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::args::Args;
use crate::endpoint::Meta;
use crate::page::RawList;

/// The server's clock and ours may differ by this much within one answer.
const SLACK_MILLIS: i64 = 2_000;

/// How an object that may have been created is found again.
#[derive(Debug)]
pub struct Lookup {
    /// The list to look in.
    pub list: &'static Meta,
    /// Where the objects are in a row of the list (a dot goes into objects and lists); empty: the row is the object.
    pub within: &'static str,
    /// Arguments of the create that the server keeps unique; with one of them the create is of class K, else N.
    pub unique: &'static [&'static str],
    /// Argument of the create and list parameter that finds it; the first argument that was given is used.
    /// An empty parameter: the list has none for it, and its first page is looked through.
    pub by: &'static [(&'static str, &'static str)],
    /// Arguments that both share, such as the organization.
    pub scope: &'static [&'static str],
    /// Argument of the create and the answer's field (a dot goes into objects and lists) that must be equal.
    pub same: &'static [(&'static str, &'static str)],
}

/// What looking came to.
pub(crate) enum Finding {
    /// Nothing like it is there.
    Absent,
    /// One that is equal in all we sent and not older than the call: ours.
    Ours(Bytes),
    /// One that is equal but was there before.
    Older,
    /// More than one that could be ours.
    Several(usize),
    /// Something under the same unique key that differs.
    Different,
}

/// One lookup for one call.
pub(crate) struct Search<'a> {
    lookup: &'static Lookup,
    created: &'a Args,
    /// The arguments of the list.
    pub(crate) args: Args,
}

impl<'a> Search<'a> {
    /// Nothing where no argument was given by which it could be found.
    pub(crate) fn new(lookup: &'static Lookup, created: &'a Args) -> Option<Self> {
        let (argument, parameter) = lookup
            .by
            .iter()
            .find(|(argument, _)| created.has(argument))?;
        let mut args = Args::new();
        for name in lookup.scope {
            args.set_raw(name, created.get(name)?.to_owned());
        }
        if !parameter.is_empty() {
            args.set_raw(parameter, first(created.get(argument)?));
        }
        if lookup.list.field("limit").is_some() {
            args.set("limit", &if parameter.is_empty() { 500 } else { 100 })
                .ok()?;
        }
        Some(Self {
            lookup,
            created,
            args,
        })
    }

    /// Judges a list's answer. `since` is the call's beginning by the server's clock, in milliseconds.
    pub(crate) fn judge(&self, body: &[u8], since: Option<i64>) -> Finding {
        let Ok(list) = serde_json::from_slice::<RawList<&RawValue>>(body) else {
            return Finding::Absent;
        };
        let keyed = self.lookup.unique.iter().any(|name| self.created.has(name));
        let (mut ours, mut older, mut different) = (Vec::new(), 0, 0);
        for (text, row) in list.rows.iter().flat_map(|raw| self.objects(raw)) {
            if !self.matches(&row) {
                different += usize::from(self.shares_unique_key(&row));
                continue;
            }
            let created = row.get("created_at").and_then(Value::as_i64);
            let recent = matches!((created, since), (Some(created), Some(since)) if created >= since - SLACK_MILLIS);
            if recent { ours.push(text) } else { older += 1 }
        }
        match (ours.as_slice(), older, different) {
            ([one], _, _) => Finding::Ours(one.clone().into()),
            ([], 0, 0) => Finding::Absent,
            ([], 0, _) => Finding::Different,
            ([], _, _) if keyed => Finding::Older,
            ([], _, _) => Finding::Absent,
            (several, _, _) => Finding::Several(several.len()),
        }
    }

    /// The objects of a row that could be the one, each with its text.
    fn objects(&self, raw: &RawValue) -> Vec<(String, Value)> {
        let Ok(row) = serde_json::from_str::<Value>(raw.get()) else {
            return Vec::new();
        };
        if self.lookup.within.is_empty() {
            return vec![(raw.get().to_owned(), row)];
        }
        let mut found = Vec::new();
        collect(&row, self.lookup.within, &mut found);
        let inner = found.into_iter().cloned();
        inner.map(|object| (object.to_string(), object)).collect()
    }

    fn matches(&self, row: &Value) -> bool {
        let mut given = self
            .lookup
            .same
            .iter()
            .filter(|(argument, _)| self.created.has(argument))
            .peekable();
        given.peek().is_some() && given.all(|(argument, path)| self.equal(argument, path, row))
    }

    fn shares_unique_key(&self, row: &Value) -> bool {
        let mut keys = self
            .lookup
            .same
            .iter()
            .filter(|(argument, _)| self.lookup.unique.contains(argument));
        keys.any(|(argument, path)| self.created.has(argument) && self.equal(argument, path, row))
    }

    /// Whether all values of an argument stand under the path in a row. Letter case is ignored: the server lowers e-mail addresses.
    fn equal(&self, argument: &str, path: &str, row: &Value) -> bool {
        let Some(sent) = self
            .created
            .get(argument)
            .and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok())
        else {
            return false;
        };
        let mut found = Vec::new();
        collect(row, path, &mut found);
        let has = |value: &Value| found.iter().any(|found| same_text(found, value));
        match &sent {
            Value::Array(values) => values.iter().all(has),
            value => has(value),
        }
    }
}

fn first(raw: &RawValue) -> Box<RawValue> {
    let list: Option<Vec<&RawValue>> = serde_json::from_str(raw.get()).ok();
    list.and_then(|list| list.first().map(|item| (*item).to_owned()))
        .unwrap_or_else(|| raw.to_owned())
}

fn collect<'v>(value: &'v Value, path: &str, found: &mut Vec<&'v Value>) {
    if let Value::Array(items) = value {
        for item in items {
            collect(item, path, found);
        }
    } else if path.is_empty() {
        found.push(value);
    } else {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Some(inner) = value.get(head) {
            collect(inner, rest, found);
        }
    }
}

fn same_text(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.to_lowercase() == b.to_lowercase(),
        _ => a == b,
    }
}
