//! What this run sends as a secret: masked by value wherever it comes back, in every form (reliability.md 7.6).

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use clerk_api::declare::{Field, Kind, Meta};
use clerk_api::{Args, SecretKey};
use serde_json::Value;
use zeroize::Zeroizing;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Shorter values are found only by the names of their fields, because every text contains them.
const SHORTEST: usize = 4;

/// The secrets of a run, shared by all who write.
#[derive(Clone, Default)]
pub struct Secrets(Rc<RefCell<Vec<Form>>>);

/// One form of a secret, and what is shown in its place.
struct Form {
    text: Zeroizing<String>,
    shown: String,
}

impl Secrets {
    /// Takes the key. Its prefix and its fingerprint may be shown.
    pub fn add_key(&self, key: &SecretKey) {
        let shown = format!("{}…{}", key.prefix(), key.fingerprint());
        self.add_as(key.expose(), &shown);
    }

    /// Takes a value that must not be shown.
    pub fn add(&self, value: &str) {
        self.add_as(value, REDACTED);
    }

    fn add_as(&self, value: &str, shown: &str) {
        if value.len() < SHORTEST {
            return;
        }
        let quoted = Value::from(value).to_string();
        let encoded = percent_encoded(value);
        let forms = [
            value.to_owned(),
            quoted[1..quoted.len() - 1].to_owned(),
            encoded.replace("%20", "+"),
            encoded,
            STANDARD_NO_PAD.encode(value),
        ];
        let mut all = self.0.borrow_mut();
        for text in forms.map(Zeroizing::new) {
            if !all.iter().any(|form| form.text == text) {
                let shown = shown.to_owned();
                all.push(Form { text, shown });
            }
        }
        // A longer one may hold a shorter one.
        all.sort_unstable_by_key(|form| std::cmp::Reverse(form.text.len()));
    }

    /// Takes the arguments that the operation declares to be secret.
    pub fn add_arguments(&self, meta: &Meta, args: &Args) {
        for field in meta.fields {
            let value = args.get(field.name);
            let value = value.and_then(|raw| serde_json::from_str(raw.get()).ok());
            self.add_field(field, value.as_ref());
        }
    }

    fn add_field(&self, field: &Field, value: Option<&Value>) {
        match (&field.kind, value) {
            (Kind::Records(fields), Some(Value::Array(rows))) => {
                for row in rows {
                    for field in *fields {
                        self.add_field(field, row.get(field.name));
                    }
                }
            }
            (Kind::Secret, Some(Value::Array(items))) => {
                items
                    .iter()
                    .filter_map(Value::as_str)
                    .for_each(|item| self.add(item));
            }
            (Kind::Secret, Some(Value::String(text))) => self.add(text),
            _ => {}
        }
    }

    /// The text without them.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for form in self.0.borrow().iter() {
            if form.is_in(&text) {
                text = Cow::Owned(text.replace(form.text.as_str(), &form.shown));
            }
        }
        text
    }

    /// Whether one of them is in a text.
    pub fn are_in(&self, text: &str) -> bool {
        self.0.borrow().iter().any(|form| form.is_in(text))
    }
}

impl Form {
    fn is_in(&self, text: &str) -> bool {
        memchr::memmem::find(text.as_bytes(), self.text.as_bytes()).is_some()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.extend(["%".to_owned(), format!("{byte:02X}")]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_7_6_what_was_sent_as_a_secret_is_masked_in_each_form() {
        let secrets = Secrets::default();
        secrets.add("hunter2 \"& more");
        for text in [
            "x hunter2 \"& more x",
            "hunter2 \\\"& more",
            "hunter2%20%22%26%20more",
            "hunter2+%22%26+more",
            "aHVudGVyMiAiJiBtb3Jl",
        ] {
            let shown = secrets.mask(text);
            assert!(
                shown.contains(REDACTED) && !shown.contains("hunter2"),
                "{shown}"
            );
        }
        secrets.add("abc");
        assert_eq!(secrets.mask("abc"), "abc");
    }

    #[test]
    fn reliability_7_6_arguments_say_whether_they_are_secret() {
        let secrets = Secrets::default();
        let mut args = Args::new();
        args.set("password", &"hunter2hunter2").unwrap();
        args.set("backup_codes", &["code1code1"]).unwrap();
        args.set("username", &"adaada").unwrap();
        let meta = clerk_api::ops::find("users.create").unwrap().meta;
        secrets.add_arguments(meta, &args);
        let shown = secrets.mask("hunter2hunter2 code1code1 adaada");
        assert_eq!(shown, "[redacted] [redacted] adaada");
    }
}
