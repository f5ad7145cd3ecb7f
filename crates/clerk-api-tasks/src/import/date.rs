//! Dates as exports have them: seconds, milliseconds or microseconds since 1970, ISO 8601, or with a space. Each is recognized, and said.

/// The form of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Seconds,
    Millis,
    Micros,
    Iso,
    Spaced,
    NoZone,
    Day,
}

impl Unit {
    /// In words.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Seconds => "seconds since 1970",
            Self::Millis => "milliseconds since 1970",
            Self::Micros => "microseconds since 1970",
            Self::Iso => "dates in ISO 8601",
            Self::Spaced => "dates with a space before the time",
            Self::NoZone => "dates without a time zone, read as UTC,",
            Self::Day => "days, read as midnight UTC,",
        }
    }
}

/// A number below this is no moment: it would be in 1970 to 1973, and is more likely a year or a day such as 20240131.
const LEAST: f64 = 1e8;

/// The milliseconds since 1970 of a date, and the form that it has.
pub(super) fn read(text: &str) -> Option<(i64, Unit)> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        // The three forms do not meet: 10^11 seconds are in the year 5138, 10^11 milliseconds in 1973.
        let (unit, millis) = match number {
            n if !(LEAST..1e17).contains(&n) => return None,
            n if n < 1e11 => (Unit::Seconds, n * 1e3),
            n if n < 1e14 => (Unit::Millis, n),
            n => (Unit::Micros, n / 1e3),
        };
        return Some((millis.round() as i64, unit));
    }
    let millis = |text: &str| {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(|at| at.as_millisecond())
    };
    let spaced = text.as_bytes().get(10) == Some(&b' ');
    let plain = text
        .strip_suffix(" UTC")
        .or_else(|| text.strip_suffix(" +00:00"));
    let utc = plain.map(|text| format!("{text}Z"));
    if let Some(at) = millis(utc.as_deref().unwrap_or(text)) {
        return Some((at, if spaced { Unit::Spaced } else { Unit::Iso }));
    }
    if text.len() == "2026-01-31".len() {
        return millis(&format!("{text}T00:00:00Z")).map(|at| (at, Unit::Day));
    }
    millis(&format!("{text}Z")).map(|at| (at, Unit::NoZone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_the_same_moment_is_recognized() {
        for (text, unit) in [
            ("1767225600", Unit::Seconds),
            ("1767225600.000", Unit::Seconds),
            ("1767225600000", Unit::Millis),
            ("1767225600000000", Unit::Micros),
            ("2026-01-01T00:00:00Z", Unit::Iso),
            ("2026-01-01T01:00:00.000+01:00", Unit::Iso),
            ("2026-01-01 00:00:00+00", Unit::Spaced),
            ("2026-01-01 00:00:00.000000+00", Unit::Spaced),
            ("2026-01-01 00:00:00 UTC", Unit::Spaced),
            ("2026-01-01 00:00:00", Unit::NoZone),
            ("2026-01-01T00:00:00", Unit::NoZone),
            ("2026-01-01", Unit::Day),
        ] {
            assert_eq!(read(text), Some((1_767_225_600_000, unit)), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "soon",
            "2026",
            "20260131",
            "01/02/2026",
            "NaN",
            "inf",
            "2026-13-01",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
