//! Moments, as people say them.

use jiff::Timestamp;
use maud::{Markup, html};

/// Unix milliseconds, seen from another moment: how long ago, with the exact date and time.
pub(super) fn ago(millis: i64, now: i64) -> Markup {
    let Ok(moment) = Timestamp::from_millisecond(millis) else {
        return html! { (millis) };
    };
    let exact = moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    html! { time datetime=(moment.to_string()) title=(exact) { (relative(millis, now)) } }
}

/// The date and the time of day.
pub(super) fn exact(millis: i64) -> Markup {
    let Ok(moment) = Timestamp::from_millisecond(millis) else {
        return html! { (millis) };
    };
    let text = moment.strftime("%-d %b %Y, %H:%M UTC").to_string();
    html! { time datetime=(moment.to_string()) { (text) } }
}

fn relative(millis: i64, now: i64) -> String {
    let seconds = millis.saturating_sub(now).unsigned_abs() / 1_000;
    let is_ahead = millis > now;
    let (length, unit) = match seconds {
        0..10 if is_ahead => return "in a moment".to_owned(),
        0..10 => return "just now".to_owned(),
        10..60 => (1, "second"),
        60..3_600 => (60, "minute"),
        3_600..86_400 => (3_600, "hour"),
        86_400..5_184_000 => (86_400, "day"),
        5_184_000..63_072_000 => (2_592_000, "month"),
        _ => (31_536_000, "year"),
    };
    // What has just been given thirty days has thirty, not twenty-nine and a bit.
    let count = if is_ahead {
        (seconds + length / 2) / length
    } else {
        seconds / length
    };
    let plural = if count == 1 { "" } else { "s" };
    if is_ahead {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_by_their_distance() {
        let day = 86_400_000;
        for (millis, expected) in [
            (0, "just now"),
            (-9_000, "just now"),
            (-60_000, "1 minute ago"),
            (-7_300_000, "2 hours ago"),
            (30 * day, "in 30 days"),
            (30 * day - 5_000, "in 30 days"),
            (4_000, "in a moment"),
            (-90 * day, "3 months ago"),
            (-800 * day, "2 years ago"),
        ] {
            assert_eq!(relative(millis, 0), expected);
        }
    }
}
