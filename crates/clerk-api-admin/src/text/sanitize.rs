//! What is done to text from the API or from input before it is shown (reliability.md 8.1 to 8.3).
//!
//! One scan finds the characters that must not reach a terminal as they are; how they are written
//! instead depends on where the text goes: `text` for people, `json_string` for JSON.

mod class;

use std::borrow::Cow;

use class::{is_emoji, is_forbidden, is_joiner, is_keycap_base, is_mark, is_variation_selector};

/// How many combining marks one base may carry.
const MARKS_PER_BASE: u8 = 4;

/// Text for people: one visible line, whatever it held.
#[must_use]
pub fn text(raw: &str) -> Cow<'_, str> {
    if is_plain_ascii(raw) {
        return Cow::Borrowed(raw);
    }
    rewrite(raw, Markers::Everywhere, push_for_people)
}

/// The same for bytes that may not be UTF-8; stray bytes become `\xff`.
#[must_use]
pub fn bytes(raw: &[u8]) -> Cow<'_, str> {
    if let Ok(valid) = std::str::from_utf8(raw) {
        return text(valid);
    }
    let mut shown = String::with_capacity(raw.len() + 16);
    for chunk in raw.utf8_chunks() {
        shown.push_str(&text(chunk.valid()));
        for byte in chunk.invalid() {
            push_hex(*byte, &mut shown);
        }
    }
    Cow::Owned(shown)
}

/// The inside of a JSON string, still escaped: the same characters as `\uXXXX`, so that its value stays the same.
#[must_use]
pub fn json_string(raw: &str) -> Cow<'_, str> {
    if is_json_clean(raw) {
        return Cow::Borrowed(raw);
    }
    rewrite(raw, Markers::Inside, push_for_json)
}

/// The inside of a YAML double-quoted string from the string's value.
#[must_use]
pub fn yaml_string(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len() + 2);
    scan(value, Markers::Inside, |c, hidden| match c {
        '"' => escaped.push_str("\\\""),
        '\\' => escaped.push_str("\\\\"),
        _ if hidden => push_for_yaml(c, &mut escaped),
        _ => escaped.push(c),
    });
    escaped
}

/// Text for a reader who sees no escapes, such as an agent: what cannot be seen is U+FFFD.
#[must_use]
pub fn replaced(raw: &str) -> Cow<'_, str> {
    rewrite(raw, Markers::Nowhere, |_, shown| {
        shown.push(char::REPLACEMENT_CHARACTER);
    })
}

/// Text for programs, which may be the log of a CI runner: a backslash breaks up what one would take for a command, `::` at
/// the beginning of a line and `##[` and `##vso[` anywhere (reliability.md 8.3). All else stays. Whether the text itself
/// begins a line is given.
#[must_use]
pub fn for_logs(raw: &str, begins_line: bool) -> Cow<'_, str> {
    if !raw.contains("::") && !raw.contains("##") {
        return Cow::Borrowed(raw);
    }
    let mut shown = String::with_capacity(raw.len() + 8);
    let (mut previous, mut line_start) = ('\0', begins_line);
    for (at, c) in raw.char_indices() {
        let doubled = c == previous;
        let command = match c {
            ':' => doubled && line_start,
            '#' => doubled && opens_command(&raw[at + 1..]),
            _ => false,
        };
        if command {
            shown.push('\\');
        }
        shown.push(c);
        // Runners skip blanks in front of a command.
        line_start =
            matches!(c, '\n' | '\r') || (line_start && (c.is_whitespace() || c == ':') && !doubled);
        previous = c;
    }
    Cow::Owned(shown)
}

/// Whether `json_string` has nothing to do.
#[must_use]
pub fn is_json_clean(raw: &str) -> bool {
    (raw.is_ascii() && !raw.bytes().any(|b| b < 0x20 || b == 0x7f || b == b'#')) || {
        let mut clean = true;
        scan(raw, Markers::Inside, |_, hidden| clean &= !hidden);
        clean
    }
}

/// Whether every character is printable ASCII and none starts a marker for CI runners.
fn is_plain_ascii(raw: &str) -> bool {
    raw.bytes()
        .all(|b| (0x20..0x7f).contains(&b) && b != b'#' && b != b':')
}

/// Which commands of CI runners are broken up.
#[derive(Clone, Copy, PartialEq)]
enum Markers {
    /// None.
    Nowhere,
    /// Those that count anywhere in a line.
    Inside,
    /// Those, and the one that counts at the start.
    Everywhere,
}

