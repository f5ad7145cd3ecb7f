//! Lists: one page, and the walk over all of them.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// One row of a list that could not be read; the others are not affected.
#[derive(Debug, thiserror::Error)]
#[error("row {index} of the page cannot be read: {source}")]
pub struct RowError {
    /// Its place in the page, from 0.
    pub index: usize,
    /// The row's JSON text.
    pub raw: Box<RawValue>,
    source: serde_json::Error,
}

/// A list's answer, whether it came as a bare array or with a total.
#[derive(Debug)]
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
            serde_json::from_str(raw.get()).map_err(|source| RowError { index, raw, source })
        };
        Ok(Self {
            rows: raw.rows.into_iter().enumerate().map(read).collect(),
            total_count: raw.total_count,
        })
    }
}

/// A list whose rows are still text.
struct RawList<R> {
    rows: Vec<R>,
    total_count: Option<u64>,
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
                "total_count" => total_count = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let rows = rows.ok_or_else(|| serde::de::Error::missing_field("data"))?;
        Ok(RawList { rows, total_count })
    }
}
