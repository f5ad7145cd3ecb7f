//! One member of one object in a JSON text changes, and every other byte stays: comments, order, indentation, line ends.
//!
//! Comments and commas before a closing bracket are first replaced by blanks. What is left must be JSON, and each of its
//! positions is the same as in the text.

mod blank;

use std::iter::once;
use std::ops::Range;

use serde::Serialize as _;
use serde_json::Value;

use blank::{blanked, end_of_string};

/// A text, and the same text as plain JSON.
struct Text<'t> {
    text: &'t str,
    json: String,
    /// Where commas stood before a closing bracket.
    trailing: Vec<usize>,
}

/// An object in it.
struct Object {
    open: usize,
    close: usize,
    members: Vec<Member>,
}

/// A member of an object.
struct Member {
    name: String,
    start: usize,
    value: Range<usize>,
}

/// Checks that a text is an object, perhaps with comments.
pub(super) fn object(text: &str) -> Result<(), String> {
    Text::read(text).map(drop)
}

/// The value of a text that may have comments.
pub(super) fn value(text: &str) -> Result<Value, String> {
    let (json, _) = blanked(text);
    serde_json::from_str(&json).map_err(|error| error.to_string())
}

/// The text of a member of a member of the root.
pub(super) fn get(text: &str, [outer, name]: &[&str; 2]) -> Result<Option<String>, String> {
    let text = Text::read(text)?;
    let root = text.root();
    let Some(outer) = root.find(outer)? else {
        return Ok(None);
    };
    let found = text.inside(outer)?;
    let found = found.find(name)?;
    Ok(found.map(|member| text.text[member.value.clone()].to_owned()))
}

/// Sets members of an entry of an object of the root. Other members of the entry stay.
pub(super) fn set(text: &str, outer: &str, name: &str, entry: &Value) -> Result<String, String> {
    let text = Text::read(text)?;
    let root = text.root();
    let Some(found) = root.find(outer)? else {
        let whole = serde_json::json!({ name: entry });
        return Ok(text.inserted(&root, outer, &whole));
    };
    let servers = text.inside(found)?;
    let Some(there) = servers.find(name)? else {
        return Ok(text.inserted(&servers, name, entry));
    };
    let mut merged = value(&text.text[there.value.clone()])?;
    match (merged.as_object_mut(), entry.as_object()) {
        (Some(members), Some(ours)) => members.extend(ours.clone()),
        _ => merged = entry.clone(),
    }
    let indent = text.indent(there.start);
    let shown = pretty(&merged, text.unit(), indent, text.line_end());
    let (before, after) = (
        &text.text[..there.value.start],
        &text.text[there.value.end..],
    );
    Ok(format!("{before}{shown}{after}"))
}

/// Takes an entry out of an object of the root.
pub(super) fn remove(text: &str, outer: &str, name: &str) -> Result<String, String> {
    let text = Text::read(text)?;
    let root = text.root();
    let Some(found) = root.find(outer)? else {
        return Ok(text.text.to_owned());
    };
    let servers = text.inside(found)?;
    let at = servers
        .members
        .iter()
        .position(|member| member.name == name);
    Ok(at.map_or_else(|| text.text.to_owned(), |at| text.without(&servers, at)))
}

/// A value over several lines; all but the first begin with `indent`.
pub(super) fn pretty(value: &Value, unit: &str, indent: &str, line_end: &str) -> String {
    let mut out = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(unit.as_bytes());
    let mut writer = serde_json::Serializer::with_formatter(&mut out, format);
    // Writing JSON into memory cannot fail.
    let _ = value.serialize(&mut writer);
    String::from_utf8_lossy(&out).replace('\n', &format!("{line_end}{indent}"))
}

impl Object {
    /// A member; a name that is there twice means what nobody can know.
    fn find(&self, name: &str) -> Result<Option<&Member>, String> {
        let mut named = self.members.iter().filter(|member| member.name == name);
        let found = named.next();
        match named.next() {
            None => Ok(found),
            Some(_) => Err(format!("{name} is there twice")),
        }
    }
}

