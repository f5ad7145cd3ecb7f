//! JSON as it came: the server's own bytes, compacted or indented, never read into values.
//!
//! Numbers, key order, duplicate keys and escapes stay. The one change: characters that must not reach a
//! terminal or a CI log as they are become `\uXXXX`, which leaves the value as it was (reliability.md 8.2).

use std::io::{self, Write};

use super::rows::Layout;
use super::token::{Token, Tokens, inside, string_end};
use crate::text::sanitize;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// One member a line, indented by two.
    pub pretty: bool,
    /// With colors.
    pub color: bool,
}

const NAME: &str = "\x1b[1;34m";
const STRING: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[33m";
const WORD: &str = "\x1b[35m";
const RESET: &str = "\x1b[0m";

/// Writes one JSON text, starting `indent` levels deep, without a line end.
pub fn write(json: &str, style: Style, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    if !style.pretty && !style.color && is_passable(json) {
        return out.write_all(json.as_bytes());
    }
    let mut tokens = Tokens::new(json);
    let mut depth = indent;
    let mut name_next = false;
    let mut containers: Vec<u8> = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(bracket) => {
                out.write_all(&[bracket])?;
                if matches!(tokens.peek(), Some(Token::Close(_))) {
                    if let Some(Token::Close(bracket)) = tokens.next() {
                        out.write_all(&[bracket])?;
                    }
                    name_next = false;
                } else {
                    depth += 1;
                    containers.push(bracket);
                    name_next = bracket == b'{';
                    new_line(style, depth, out)?;
                }
            }
            Token::Close(bracket) => {
                depth = depth.saturating_sub(1);
                containers.pop();
                new_line(style, depth, out)?;
                out.write_all(&[bracket])?;
                name_next = false;
            }
            Token::Comma => {
                out.write_all(b",")?;
                name_next = containers.last() == Some(&b'{');
                new_line(style, depth, out)?;
            }
            Token::Colon => {
                out.write_all(if style.pretty { b": " } else { b":" })?;
                name_next = false;
            }
            Token::Text(text) => write_text(text, style, name_next, out)?,
            Token::Scalar(scalar) => write_scalar(scalar, style, out)?,
        }
    }
    Ok(())
}

/// The text with no white space between its tokens, hidden characters escaped.
#[must_use]
pub fn compact(json: &str) -> String {
    let mut bytes = Vec::with_capacity(json.len());
    // a vector takes all that is written
    let written = write(json, Style::default(), 0, &mut bytes);
    debug_assert!(written.is_ok());
    String::from_utf8(bytes).unwrap_or_default()
}

/// Begins a list.
pub(super) fn list_start(layout: &Layout, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(frame) = &layout.frame else {
        return out.write_all(b"[");
    };
    out.write_all(b"{")?;
    for (name, value) in &frame.before {
        write_member(name, style, out)?;
        write(value, style, 1, out)?;
        out.write_all(b",")?;
    }
    write_member(&frame.rows, style, out)?;
    out.write_all(b"[")
}

/// Writes one row of a list.
pub(super) fn list_row(
    row: &str,
    layout: &Layout,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if layout.written > 0 {
        out.write_all(b",")?;
    }
    new_line(style, layout.depth(), out)?;
    write(row, style, layout.depth(), out)
}

/// Ends a list.
pub(super) fn list_end(layout: &Layout, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if layout.written > 0 {
        new_line(style, layout.depth() - 1, out)?;
    }
    out.write_all(b"]")?;
    if let Some(frame) = &layout.frame {
        for (name, value) in &frame.after {
            out.write_all(b",")?;
            write_member(name, style, out)?;
            write(value, style, 1, out)?;
        }
        new_line(style, 0, out)?;
        out.write_all(b"}")?;
    }
    out.write_all(b"\n")
}

/// Writes a name of the object around a list, on its own line.
fn write_member(name: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    new_line(style, 1, out)?;
    write_text(name, style, true, out)?;
    out.write_all(if style.pretty { b": " } else { b":" })
}

/// Starts a new line where the style has lines.
fn new_line(style: Style, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    if style.pretty {
        out.write_all(b"\n")?;
        for _ in 0..depth {
            out.write_all(b"  ")?;
        }
    }
    Ok(())
}

fn write_text(text: &str, style: Style, is_name: bool, out: &mut dyn Write) -> io::Result<()> {
    if style.color {
        out.write_all(if is_name { NAME } else { STRING }.as_bytes())?;
    }
    let closed = text.len() >= 2 && text.ends_with('"');
    if closed {
        let shown = sanitize::json_string(inside(text));
        out.write_all(b"\"")?;
        out.write_all(shown.as_bytes())?;
        out.write_all(b"\"")?;
    } else {
        // cut off in the middle; still nothing may move the terminal
        out.write_all(sanitize::json_string(text).as_bytes())?;
    }
    if style.color {
        out.write_all(RESET.as_bytes())?;
    }
    Ok(())
}

