//! Hides what no format shows (reliability.md 7.6): values that grant access, such as the link of an invitation, and what was
//! sent as a secret.
//!
//! `view` names the members. All other text stays unchanged.

use std::borrow::Cow;
use std::ops::Range;

use super::rows::Shape;
use super::token::{Token, Tokens, is_named, members};
use crate::text::secrets::Secrets;

/// What stands in the place of a value.
const SHOWN: &str = "\"[hidden: --show-secrets shows it]\"";

/// JSON without these secrets: its strings only, since numbers that look alike are others.
pub(super) fn mask<'a>(json: &'a str, secrets: &Secrets) -> Cow<'a, str> {
    if !secrets.are_in(json) {
        return Cow::Borrowed(json);
    }
    let mut masked = String::with_capacity(json.len());
    let mut at = 0;
    for token in Tokens::new(json) {
        let Token::Text(text) = token else { continue };
        let start = text.as_ptr() as usize - json.as_ptr() as usize;
        masked.push_str(&json[at..start]);
        masked.push_str(&secrets.mask(text));
        at = start + text.len();
    }
    masked.push_str(&json[at..]);
    Cow::Owned(masked)
}

/// The text of an object, a list or a row, with the values at these paths hidden.
pub(super) fn hide<'a>(text: &'a str, paths: &[&str]) -> Cow<'a, str> {
    if paths.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut places = Vec::new();
    for row in Shape::of(text).rows() {
        for path in paths {
            find(text, row, path, &mut places);
        }
    }
    places.sort_unstable_by_key(|place| place.start);
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        shown.push_str(&text[at..place.start]);
        shown.push_str(SHOWN);
        at = place.end;
    }
    shown.push_str(&text[at..]);
    Cow::Owned(shown)
}

/// Finds the values at a path of names, wherever an object has the name more than once in each place.
fn find(text: &str, object: &str, path: &str, places: &mut Vec<Range<usize>>) {
    let (name, deeper) = match path.split_once('.') {
        Some((name, deeper)) => (name, Some(deeper)),
        None => (path, None),
    };
    for (_, value) in members(object).filter(|(quoted, _)| is_named(quoted, name)) {
        match deeper {
            Some(deeper) => find(text, value, deeper, places),
            None if value == "null" => {}
            None => {
                let start = value.as_ptr() as usize - text.as_ptr() as usize;
                places.push(start..start + value.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_look_like_a_secret_stay() {
        let secrets = Secrets::default();
        secrets.add("123456");
        let json = "{\"at\":1234567, \"code\": \"x123456\"}";
        assert_eq!(
            mask(json, &secrets),
            "{\"at\":1234567, \"code\": \"x[redacted]\"}"
        );
    }

    #[test]
    fn reliability_7_6_only_the_value_goes() {
        let paths = ["url", "invitation.url"];
        let hidden = |text| hide(text, &paths).into_owned();
        assert_eq!(
            hidden(
                r#"{"id": 1.50, "\u0075rl" : "CANARY", "url":{"a":"CANARY"},"x":{"url":"stays"}}"#
            ),
            r#"{"id": 1.50, "\u0075rl" : "[hidden: --show-secrets shows it]", "url":"[hidden: --show-secrets shows it]","x":{"url":"stays"}}"#
        );
        for list in [
            r#"[{"url":"CANARY"},{"invitation":{"url":"CANARY"},"url":null}]"#,
            r#"{"data":[{"url":"CANARY"},{"invitation":{"url":"CANARY"},"url":null}],"total_count":2}"#,
        ] {
            let shown = hidden(list);
            assert!(!shown.contains("CANARY"), "{shown}");
            assert!(shown.contains(r#""url":null"#), "{shown}");
        }
        assert_eq!(hide("[1]", &[]), "[1]");
    }
}
