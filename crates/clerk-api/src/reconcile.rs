//! Finding out whether a write happened when no response came (reliability.md 2.3).

mod existing;

use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::args::Args;
use crate::declare::{Effect, Kind, Lookup, Meta, Place};
use crate::response::Response;

/// The server's clock and ours may differ by this much within one response.
const SLACK_MILLIS: i64 = 2_000;

/// What one look shows.
pub(crate) enum Finding {
    /// The list is whole and has nothing like it.
    Absent,
    /// One that is equal in all we sent and not older than the call: ours.
    Ours(Bytes),
    /// An object has the key that we sent, but it is not clear whether it is ours.
    Carried(String),
    /// Something that differs has had the same unique key since before the call.
    Conflict,
    /// Nothing follows from this list.
    Unreadable(String),
}

/// One lookup for one call.
pub(crate) struct Search<'a> {
    lookup: &'static Lookup,
    created: &'a Args,
    /// The argument that it is looked for by.
    by: &'static str,
    /// The arguments of the list.
    pub(crate) args: Args,
    /// How many rows the list gives at most.
    limit: Option<usize>,
}

impl<'a> Search<'a> {
    /// Nothing where none of the given arguments can be used to look it up.
    pub(crate) fn new(lookup: &'static Lookup, created: &'a Args) -> Option<Self> {
        let mut by = lookup.by.iter();
        let by = by.find(|(argument, _)| created.has(argument))?;
        Self::by(lookup, created, *by)
    }

    /// A look-up by this argument and this parameter of the list.
    fn by(
        lookup: &'static Lookup,
        created: &'a Args,
        (by, parameter): (&'static str, &'static str),
    ) -> Option<Self> {
        let mut args = Args::new();
        for name in lookup.scope {
            args.set_raw(name, created.get(name)?.to_owned());
        }
        let precise = !matches!(parameter, "" | "query");
        if !parameter.is_empty() {
            args.set_raw(parameter, first(created.get(by)?));
        }
        // Where the list cannot be asked for exactly this one, the newest come first.
        if let Some(Kind::Order(keys)) = lookup.list.field("order_by").map(|field| field.kind)
            && !precise
            && keys.contains(&"created_at")
        {
            args.set("order_by", &"-created_at").ok()?;
        }
        let limit = if precise { 100 } else { 500 };
        let limited = lookup.list.field("limit").is_some();
        if limited {
            args.set("limit", &limit).ok()?;
        }
        Some(Self {
            lookup,
            created,
            by,
            args,
            limit: limited.then_some(limit),
        })
    }

