//! From an operation and its arguments to a request: argument checks, path, query, body. No I/O.

use std::fmt::Write as _;

use base64::Engine as _;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::args::Args;
use crate::endpoint::{Field, Kind, Meta, Place, Verb};

/// Everything but the unreserved characters of RFC 3986 is encoded, `+` too: a bare one would arrive as a space.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {name} {reason}")]
pub struct ArgumentError {
    /// The operation's name.
    pub operation: &'static str,
    /// The argument's name.
    pub name: String,
    /// What is wrong with it, as the end of a sentence that begins with the name.
    pub reason: String,
}

/// A request that is ready to be sent, apart from host and headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub verb: Verb,
    /// The path below `/v1`, with the encoded query.
    pub path: String,
    /// The body.
    pub body: Body,
}

/// A request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// None at all.
    None,
    /// JSON.
    Json(Bytes),
    /// A multipart form.
    Multipart {
        /// The header, with the boundary.
        content_type: String,
        /// The encoded parts.
        bytes: Bytes,
    },
}

/// Builds the request of a call.
///
/// # Errors
/// When an argument is missing, unknown, or not what its field takes. Nothing was sent then.
pub fn build(meta: &Meta, args: &Args) -> Result<Request, ArgumentError> {
    let builder = Builder { meta, args };
    builder.check_names()?;
    let mut path = builder.path()?;
    builder.query(&mut path)?;
    Ok(Request {
        verb: meta.verb,
        path,
        body: builder.body()?,
    })
}

struct Builder<'a> {
    meta: &'a Meta,
    args: &'a Args,
}

impl<'a> Builder<'a> {
    fn fail<T>(&self, name: &str, reason: impl Into<String>) -> Result<T, ArgumentError> {
        Err(ArgumentError {
            operation: self.meta.id,
            name: name.to_owned(),
            reason: reason.into(),
        })
    }

    fn check_names(&self) -> Result<(), ArgumentError> {
        for (name, _) in self.args.iter() {
            if !self.meta.fields.iter().any(|field| field.name == name) {
                return self.fail(name, "is not an argument of this operation");
            }
        }
        for field in self.meta.fields {
            if field.required && self.args.get(field.name).is_none() {
                return self.fail(field.name, "is missing");
            }
        }
        Ok(())
    }

