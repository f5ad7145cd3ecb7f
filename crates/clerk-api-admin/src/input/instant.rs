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

/// The same of a moment that is told from now, in milliseconds: `now`, `today` and `yesterday` (midnight UTC), or a time ago such as `90d`,
/// with `s`, `m`, `h`, `d` or `w`.
pub fn from_now(text: &str, now: i64) -> Option<i64> {
    const DAY: i64 = 86_400_000;
    let midnight = now - now.rem_euclid(DAY);
    match text {
        "now" => return Some(now),
        "today" => return Some(midnight),
        "yesterday" => return Some(midnight - DAY),
        _ => {}
    }
    let unit = match text.chars().next_back()? {
        's' => 1000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => DAY,
        'w' => 7 * DAY,
        _ => return None,
    };
    let count = text.get(..text.len() - 1)?;
    let plain = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    let count: i64 = plain.then(|| count.parse().ok()).flatten()?;
    now.checked_sub(count.checked_mul(unit)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_can_be_told_from_now() {
        let now = 1_767_225_600_000 + 3_600_000;
        let at = |text| from_now(text, now);
        assert_eq!(at("now"), Some(now));
        assert_eq!(at("today"), Some(1_767_225_600_000));
        assert_eq!(at("yesterday"), Some(1_767_225_600_000 - 86_400_000));
        assert_eq!(at("90d"), Some(now - 90 * 86_400_000));
        assert_eq!(at("2w"), at("14d"));
        assert_eq!(at("1h"), Some(1_767_225_600_000));
        for text in [
            "",
            "d",
            "-1d",
            "1.5d",
            "90",
            "90 d",
            "1y",
            "99999999999999999d",
            "é",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

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
