//! The arguments of one call, by name, each as its exact JSON text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// Arguments by the API's names.
///
/// Values keep their JSON text, so that big numbers and key order survive. As JSON they are one object, which can be written down
/// and read back with `serde_json`; a secret argument is in it like any other.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
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

/// Shows the names only, since values can be passwords.
impl std::fmt::Debug for Args {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_back_byte_by_byte() {
        let text =
            r#"{"public_metadata":{"b":12345678901234567890123,"a":1.10},"user_id":"user_1"}"#;
        let args: Args = serde_json::from_str(text).unwrap();
        assert_eq!(args.text("user_id").as_deref(), Some("user_1"));
        assert_eq!(serde_json::to_string(&args).unwrap(), text);
    }

    #[test]
    fn reliability_7_6_debug_shows_no_value() {
        let mut args = Args::new();
        args.set("password", &"hunter2hunter2").unwrap();
        assert_eq!(format!("{args:?}"), r#"{"password"}"#);
    }
}
