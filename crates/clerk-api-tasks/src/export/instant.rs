//! Instants as text that sorts: ISO 8601 in UTC with milliseconds, always as long.

use clerk_api::time::Timestamp;

const DAY: i64 = 86_400_000;

/// An instant's text, such as `2026-11-27T15:33:12.345Z`.
#[derive(Debug, Clone, Copy)]
pub struct Iso([u8; 24]);

impl Iso {
    /// The text; nothing for what lies outside of the years 0 to 9999.
    ///
    /// Written by hand, since an export of a million users writes ten million of them.
    #[must_use]
    pub fn of(instant: Timestamp) -> Option<Self> {
        let millis = instant.as_millis();
        let (year, month, day) = civil(millis.div_euclid(DAY));
        if !(0..=9999).contains(&year) {
            return None;
        }
        let within = millis.rem_euclid(DAY);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let parts = [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, within / 3_600_000),
            (14, 2, within / 60_000 % 60),
            (17, 2, within / 1000 % 60),
            (20, 3, within % 1000),
        ];
        for (start, length, mut number) in parts {
            for digit in text[start..start + length].iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
        }
        Some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The year, month and day of a day since 1970, in the Gregorian calendar. Years begin in March here, so that the leap day is the
/// last one, and come in eras of 400.
const fn civil(day: i64) -> (i64, i64, i64) {
    let day = day.saturating_add(719_468);
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year + era * 400 + next, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn instants_outside_of_four_digit_years_have_no_text() {
        for millis in [i64::MIN, -62_167_219_200_001, 253_402_300_800_000, i64::MAX] {
            assert!(
                Iso::of(Timestamp::from_millis(millis)).is_none(),
                "{millis}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_text_is_the_calendars(millis in -62_167_219_200_000_i64..253_402_207_200_000) {
            let wanted = jiff::Timestamp::from_millisecond(millis).unwrap();
            let text = Iso::of(Timestamp::from_millis(millis)).unwrap();
            prop_assert_eq!(text.as_str(), format!("{wanted:.3}"));
        }
    }
}
