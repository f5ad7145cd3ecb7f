//! What a handler is given to make a page, and how it ends a form.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;

use super::form::Form;
use super::note::Note;
use super::{Shape, Site};
use crate::http::error::ApiError;

/// The query parameter that names a note.
const SAID: &str = "said";

/// One look at the site.
#[derive(Debug)]
pub(super) struct View {
    site: Shape,
    params: Vec<(String, String)>,
    /// What became of the form before.
    pub(super) note: Option<Note>,
}

impl View {
    /// Without anything in the address.
    pub(super) fn plain(site: Shape) -> Self {
        Self {
            site,
            params: Vec::new(),
            note: None,
        }
    }

    /// A parameter of the address; nothing if it is empty.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let (_, value) = self.params.iter().find(|(param, _)| param == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    pub(super) fn csrf(&self) -> &str {
        self.site.pass.csrf()
    }

    pub(super) fn now(&self) -> i64 {
        self.site.app.clock.peek()
    }
}

impl Deref for View {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl FromRequestParts<Shape> for View {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Shape) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let mut view = Self::plain(Arc::clone(site));
        view.params = Form::pairs(query.as_bytes());
        let said = view.param(SAID).and_then(|number| number.parse().ok());
        view.note = said.and_then(|number| site.notes.take(number));
        Ok(view)
    }
}

impl Site {
    /// Redirects to another page, which says what was done.
    pub(super) fn done(&self, to: &str, text: impl Into<String>) -> Response {
        self.go_on(to, Note::Done(text.into()))
    }

    /// Goes back to the form, which says what is wrong.
    pub(super) fn refused(&self, to: &str, error: &ApiError, form: Form) -> Response {
        self.go_on(to, Note::refused(error, form))
    }

    fn go_on(&self, to: &str, note: Note) -> Response {
        let number = self.notes.add(note);
        Redirect::to(&format!("{to}?{SAID}={number}")).into_response()
    }
}
