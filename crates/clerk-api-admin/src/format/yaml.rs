//! YAML 1.2 in block style: numbers as the server wrote them, strings plain only where nothing can misread them.

use super::options::RenderError;
use super::rows::Layout;
use super::token::{Token, Tokens, is_deeper_than, items, members, unquote};
use crate::text::sanitize;

/// Deeper than this, the response is refused instead of overflowing the stack (reliability.md 2.10).
pub(super) const DEPTH: usize = 128;

/// Refuses what is too deep.
pub(super) fn check_depth(json: &str) -> Result<(), RenderError> {
    if is_deeper_than(json, DEPTH) {
        return Err(RenderError::Json(format!(
            "it is deeper than {DEPTH} levels"
        )));
    }
    Ok(())
}

/// What stands in front of a list's rows.
pub(super) fn list_start(layout: &Layout) -> Result<String, RenderError> {
    let mut yaml = String::new();
    let Some(frame) = &layout.frame else {
        return Ok(yaml);
    };
    for (name, value) in &frame.before {
        push_member(name, value, &mut yaml)?;
    }
    push_name(&frame.rows, 0, &mut yaml);
    Ok(yaml)
}

/// One row of a list.
pub(super) fn list_row(row: &str, layout: &Layout) -> Result<String, RenderError> {
    check_depth(row)?;
    let mut yaml = String::with_capacity(row.len() * 2);
    let depth = layout.depth() - 1;
    if depth > 0 {
        new_line(depth, &mut yaml);
    } else if layout.written > 0 {
        yaml.push('\n');
    }
    push_item(row, depth, &mut yaml);
    Ok(yaml)
}

/// What stands behind a list's rows.
pub(super) fn list_end(layout: &Layout) -> Result<String, RenderError> {
    let mut yaml = match (&layout.frame, layout.written) {
        (None, 0) => "[]\n".to_owned(),
        (Some(_), 0) => " []\n".to_owned(),
        _ => "\n".to_owned(),
    };
    for (name, value) in layout.frame.iter().flat_map(|frame| &frame.after) {
        push_member(name, value, &mut yaml)?;
    }
    Ok(yaml)
}

fn push_member(name: &str, value: &str, yaml: &mut String) -> Result<(), RenderError> {
    check_depth(value)?;
    push_name(name, 0, yaml);
    push_below(value, 1, yaml);
    yaml.push('\n');
    Ok(())
}

/// Appends a value that begins on the current line and whose further lines are `depth` levels deep.
pub(super) fn push(value: &str, depth: usize, yaml: &mut String) {
    let mut first = true;
    let mut begin = |yaml: &mut String| {
        if !std::mem::take(&mut first) {
            new_line(depth, yaml);
        }
    };
    match shape(value) {
        Block::Object => {
            for (name, inner) in members(value) {
                begin(yaml);
                push_name(name, depth, yaml);
                push_below(inner, depth + 1, yaml);
            }
        }
        Block::Array => {
            for item in items(value) {
                begin(yaml);
                push_item(item, depth, yaml);
            }
        }
        Block::No => push_scalar(value, yaml),
    }
}

/// Appends a member of a sequence, from its dash on.
fn push_item(item: &str, depth: usize, yaml: &mut String) {
    yaml.push_str("- ");
    push(item, depth + 1, yaml);
}

/// The longest name that a parser must take without `?`; well below YAML's 1024 characters.
const LONGEST_NAME: usize = 256;

fn push_name(quoted: &str, depth: usize, yaml: &mut String) {
    if quoted.len() > LONGEST_NAME {
        yaml.push_str("? ");
        push_string(quoted, yaml);
        new_line(depth, yaml);
    } else {
        push_string(quoted, yaml);
    }
    yaml.push(':');
}

/// Appends what follows a name: on the same line, or on lines below.
fn push_below(value: &str, depth: usize, yaml: &mut String) {
    if shape(value) == Block::No {
        yaml.push(' ');
    } else {
        new_line(depth, yaml);
    }
    push(value, depth, yaml);
}

fn new_line(depth: usize, yaml: &mut String) {
    yaml.push('\n');
    for _ in 0..depth {
        yaml.push_str("  ");
    }
}

#[derive(PartialEq)]
enum Block {
    Object,
    Array,
    /// Fits on one line: a plain value, or an empty container.
    No,
}

fn shape(value: &str) -> Block {
    let mut tokens = Tokens::new(value);
    match (tokens.next(), tokens.next()) {
        (Some(Token::Open(_)), None | Some(Token::Close(_))) => Block::No,
        (Some(Token::Open(b'{')), _) => Block::Object,
        (Some(Token::Open(_)), _) => Block::Array,
        _ => Block::No,
    }
}

fn push_scalar(value: &str, yaml: &mut String) {
    match Tokens::new(value).next() {
        Some(Token::Open(b'{')) => yaml.push_str("{}"),
        Some(Token::Open(_)) => yaml.push_str("[]"),
        Some(Token::Text(text)) => push_string(text, yaml),
        Some(Token::Scalar(scalar)) => yaml.push_str(&sanitize::text(scalar)),
        _ => yaml.push_str("null"),
    }
}

fn push_string(quoted: &str, yaml: &mut String) {
    let value = unquote(quoted).unwrap_or_default();
    if is_plain_safe(&value) {
        yaml.push_str(&value);
    } else {
        yaml.push('"');
        yaml.push_str(&sanitize::yaml_string(&value));
        yaml.push('"');
    }
}

/// Whether every YAML parser, old ones too, reads the bare text as this string.
fn is_plain_safe(value: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.ends_with(|c: char| c.is_ascii_alphanumeric())
        && value.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@' | b'/' | b'+' | b' ')
        })
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(json: &str) -> String {
        let mut out = String::new();
        push(json, 0, &mut out);
        out
    }

    #[test]
    fn every_shape_has_its_form() {
        let json = r#"{"id":"user_1","n":12345678901234567890.10,"none":null,"yes":"no","role":"org:admin",
            "e":[],"o":{},"list":[{"a":1,"b":{"c":"x: y"}},[1,[2,"3"]],"t"],"text":"two\nlines \u202e \ud83d\ude00","d":"2024-01-01"}"#;
        insta::assert_snapshot!(yaml(json), @r#"
        id: user_1
        "n": 12345678901234567890.10
        none: null
        "yes": "no"
        role: "org:admin"
        e: []
        o: {}
        list:
          - a: 1
            b:
              c: "x: y"
          - - 1
            - - 2
              - "3"
          - t
        text: "two\nlines \u202e 😀"
        d: "2024-01-01"
        "#);
        assert_eq!(yaml("[1]"), "- 1");
        assert_eq!(yaml("\"\""), "\"\"");
    }

    #[test]
    fn long_names_are_explicit() {
        let name = "k".repeat(300);
        assert_eq!(
            yaml(&format!("{{\"{name}\":{{\"a\":1}}}}")),
            format!("? {name}\n:\n  a: 1")
        );
    }
}