fn rewrite(raw: &str, markers: Markers, push: fn(char, &mut String)) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut at = 0;
    scan(raw, markers, |c, hidden| {
        if hidden {
            if shown.is_empty() {
                shown.reserve(raw.len() + 16);
                shown.push_str(&raw[..at]);
            }
            push(c, &mut shown);
        } else if !shown.is_empty() {
            shown.push(c);
        }
        at += c.len_utf8();
    });
    if shown.is_empty() {
        Cow::Borrowed(raw)
    } else {
        Cow::Owned(shown)
    }
}

/// The preceding character, as far as it matters for the next one.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// Nothing, or a character that was hidden: nothing may attach to it.
    Nothing,
    Letter,
    Emoji,
    /// A digit, `#` or `*`, which a keycap can follow.
    Keycap,
    /// An emoji that has its variation selector already.
    Selected,
    /// A joiner that stayed.
    Joined,
    Other,
}

/// Calls `each` with every character and whether it must be hidden.
fn scan(raw: &str, markers: Markers, mut each: impl FnMut(char, bool)) {
    let mut before = Before::Nothing;
    let mut marks = 0;
    let mut rest = raw.chars();
    let mut line_start = markers == Markers::Everywhere;
    let mut previous = '\0';
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        let is_mark = !is_forbidden(c) && !is_joiner(c) && !is_variation_selector(c) && is_mark(c);
        let hidden = is_forbidden(c)
            || (is_joiner(c) && !joins(before, after))
            || (is_variation_selector(c) && !selects(before, after))
            || (is_mark && (before == Before::Nothing || marks >= MARKS_PER_BASE))
            || (c == '#' && previous == '#' && markers != Markers::Nowhere && opens_command(after))
            || (c == ':' && previous == ':' && line_start);
        each(c, hidden);
        // only blanks, then exactly one colon, keep the line's start in sight
        line_start &= (c == ':' || c.is_whitespace()) && previous != ':';
        previous = if hidden { '\0' } else { c };
        (before, marks) = match () {
            () if hidden => (Before::Nothing, 0),
            () if is_mark => (before, marks + 1),
            () if is_joiner(c) => (Before::Joined, 0),
            () if is_variation_selector(c) => (Before::Selected, marks),
            () if is_emoji(c) => (Before::Emoji, 0),
            () if c.is_alphabetic() => (Before::Letter, 0),
            () if is_keycap_base(c) => (Before::Keycap, 0),
            () => (Before::Other, 0),
        };
    }
}

/// Whether a joiner after `before` is between letters or emoji.
fn joins(before: Before, after: &str) -> bool {
    let next = after.chars().next();
    matches!(before, Before::Letter | Before::Emoji | Before::Selected)
        && next
            .is_some_and(|c| !is_forbidden(c) && !is_mark(c) && (c.is_alphabetic() || is_emoji(c)))
}

/// Whether a variation selector after `before` changes an emoji.
fn selects(before: Before, after: &str) -> bool {
    before == Before::Emoji || (before == Before::Keycap && after.starts_with('\u{20e3}'))
}

/// Whether the text after `##` makes it a command of an Azure pipeline.
fn opens_command(after: &str) -> bool {
    let head = after.as_bytes();
    head.starts_with(b"[")
        || head
            .get(..4)
            .is_some_and(|head| head.eq_ignore_ascii_case(b"vso["))
}

fn push_for_people(c: char, shown: &mut String) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if c.is_ascii() => push_hex(c as u8, shown),
        c => {
            shown.push_str("\\u{");
            push_digits(u32::from(c), 2, shown);
            shown.push('}');
        }
    }
}

fn push_for_json(c: char, shown: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        shown.push_str("\\u");
        push_digits(u32::from(*unit), 4, shown);
    }
}

fn push_for_yaml(c: char, shown: &mut String) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if u32::from(c) < 0x100 => {
            shown.push_str("\\x");
            push_digits(u32::from(c), 2, shown);
        }
        c if u32::from(c) < 0x1_0000 => {
            shown.push_str("\\u");
            push_digits(u32::from(c), 4, shown);
        }
        c => {
            shown.push_str("\\U");
            push_digits(u32::from(c), 8, shown);
        }
    }
}

fn push_hex(byte: u8, shown: &mut String) {
    shown.push_str("\\x");
    push_digits(u32::from(byte), 2, shown);
}

/// Pushes at least `width` hexadecimal digits.
fn push_digits(number: u32, width: u32, shown: &mut String) {
    let needed = (8 - number.leading_zeros() / 4).max(width);
    for place in (0..needed).rev() {
        let digit = (number >> (place * 4)) & 0xf;
        shown.extend(char::from_digit(digit, 16));
    }
}

#[cfg(test)]
mod tests;
