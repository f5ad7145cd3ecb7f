//! The one function that takes secrets out of text (reliability.md 7.6). All of stderr passes it.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use serde_json::Value;

use crate::text::secrets::{REDACTED, Secrets};

/// Members of a JSON object whose values are never shown.
const NAMES: [&str; 15] = [
    "password",
    "password_digest",
    "totp_secret",
    "backup_codes",
    "token",
    "secret",
    "ticket",
    "client_secret",
    "expired_token",
    "refresh_token",
    "signing_key",
    "jwt",
    "cookies",
    "authorization",
    "proxy-authorization",
];

/// Prefixes of tokens that act for someone.
const PREFIXES: [&str; 4] = ["sk_test_", "sk_live_", "whsec_", "ak_"];

/// The longest part of one text that is shown. A longer text is not a value that an argument takes.
const LONGEST: usize = 4096;
/// The most members of one list that are shown.
const MOST: usize = 50;

/// JSON without keys, tokens and the values of secret fields, in texts inside texts too. It stays one value.
pub fn redact_value(value: &mut Value, secrets: &Secrets) {
    match value {
        Value::String(text) => *text = redact(text, secrets),
        Value::Array(items) => {
            items.truncate(MOST);
            items
                .iter_mut()
                .for_each(|item| redact_value(item, secrets));
        }
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::Null => {}
                    _ if is_secret(name) => *value = Value::from(REDACTED),
                    _ => redact_value(value, secrets),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_secret(name: &str) -> bool {
    NAMES.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Returns the text without keys, tokens, the values of secret fields and what was sent as a secret.
pub fn redact(text: &str, secrets: &Secrets) -> String {
    // What is not shown need not be read; a secret that this cut makes unreadable is behind what is shown.
    let read = &text[..text.floor_char_boundary(16 * LONGEST)];
    let mut shown = by_form(&secrets.mask(read));
    if shown.len() > LONGEST {
        shown.truncate(shown.floor_char_boundary(LONGEST));
        shown.push('…');
    }
    shown
}

/// The text without what looks like a secret.
fn by_form(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut boundary = true;
    while let Some(first) = rest.chars().next() {
        if let Some((shown, length)) = token(rest, boundary) {
            out.push_str(&shown);
            rest = &rest[length..];
            boundary = false;
            continue;
        }
        if first == '"'
            && let Some((name, value)) = member(rest)
        {
            out.push_str(&rest[..name]);
            out.push_str("\"[redacted]\"");
            rest = &rest[name + value..];
            continue;
        }
        let after_name = boundary || out.ends_with('_');
        if after_name && let Some((name, value)) = parameter(rest) {
            out.push_str(&rest[..name]);
            out.push_str(REDACTED);
            rest = &rest[name + value..];
            continue;
        }
        if boundary && let Some(head) = header(rest) {
            out.push_str(&rest[..head]);
            out.push_str(REDACTED);
            let line = rest[head..].find(['\r', '\n']).unwrap_or(rest.len() - head);
            rest = &rest[head + line..];
            continue;
        }
        boundary = !is_word(first);
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_key_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_+/=-".contains(&b)
}

/// A key or JWT at the start: what is shown in its place, and how long it is. The prefixes are found within words too; one that
/// words end with needs a tail that no word has.
fn token(text: &str, boundary: bool) -> Option<(String, usize)> {
    for prefix in PREFIXES {
        let Some(tail) = text.strip_prefix(prefix) else {
            continue;
        };
        let length = tail.bytes().take_while(|b| is_key_byte(*b)).count();
        let least = match (prefix, boundary) {
            ("ak_", true) => 6,
            ("ak_", false) => {
                let is_random = |b: u8| b.is_ascii_alphanumeric();
                let random = tail.bytes().take_while(|b| is_random(*b)).count();
                if random < 16 { usize::MAX } else { 16 }
            }
            // A key may be cut off by the end of a text.
            _ => 1,
        };
        if length >= least {
            let whole = prefix.len() + length;
            return Some((format!("{prefix}…{}", fingerprint(&text[..whole])), whole));
        }
    }
    jwt(text).map(|length| ("[token]".to_owned(), length))
}

/// `name=value` of a secret name at the start, as forms and links have it, encoded once or twice too: the lengths of what
/// stays and of what goes.
fn parameter(text: &str) -> Option<(usize, usize)> {
    const SIGNS: [&str; 3] = ["=", "%3D", "%253D"];
    let name = text.find(|c: char| !is_word(c) && c != '-')?;
    if !is_secret(&text[..name]) {
        return None;
    }
    let starts = |sign: &&&str| {
        let head = text[name..].get(..sign.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(sign))
    };
    let sign = SIGNS.iter().find(starts)?;
    let head = name + sign.len();
    let value = &text[head..];
    let end = value.find(|c: char| c.is_whitespace() || "&;,\"'<>".contains(c));
    let end = end.unwrap_or(value.len());
    let encoded = match sign.len() {
        1 => None,
        _ => value[..end].find("%26"),
    };
    let length = encoded.unwrap_or(end);
    (length > 0).then_some((head, length))
}

/// Eight digits that tell tokens apart; the same as the library gives for a key.
fn fingerprint(token: &str) -> String {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(token);
    format!("{:08x}", hash & 0xffff_ffff)
}

/// The length of three base64url parts with dots, the first a JSON object.
fn jwt(text: &str) -> Option<usize> {
    if !text.starts_with("eyJ") {
        return None;
    }
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let length = text
        .bytes()
        .take_while(|b| is_part(*b) || *b == b'.')
        .count();
    let parts = text[..length].split('.').filter(|part| part.len() > 3);
    (parts.count() >= 2).then_some(length)
}

/// `"name": value` of a secret member at the start, in JSON within JSON too, where the quotes are escaped: the lengths of what
/// stays and of what goes.
fn member(text: &str) -> Option<(usize, usize)> {
    let quoted = text.get(1..)?.split('"').next()?;
    let name = quoted.trim_end_matches('\\');
    if !is_secret(name) {
        return None;
    }
    let colon = text.get(quoted.len() + 2..)?.trim_start();
    let value = colon.strip_prefix(':')?.trim_start();
    let head = text.len() - value.len();
    let quote = format!("{}\"", &quoted[name.len()..]);
    if quote.len() > 1
        && let Some(inner) = value.strip_prefix(&quote)
    {
        let end = inner
            .find(&quote)
            .map_or(inner.len(), |end| end + quote.len());
        return Some((head, quote.len() + end));
    }
    Some((head, value_length(value)))
}

/// The length of a JSON value as far as it goes: text, a list, or a word.
fn value_length(value: &str) -> usize {
    let bytes = value.as_bytes();
    match bytes.first() {
        Some(b'"') => {
            let mut at = 1;
            while at < bytes.len() && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            let mut end = (at + 1).min(bytes.len());
            while !value.is_char_boundary(end) {
                end += 1;
            }
            end
        }
        Some(b'[') => value.find(']').map_or(value.len(), |end| end + 1),
        _ => value.find([',', '}', '\n']).unwrap_or(value.len()),
    }
}

/// The length of `Authorization: ` or `Bearer ` at the start.
fn header(text: &str) -> Option<usize> {
    let starts = |name: &str| {
        text.get(..name.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(name))
            .then_some(name.len())
    };
    starts("authorization: ")
        .or_else(|| starts("proxy-authorization: "))
        .or_else(|| starts("bearer "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        redact(text, &Secrets::default())
    }

    #[test]
    fn reliability_7_6_keys_keep_their_prefix_only() {
        let key = "sk_test_CANARYcanary123+/=";
        let shown = redacted(&format!(
            "used {key}, then whsec_CANARYcanary and ak_CANARYcanary"
        ));
        assert!(!shown.to_lowercase().contains("canary"), "{shown}");
        let fingerprint = clerk_api::SecretKey::parse(key).unwrap().fingerprint();
        assert!(
            shown.starts_with(&format!("used sk_test_…{fingerprint}, then whsec_…")),
            "{shown}"
        );
    }

    #[test]
    fn reliability_7_6_secret_members_headers_and_tokens_go() {
        for text in [
            r#"{"password":"CANARY \" CANARY","first_name":"Ada"}"#,
            r#"{"backup_codes": ["CANARY","CANARY"], "first_name":"Ada"}"#,
            "Authorization: Basic CANARY\nfirst_name Ada",
            "bearer CANARY\nAda",
            "eyJhbGciOiJSUzI1NiJ9.CANARYCANARY.CANARYCANARY Ada",
            r#"{"cookies":["__session=CANARY"],"signing_key":"CANARY","jwt":"CANARY","first_name":"Ada"}"#,
            "https://clerk.example.com/v1/tickets/accept?ticket=CANARY.CANARY&next=Ada",
            "https://x/?__clerk_ticket=CANARY&y=Ada",
            "https://x/?u=ticket%3DCANARY%26Ada",
            "https://x/?u=ticket%253DCANARY Ada",
            "password=CANARY&first_name=Ada",
            r#"{\"a\":\"{\\\"password\\\":\\\"CANARY\\\",\\\"x\\\":\\\"Ada\\\"}\"}"#,
            "HTTP_AUTHORIZATION=Bearer_sk_test_CANARY Ada",
            "xeyJhbGciOiJSUzI1NiJ9.CANARYCANARY.CANARYCANARY Ada",
            "Ada xak_CANARYCANARY0123456789",
            "Ada sk_live_CANARY",
        ] {
            let shown = redacted(text);
            assert!(!shown.contains("CANARY"), "{shown}");
            assert!(shown.contains("Ada"), "{shown}");
        }
    }

    #[test]
    fn reliability_7_6_json_stays_json_and_texts_in_it_are_read() {
        let secrets = Secrets::default();
        secrets.add("hunter2CANARY");
        let inner = r#"{"username":"ada","password":"CANARY \\" x"}"#;
        let mut value = serde_json::json!({
            "message": "the header 'Authorization: Bearer CANARY' is missing",
            "errors": [{"code": "x", "meta": {"body": inner, "Password": ["CANARY"], "param_name": "password"}}],
            "echo": "xhunter2CANARYx",
            "sent": "yes",
        });
        redact_value(&mut value, &secrets);
        let shown = value.to_string();
        assert!(!shown.contains("CANARY"), "{shown}");
        assert_eq!(value["errors"][0]["meta"]["param_name"], "password");
        assert_eq!(value["sent"], "yes");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut() {
        let shown = redacted(&"é".repeat(10_000_000));
        assert_eq!(shown.len(), LONGEST + "…".len());
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "",
            "task_force_1234567",
            "break_something_or_other_1234567",
            "a key begins with sk_test_ or sk_live_",
            "page_token_1=x",
            r#"{"code":"form_password_pwned","message":"ä ✓"}"#,
            "the token is missing: \"token",
            "\"password\"",
            "a ticket for ticket_1",
        ] {
            assert_eq!(redacted(text), text);
        }
    }
}
