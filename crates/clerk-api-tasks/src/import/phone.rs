//! Phone numbers in E.164 form. No tables of countries: one code is given for the numbers that have none.

use clerk_api::form::is_phone;

/// A number in E.164 form: separators are taken out; a number of digits gets the country's code, and loses one leading 0.
/// Nothing where it is no such number.
pub(super) fn normal(text: &str, country: Option<&str>) -> Option<String> {
    let text = text.trim();
    // In +49 (0) 170 the 0 is dialed within the country only.
    if text.starts_with('+') && text.contains("(0)") {
        return None;
    }
    let plain: String = text.chars().filter(|c| !is_separator(*c)).collect();
    if plain.starts_with('+') {
        return is_phone(&plain).then_some(plain);
    }
    let national = plain.strip_prefix('0').unwrap_or(&plain);
    if national.starts_with('0') || !national.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = format!("{}{national}", country?);
    (national.len() >= 3 && is_phone(&whole)).then_some(whole)
}

/// Whether a text is the code of a country, such as `+49`.
pub(super) fn is_country(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=3).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2011}' | '\u{2013}' | '.' | '/' | '(' | ')'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_one_leading_zero_go() {
        let german = |text| normal(text, Some("+49"));
        assert_eq!(german("0170 123-45 67").as_deref(), Some("+491701234567"));
        assert_eq!(german("(0170) 123.45/67").as_deref(), Some("+491701234567"));
        assert_eq!(german("1701234567").as_deref(), Some("+491701234567"));
        assert_eq!(german("+1 (555) 123-4567").as_deref(), Some("+15551234567"));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "0",
            "00491701234567",
            "call me",
            "0170x",
            "+49 (0)170 1234567",
            "+0170",
            "12",
        ] {
            assert_eq!(normal(text, Some("+49")), None, "{text}");
        }
        assert_eq!(normal("0170 1234567", None), None);
        assert_eq!(
            normal("+49 170 1234567", None).as_deref(),
            Some("+491701234567")
        );
    }

    #[test]
    fn a_country_is_a_plus_and_up_to_three_digits() {
        assert!(["+1", "+49", "+420"].into_iter().all(is_country));
        assert!(!["49", "+", "+0", "+1234", "DE"].into_iter().any(is_country));
    }
}
