//! Takes secrets out of bodies that are shown: JSON that may have been cut, or any text (reliability 7.6).

/// Fields whose values are never shown.
const SECRETS: [&str; 13] = [
    "password",
    "new_password",
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
];
/// The same in requests only: in answers it is what an error is called.
const CODE: &str = "code";
/// What secrets begin with, wherever they stand.
const PREFIXES: [&str; 6] = ["sk_test_", "sk_live_", "whsec_", "lct_", "eyJ", "ticket="];
/// Fewer characters after such a beginning are no secret.
const SHORTEST: usize = 6;
const MASK: &str = "…";

/// Which way a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Out,
}

/// Masks the values of secret fields, and secrets in all other texts.
pub(crate) fn json(text: &str, way: Way) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..at]);
        let (token, after) = rest[at..].split_at(string(&rest[at..]));
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        match value {
            Some(value) if is_secret(token, way) => {
                let value_at = after.len() - value.len();
                out.push_str(token);
                out.push_str(&after[..value_at]);
                let length = length(value);
                out.push_str(masked(&value[..length]));
                rest = &value[length..];
            }
            _ => {
                out.push_str(&words(token));
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Masks what begins as a secret does.
pub(crate) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, prefix)) = first(rest) {
        let (before, secret) = rest.split_at(at + prefix.len());
        let length = secret.find(|c| !is_part(c)).unwrap_or(secret.len());
        out.push_str(before);
        if length >= SHORTEST {
            out.push_str(MASK);
            rest = &secret[length..];
        } else {
            rest = secret;
        }
    }
    out.push_str(rest);
    out
}

fn first(text: &str) -> Option<(usize, &'static str)> {
    let found = PREFIXES
        .iter()
        .filter_map(|prefix| Some((text.find(prefix)?, *prefix)));
    found.min_by_key(|(at, _)| *at)
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.+/=~%".contains(c)
}

/// Returns whether a token is the name of a secret field.
fn is_secret(token: &str, way: Way) -> bool {
    serde_json::from_str::<String>(token).is_ok_and(|name| {
        SECRETS
            .iter()
            .any(|secret| name.eq_ignore_ascii_case(secret))
            || (way == Way::In && name == CODE)
    })
}

/// The placeholder for a secret value. An absent value is not a secret.
fn masked(value: &str) -> &str {
    match value {
        "null" | "true" | "false" | "\"\"" | "[]" | "" => value,
        _ => "\"…\"",
    }
}

/// The length of a string with its quotes, up to the end of a text that was cut.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the value at the beginning of a text.
fn length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at += string(&text[at..]);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth <= 1 => return at + depth,
            b']' | b'}' => depth -= 1,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        // reliability 7.6
        for (text, shown) in [
            (
                r#"{"password": "hunter2\"}", "first_name":"Ada"}"#,
                r#"{"password": "…", "first_name":"Ada"}"#,
            ),
            (
                r#"{"a":{"backup_codes":["1","2]"],"totp_secret":null}}"#,
                r#"{"a":{"backup_codes":"…","totp_secret":null}}"#,
            ),
            (r#"{"p\u0061ssword":"x1"}"#, r#"{"p\u0061ssword":"…"}"#),
            (r#"{"secret":123,"b":1}"#, r#"{"secret":"…","b":1}"#),
            (
                r#"{"url":"http://x/v1/tickets/accept?ticket=0123456789abc&y=1"}"#,
                r#"{"url":"http://x/v1/tickets/accept?ticket=…&y=1"}"#,
            ),
            (
                r#"{"n":"the key is sk_test_abcdefghij!"}"#,
                r#"{"n":"the key is sk_test_…!"}"#,
            ),
            (
                r#"{"x":"eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}"#,
                r#"{"x":"eyJ…"}"#,
            ),
            (r#"{"code":"424242"}"#, r#"{"code":"…"}"#),
            // Cut in the middle.
            (r#"{"a":1,"password":"hunt"#, r#"{"a":1,"password":"…""#),
            (r#"{"a":1,"password":["hunt"#, r#"{"a":1,"password":"…""#),
            (r#"{"a":1,"passw"#, r#"{"a":1,"passw"#),
            (r#"["token","x"]"#, r#"["token","x"]"#),
            ("", ""),
        ] {
            assert_eq!(json(text, Way::In), shown, "{text}");
        }
        let error = r#"{"errors":[{"code":"form_param_unknown"}]}"#;
        assert_eq!(json(error, Way::Out), error);
    }

    #[test]
    fn paths_are_masked_too() {
        assert_eq!(words("/v1/x?ticket=abcdef012"), "/v1/x?ticket=…");
        assert_eq!(
            words("/v1/users?query=sk_test_"),
            "/v1/users?query=sk_test_"
        );
    }
}