fn write_scalar(scalar: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = sanitize::json_string(scalar);
    if !style.color {
        return out.write_all(shown.as_bytes());
    }
    let is_number = scalar.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    out.write_all(if is_number { NUMBER } else { WORD }.as_bytes())?;
    out.write_all(shown.as_bytes())?;
    out.write_all(RESET.as_bytes())
}

/// Whether the text is compact and clean already, so that it can be copied whole.
fn is_passable(json: &str) -> bool {
    let bytes = json.as_bytes();
    // the folds run over all bytes without a branch, many at a time
    let is_dull = bytes.chunks(4096).all(|chunk| {
        chunk.iter().fold(true, |dull, b| {
            dull & (0x21..0x7f).contains(b) & (*b != b'#')
        })
    });
    if is_dull {
        return true;
    }
    let has_control = bytes.chunks(4096).any(|chunk| {
        chunk
            .iter()
            .fold(false, |found, b| found | (*b < 0x20) | (*b == 0x7f))
    });
    if has_control || (bytes.contains(&b'#') && json.contains("##")) {
        return false;
    }
    let ascii = json.is_ascii();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at);
                if !ascii && !is_clean(&json[at..end]) {
                    return false;
                }
                at = end;
            }
            // what else is white space was found above
            b' ' | 0x80.. => return false,
            _ => at += 1,
        }
    }
    true
}

/// Whether a string of a text without control characters and CI commands can stay as it is.
#[inline]
fn is_clean(quoted: &str) -> bool {
    quoted.is_ascii() || sanitize::is_json_clean(inside(quoted))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(json: &str, pretty: bool, color: bool) -> String {
        let mut out = Vec::new();
        write(json, Style { pretty, color }, 0, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn indents_without_touching_numbers_order_duplicates_or_escapes() {
        let json = r#"{"b":1.50,"a":123456789012345678901234567890,"b":[],"o":{},"l":[1E5,-0,"\u00e9\/é"],"t":true}"#;
        insta::assert_snapshot!(shown(json, true, false), @r#"
        {
          "b": 1.50,
          "a": 123456789012345678901234567890,
          "b": [],
          "o": {},
          "l": [
            1E5,
            -0,
            "\u00e9\/é"
          ],
          "t": true
        }
        "#);
        assert_eq!(shown(&shown(json, true, false), false, false), json);
    }

    #[test]
    fn hidden_characters_and_ci_commands_are_escaped_and_keep_their_value() {
        // reliability.md 8.2, 8.3
        let json = "{\"name\":\"x\u{202e}y\u{7f}\",\"n\":\"##vso[task.complete]\"}";
        let escaped = shown(json, false, false);
        assert_eq!(
            escaped,
            "{\"name\":\"x\\u202ey\\u007f\",\"n\":\"#\\u0023vso[task.complete]\"}"
        );
        let value = |text| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&escaped), value(json));
    }

    #[test]
    fn colors_surround_names_strings_numbers_and_words() {
        insta::assert_snapshot!(
            shown(r#"{"a":"x","b":[1,null]}"#, false, true).replace('\x1b', "^"),
            @r#"{^[1;34m"a"^[0m:^[32m"x"^[0m,^[1;34m"b"^[0m:[^[33m1^[0m,^[35mnull^[0m]}"#
        );
    }

    #[test]
    fn deep_text_does_not_recurse() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(shown(&deep, false, false), deep);
        assert_eq!(shown(&format!(" {deep}"), false, false), deep);
    }

    fn moves(c: char) -> bool {
        (c.is_control() && c != '\n') || c == '\u{202e}'
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            ".{0,8}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                proptest::collection::btree_map(".{0,4}", inner, 0..4).prop_map(|members| members
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_layout_keeps_the_value(value in any_json()) {
            let json = serde_json::to_string(&value).unwrap();
            let pretty = shown(&json, true, false);
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&pretty).unwrap(), &value);
            let compact = shown(&json, false, false);
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&compact).unwrap(), &value);
            prop_assert_eq!(shown(&pretty, false, false), compact);
        }

        #[test]
        fn any_text_comes_out_without_what_moves_a_terminal(raw in "[\\[\\]{},:\"\\\\ 0a\n\u{202e}\u{1b}é]{0,30}") {
            for (pretty, color) in [(false, false), (true, false)] {
                let shown = shown(&raw, pretty, color);
                prop_assert!(!shown.chars().any(moves));
            }
        }
    }
}
