//! From an operation and its arguments to a request: argument checks, path, query, body. No I/O.

use std::fmt::Write as _;

use base64::Engine as _;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::args::Args;
use crate::declare::check;
use crate::declare::{Field, Kind, Meta, Place, Verb};
use crate::value::Upload;

/// Everything but the unreserved characters of RFC 3986 is encoded, `+` too: a bare one would arrive as a space.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

mod raw;

pub use raw::RawRequest;

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {name} {reason}")]
#[non_exhaustive]
pub struct ArgumentError {
    /// The operation's name.
    pub operation: &'static str,
    /// The argument's name.
    pub name: String,
    /// What is wrong with it, as the end of a sentence that begins with the name.
    pub reason: String,
}

/// A complete request, without host and headers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
#[non_exhaustive]
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
    builder.check()?;
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
            operation: self.meta.name,
            name: name.to_owned(),
            reason: reason.into(),
        })
    }

    fn check(&self) -> Result<(), ArgumentError> {
        for (name, value) in self.args.iter() {
            let Some(field) = self.meta.fields.iter().find(|field| field.name == name) else {
                return self.fail(name, "is not an argument of this operation");
            };
            field
                .check(value)
                .or_else(|reason| self.fail(name, reason))?;
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

    /// The values of a query parameter.
    fn items(
        &self,
        field: &Field,
        value: &'a RawValue,
    ) -> Result<Vec<&'a RawValue>, ArgumentError> {
        if !field.many || !value.get().starts_with('[') {
            return Ok(vec![value]);
        }
        serde_json::from_str(value.get()).or_else(|_| self.fail(field.name, "is not a JSON list"))
    }

    /// The text of a value in a path or query.
    fn scalar(&self, field: &Field, value: &RawValue) -> Result<String, ArgumentError> {
        check::text(value).or_else(|reason| self.fail(field.name, reason))
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
            let _ = write!(json, "\"{}\":{open}{}{close}", field.name, value.get());
        }
        json.push('}');
        Ok(Body::Json(json.into()))
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
        if bytes.len() as u64 > Upload::MOST {
            return self.fail(field.name, "is larger than 10 MB, the limit of the API");
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
