//! Lists as they come: rows read one by one, pages as the server's own bytes.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use bytes::Bytes;
use bytestring::ByteString;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::declare::{Form, ListModel, Member, Model};

/// One row of a list that could not be read; the others are not affected.
#[derive(Debug, thiserror::Error)]
#[error("row {index} of the page cannot be read: {source}")]
#[non_exhaustive]
pub struct RowError {
    /// Its place in the page, from 0.
    pub index: usize,
    /// The row's JSON text.
    pub raw: Box<RawValue>,
    source: serde_json::Error,
}

/// A list's answer, whether it came as a bare array or with a total.
#[derive(Debug)]
#[non_exhaustive]
pub struct List<T> {
    /// The rows, each read by itself.
    pub rows: Vec<Result<T, RowError>>,
    /// How many rows match in all, where the API says so.
    pub total_count: Option<u64>,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawList::deserialize(deserializer)?;
        let read = |(index, raw): (usize, Box<RawValue>)| {
            read_row(raw.get()).map_err(|source| RowError { index, raw, source })
        };
        Ok(Self {
            rows: raw.rows.into_iter().enumerate().map(read).collect(),
            total_count: raw.total_count,
        })
    }
}

impl<T: Model> Model for List<T> {
    const FORM: Form = Form::List;
    const MEMBERS: &'static [Member] = T::MEMBERS;
}

impl<T: Model> ListModel for List<T> {
    type Row = T;
}

/// The largest row that is read as a type: 1 MiB (reliability.md 2.10).
const MAX_ROW: usize = 1024 * 1024;

fn read_row<T: DeserializeOwned>(row: &str) -> Result<T, serde_json::Error> {
    if row.len() > MAX_ROW {
        return Err(serde::de::Error::custom("the row is larger than 1 MiB"));
    }
    serde_json::from_str(row)
}

/// A list whose rows are still text.
pub(crate) struct RawList<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) total_count: Option<u64>,
}

impl<'de, R: Deserialize<'de>> Deserialize<'de> for RawList<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawListVisitor(PhantomData))
    }
}

struct RawListVisitor<R>(PhantomData<R>);

impl<'de, R: Deserialize<'de>> Visitor<'de> for RawListVisitor<R> {
    type Value = RawList<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array, or an object with data and total_count")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element()? {
            rows.push(row);
        }
        Ok(RawList {
            rows,
            total_count: None,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut rows, mut total_count) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "data" => rows = Some(map.next_value()?),
                "total_count" => {
                    // A count that is none does not take the rows away.
                    total_count = map.next_value::<Box<RawValue>>()?.get().parse().ok();
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let rows = rows.ok_or_else(|| serde::de::Error::missing_field("data"))?;
        Ok(RawList { rows, total_count })
    }
}

/// One page of a list: the server's text, and where each row lies in it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page {
    text: ByteString,
    rows: Vec<Range<usize>>,
    /// How many rows match in all, where the API says so.
    pub total_count: Option<u64>,
    /// Whether the walk ended by its own limit and the API has more rows.
    pub more: bool,
}

impl Page {
    /// Takes a body apart.
    pub(crate) fn read(text: ByteString) -> Result<Self, serde_json::Error> {
        let list: RawList<&RawValue> = serde_json::from_str(&text)?;
        let base = text.as_ptr() as usize;
        let range = |row: &&RawValue| {
            let start = row.get().as_ptr() as usize - base;
            start..start + row.get().len()
        };
        let rows = list.rows.iter().map(range).collect();
        let total_count = list.total_count;
        Ok(Self {
            rows,
            total_count,
            more: false,
            text,
        })
    }

    /// Each row's exact JSON text.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &str> {
        self.rows.iter().map(|range| &self.text[range.clone()])
    }

    /// Each row as a type; one that cannot be read does not affect the others.
    pub fn read_rows<T: DeserializeOwned>(&self) -> impl Iterator<Item = Result<T, RowError>> {
        self.rows().enumerate().map(|(index, row)| {
            read_row(row).map_err(|source| {
                let raw = RawValue::from_string(row.to_owned()).unwrap_or_default();
                RowError { index, raw, source }
            })
        })
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The whole response.
    #[must_use]
    pub fn raw(&self) -> &Bytes {
        self.text.as_bytes()
    }

    /// Keeps the rows that a test of their ids lets pass.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Option<&str>) -> bool) {
        let text = &self.text;
        self.rows
            .retain(|range| keep(row_id(&text[range.clone()]).as_deref()));
    }

    /// Keeps the first rows.
    pub(crate) fn truncate(&mut self, most: usize) {
        self.rows.truncate(most);
    }

    /// Each row's id, where it has one.
    pub(crate) fn ids(&self) -> impl Iterator<Item = Option<String>> {
        self.rows().map(row_id)
    }

    pub(crate) fn last_id(&self) -> Option<String> {
        row_id(self.rows().last()?)
    }
}

/// A row's member `id`. The rest of the row is not read: it is most of it.
fn row_id(row: &str) -> Option<String> {
    let mut id = None;
    let mut reader = serde_json::Deserializer::from_str(row);
    // It ends with an error as soon as the id is found.
    let _ = reader.deserialize_map(IdVisitor(&mut id));
    id
}

struct IdVisitor<'a>(&'a mut Option<String>);

impl<'de> Visitor<'de> for IdVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == "id" {
                *self.0 = Some(map.next_value()?);
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// What is probably the last row's id, found without reading the page: where there are as many rows as were asked for,
/// all with the id in front and of the first row's kind.
pub(crate) fn likely_last_id(page: &[u8], asked: u64) -> Option<String> {
    let first = page.strip_prefix(b"[")?;
    let kind = &first[..=memchr::memchr(b'_', &first[..first.len().min(MAX_KIND)])?];
    if !kind.starts_with(br#"{"id":""#) {
        return None;
    }
    let (mut rows, mut last) = (0, 0);
    for at in memchr::memmem::find_iter(first, kind) {
        (rows, last) = (rows + 1, at + br#"{"id":""#.len());
    }
    let end = last + memchr::memchr(b'"', &first[last..])?;
    let id = std::str::from_utf8(&first[last..end]).ok()?;
    (rows == asked).then(|| id.to_owned())
}

/// How far an id's kind may reach into a row.
const MAX_KIND: usize = 32;
