//! The API's own objects: NDJSON, and JSON with an array for each kind.

use std::collections::BTreeMap;

use clerk_api_admin::problem::Outcome;

use super::secret;
use super::target::Outlet;
use crate::sweep::Kind;

/// Objects on their way into files.
pub(super) enum Objects {
    /// One a line, each kind in its own file or all in one.
    Lines(Files),
    /// An array in a file of each kind.
    Arrays(Files, BTreeMap<Kind, bool>),
    /// One document with a member for each kind, whose pages come one kind after the other.
    Document(Document),
}

/// Where each kind goes.
pub(super) enum Files {
    One(Outlet),
    Each(BTreeMap<Kind, Outlet>),
}

/// A document in the making.
pub(super) struct Document {
    out: Outlet,
    /// The kinds that are not in it yet.
    missing: Vec<Kind>,
    /// The kind whose array is open.
    open: Option<Kind>,
    /// Whether a member is in it already.
    begun: bool,
}

impl Objects {
    pub(super) fn document(out: Outlet, kinds: &[Kind]) -> Self {
        Self::Document(Document {
            out,
            missing: kinds.to_vec(),
            open: None,
            begun: false,
        })
    }

    /// Adds an object; false if it cannot be read, so that it may hold a secret.
    pub(super) fn add(&mut self, kind: Kind, object: &str, urls: bool) -> Outcome<bool> {
        let Ok(object) = secret::without(kind, object, urls) else {
            return Ok(false);
        };
        match self {
            Self::Lines(files) => {
                let out = files.of(kind);
                line(out, &object)?;
                out.put(b"\n")?;
            }
            Self::Arrays(files, begun) => {
                let before = begun.insert(kind, true).unwrap_or(false);
                let out = files.of(kind);
                out.put(if before { b",\n" } else { b"[\n" })?;
                line(out, &object)?;
            }
            Self::Document(document) => document.add(kind, &object)?,
        }
        Ok(true)
    }

    /// Ends all files, without putting them into their places.
    pub(super) fn end(self, kinds: &[Kind], meta: &str) -> Outcome<Vec<Outlet>> {
        match self {
            Self::Lines(files) => Ok(files.all()),
            Self::Arrays(mut files, begun) => {
                for kind in kinds {
                    let begun = begun.contains_key(kind);
                    let end: &[u8] = if begun { b"\n]\n" } else { b"[]\n" };
                    files.of(*kind).put(end)?;
                }
                Ok(files.all())
            }
            Self::Document(document) => Ok(vec![document.end(meta)?]),
        }
    }
}

impl Files {
    fn of(&mut self, kind: Kind) -> &mut Outlet {
        match self {
            Self::One(out) => out,
            // The files of all kinds that are read were made before.
            Self::Each(files) => match files.get_mut(&kind) {
                Some(out) => out,
                None => unreachable!("{} were not asked for", kind.name()),
            },
        }
    }

    fn all(self) -> Vec<Outlet> {
        match self {
            Self::One(out) => vec![out],
            Self::Each(files) => files.into_values().collect(),
        }
    }
}

impl Document {
    fn add(&mut self, kind: Kind, object: &str) -> Outcome<()> {
        if self.open == Some(kind) {
            self.out.put(b",\n")?;
        } else {
            self.close()?;
            self.member(kind.name())?;
            self.out.put(b"[\n")?;
            self.open = Some(kind);
            self.missing.retain(|other| *other != kind);
        }
        line(&mut self.out, object)
    }

    fn end(mut self, meta: &str) -> Outcome<Outlet> {
        self.close()?;
        for kind in std::mem::take(&mut self.missing) {
            self.member(kind.name())?;
            self.out.put(b"[]")?;
        }
        self.member("meta")?;
        self.out.put(meta.as_bytes())?;
        self.out.put(b"}\n")?;
        Ok(self.out)
    }

    fn close(&mut self) -> Outcome<()> {
        match self.open.take() {
            Some(_) => self.out.put(b"\n]"),
            None => Ok(()),
        }
    }

    fn member(&mut self, name: &str) -> Outcome<()> {
        let before = if self.begun { ",\n" } else { "{" };
        self.begun = true;
        self.out.put(format!("{before}\"{name}\":").as_bytes())
    }
}

/// Writes an object on one line: a line break of a pretty response is a blank between tokens, never within a text.
fn line(out: &mut Outlet, object: &str) -> Outcome<()> {
    if object.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return out.put(object.replace(['\r', '\n'], " ").as_bytes());
    }
    out.put(object.as_bytes())
}