    /// The arguments of one place, in the declaration's order.
    fn at(&self, place: Place) -> impl Iterator<Item = (&'static Field, &'a RawValue)> + '_ {
        let fields = self
            .meta
            .fields
            .iter()
            .filter(move |field| field.place == place);
        fields.filter_map(|field| self.args.get(field.name).map(|value| (field, value)))
    }

    fn path(&self) -> Result<String, ArgumentError> {
        let mut path = self.meta.path.to_owned();
        for (field, value) in self.at(Place::Path) {
            let text = self.scalar(field, value)?;
            if text == "." || text == ".." {
                return self.fail(field.name, "cannot be a path segment");
            }
            let segment = utf8_percent_encode(&text, ENCODED).to_string();
            path = path.replace(&format!("{{{}}}", field.name), &segment);
        }
        Ok(path)
    }

    fn query(&self, path: &mut String) -> Result<(), ArgumentError> {
        let mut separator = '?';
        for (field, value) in self.at(Place::Query) {
            let mut texts = Vec::new();
            for item in self.items(field, value)? {
                let mut text = self.scalar(field, item)?;
                if field.signed && !text.starts_with(['+', '-']) {
                    text.insert(0, '+');
                }
                texts.push(text);
            }
            if field.joined {
                texts = vec![texts.join(",")];
            }
            for text in texts {
                let encoded = utf8_percent_encode(&text, ENCODED);
                // Writing to a String cannot fail.
                let _ = write!(path, "{separator}{}={encoded}", field.name);
                separator = '&';
            }
        }
        Ok(())
    }

    fn items(
        &self,
        field: &Field,
        value: &'a RawValue,
    ) -> Result<Vec<&'a RawValue>, ArgumentError> {
        if !field.many || !value.get().starts_with('[') {
            return Ok(vec![value]);
        }
        let items: Vec<&RawValue> = serde_json::from_str(value.get())
            .or_else(|_| self.fail(field.name, "is not a JSON list"))?;
        if items.len() > 100 && field.place == Place::Query {
            return self.fail(
                field.name,
                format!("has {} values, the API takes at most 100", items.len()),
            );
        }
        Ok(items)
    }

    /// The text of a value in a path or query, checked by the field's kind.
    fn scalar(&self, field: &Field, value: &RawValue) -> Result<String, ArgumentError> {
        let json = value.get();
        let text = if json.starts_with('"') {
            serde_json::from_str(json).or_else(|_| self.fail(field.name, "is not JSON text"))?
        } else {
            json.to_owned()
        };
        match self.complaint(field, &text) {
            None => Ok(text),
            Some(reason) => self.fail(field.name, reason),
        }
    }

    fn complaint(&self, field: &Field, text: &str) -> Option<String> {
        let whole = |low: u64, high: u64| {
            text.parse::<u64>()
                .is_ok_and(|number| (low..=high).contains(&number))
        };
        let unsigned = if field.signed {
            text.strip_prefix(['+', '-']).unwrap_or(text)
        } else {
            text
        };
        match field.kind {
            Kind::Id { check, .. } => check(unsigned)
                .err()
                .map(|error| format!("is malformed: {error}")),
            Kind::Cursor => crate::id::check_id(text)
                .err()
                .map(|error| format!("is malformed: {error}")),
            Kind::Limit if !whole(1, 500) => {
                Some(format!("must be a whole number from 1 to 500, not {text}"))
            }
            Kind::Offset if !whole(0, u64::MAX) => {
                Some(format!("must be a whole number from 0 up, not {text}"))
            }
            Kind::Integer | Kind::Millis if text.parse::<i64>().is_err() => {
                Some(format!("must be a whole number, not {text:?}"))
            }
            Kind::Boolean if !matches!(text, "true" | "false") => {
                Some(format!("must be true or false, not {text:?}"))
            }
            Kind::Order(keys) if !keys.contains(&text.strip_prefix(['+', '-']).unwrap_or(text)) => {
                Some(format!(
                    "must be one of {}, with - in front for descending, not {text:?}",
                    keys.join(", ")
                ))
            }
            _ => None,
        }
    }

    fn body(&self) -> Result<Body, ArgumentError> {
        if let Some((_, whole)) = self.at(Place::Whole).next() {
            return Ok(Body::Json(Bytes::copy_from_slice(whole.get().as_bytes())));
        }
        if self
            .meta
            .fields
            .iter()
            .any(|field| field.place == Place::Part)
        {
            return self.multipart();
        }
        let takes_body = self
            .meta
            .fields
            .iter()
            .any(|field| field.place == Place::Body);
        if !takes_body {
            return Ok(Body::None);
        }
        let mut json = String::from("{");
        for (field, value) in self.at(Place::Body) {
            if json.len() > 1 {
                json.push(',');
            }
            let wrapped = field.many && !value.get().starts_with('[') && value.get() != "null";
            let (open, close) = if wrapped { ("[", "]") } else { ("", "") };
            let _ = write!(
                json,
                "\"{}\":{open}{}{close}",
                field.name,
                self.member(field, value)?
            );
        }
        json.push('}');
        Ok(Body::Json(json.into()))
    }

    /// The JSON of a body's member; ids inside a body are checked too.
    fn member(&self, field: &Field, value: &'a RawValue) -> Result<&'a str, ArgumentError> {
        let json = value.get();
        if json == "null" {
            return if field.nullable {
                Ok(json)
            } else {
                self.fail(field.name, "cannot be null")
            };
        }
        match field.kind {
            Kind::Id { .. } | Kind::Integer => {
                for item in self.items(field, value)? {
                    self.scalar(field, item)?;
                }
            }
            Kind::Object if !json.starts_with('{') => {
                return self.fail(field.name, "must be a JSON object");
            }
            Kind::Boolean if !matches!(json, "true" | "false") => {
                return self.fail(field.name, "must be true or false");
            }
            _ => {}
        }
        Ok(json)
    }

    fn multipart(&self) -> Result<Body, ArgumentError> {
        let boundary = "clerk-api-part-3b7e1f9d5c";
        let mut bytes = Vec::new();
        for (field, value) in self.at(Place::Part) {
            if matches!(field.kind, Kind::Upload) {
                let file = self.file(field, value)?;
                let name: String = file
                    .name
                    .chars()
                    .filter(|c| !c.is_control() && *c != '"')
                    .collect();
                let kind = image_type(&file.bytes);
                let head = format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n",
                    field.name
                );
                bytes.extend_from_slice(head.as_bytes());
                bytes.extend_from_slice(&file.bytes);
            } else {
                let text = self.scalar(field, value)?;
                let part = format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{text}",
                    field.name
                );
                bytes.extend_from_slice(part.as_bytes());
            }
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok(Body::Multipart {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            bytes: bytes.into(),
        })
    }

    fn file(&self, field: &Field, value: &RawValue) -> Result<File, ArgumentError> {
        #[derive(Deserialize)]
        struct Wire {
            file_name: String,
            data: String,
        }
        let bad = "must be an object with file_name and data (base64)";
        let wire: Wire =
            serde_json::from_str(value.get()).or_else(|_| self.fail(field.name, bad))?;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(wire.data)
            .or_else(|_| self.fail(field.name, bad))?;
        if bytes.len() > 10 * 1024 * 1024 {
            return self.fail(field.name, "is larger than the 10 MB that the API takes");
        }
        Ok(File {
            name: wire.file_name,
            bytes,
        })
    }
}

struct File {
    name: String,
    bytes: Vec<u8>,
}

/// The type of an image by its first bytes; the API takes JPEG, PNG, GIF and WebP.
fn image_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        _ => "application/octet-stream",
    }
}
