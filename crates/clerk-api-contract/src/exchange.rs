//! One recorded exchange, as a line of an `.ndjson` file holds it.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A request and its response.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The method, upper case.
    pub method: String,
    /// The path with its base, such as `/v1/users/user_x`, still percent-encoded.
    pub path: String,
    /// The query as sent, without the question mark.
    #[serde(default)]
    pub query: String,
    /// The headers sent, their names in lower case.
    #[serde(default)]
    pub request_headers: BTreeMap<String, String>,
    /// The body sent.
    #[serde(default)]
    pub request_body: Body,
    /// The status of the response.
    pub status: u16,
    /// The headers of the response, their names in lower case.
    #[serde(default)]
    pub response_headers: BTreeMap<String, String>,
    /// The body of the response, decoded.
    #[serde(default)]
    pub response_body: Body,
    /// Judges the request although it was refused.
    #[serde(default)]
    pub judge_request: bool,
}

/// A body as recorded: text where it is UTF-8, base64 where it is not.
#[derive(Clone, Debug, Default)]
pub enum Body {
    /// None was sent.
    #[default]
    None,
    /// UTF-8 text.
    Text(String),
    /// Other bytes.
    Bytes {
        /// The bytes in the standard alphabet, padded.
        base64: String,
    },
}

impl Body {
    /// Returns the bytes; none is empty. Fails on bad base64.
    pub fn bytes(&self) -> Result<Vec<u8>, ExchangeError> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Bytes { base64 } => STANDARD.decode(base64).map_err(ExchangeError::Base64),
        }
    }
}

/// By hand: an untagged enum copies a page of users several times to find out that it is text.
impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BodyVisitor)
    }
}

struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, text or an object with base64")
    }

    fn visit_unit<E>(self) -> Result<Body, E> {
        Ok(Body::None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Body, E> {
        Ok(Body::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Body, E> {
        Ok(Body::Text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((name, base64)) if name == "base64" => Ok(Body::Bytes { base64 }),
            _ => Err(A::Error::missing_field("base64")),
        }
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Exchange {
    /// Returns an exchange without headers and bodies, for tests that build their own.
    pub fn new(method: &str, path: &str, query: &str, status: u16) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            request_headers: BTreeMap::new(),
            request_body: Body::None,
            status,
            response_headers: BTreeMap::new(),
            response_body: Body::None,
            judge_request: false,
        }
    }

    /// Reads one line of a recording.
    pub fn parse(line: &str) -> Result<Self, ExchangeError> {
        serde_json::from_str(line).map_err(ExchangeError::Json)
    }
}

/// Why a recorded line could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The line is not the JSON of an exchange.
    #[error("the line is not an exchange: {0}")]
    Json(serde_json::Error),
    /// A body says base64 and is not.
    #[error("the body is not base64: {0}")]
    Base64(base64::DecodeError),
}

#[cfg(test)]
mod tests {
    use super::{Body, Exchange};

    #[test]
    fn a_line_gives_the_exchange_with_both_kinds_of_body() {
        let line = r#"{"method":"POST","path":"/v1/a","query":"b=c","request_headers":{"x":"y"},
            "request_body":{"base64":"AP8="},"status":200,"response_headers":{},"response_body":"{}","later":1}"#;
        let exchange = Exchange::parse(line).unwrap();
        assert_eq!(exchange.request_body.bytes().unwrap(), [0, 255]);
        assert_eq!(exchange.response_body.bytes().unwrap(), b"{}");
        assert_eq!(
            (
                exchange.status,
                exchange.query.as_str(),
                exchange.judge_request
            ),
            (200, "b=c", false)
        );
    }

    #[test]
    fn null_bodies_are_empty_and_bad_lines_are_errors() {
        let line = r#"{"method":"GET","path":"/v1/a","request_body":null,"status":200}"#;
        assert!(
            Exchange::parse(line)
                .unwrap()
                .request_body
                .bytes()
                .unwrap()
                .is_empty()
        );
        assert!(Exchange::parse(r#"{"method":"GET"}"#).is_err());
        for body in ["1", "{}", "[]", r#"{"hex":"00"}"#] {
            assert!(
                Exchange::parse(&line.replace("null", body)).is_err(),
                "{body}"
            );
        }
        assert!(
            Body::Bytes {
                base64: "?".to_owned()
            }
            .bytes()
            .is_err()
        );
    }
}
