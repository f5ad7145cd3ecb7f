//! The query string of a request. Names that an endpoint does not know are ignored, as official clients send some;
//! `unread` tells which.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use percent_encoding::percent_decode_str;

use super::error::ApiError;
use super::problem::{self, Problem};
use super::unread::Unread;

/// Most values that one repeated filter takes.
const MOST_VALUES: usize = 100;

/// The decoded pairs of a query, in order. Empty values count as absent.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    /// The names that had an empty value.
    empty: Vec<String>,
    /// Told of each name that is asked for.
    unread: Option<Arc<Unread>>,
}

/// Values to find and values to leave out, told apart by a leading `+` or `-`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

impl Params {
    pub(crate) fn parse(query: &str) -> Result<Self, ApiError> {
        let (mut pairs, mut empty) = (Vec::new(), Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if value.is_empty() {
                empty.push(name);
            } else {
                pairs.push((name, value));
            }
        }
        Ok(Self {
            pairs,
            empty,
            unread: None,
        })
    }

    /// Returns every name that was given.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let given = self.pairs.iter().map(|(name, _)| name);
        given.chain(&self.empty).cloned().collect()
    }

    fn reads(&self, name: &str) {
        if let Some(unread) = &self.unread {
            unread.read(name);
        }
    }

    /// Returns whether a parameter was named with an empty value.
    pub(crate) fn came_empty(&self, name: &str) -> bool {
        self.reads(name);
        self.empty.iter().any(|empty| empty == name)
    }

    /// Returns the first value of a parameter.
    pub(crate) fn one<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Returns every value of a repeated parameter, without a limit on their number.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.reads(name);
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns every value of a repeated parameter, at most 100.
    pub(crate) fn many(&self, name: &str) -> Result<Vec<String>, ApiError> {
        let values: Vec<String> = self.all(name).map(str::to_owned).collect();
        if values.len() > MOST_VALUES {
            return Err(problem::too_many(name, MOST_VALUES).into());
        }
        Ok(values)
    }

    /// Like `many`, with each value's sign taken off. A plus that reached us as a space is forgiven.
    pub(crate) fn signed(&self, name: &str) -> Result<Signed, ApiError> {
        self.many(name)?;
        Ok(self.signed_without_limit(name))
    }

    /// Like `signed`, but of any number of values.
    pub(crate) fn signed_without_limit(&self, name: &str) -> Signed {
        let mut signed = Signed::default();
        for value in self.all(name) {
            match value.split_at_checked(1) {
                Some(("-", rest)) => signed.exclude.push(rest.to_owned()),
                Some(("+" | " ", rest)) => signed.include.push(rest.to_owned()),
                _ => signed.include.push(value.to_owned()),
            }
        }
        signed
    }

    /// Forgets every parameter but these.
    pub(crate) fn only(mut self, names: &[&str]) -> Self {
        self.pairs
            .retain(|(name, _)| names.contains(&name.as_str()));
        // A request for another one finds nothing.
        names.iter().for_each(|name| self.reads(name));
        self.unread = None;
        self
    }

    /// Returns a time in Unix milliseconds.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.one(name)
            .map(|text| text.parse().map_err(|_| problem::date_invalid(name).into()))
            .transpose()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.one(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(problem::value_invalid(name, other).into()),
        }
    }

    /// Returns the values of a repeated parameter, each of which must be among these.
    pub(crate) fn choices(&self, name: &str, allowed: &[&str]) -> Result<Vec<String>, ApiError> {
        let values = self.many(name)?;
        match values
            .iter()
            .find(|value| !allowed.contains(&value.as_str()))
        {
            Some(bad) => Err(problem::value_invalid(name, bad).into()),
            None => Ok(values),
        }
    }
}

fn decode(text: &str) -> Result<String, ApiError> {
    let spaced = text.replace('+', " ");
    let text = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| malformed())?;
    // SQLite's languages of search end at a NUL.
    if text.contains('\0') {
        return Err(malformed());
    }
    Ok(text.into_owned())
}

fn malformed() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        Problem::new(
            "malformed_request_parameters",
            "Malformed request parameters",
            "The query string must be percent-encoded UTF-8 without NUL characters.",
        ),
    )
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let params = Self::parse(parts.uri.query().unwrap_or_default())?;
        Ok(Self {
            unread: Unread::current(),
            ..params
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_empty_values_dropped() {
        let params = Params::parse("a=1&a=x%2By&b=&c=d+e&&f").expect("well-formed");
        assert_eq!(params.many("a").expect("few"), ["1", "x+y"]);
        assert_eq!(
            (params.one("b"), params.one("c"), params.one("f")),
            (None, Some("d e"), None)
        );
        assert!(params.came_empty("b") && params.came_empty("f") && !params.came_empty("c"));
        for bad in ["a=%ff", "a=b%00c", "%00=b"] {
            let error = Params::parse(bad).expect_err(bad).to_string();
            assert!(error.starts_with("400 Bad Request, malformed"), "{error}");
        }
    }

    #[test]
    fn signs_are_taken_off_once() {
        let params = Params::parse("id=%2Bu1&id=-u2&id=u3&id=+u4&id=--u5").expect("well-formed");
        let signed = params.signed("id").expect("few");
        assert_eq!(signed.include, ["u1", "u3", "u4"]);
        assert_eq!(signed.exclude, ["u2", "-u5"]);
    }

    #[test]
    fn more_than_a_hundred_values_are_refused() {
        let query = "id=x&".repeat(101);
        assert!(
            Params::parse(&query)
                .expect("well-formed")
                .many("id")
                .is_err()
        );
        assert!(
            Params::parse(&query[5..])
                .expect("well-formed")
                .many("id")
                .is_ok()
        );
    }

    #[test]
    fn instants_and_flags_are_strict() {
        let params = Params::parse("t=1700690400000&u=1.5&v=true&w=yes").expect("well-formed");
        assert_eq!(params.instant("t").expect("good"), Some(1_700_690_400_000));
        assert!(params.instant("u").is_err());
        assert_eq!(params.flag("v").expect("good"), Some(true));
        assert!(params.flag("w").is_err());
    }
}
