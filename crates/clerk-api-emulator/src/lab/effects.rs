//! Counts what was done to which object, so that a test can prove that nothing was done twice
//! (reliability P1, 11.5). Off until somebody asks for it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

/// Counters that are kept; what comes after that is counted only if it is known already.
const MOST: usize = 100_000;

/// Fields of a body by which somebody would recognize the object: its natural keys.
const KEYS: [&str; 10] = [
    "external_id",
    "email_address",
    "phone_number",
    "username",
    "web3_wallet",
    "slug",
    "user_id",
    "identifier",
    "key",
    "name",
];

/// How often an operation was carried out for one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Count {
    /// Method and path template, such as `POST /users`.
    pub(crate) operation: String,
    /// What it was done to: ids of the path and a field of the body, such as `email_address=ada@example.com`.
    pub(crate) key: String,
    pub(crate) count: u64,
}

/// The counters.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    on: AtomicBool,
    counts: Mutex<BTreeMap<(String, String), u64>>,
}

impl Effects {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on: AtomicBool::new(on),
            counts: Mutex::default(),
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Starts or stops counting, and resets the counts.
    pub(crate) fn restart(&self, on: bool) {
        self.counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.on.store(on, Ordering::Relaxed);
    }

    /// Counts a write that was carried out. `template` is the path with its parameters' names, `path` with their values.
    pub(crate) fn count(&self, method: &str, template: &str, path: &str, body: &[u8]) {
        let operation = format!(
            "{method} {}",
            template.strip_prefix("/v1").unwrap_or(template)
        );
        let scope = scope(template, path);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(&scope, body) {
            let full = counts.len() >= MOST;
            match counts.get_mut(&(operation.clone(), key.clone())) {
                Some(count) => *count += 1,
                None if full => {}
                None => drop(counts.insert((operation.clone(), key), 1)),
            }
        }
    }

    /// The counters whose key contains a text; an empty text is in all of them.
    pub(crate) fn of(&self, text: &str) -> Vec<Count> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let found = counts.iter().filter(|((_, key), _)| key.contains(text));
        found
            .map(|((operation, key), count)| Count {
                operation: operation.clone(),
                key: key.clone(),
                count: *count,
            })
            .collect()
    }
}

/// The path's parameters with their values: `organization_id=org_1`.
fn scope(template: &str, path: &str) -> String {
    let pairs = template.split('/').zip(path.split('/'));
    let named = pairs.filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some(format!("{name}={value}"))
    });
    named.collect::<Vec<_>>().join(" ")
}

/// One key for each natural key of each object in the body, or the path's alone.
fn keys(scope: &str, body: &[u8]) -> Vec<String> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let objects: Vec<&Map<String, Value>> = match &body {
        Value::Object(object) => vec![object],
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    };
    let mut keys = Vec::new();
    for object in objects {
        for name in KEYS {
            let values = match object.get(name) {
                Some(Value::Array(values)) => values.iter().collect(),
                Some(value) => vec![value],
                None => Vec::new(),
            };
            for value in values.into_iter().filter_map(Value::as_str) {
                keys.push(format!("{scope} {name}={value}").trim_start().to_owned());
            }
        }
    }
    if keys.is_empty() {
        keys.push(scope.to_owned());
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_natural_key_is_counted() {
        let effects = Effects::new(true);
        let body =
            br#"{"email_address":["a@x.test","b@x.test"],"external_id":"7","first_name":"A"}"#;
        effects.count("POST", "/v1/users", "/v1/users", body);
        effects.count("POST", "/v1/users", "/v1/users", body);
        let keys: Vec<_> = effects
            .of("")
            .into_iter()
            .map(|count| (count.key, count.count))
            .collect();
        let twice = |key: &str| (key.to_owned(), 2);
        assert_eq!(
            keys,
            [
                twice("email_address=a@x.test"),
                twice("email_address=b@x.test"),
                twice("external_id=7")
            ]
        );
    }

    #[test]
    fn the_path_is_part_of_a_key() {
        let effects = Effects::new(true);
        let template = "/v1/organizations/{organization_id}/invitations/bulk";
        let path = "/v1/organizations/org_1/invitations/bulk";
        effects.count("POST", template, path, br#"[{"email_address":"a@x.test"}]"#);
        effects.count("DELETE", "/v1/users/{user_id}", "/v1/users/user_1", b"");
        let found = effects.of("org_1");
        assert_eq!(found[0].key, "organization_id=org_1 email_address=a@x.test");
        assert_eq!(effects.of("user_1")[0].operation, "DELETE /users/{user_id}");
    }
}