    pub(crate) fn list(&self) -> &'static Meta {
        self.lookup.list
    }

    /// Judges a list's answer. `since` is the call's beginning by the server's clock, in milliseconds.
    pub(crate) fn judge(&self, answer: &Response, since: Option<i64>) -> Finding {
        let Some(page) = &answer.page else {
            return Finding::Unreadable("the response is not a list".to_owned());
        };
        let mut seen = Seen::default();
        for row in page.rows() {
            let Some(objects) = self.objects(row) else {
                return Finding::Unreadable("a row of the response cannot be read".to_owned());
            };
            for (text, object) in objects {
                self.see(&mut seen, text, &object, since);
            }
        }
        let keyed = self.lookup.is_keyed(self.created);
        match (seen.ours.as_slice(), seen.doubtful, seen.older_other) {
            ([one], _, _) => Finding::Ours(one.clone().into()),
            ([], None, true) if keyed => Finding::Conflict,
            ([], None, true) => Finding::Carried("a similar object was there before".to_owned()),
            ([], None, false) if self.limit.is_some_and(|limit| page.len() >= limit) => {
                Finding::Carried(format!(
                    "it is not among the first {} similar objects",
                    page.len()
                ))
            }
            ([], None, false) => Finding::Absent,
            ([], Some(reason), _) => Finding::Carried(reason.to_owned()),
            (several, _, _) => Finding::Carried(format!(
                "there are {} objects like it, and it is not clear which one is ours",
                several.len()
            )),
        }
    }

    fn see(&self, seen: &mut Seen, text: String, object: &Value, since: Option<i64>) {
        let equal = self.lookup.matches(self.created, object);
        if !equal && !self.shares_key(object) {
            return;
        }
        let made = object.get(self.age()).and_then(Value::as_i64);
        let recent = match (made, since) {
            (Some(made), Some(since)) => Some(made >= since - SLACK_MILLIS),
            _ => None,
        };
        match (equal, recent) {
            (true, Some(true)) => seen.ours.push(text),
            (true, Some(false)) => {
                seen.doubtful = Some("there is an object like it, but it is older than this call");
            }
            (false, Some(false)) => seen.older_other = true,
            (_, None) => {
                seen.doubtful = Some("there is an object like it, but its age is not known");
            }
            (false, Some(true)) => {
                seen.doubtful =
                    Some("there is a new object with the same key, but with other values");
            }
        }
    }

    /// The member that says when an object was made. One that was created with a date of its own, as imports do, shows that date as
    /// `created_at`.
    fn age(&self) -> &'static str {
        if self.created.has("created_at") {
            "updated_at"
        } else {
            "created_at"
        }
    }

    /// The objects of a row that could be the one, each with its text. Nothing if the row does not have the expected form.
    fn objects(&self, row: &str) -> Option<Vec<(String, Value)>> {
        let value: Value = serde_json::from_str(row).ok()?;
        let objects = if self.lookup.within.is_empty() {
            vec![(row.to_owned(), value)]
        } else {
            let inner = value.get(self.lookup.within)?.as_array()?;
            let text = |object: &Value| (object.to_string(), object.clone());
            inner.iter().map(text).collect()
        };
        let (_, path) = self.lookup.same.iter().find(|(name, _)| *name == self.by)?;
        let member = path.split('.').next()?;
        let readable = |(_, object): &(String, Value)| object.get(member).is_some();
        objects.iter().all(readable).then_some(objects)
    }

    /// Whether a row has the key of the look-up, or another key that the server keeps unique.
    fn shares_key(&self, row: &Value) -> bool {
        self.lookup.has_key(self.created, self.by, row) || self.lookup.shares_key(self.created, row)
    }
}

impl Lookup {
    /// Whether an object has all that was sent to create it, as far as the object shows it.
    #[must_use]
    pub fn matches(&self, created: &Args, object: &Value) -> bool {
        let mut given = self.same.iter().filter(|(name, _)| created.has(name));
        given.all(|(name, path)| equal(created, name, path, object))
    }

    /// Whether an object has one of the keys that were sent and that the server keeps unique.
    #[must_use]
    pub fn shares_key(&self, created: &Args, object: &Value) -> bool {
        self.unique
            .iter()
            .any(|name| self.has_key(created, name, object))
    }

    /// The texts that an object shows for an argument, such as all of a user's addresses.
    #[must_use]
    pub fn shown<'v>(&self, name: &str, object: &'v Value) -> Vec<&'v str> {
        let mut found = Vec::new();
        for (_, path) in self.same.iter().filter(|(same, _)| *same == name) {
            collect(object, path, &mut found);
        }
        found.into_iter().filter_map(Value::as_str).collect()
    }

    /// Whether an object has what was sent as this argument.
    #[must_use]
    pub fn has_key(&self, created: &Args, name: &str, object: &Value) -> bool {
        let mut paths = self.same.iter().filter(|(same, _)| *same == name);
        created.has(name) && paths.any(|(name, path)| equal(created, name, path, object))
    }
}

