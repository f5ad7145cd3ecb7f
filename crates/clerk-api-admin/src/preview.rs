//! `--dry-run`: the request as it would go out, without its secrets.

use clerk_api::Args;
use clerk_api::declare::{Field, Kind, Meta};
use clerk_api::request::{self, Body};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::problem::{Outcome, Problem};

const REDACTED: &str = "[redacted]";

#[derive(Serialize)]
struct Preview<'a> {
    method: &'static str,
    path: String,
    body: Option<&'a RawValue>,
}

/// The request of a call as JSON text.
pub fn request(meta: &'static Meta, args: &Args) -> Outcome<String> {
    let args = shown(meta, args)?;
    let built = request::build(meta, &args).map_err(|error| Problem::usage(error.to_string()))?;
    let text = match &built.body {
        Body::Json(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Body::Multipart { .. } => Some(multipart(meta, &args)),
        _ => None,
    };
    let bad =
        |error: serde_json::Error| Problem::usage(format!("the request cannot be shown: {error}"));
    let body = text.map(RawValue::from_string).transpose().map_err(bad)?;
    let preview = Preview {
        method: built.verb.as_str(),
        path: format!("/v1{}", built.path),
        body: body.as_deref(),
    };
    serde_json::to_string(&preview).map_err(bad)
}

/// The arguments with what is always sent and without what is never shown.
fn shown(meta: &Meta, args: &Args) -> Outcome<Args> {
    let mut shown = args.clone();
    for (name, json) in meta.preset {
        if args.get(name).is_none()
            && let Ok(raw) = RawValue::from_string((*json).to_owned())
        {
            shown.set_raw(name, raw);
        }
    }
    for field in meta.fields {
        let Some(value) = args.get(field.name) else {
            continue;
        };
        if hides(field)
            && let Ok(mut value) = serde_json::from_str::<Value>(value.get())
        {
            hide(field, &mut value);
            let raw = to_raw_value(&value).map_err(|error| Problem::usage(error.to_string()))?;
            shown.set_raw(field.name, raw);
        }
    }
    Ok(shown)
}

/// Whether a field, or one inside it, is secret.
fn hides(field: &Field) -> bool {
    match field.kind {
        Kind::Secret => true,
        Kind::Records(fields) => fields.iter().any(hides),
        _ => false,
    }
}

fn hide(field: &Field, value: &mut Value) {
    match (field.kind, value) {
        (_, Value::Null) => {}
        (Kind::Records(fields), Value::Array(rows)) => {
            for row in rows {
                for field in fields {
                    if let Some(value) = row.get_mut(field.name) {
                        hide(field, value);
                    }
                }
            }
        }
        (Kind::Secret, Value::Array(items)) => items.fill(json!(REDACTED)),
        (Kind::Secret, value) => *value = json!(REDACTED),
        _ => {}
    }
}

/// A file is shown by its name and size.
fn multipart(meta: &Meta, args: &Args) -> String {
    let mut parts = serde_json::Map::new();
    for field in meta.fields {
        let Some(value) = args
            .get(field.name)
            .and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok())
        else {
            continue;
        };
        if matches!(field.kind, Kind::Upload) {
            let encoded = value["data"].as_str().unwrap_or_default();
            let padding = encoded.bytes().rev().take_while(|b| *b == b'=').count();
            let size = encoded.len() / 4 * 3 - padding;
            parts.insert(
                field.name.to_owned(),
                json!({"file_name": value["file_name"], "bytes": size}),
            );
        } else if field.place == clerk_api::declare::Place::Part {
            parts.insert(field.name.to_owned(), value);
        }
    }
    Value::Object(parts).to_string()
}

#[cfg(test)]
mod tests {
    use clerk_api::ops::find;

    use super::*;

    fn preview(id: &str, args: &[(&str, &str)]) -> String {
        let mut all = Args::new();
        for (name, json) in args {
            all.set_raw(name, RawValue::from_string((*json).to_owned()).unwrap());
        }
        request(find(id).unwrap().meta, &all).unwrap()
    }

    #[test]
    fn a_request_is_shown_whole_but_for_its_secrets() {
        let text = preview(
            "users.create",
            &[
                ("email_address", r#"["a+b@c.de"]"#),
                ("password", r#""CANARY""#),
                ("backup_codes", r#"["CANARY","CANARY"]"#),
            ],
        );
        assert!(!text.contains("CANARY"), "{text}");
        insta::assert_snapshot!(text, @r#"{"method":"POST","path":"/v1/users","body":{"email_address":["a+b@c.de"],"password":"[redacted]","backup_codes":["[redacted]","[redacted]"]}}"#);
    }

    #[test]
    fn presets_are_shown_and_values_encoded() {
        insta::assert_snapshot!(preview("organizations.list", &[("query", r#""a b+c""#)]), @r#"{"method":"GET","path":"/v1/organizations?include_members_count=true&query=a%20b%2Bc","body":null}"#);
    }

    #[test]
    fn a_file_is_shown_by_name_and_size() {
        let text = preview(
            "users.set_profile_image",
            &[
                ("user_id", r#""user_1""#),
                ("file", r#"{"file_name":"ada.png","data":"AAAAAA=="}"#),
            ],
        );
        insta::assert_snapshot!(text, @r#"{"method":"POST","path":"/v1/users/user_1/profile_image","body":{"file":{"file_name":"ada.png","bytes":4}}}"#);
    }
}
