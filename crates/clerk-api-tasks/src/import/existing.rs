//! The users that are there already, found by the keys of rows, 100 values a request.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::{Args, Client};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::Outcome;
use serde_json::Value;

use super::policy::Key;
use crate::job::{AT_ONCE, Shown, ask};

/// Users by what they are found by.
#[derive(Default)]
pub(super) struct Existing {
    users: BTreeMap<String, Shown>,
    ids: BTreeMap<(Key, String), BTreeSet<String>>,
}

impl Existing {
    /// Looks for users who have any of these keys of the calls.
    pub(super) async fn find<'c>(
        client: &Client,
        calls: impl Iterator<Item = &'c Call> + Clone,
        keys: &[Key],
    ) -> Outcome<Self> {
        let list = operation("users.list")?;
        let mut found = Self::default();
        for key in keys {
            let values: BTreeSet<String> =
                calls.clone().flat_map(|call| values(call, *key)).collect();
            let values: Vec<String> = values.into_iter().collect();
            for values in values.chunks(AT_ONCE) {
                for user in ask(client, list, &Args::new(), key.parameter(), values).await? {
                    found.take(user);
                }
            }
        }
        Ok(found)
    }

    fn take(&mut self, user: Shown) {
        let Some(id) = user
            .value
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned)
        else {
            return;
        };
        for key in Key::ALL {
            for value in shown(&user.value, key) {
                let entry = self.ids.entry((key, key.folded(value))).or_default();
                entry.insert(id.clone());
            }
        }
        self.users.insert(id, user);
    }

    /// The users who have any of these keys of a call, each with the key.
    pub(super) fn of(&self, call: &Call, keys: &[Key]) -> Vec<(&Shown, Key)> {
        let mut found: BTreeMap<&str, Key> = BTreeMap::new();
        for key in keys {
            for value in values(call, *key) {
                let ids = self.ids.get(&(*key, key.folded(&value)));
                for id in ids.into_iter().flatten() {
                    found.entry(id).or_insert(*key);
                }
            }
        }
        let users = found.into_iter();
        users
            .filter_map(|(id, key)| Some((self.users.get(id)?, key)))
            .collect()
    }
}

/// The values of a call for a key.
pub(super) fn values(call: &Call, key: Key) -> Vec<String> {
    let Some(raw) = call.args.get(key.parameter()) else {
        return Vec::new();
    };
    serde_json::from_str::<Vec<String>>(raw.get())
        .or_else(|_| serde_json::from_str(raw.get()).map(|one: String| vec![one]))
        .unwrap_or_default()
}

/// The values that a user has for a key.
fn shown(user: &Value, key: Key) -> Vec<&str> {
    let listed = |list: &str| {
        let items = user.get(list).and_then(Value::as_array);
        let items = items.into_iter().flatten();
        items
            .filter_map(|item| item.get(key.parameter())?.as_str())
            .collect()
    };
    match key {
        Key::EmailAddress => listed("email_addresses"),
        Key::PhoneNumber => listed("phone_numbers"),
        Key::ExternalId | Key::Username => {
            let value = user.get(key.parameter()).and_then(Value::as_str);
            value.into_iter().collect()
        }
    }
}
