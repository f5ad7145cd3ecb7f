//! A request by method, path and body, for what is not declared.

use std::fmt;

use bytes::Bytes;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;

use super::{ArgumentError, Body, ENCODED, Request};
use crate::declare::Verb;

/// A request to a path that no declared operation has, sent with [`Client::raw`](crate::Client::raw).
///
/// It gets the same headers, hosts, time limits and checks of the response as every other request. What is repeated after a
/// failure follows from the method: a GET is a read and is retried. Any other method counts as a create without a key: where the
/// outcome is unknown, nothing is sent again and the error is [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown). Call
/// [`RawRequest::repeatable`] where sending it twice gives the same end state as once.
///
/// The path begins with `/`, is below `/v1`, and has segments of letters, digits and `_ - . ~ :` only. Nothing is decoded or
/// encoded, and `.`, `..`, empty segments, `%`, `?` and `#` are refused, so an id from elsewhere cannot lead to another path. Query values
/// are encoded.
///
/// ```
/// # async fn run(client: clerk_api::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use clerk_api::RawRequest;
/// use clerk_api::declare::Verb;
///
/// let reply = client.raw(&RawRequest::new(Verb::Get, "/machines").query("limit", "10")).await?;
/// let machines: serde_json::Value = serde_json::from_slice(&reply.raw)?;
///
/// let rename = RawRequest::new(Verb::Patch, "/machines/mch_1").json(&serde_json::json!({"name": "b"}))?.repeatable();
/// client.raw(&rename).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RawRequest {
    verb: Verb,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Bytes>,
    repeatable: bool,
}

impl RawRequest {
    /// Begins a request.
    ///
    /// The path is below `/v1`, such as `/users/user_1`.
    #[must_use]
    pub fn new(verb: Verb, path: impl Into<String>) -> Self {
        Self {
            verb,
            path: path.into(),
            query: Vec::new(),
            body: None,
            repeatable: false,
        }
    }

    /// Adds a query parameter.
    ///
    /// The same name may come several times.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets the JSON body.
    ///
    /// # Errors
    /// When the value has no JSON form.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, serde_json::Error> {
        self.body = Some(serde_json::to_vec(body)?.into());
        Ok(self)
    }

    /// Says that sending it twice gives the same end state as once, so that it may be retried.
    #[must_use]
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    pub(crate) const fn verb(&self) -> Verb {
        self.verb
    }

    pub(crate) const fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Checks path and body, and encodes the query.
    pub(crate) fn build(&self) -> Result<Request, ArgumentError> {
        let fail = |name: &str, reason: &str| {
            Err(ArgumentError {
                operation: "raw",
                name: name.to_owned(),
                reason: reason.to_owned(),
            })
        };
        let Some(segments) = self.path.strip_prefix('/') else {
            return fail("path", "must begin with /");
        };
        if !segments.split('/').all(is_segment) {
            return fail(
                "path",
                "must have segments of letters, digits and _ - . ~ : only",
            );
        }
        if self.verb == Verb::Get && self.body.is_some() {
            return fail("body", "cannot be sent with GET");
        }
        let mut path = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.extend(utf8_percent_encode(name, ENCODED));
            path.push('=');
            path.extend(utf8_percent_encode(value, ENCODED));
        }
        Ok(Request {
            verb: self.verb,
            path,
            body: self.body.clone().map_or(Body::None, Body::Json),
        })
    }
}

/// Shows method and path: values can be secrets.
impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawRequest({} {})", self.verb.as_str(), self.path)
    }
}

fn is_segment(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.~:".contains(c);
    !matches!(text, "" | "." | "..") && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_7_5_a_raw_path_leads_nowhere_else() {
        for path in [
            "users",
            "",
            "/",
            "//evil.example/x",
            "/users//x",
            "/users/../organizations",
            "/users/%2e%2e/x",
            "/users?limit=1",
            "/users#x",
            "/users/a b",
            "/@evil.example",
            "/users\\x",
            "/users/\n",
        ] {
            assert!(RawRequest::new(Verb::Get, path).build().is_err(), "{path}");
        }
        let request = RawRequest::new(Verb::Get, "/users/user_1")
            .query("a", "x&y=+ü")
            .query("a", "2");
        let path = request.build().unwrap().path;
        assert_eq!(path, "/users/user_1?a=x%26y%3D%2B%C3%BC&a=2");
    }

    #[test]
    fn a_get_has_no_body() {
        let get = RawRequest::new(Verb::Get, "/users").json(&1).unwrap();
        assert_eq!(get.build().unwrap_err().name, "body");
        let post = RawRequest::new(Verb::Post, "/users").json(&1).unwrap();
        assert_eq!(
            post.build().unwrap().body,
            Body::Json(Bytes::from_static(b"1"))
        );
        assert!(!format!("{post:?}").contains("Json"));
    }
}
