//! `:name` in SQL: found outside of quotes and comments, and filled in as literals.

/// A name that has no value, and how many lines into the text it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) name: String,
    pub(super) line: usize,
}

/// The text with every `:name` replaced.
pub(super) fn filled(sql: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Unknown> {
    let mut text = String::with_capacity(sql.len());
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        let skipped = skipped(rest);
        if skipped > 0 {
            text.push_str(&rest[..skipped]);
            at += skipped;
            continue;
        }
        let name = name(rest);
        if name.is_empty() {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            text.push_str(&rest[..next]);
            at += next;
            continue;
        }
        let Some(value) = value(name) else {
            return Err(Unknown {
                name: name.to_owned(),
                line: sql[..at].matches('\n').count(),
            });
        };
        text.push_str(&value);
        at += 1 + name.len();
    }
    Ok(text)
}

/// How many bytes at the beginning are a quoted text, a comment or a cast.
fn skipped(rest: &str) -> usize {
    let to = |start: usize, end: &str| {
        let found = rest[start..].find(end);
        found.map_or(rest.len(), |found| start + found + end.len())
    };
    match rest.as_bytes() {
        [b'\'', ..] => to(1, "'"),
        [b'"', ..] => to(1, "\""),
        [b'-', b'-', ..] => to(2, "\n"),
        [b'/', b'*', ..] => to(2, "*/"),
        [b':', b':', ..] => 2,
        _ => 0,
    }
}

/// The name behind a colon at the beginning.
fn name(rest: &str) -> &str {
    let Some(behind) = rest.strip_prefix(':') else {
        return "";
    };
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !behind.starts_with(|c: char| c.is_ascii_lowercase()) {
        return "";
    }
    let end = behind.find(|c| !is_part(c)).unwrap_or(behind.len());
    &behind[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_days(sql: &str) -> Result<String, Unknown> {
        filled(sql, |name| (name == "days").then(|| "30".to_owned()))
    }

    #[test]
    fn names_are_filled_in_outside_of_quotes_and_comments() {
        let sql = "SELECT 'it''s :x', \":y\", a::text -- :z\n/* :w */ FROM t WHERE d > :days";
        assert_eq!(
            with_days(sql).unwrap(),
            sql.replace(":days", "30"),
            "only :days is one"
        );
    }

    #[test]
    fn a_name_without_a_value_is_reported_with_its_line() {
        let error = with_days("SELECT 1\nWHERE a > :other").unwrap_err();
        assert_eq!((error.name.as_str(), error.line), ("other", 1));
    }
}
