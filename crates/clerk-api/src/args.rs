//! The arguments of one call, by name, each as its exact JSON text.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// Arguments by the API's names. Values keep their JSON text, so that big numbers and key order survive.
#[derive(Debug, Clone, Default)]
pub struct Args(BTreeMap<String, Box<RawValue>>);

impl Args {
    /// No arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an argument to the JSON of a value.
    ///
    /// # Errors
    /// When the value has no JSON form (a map whose keys are not text).
    pub fn set(&mut self, name: &str, value: &impl Serialize) -> Result<(), serde_json::Error> {
        self.0.insert(name.to_owned(), to_raw_value(value)?);
        Ok(())
    }

    /// Sets an argument to JSON text.
    pub fn set_raw(&mut self, name: &str, value: Box<RawValue>) {
        self.0.insert(name.to_owned(), value);
    }

    /// Takes an argument away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Whether an argument is set to something other than null, an empty text or an empty list.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| !matches!(value.get(), "null" | "\"\"" | "[]"))
    }

    /// The JSON of an argument.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// An argument that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.get(name)?.get()).ok()
    }

    /// All arguments, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_ref()))
    }
}
