//! What is done to everything that the API returned before an agent reads it: secrets and hidden metadata go, and what cannot be seen
//! becomes U+FFFD (reliability.md 10.5).

use clerk_api_admin::text::redact::{redact, redact_value};
use clerk_api_admin::text::sanitize;
use clerk_api_admin::text::secrets::Secrets;
use serde_json::{Map, Value};

/// Metadata that is shown only if the server was started so.
const METADATA: [&str; 2] = ["private_metadata", "unsafe_metadata"];

/// What cleans, and whether it found anything that cannot be seen.
#[derive(Debug, Clone)]
pub(crate) struct Cleaner {
    pub(crate) metadata: bool,
    pub(crate) secrets: Secrets,
}

impl Cleaner {
    /// Cleans a value; says whether characters were replaced.
    pub(crate) fn clean(&self, value: &mut Value) -> bool {
        redact_value(value, &self.secrets);
        self.visit(value)
    }

    /// Cleans a text of ours that may quote somebody.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut value = Value::from(text);
        self.clean(&mut value);
        value.as_str().unwrap_or_default().to_owned()
    }

    fn visit(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => {
                let shown = sanitize::replaced(text);
                let is_altered = *shown != **text;
                if is_altered {
                    *text = shown.into_owned();
                }
                is_altered
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |altered, item| self.visit(item) | altered),
            Value::Object(members) => {
                let mut altered = false;
                let mut cleaned = Map::new();
                for (name, mut value) in std::mem::take(members) {
                    if !self.metadata && METADATA.contains(&name.as_str()) {
                        continue;
                    }
                    let known = redact(&name, &self.secrets);
                    let shown = sanitize::replaced(&known).into_owned();
                    altered |= self.visit(&mut value) | (shown != known);
                    cleaned.insert(shown, value);
                }
                *members = cleaned;
                altered
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

/// Drops members that say nothing: null, empty texts, lists and objects. An agent pays for each of them.
pub(crate) fn compact(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(compact),
        Value::Object(members) => {
            members.values_mut().for_each(compact);
            members.retain(|_, value| match value {
                Value::Null => false,
                Value::String(text) => !text.is_empty(),
                Value::Array(items) => !items.is_empty(),
                Value::Object(members) => !members.is_empty(),
                _ => true,
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reliability_10_5_secrets_and_hidden_metadata_never_come_through() {
        let cleaner = Cleaner {
            metadata: false,
            secrets: Secrets::default(),
        };
        let mut value = json!({
            "id": "user_1", "private_metadata": {"a": 1}, "unsafe_metadata": {"b": 2}, "public_metadata": {"c": 3},
            "token": "CANARY", "note": "key sk_test_CANARYCANARY1",
            "rows": [{"ti\u{200b}tle": "a\u{1b}[2Jb", "sk_test_CANARYCANARY1": 1}],
        });
        assert!(cleaner.clean(&mut value));
        let text = value.to_string();
        assert!(
            !text.contains("CANARY") && !text.contains("_metadata\":{\"a"),
            "{text}"
        );
        assert_eq!(value["rows"][0]["ti\u{fffd}tle"], "a\u{fffd}[2Jb");
        assert_eq!(value["public_metadata"]["c"], 3);
        assert!(value.get("unsafe_metadata").is_none());
        let open = Cleaner {
            metadata: true,
            ..cleaner
        };
        let mut value = json!({"private_metadata": {"a": 1}});
        assert!(!open.clean(&mut value));
        assert_eq!(value["private_metadata"]["a"], 1);
    }
}
