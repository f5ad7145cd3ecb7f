//! How forms are written.

use maud::{Markup, Render, html};

use super::form::{CSRF, Form};
use super::note::{Note, Problem};
use super::view::View;

/// What is never written back into a page.
const SECRETS: [&str; 2] = ["password", "secret"];

/// A form on a page. Where it was refused before, its fields hold what was entered.
pub(super) struct FormOf<'a> {
    view: &'a View,
    action: String,
    refused: Option<(&'a Form, &'a [Problem])>,
}

impl<'a> FormOf<'a> {
    pub(super) fn new(view: &'a View, action: impl Into<String>) -> Self {
        let action = action.into();
        let refused = match &view.note {
            Some(Note::Refused { form, problems }) if form.action == action => {
                Some((form, problems.as_slice()))
            }
            _ => None,
        };
        Self {
            view,
            action,
            refused,
        }
    }

    /// The form with its fields and buttons.
    pub(super) fn with(&self, class: &str, inside: &Markup) -> Markup {
        html! {
            form class=(class) method="post" action=(self.action) data-stay[matches!(class, "one" | "line")] {
                input type="hidden" name=(CSRF) value=(self.view.csrf());
                (inside)
            }
        }
    }

    /// A form that is one button.
    pub(super) fn button(&self, class: &str, label: &str) -> Markup {
        self.with("one", &html! { button class=(class) { (label) } })
    }

    /// A button that asks again: what it does cannot be undone.
    pub(super) fn confirm(&self, label: &str, question: &Markup, button: &str) -> Markup {
        html! {
            details.confirm {
                summary.button.quiet.danger { (label) }
                div.ask {
                    p { (question) }
                    (self.button("danger", button))
                }
            }
        }
    }

    /// A line to write in.
    pub(super) fn field(&self, name: &'static str, label: &'static str) -> Field<'_> {
        Field {
            form: self,
            name,
            label,
            kind: "text",
            hint: "",
            required: false,
            list: None,
            initial: String::new(),
        }
    }

    /// A choice among values with their labels.
    pub(super) fn select(
        &self,
        name: &str,
        label: &Markup,
        options: &[(impl AsRef<str>, impl AsRef<str>)],
        chosen: &str,
    ) -> Markup {
        let chosen = self.entered(name).unwrap_or(chosen);
        let id = self.id(name);
        let problem = self.problem(name);
        let below = format!("{id}-below");
        html! {
            div.field {
                label.label for=(id) { (label) }
                select id=(id) name=(name) aria-describedby=[problem.map(|_| &below)] {
                    @for (value, label) in options {
                        option value=(value.as_ref()) selected[value.as_ref() == chosen] { (label.as_ref()) }
                    }
                }
                @if let Some(problem) = problem { span.problem id=(below) { (problem) } }
            }
        }
    }

    /// A name for the field that no other on the page has.
    fn id(&self, name: &str) -> String {
        format!("{name}-of{}", self.action.replace('/', "-"))
    }

    fn entered(&self, name: &str) -> Option<&str> {
        let (form, _) = self.refused.filter(|_| !SECRETS.contains(&name))?;
        form.get(name)
    }

    fn problem(&self, name: &str) -> Option<&str> {
        let (_, problems) = self.refused?;
        let found = problems
            .iter()
            .find(|(param, _)| param.as_deref() == Some(name));
        found.map(|(_, text)| text.as_str())
    }
}

/// A line to write in, with its label.
pub(super) struct Field<'a> {
    form: &'a FormOf<'a>,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    hint: &'static str,
    required: bool,
    list: Option<&'static str>,
    initial: String,
}

impl Field<'_> {
    /// The type of the input element.
    #[must_use]
    pub(super) fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// What it begins with.
    #[must_use]
    pub(super) fn initial(mut self, value: impl Into<String>) -> Self {
        self.initial = value.into();
        self
    }

    /// A word of help below it.
    #[must_use]
    pub(super) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    #[must_use]
    pub(super) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The id of a list of suggestions.
    #[must_use]
    pub(super) fn list(mut self, id: &'static str) -> Self {
        self.list = Some(id);
        self
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let problem = self.form.problem(self.name);
        // Browsers must not remember secrets, and they fill in little else here.
        let complete = if SECRETS.contains(&self.name) {
            "new-password"
        } else {
            "off"
        };
        let id = self.form.id(self.name);
        let below = format!("{id}-below");
        let is_described = problem.is_some() || !self.hint.is_empty();
        html! {
            div.field {
                label.label for=(id) { (self.label) @if !self.required { " " span.optional { "optional" } } }
                input id=(id) type=(self.kind) name=(self.name) autocomplete=(complete) required[self.required]
                    value=(self.form.entered(self.name).unwrap_or(&self.initial)) list=[self.list]
                    aria-invalid=[problem.map(|_| "true")] aria-describedby=[is_described.then_some(&below)];
                @if let Some(problem) = problem { span.problem id=(below) { (problem) } }
                @else if !self.hint.is_empty() { span.hint id=(below) { (self.hint) } }
            }
        }
    }
}