impl Meta {
    /// Whether a change would leave this object as it is: it shows all that is sent, with the same values.
    ///
    /// A password, or anything else that the API does not show, is never known to be so already.
    #[must_use]
    pub fn is_so_already(&self, args: &Args, object: &Value) -> bool {
        if let Some((member, made)) = self.makes {
            let made = serde_json::from_str::<Value>(made).ok();
            return made.is_some() && object.get(member) == made.as_ref();
        }
        let body = self
            .fields
            .iter()
            .filter(|field| field.place == Place::Body);
        let mut sent = body
            .filter_map(|field| Some((field.name, args.get(field.name)?)))
            .peekable();
        sent.peek().is_some()
            && sent.all(|(name, sent)| {
                let sent = serde_json::from_str::<Value>(sent.get());
                let there = object.get(name);
                matches!((sent, there), (Ok(sent), Some(there)) if is_exactly(there, &sent, self.effect == Effect::Update))
            })
    }
}

/// Whether all values of an argument stand under the path in an object. Letter case is ignored: the server lowers email addresses.
fn equal(created: &Args, argument: &str, path: &str, object: &Value) -> bool {
    let sent = created.get(argument);
    let Some(sent) = sent.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok()) else {
        return false;
    };
    let mut found = Vec::new();
    collect(object, path, &mut found);
    let has = |value: &Value| found.iter().any(|found| same_text(found, value));
    match &sent {
        Value::Array(values) => values.iter().all(has),
        value => has(value),
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

/// All that one list shows.
#[derive(Default)]
struct Seen {
    /// Equal in all that was sent, and not older than the call.
    ours: Vec<String>,
    /// An object with the key that may or may not be ours, and why.
    doubtful: Option<&'static str>,
    /// Something else has had the key since before the call.
    older_other: bool,
}

/// Whether an object has the values that an update sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// It has all of them that it shows.
    Agrees,
    /// It shows none of them.
    Silent,
    /// This field is different.
    Differs(&'static str),
}

/// Compares an object with the body that was sent for it.
pub(crate) fn agreement(meta: &Meta, args: &Args, object: &[u8]) -> Agreement {
    let Ok(object) = serde_json::from_slice::<Value>(object) else {
        return Agreement::Silent;
    };
    let merges = meta.effect == Effect::Update;
    let mut agreement = Agreement::Silent;
    for field in meta
        .fields
        .iter()
        .filter(|field| field.place == Place::Body)
    {
        let (Some(sent), Some(there)) = (args.get(field.name), object.get(field.name)) else {
            continue;
        };
        let Ok(sent) = serde_json::from_str::<Value>(sent.get()) else {
            continue;
        };
        match holds(there, &sent, merges) {
            Some(true) => agreement = Agreement::Agrees,
            Some(false) => return Agreement::Differs(field.name),
            None => {}
        }
    }
    agreement
}

/// Whether a change to this value would change nothing. Lists count as they are: one that differs is to be sent.
fn is_exactly(there: &Value, sent: &Value, merges: bool) -> bool {
    match (there, sent) {
        (Value::Object(there), Value::Object(sent)) => {
            let held = |(key, value): (&String, &Value)| match there.get(key) {
                Some(there) => is_exactly(there, value, merges),
                None => value.is_null(),
            };
            sent.iter().all(held) && (merges || there.len() == sent.len())
        }
        (Value::Array(there), Value::Array(sent)) => there == sent,
        _ => holds(there, sent, merges) == Some(true),
    }
}

/// Whether a value is as it was sent; nothing where that is not known. A merge removes what was sent as null.
fn holds(there: &Value, sent: &Value, merges: bool) -> Option<bool> {
    match (there, sent) {
        (Value::Object(there), Value::Object(sent)) => {
            let held = |(key, value): (&String, &Value)| match there.get(key) {
                Some(there) => holds(there, value, merges).unwrap_or(true),
                None => value.is_null(),
            };
            Some(sent.iter().all(held) && (merges || there.len() == sent.len()))
        }
        (Value::Array(_), _) | (_, Value::Array(_)) => None,
        (Value::Null, Value::String(text)) => Some(text.is_empty()),
        (Value::String(text), Value::Null) => Some(text.is_empty()),
        _ => Some(same_text(there, sent)),
    }
}

#[cfg(test)]
mod tests;
