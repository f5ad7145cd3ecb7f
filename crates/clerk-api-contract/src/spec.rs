//! A specification in memory: its operations, found by method and path, and its schemas.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::dialect::Direction;
use crate::explain::Findings;
use crate::operation::{Operation, Segment, read_all};
use crate::schemas::{Schemas, follow};
use crate::{shape, yaml};

/// An OpenAPI 3.0 document, ready to judge.
#[derive(Debug)]
pub struct Spec {
    document: Value,
    version: String,
    base: String,
    operations: Vec<Operation>,
    schemas: Schemas,
}

/// Why a specification cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The file cannot be read.
    #[error("cannot read the specification: {0}")]
    Unreadable(std::io::Error),
    /// The file is not an OpenAPI 3.0 document in YAML.
    #[error("cannot use {} as a specification: {reason}", path.display())]
    Unusable {
        /// The file; empty where the text came from elsewhere.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// What a method and a path lead to.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// The operation and the values of its path parameters, still encoded.
    Operation(&'a Operation, Vec<(&'a str, String)>),
    /// The path exists, under other methods.
    OtherMethods(Vec<&'a str>),
    Nothing,
}

impl Spec {
    /// Reads a file.
    pub fn open(path: &Path) -> Result<Self, SpecError> {
        let text = fs_err::read_to_string(path).map_err(SpecError::Unreadable)?;
        Self::build(&text).map_err(|reason| SpecError::Unusable {
            path: path.to_owned(),
            reason,
        })
    }

    /// Reads a document that is in memory.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        Self::build(text).map_err(|reason| SpecError::Unusable {
            path: PathBuf::new(),
            reason,
        })
    }

    fn build(text: &str) -> Result<Self, String> {
        let document = yaml::parse(text)?;
        let text_at = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
        match text_at("/openapi") {
            Some(version) if version.starts_with("3.0.") => {}
            other => {
                return Err(format!(
                    "it is not OpenAPI 3.0 but {}",
                    other.unwrap_or("something else")
                ));
            }
        }
        let server = text_at("/servers/0/url").unwrap_or("");
        // "https://host/v1" and "/v1" both mean the base path "/v1".
        let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
        let base = rest
            .find('/')
            .map_or("", |slash| rest[slash..].trim_end_matches('/'));
        Ok(Self {
            version: text_at("/info/version").unwrap_or("").to_owned(),
            base: base.to_owned(),
            operations: read_all(&document)?,
            schemas: Schemas::default(),
            document,
        })
    }

    /// Returns the version it describes, a date.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the path all operations are under, such as `/v1`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Returns the id of every operation, in the order of the document.
    pub fn operation_ids(&self) -> impl Iterator<Item = &str> {
        self.operations
            .iter()
            .map(|operation| operation.id.as_str())
    }

    /// Describes one operation for tests that compare declarations with it.
    pub fn shape(&self, operation_id: &str) -> Option<shape::OperationShape> {
        let operation = self
            .operations
            .iter()
            .find(|operation| operation.id == operation_id)?;
        Some(shape::describe(&self.document, operation))
    }

    /// Returns what is at a JSON pointer, references followed.
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        follow(&self.document, pointer).ok().map(|(_, value)| value)
    }

    /// Returns the pointer of what is at a pointer, references followed, and the value.
    pub(crate) fn follow(&self, pointer: &str) -> Option<(String, &Value)> {
        follow(&self.document, pointer).ok()
    }

    pub(crate) fn check(
        &self,
        pointer: &str,
        direction: Direction,
        value: &Value,
    ) -> Result<Findings, String> {
        self.schemas
            .check(&self.document, pointer, direction, value)
    }

    /// Finds the operation of a request: literal segments beat parameters, from the left.
    pub(crate) fn find(&self, method: &str, path: &str) -> Found<'_> {
        let Some(path) = path
            .strip_prefix(self.base.as_str())
            .and_then(|rest| rest.strip_prefix('/'))
        else {
            return Found::Nothing;
        };
        let parts: Vec<&str> = path.split('/').collect();
        let matching = self
            .operations
            .iter()
            .filter(|operation| matches(&operation.segments, &parts));
        let mut others = Vec::new();
        let mut best: Option<&Operation> = None;
        for operation in matching {
            if operation.method != method {
                others.push(operation.method.as_str());
            } else if best.is_none_or(|best| parameters(operation) < parameters(best)) {
                best = Some(operation);
            }
        }
        match best {
            Some(operation) => Found::Operation(operation, values(operation, &parts)),
            None if others.is_empty() => Found::Nothing,
            None => Found::OtherMethods(others),
        }
    }
}

fn matches(segments: &[Segment], parts: &[&str]) -> bool {
    segments.len() == parts.len()
        && segments
            .iter()
            .zip(parts)
            .all(|(segment, part)| match segment {
                Segment::Literal(text) => text == part,
                Segment::Parameter(_) => !part.is_empty(),
            })
}

/// Which segments are parameters; the smaller of two lists is the more literal path.
fn parameters(operation: &Operation) -> Vec<bool> {
    operation
        .segments
        .iter()
        .map(|segment| matches!(segment, Segment::Parameter(_)))
        .collect()
}

fn values<'a>(operation: &'a Operation, parts: &[&str]) -> Vec<(&'a str, String)> {
    let pairs = operation.segments.iter().zip(parts);
    let value = |(segment, part): (&'a Segment, &&str)| match segment {
        Segment::Literal(_) => None,
        Segment::Parameter(name) => Some((name.as_str(), (*part).to_owned())),
    };
    pairs.filter_map(value).collect()
}
