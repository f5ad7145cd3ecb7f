//! Forms that were sent. How they are written is in `input`.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use serde_json::{Map, Value};

use super::failed::Failed;

/// The field that carries the form's token.
pub(super) const CSRF: &str = "csrf";

/// A form that was sent, without its token.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// Where it was sent to.
    pub(super) action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Splits a query or the body of a form.
    pub(super) fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
        form_urlencoded::parse(bytes).into_owned().collect()
    }

    /// Takes the token out of what was sent, and returns it beside the form.
    pub(super) fn new(action: String, fields: Vec<(String, String)>) -> (Self, Option<String>) {
        let (token, fields): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(name, _)| name == CSRF);
        let token = token.into_iter().next().map(|(_, value)| value);
        (Self { action, fields }, token)
    }

    /// What was put into a field, without blanks around it; nothing if it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(field, _)| field == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The fields of these names that were filled in, as the body of a request.
    pub(super) fn body(&self, names: &[&str]) -> Map<String, Value> {
        let filled = names.iter().filter_map(|name| {
            let value = self.get(name)?;
            Some(((*name).to_owned(), value.into()))
        });
        filled.collect()
    }
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let form = parts.extensions.remove();
        form.ok_or_else(|| Failed::new(StatusCode::BAD_REQUEST, "There is no form."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_send_them() {
        let pairs = Form::pairs(b"a=x+y&b=%3Cscript%3E&csrf=t&c=++");
        let (form, token) = Form::new("/local/users".to_owned(), pairs);
        assert_eq!(token.as_deref(), Some("t"));
        assert_eq!(form.get("a"), Some("x y"));
        assert_eq!(form.get("b"), Some("<script>"));
        assert_eq!((form.get("c"), form.get("csrf")), (None, None));
        assert_eq!(
            Value::from(form.body(&["a", "c"])),
            serde_json::json!({"a": "x y"})
        );
    }
}
