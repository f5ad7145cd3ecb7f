//! Lists in pages, with a search.

use maud::{Markup, html};

use super::text::Text;
use super::view::View;
use crate::http::area::escaped;

/// Rows of a page.
pub(super) const ROWS: u64 = 25;

/// Which part of a list is looked at.
#[derive(Debug)]
pub(super) struct Part {
    /// The page without parameters.
    path: String,
    offset: u64,
    pub(super) search: Option<String>,
}

impl Part {
    pub(super) fn of(view: &View, path: impl Into<String>) -> Self {
        let offset = view.param("offset").and_then(|text| text.parse().ok());
        Self {
            path: path.into(),
            offset: offset.unwrap_or(0),
            search: view.param("search").map(str::to_owned),
        }
    }

    /// The query of the endpoint.
    pub(super) fn query(&self) -> String {
        format!("{}{}", self.place(), self.filter())
    }

    /// The same without the search.
    pub(super) fn place(&self) -> String {
        format!("limit={ROWS}&offset={}", self.offset)
    }

    /// The search alone, for the endpoints that count.
    pub(super) fn filter(&self) -> String {
        let search = self.search.as_deref();
        search.map_or_else(String::new, |text| format!("&query={}", escaped(text)))
    }

    /// The form that searches.
    pub(super) fn search_form(&self, label: &str, hint: &str) -> Markup {
        html! {
            form.search method="get" action=(self.path) role="search" {
                label.hidden for="search" { (label) }
                input #search type="search" name="search" placeholder=(hint) autocomplete="off"
                    value=(self.search.as_deref().unwrap_or_default());
                button { "Search" }
                @if self.search.is_some() { a.button.quiet href=(self.path) { "Clear" } }
            }
        }
    }

    /// Where in the list this is, and the way to the rest.
    pub(super) fn pager(&self, shown: usize, total: u64) -> Markup {
        let shown = u64::try_from(shown).unwrap_or(0);
        let end = self.offset + shown;
        let at = |offset: u64| {
            let search = self.search.as_deref();
            let search =
                search.map_or_else(String::new, |text| format!("&search={}", escaped(text)));
            format!("{}?offset={offset}{search}", self.path)
        };
        html! {
            nav.pager aria-label="Pages" {
                p {
                    @if shown == 0 { "None of " (count(total)) }
                    @else { (count(self.offset + 1)) "–" (count(end)) " of " (count(total)) }
                }
                @if self.offset > 0 {
                    a.button rel="prev" href=(at(self.offset.saturating_sub(ROWS))) { "Previous" }
                }
                @if end < total && shown > 0 { a.button rel="next" href=(at(end)) { "Next" } }
            }
        }
    }

    /// What stands where nothing was found.
    pub(super) fn nothing(&self, empty: &Markup) -> Markup {
        match &self.search {
            Some(search) => html! {
                div.empty { p { "Nothing matches " strong { (Text::from(search.as_str())) } "." } }
            },
            None => html! { div.empty { (empty) } },
        }
    }
}

/// A number with its thousands apart.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(count(7), "7");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_234_567), "1,234,567");
    }
}
