//! Text that somebody else wrote: escaped, and with everything visible that would not be (reliability 11.3).

use std::borrow::Cow;

use maud::{Markup, Render, html};
use serde::Deserialize;

/// Text of the database or of a request. On a page it can only be shown in this way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct Text(String);

impl Text {
    /// As it is, for paths and comparisons.
    pub(super) fn raw(&self) -> &str {
        &self.0
    }

    /// For attributes and titles, where no markup can be.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        plain(&self.0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Render for Text {
    fn render(&self) -> Markup {
        shown(&self.0, &[])
    }
}

/// The same over several lines, as for pretty JSON.
pub(super) fn block(text: &str) -> Markup {
    shown(text, &['\n'])
}

/// Text isolated from what is around it, whichever way it is written.
fn shown(text: &str, allowed: &[char]) -> Markup {
    html! {
        bdi {
            @for (part, hidden) in Parts::of(text, allowed) {
                @if hidden { span.odd { (escape(part)) } } @else { (part) }
            }
        }
    }
}

/// Text with hidden characters written out.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let mut parts = Parts::of(text, &[]);
    match parts.next() {
        None => Cow::Borrowed(""),
        Some((part, false)) if part.len() == text.len() => Cow::Borrowed(text),
        _ => Cow::Owned(
            Parts::of(text, &[])
                .map(|(part, hidden)| {
                    if hidden {
                        escape(part)
                    } else {
                        part.to_owned()
                    }
                })
                .collect(),
        ),
    }
}

fn escape(hidden: &str) -> String {
    hidden
        .chars()
        .map(|c| c.escape_default().to_string())
        .collect()
}

/// Runs of a text that are hidden or not.
struct Parts<'a> {
    rest: &'a str,
    before: Option<char>,
    allowed: &'a [char],
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, allowed: &'a [char]) -> Self {
        Self {
            rest: text,
            before: None,
            allowed,
        }
    }

    fn is_hidden(&self, before: Option<char>, c: char, after: Option<char>) -> bool {
        // Joiners belong to emoji and to some scripts, all of them beyond ASCII.
        let joins = |side: Option<char>| side.is_some_and(|c| !c.is_ascii() && !is_invisible(c));
        match c {
            '\u{200c}' | '\u{200d}' => !(joins(before) && joins(after)),
            _ => is_invisible(c) && !self.allowed.contains(&c),
        }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = (&'a str, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let mut chars = self.rest.char_indices().peekable();
        let (mut kind, mut end, mut before) = (None, self.rest.len(), self.before);
        while let Some((at, c)) = chars.next() {
            let hidden = self.is_hidden(before, c, chars.peek().map(|(_, c)| *c));
            if *kind.get_or_insert(hidden) != hidden {
                end = at;
                break;
            }
            before = Some(c);
        }
        let (part, rest) = self.rest.split_at(end);
        (self.rest, self.before) = (rest, before);
        kind.map(|hidden| (part, hidden))
    }
}

/// Control characters, marks that turn the direction of writing, and characters of no width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        // reliability 11.3
        let shown = Text::from("<script>alert(\"1\")</script>&")
            .render()
            .into_string();
        assert_eq!(
            shown,
            "<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;</bdi>"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        // reliability 11.3, 8.1
        for (raw, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a\u{202e}gpj.exe", "a\\u{202e}gpj.exe"),
            ("a\nb\tc\u{0}\u{1b}[31m", "a\\nb\\tc\\u{0}\\u{1b}[31m"),
            ("x\u{200b}y\u{feff}", "x\\u{200b}y\\u{feff}"),
            ("a\u{200d}b", "a\\u{200d}b"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}\u{200d}💻", "👩\\u{200d}\\u{200d}💻"),
            ("שלום", "שלום"),
        ] {
            assert_eq!(plain(raw), expected);
        }
        let shown = Text::from("a\u{202e}b").render().into_string();
        assert_eq!(shown, "<bdi>a<span class=\"odd\">\\u{202e}</span>b</bdi>");
        assert_eq!(block("{\n}").into_string(), "<bdi>{\n}</bdi>");
    }
}
