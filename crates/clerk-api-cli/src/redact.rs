//! The one function that takes secrets out of text (reliability.md 7.6). All of stderr passes it.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

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

/// What stands before the secret of a link that lets its holder in.
const TICKET: &str = "ticket=";

/// Returns the text without keys, tokens and the values of secret fields.
pub(crate) fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut boundary = true;
    while let Some(first) = rest.chars().next() {
        if boundary && let Some((shown, length)) = token(rest) {
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
        if boundary && let Some(value) = rest.strip_prefix(TICKET) {
            out.push_str(TICKET);
            out.push_str("[redacted]");
            rest = value.trim_start_matches(is_ticket);
            continue;
        }
        if boundary && let Some(head) = header(rest) {
            out.push_str(&rest[..head]);
            out.push_str("[redacted]");
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

fn is_ticket(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.~%".contains(c)
}

fn is_key_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_+/=-".contains(&b)
}

/// A key or JWT at the start: what is shown in its place, and how long it is.
fn token(text: &str) -> Option<(String, usize)> {
    for prefix in PREFIXES {
        let Some(tail) = text.strip_prefix(prefix) else {
            continue;
        };
        let length = tail.bytes().take_while(|b| is_key_byte(*b)).count();
        if length >= 6 {
            let whole = prefix.len() + length;
            return Some((format!("{prefix}…{}", fingerprint(&text[..whole])), whole));
        }
    }
    jwt(text).map(|length| ("[token]".to_owned(), length))
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

/// `"name": value` of a secret member at the start: the lengths of what stays and of what goes.
fn member(text: &str) -> Option<(usize, usize)> {
    let name = text.get(1..)?.split('"').next()?;
    if !NAMES.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
        return None;
    }
    let after = name.len() + 2;
    let spaced = text.get(after..)?;
    let colon = spaced.trim_start();
    let value = colon.strip_prefix(':')?.trim_start();
    let head = text.len() - value.len();
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

    #[test]
    fn reliability_7_6_keys_keep_their_prefix_only() {
        let key = "sk_test_CANARYcanary123+/=";
        let shown = redact(&format!(
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
        ] {
            let shown = redact(text);
            assert!(!shown.contains("CANARY"), "{shown}");
            assert!(shown.contains("Ada"), "{shown}");
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "",
            "task_force_1234567",
            r#"{"code":"form_password_pwned","message":"ä ✓"}"#,
            "the token is missing: \"token",
            "\"password\"",
            "a ticket for ticket_1",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
