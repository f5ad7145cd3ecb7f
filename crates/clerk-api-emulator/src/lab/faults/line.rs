//! A fault in one line: `POST /users status=503 nth=2`.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::Fault;

/// Fields that hold text although it may look like a number.
const TEXTS: [&str; 1] = ["retry_after"];

impl FromStr for Fault {
    type Err = String;

    /// Reads a method, a path, and the fields of the same names as `name=value`; a name alone is a yes.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(format!(
                "{text:?} is not a fault: a fault begins with a method and a path, such as POST /users status=503"
            ));
        };
        let mut fields = Map::new();
        fields.insert("on".to_owned(), format!("{method} {path}").into());
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, "true"));
            fields.insert(name.to_owned(), typed(name, value));
        }
        let fault: Self = serde_json::from_value(Value::Object(fields))
            .map_err(|error| format!("{text:?}: {error}"))?;
        fault
            .check()
            .map_err(|error| format!("{text:?}: {error}"))?;
        Ok(fault)
    }
}

fn typed(name: &str, value: &str) -> Value {
    if TEXTS.contains(&name) {
        return value.into();
    }
    serde_json::from_str(value)
        .ok()
        .filter(|value: &Value| !value.is_string())
        .unwrap_or_else(|| value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::faults::{FaultBody, FaultCut};

    #[test]
    fn a_line_says_all_that_a_document_says() {
        let line: Fault = "PATCH /users/* cut=after delay_ms=20 times=3"
            .parse()
            .expect("a fault");
        assert_eq!(
            (line.cut, line.delay_ms, line.times),
            (Some(FaultCut::After), 20, Some(3))
        );
        let line: Fault = "* /** status=429 retry_after=-1 body=html"
            .parse()
            .expect("a fault");
        assert_eq!(
            (line.retry_after.as_deref(), line.body),
            (Some("-1"), FaultBody::Html)
        );
        let document: Fault =
            serde_json::from_str(r#"{"on":"* /**","status":429,"retry_after":-1,"body":"html"}"#)
                .expect("a fault");
        assert_eq!(line, document);
        let line: Fault = "GET /users stale".parse().expect("a fault");
        assert!(line.stale);
    }
}