impl<'t> Text<'t> {
    fn read(text: &'t str) -> Result<Self, String> {
        let (json, trailing) = blanked(text);
        match serde_json::from_str::<Value>(&json) {
            Ok(Value::Object(_)) => Ok(Self {
                text,
                json,
                trailing,
            }),
            Ok(_) => Err("it is no object".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn root(&self) -> Object {
        self.object(self.json.find('{').unwrap_or_default())
    }

    fn inside(&self, member: &Member) -> Result<Object, String> {
        match self.json.as_bytes()[member.value.start] {
            b'{' => Ok(self.object(member.value.start)),
            _ => Err(format!("{} is no object", member.name)),
        }
    }

    /// The object that begins here. The text is JSON, so only the outlines matter.
    fn object(&self, open: usize) -> Object {
        let bytes = self.json.as_bytes();
        let mut members = Vec::new();
        let mut at = self.next(open + 1);
        while bytes[at] == b'"' {
            let end = end_of_string(bytes, at);
            let name = serde_json::from_str(&self.json[at..end]).unwrap_or_default();
            let value = self.next(self.next(end) + 1);
            let value = value..self.end_of_value(value);
            let comma = self.next(value.end);
            members.push(Member {
                name,
                start: at,
                value,
            });
            at = if bytes[comma] == b',' {
                self.next(comma + 1)
            } else {
                comma
            };
        }
        Object {
            open,
            close: at,
            members,
        }
    }

    /// The next position that is not blank.
    fn next(&self, at: usize) -> usize {
        let rest = self.json.as_bytes()[at..].iter();
        let blanks = rest.take_while(|byte| byte.is_ascii_whitespace()).count();
        at + blanks
    }

    fn end_of_value(&self, start: usize) -> usize {
        let bytes = self.json.as_bytes();
        let (mut at, mut depth) = (start, 0_usize);
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    at = end_of_string(bytes, at);
                    if depth == 0 {
                        return at;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => return at + depth,
                b'}' | b']' => depth -= 1,
                byte if depth == 0 && (byte == b',' || byte.is_ascii_whitespace()) => return at,
                _ => {}
            }
            at += 1;
        }
        at
    }

    fn line_end(&self) -> &'static str {
        if self.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// The blanks at the beginning of a position's line.
    fn indent(&self, at: usize) -> &'t str {
        let line = &self.text[self.line(at)..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The beginning of a position's line.
    fn line(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// What a level is indented by.
    fn unit(&self) -> &'t str {
        let lines = self.text.lines();
        let mut indented = lines.filter(|line| line.trim_start().starts_with('"'));
        let first = indented.find(|line| line.starts_with([' ', '\t']));
        first.map_or("  ", |line| &line[..line.len() - line.trim_start().len()])
    }

    /// The text with one more member, the last one of an object.
    fn inserted(&self, object: &Object, name: &str, value: &Value) -> String {
        let (text, end) = (self.text, self.line_end());
        let last = object.members.last();
        let behind = last.map_or(object.open + 1, |last| last.value.end);
        let gap = &text[behind..object.close];
        let name = Value::from(name);
        if last.is_some() && !text[object.open..object.close].contains('\n') {
            return format!("{}, {name}: {value}{}", &text[..behind], &text[behind..]);
        }
        let outside = self.indent(object.open);
        let inside = match last {
            Some(last)
                if self.text[self.line(last.start)..last.start]
                    .trim()
                    .is_empty() =>
            {
                self.indent(last.start).to_owned()
            }
            _ => format!("{outside}{}", self.unit()),
        };
        let trails = self.trails(behind, object.close);
        let comma = if last.is_none() || trails { "" } else { "," };
        let after = if trails { "," } else { "" };
        let kept = gap.trim_end();
        let closing = match &gap[kept.len()..] {
            blank if blank.contains('\n') && last.is_some() => blank.to_owned(),
            _ => format!("{end}{outside}"),
        };
        let shown = pretty(value, self.unit(), &inside, end);
        format!(
            "{}{comma}{kept}{end}{inside}{name}: {shown}{after}{closing}{}",
            &text[..behind],
            &text[object.close..]
        )
    }

    /// Whether a comma stands between a last value and its closing bracket.
    fn trails(&self, from: usize, to: usize) -> bool {
        self.trailing.iter().any(|comma| (from..to).contains(comma))
    }

    /// The text without a member of an object.
    fn without(&self, object: &Object, at: usize) -> String {
        let member = &object.members[at];
        let before = at.checked_sub(1).map(|before| &object.members[before]);
        let is_last = at + 1 == object.members.len();
        if is_last && before.is_none() && self.text[object.open + 1..member.start].trim().is_empty()
        {
            let rest = &self.text[member.value.end..object.close];
            if rest.trim_matches([',', ' ', '\t', '\r', '\n']).is_empty() {
                return self.cut(once(object.open + 1..object.close));
            }
        }
        if is_last && !self.trails(member.value.end, object.close) {
            let comma = before.map(|before| self.next(before.value.end));
            let own = self.whole_lines(member.start..member.value.end);
            let comma = comma.map(|comma| match own.start == member.start {
                // On one line with the one before.
                true => comma..member.start,
                false => comma..comma + 1,
            });
            return self.cut(comma.into_iter().chain([own]));
        }
        let comma = self
            .trailing
            .iter()
            .find(|comma| **comma >= member.value.end);
        let end = match is_last {
            true => comma.map_or(member.value.end, |comma| comma + 1),
            false => self.next(member.value.end) + 1,
        };
        let own = self.whole_lines(member.start..end);
        if own.start == member.start && !is_last {
            return self.cut(once(member.start..object.members[at + 1].start));
        }
        self.cut(once(own))
    }

    /// A range, with the rest of its lines where nothing else is on them.
    fn whole_lines(&self, range: Range<usize>) -> Range<usize> {
        let line = self.line(range.start);
        let behind = &self.json[range.end..];
        let end = range.end + behind.find('\n').map_or(behind.len(), |end| end + 1);
        let alone = self.json[line..range.start].trim().is_empty()
            && self.json[range.end..end].trim().is_empty();
        if alone { line..end } else { range }
    }

    fn cut(&self, ranges: impl IntoIterator<Item = Range<usize>>) -> String {
        let mut kept = String::new();
        let mut from = 0;
        for range in ranges {
            kept.push_str(&self.text[from..range.start]);
            from = range.end;
        }
        kept + &self.text[from..]
    }
}

#[cfg(test)]
mod tests;
