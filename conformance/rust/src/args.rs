//! The arguments of one request, and the outcome of one call.

use std::path::PathBuf;

use clerk_rs::apis::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// What a call came to: a finished answer line.
pub type Outcome = Value;

/// Named arguments, as the scenario gives them.
pub struct Args(pub Map<String, Value>);

impl Args {
    /// A string that has to be there.
    pub fn text(&self, name: &str) -> &str {
        self.maybe_text(name).unwrap_or_default()
    }

    /// A string.
    pub fn maybe_text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A list of strings.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.0.get(name)?.as_array()?;
        Some(
            list.iter()
                .filter_map(Value::as_str)
                .map(ToOwned::to_owned)
                .collect(),
        )
    }

    /// The first string of a list, where the crate takes one.
    pub fn first_text(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            Value::Array(list) => list.first().and_then(Value::as_str),
            other => other.as_str(),
        }
    }

    /// A switch.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    /// A page size or offset.
    pub fn count(&self, name: &str) -> Option<u32> {
        self.0
            .get(name)
            .and_then(Value::as_u64)
            .and_then(|value| u32::try_from(value).ok())
    }

    /// A moment in milliseconds.
    pub fn moment(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    /// The file to upload.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.text("file"))
    }

    /// The arguments as one of the crate's request types; fields that it does not have fall away.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Outcome> {
        serde_json::from_value(Value::Object(self.0.clone())).map_err(|error| broken(&error))
    }

    /// The arguments as one of the crate's optional request types: none when nothing but these names is given.
    pub fn body_beside<T: DeserializeOwned>(&self, others: &[&str]) -> Result<Option<T>, Outcome> {
        let bare = self.0.keys().all(|name| others.contains(&name.as_str()));
        if bare {
            Ok(None)
        } else {
            self.body().map(Some)
        }
    }

    /// The items of a bulk call as the crate's request type.
    pub fn items<T: DeserializeOwned>(&self) -> Result<Vec<T>, Outcome> {
        let items = self.0.get("items").cloned().unwrap_or_default();
        serde_json::from_value(items).map_err(|error| broken(&error))
    }
}

/// The client failed by itself.
pub fn broken(reason: &dyn std::fmt::Display) -> Outcome {
    json!({ "broken": reason.to_string() })
}

/// The answer of the crate, written out again.
pub fn done<T: Serialize, E>(result: Result<T, Error<E>>) -> Outcome {
    match result {
        Ok(value) => match serde_json::to_value(value) {
            Ok(value) => json!({ "value": value }),
            Err(error) => broken(&error),
        },
        Err(Error::ResponseError(refusal)) => {
            let body: Value = serde_json::from_str(&refusal.content).unwrap_or_default();
            json!({
                "status": refusal.status.as_u16(),
                "errors": body["errors"],
                "trace": body["clerk_trace_id"],
            })
        }
        Err(error) => broken(&error),
    }
}
