//! A chart of bars as SVG. Its colors come from the page's style, so that it is readable in dark, light and print.

use clerk_api_admin::text::sanitize;
use maud::{Markup, html};

use crate::audit::report::charts::Chart;

/// The width of the drawing; its real width is that of the page.
const WIDTH: i64 = 320;
/// Where the bars begin, and how much room they have.
const LEFT: i64 = 112;
const ROOM: i64 = 150;
const ROW: i64 = 22;
/// So many characters of a label fit.
const FITS: usize = 18;

/// A chart with its title.
pub(super) fn figure(chart: &Chart) -> Markup {
    let most = chart.bars.iter().map(|(_, count)| *count).max();
    let most = most.unwrap_or_default().max(1);
    let height = ROW * i64::try_from(chart.bars.len()).unwrap_or_default() + 4;
    let told: Vec<String> = chart
        .bars
        .iter()
        .map(|(label, count)| format!("{}: {count}", sanitize::text(label)))
        .collect();
    html! {
        figure {
            figcaption { (chart.title) }
            svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label={ (chart.title) ". " (told.join(", ")) } {
                @for (place, (label, count)) in (0..).zip(&chart.bars) {
                    text.label x=(LEFT - 8) y=(ROW * place + 16) text-anchor="end" { (short(label)) }
                    rect.bar x=(LEFT) y=(ROW * place + 4) width=(width(*count, most)) height=(ROW - 6) rx="2" {}
                    text.value x=(LEFT + width(*count, most) + 5) y=(ROW * place + 16) { (count) }
                }
            }
        }
    }
}

/// What there is at all has a visible bar.
fn width(count: i64, most: i64) -> i64 {
    match count {
        0 => 0,
        count => (count.saturating_mul(ROOM) / most).max(2),
    }
}

fn short(label: &str) -> String {
    let label = sanitize::text(label);
    if label.chars().count() <= FITS {
        return label.into_owned();
    }
    let start: String = label.chars().take(FITS - 1).collect();
    format!("{start}…")
}
