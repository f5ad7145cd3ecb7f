//! Tables as Parquet files: typed columns, instants in microseconds of UTC, metadata as JSON text, compressed by Snappy.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use clerk_api_admin::problem::{Outcome, Problem};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type as Schema, TypePtr};

use super::table::{Column, Rows, Table, Type, Value};
use super::target::Outlet;

/// How many bytes of a table are kept before they are written: a group of rows is written column by column.
const GROUP: usize = 8 << 20;

/// Parquet files by table; rows of other tables are left out.
pub(super) struct Parquet {
    files: BTreeMap<&'static str, File>,
}

impl Parquet {
    pub(super) fn create(files: Vec<(&'static Table, Outlet)>) -> Outcome<Self> {
        let made = files.into_iter().map(|(table, out)| {
            let file = File::create(table, out).map_err(|error| failed(&error))?;
            Ok((table.name, file))
        });
        let files = made.collect::<Outcome<_>>()?;
        Ok(Self { files })
    }

    pub(super) fn end(self) -> Outcome<Vec<Outlet>> {
        let ended = self.files.into_values().map(File::end);
        let ended: Result<_, ParquetError> = ended.collect();
        ended.map_err(|error| failed(&error))
    }
}

impl Rows for Parquet {
    fn row(&mut self, table: &'static Table, values: &[Value<'_>]) -> Outcome<()> {
        match self.files.get_mut(table.name) {
            Some(file) => file.row(values).map_err(|error| failed(&error)),
            None => Ok(()),
        }
    }
}

fn failed(error: &ParquetError) -> Box<Problem> {
    Problem::io("cannot write a Parquet file of the export", error)
}

/// One file, and the group of rows that is not in it yet.
struct File {
    writer: SerializedFileWriter<Outlet>,
    columns: Vec<Waiting>,
    /// How many bytes wait.
    size: usize,
}

impl File {
    fn create(table: &'static Table, out: Outlet) -> Result<Self, ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("clerk-api ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let is_key = |column: &Column| table.key.contains(&column.name);
        Ok(Self {
            writer: SerializedFileWriter::new(out, schema(table)?, Arc::new(properties))?,
            columns: table
                .columns
                .iter()
                .map(|column| Waiting::new(column.kind, is_key(column)))
                .collect(),
            size: 0,
        })
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ParquetError> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            self.size += column.add(value);
        }
        if self.size >= GROUP {
            self.write_group()?;
        }
        Ok(())
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        self.size = 0;
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            if let Some(writer) = group.next_column()? {
                column.write(writer)?;
            }
        }
        group.close()?;
        Ok(())
    }

    fn end(mut self) -> Result<Outlet, ParquetError> {
        if self.size > 0 {
            self.write_group()?;
        }
        self.writer.into_inner()
    }
}

fn schema(table: &Table) -> Result<TypePtr, ParquetError> {
    let fields = table.columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            Type::Text | Type::Json => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Type::Integer => (Physical::INT64, None),
            Type::Boolean => (Physical::BOOLEAN, None),
            Type::Timestamp => (
                Physical::INT64,
                Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
            ),
        };
        let repetition = if table.key.contains(&column.name) {
            Repetition::REQUIRED
        } else {
            Repetition::OPTIONAL
        };
        let field = Schema::primitive_type_builder(column.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()?;
        Ok(Arc::new(field))
    });
    let fields = fields.collect::<Result<_, ParquetError>>()?;
    let schema = Schema::group_type_builder(table.name)
        .with_fields(fields)
        .build()?;
    Ok(Arc::new(schema))
}

/// The values of a column that wait to be written.
struct Waiting {
    values: Values,
    /// For each row, whether there is a value; nothing for columns of a key, which always have one.
    present: Option<Vec<i16>>,
}

enum Values {
    /// All texts behind each other, and where each ends.
    Texts(Vec<u8>, Vec<usize>),
    Numbers(Vec<i64>),
    Truths(Vec<bool>),
}

impl Waiting {
    const fn new(kind: Type, is_key: bool) -> Self {
        let values = match kind {
            Type::Text | Type::Json => Values::Texts(Vec::new(), Vec::new()),
            Type::Integer | Type::Timestamp => Values::Numbers(Vec::new()),
            Type::Boolean => Values::Truths(Vec::new()),
        };
        let present = if is_key { None } else { Some(Vec::new()) };
        Self { values, present }
    }

    /// Keeps a value, and returns how many bytes that takes.
    fn add(&mut self, value: &Value<'_>) -> usize {
        let size = match (&mut self.values, value) {
            (Values::Texts(all, ends), Value::Text(text) | Value::Json(text)) => {
                all.extend_from_slice(text.as_bytes());
                ends.push(all.len());
                Some(text.len() + size_of::<usize>())
            }
            (Values::Numbers(all), Value::Integer(number)) => {
                all.push(*number);
                Some(size_of::<i64>())
            }
            (Values::Numbers(all), Value::Timestamp(instant)) => {
                all.push(instant.as_millis().saturating_mul(1000));
                Some(size_of::<i64>())
            }
            (Values::Truths(all), Value::Boolean(is)) => {
                all.push(*is);
                Some(1)
            }
            _ => None,
        };
        if let Some(present) = &mut self.present {
            present.push(i16::from(size.is_some()));
        }
        size.unwrap_or(0) + size_of::<i16>()
    }

    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = self.present.as_deref();
        match &mut self.values {
            Values::Texts(all, ends) => {
                // One piece of memory for the whole group; each text is a part of it.
                let capacity = all.len();
                let all = Bytes::from(std::mem::replace(all, Vec::with_capacity(capacity)));
                let mut start = 0;
                let texts: Vec<ByteArray> = ends
                    .drain(..)
                    .map(|end| ByteArray::from(all.slice(std::mem::replace(&mut start, end)..end)))
                    .collect();
                writer
                    .typed::<ByteArrayType>()
                    .write_batch(&texts, present, None)?;
            }
            Values::Numbers(all) => {
                writer
                    .typed::<Int64Type>()
                    .write_batch(all, present, None)?;
                all.clear();
            }
            Values::Truths(all) => {
                writer.typed::<BoolType>().write_batch(all, present, None)?;
                all.clear();
            }
        }
        if let Some(present) = &mut self.present {
            present.clear();
        }
        writer.close()
    }
}
