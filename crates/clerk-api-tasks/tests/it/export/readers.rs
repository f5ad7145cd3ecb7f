//! Exported files, read by readers that are not ours, as rows of text, sorted.

use std::path::Path;

use clerk_api_admin::format::csv::unguard;
use clerk_api_tasks::export::table::{Table, Type};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use rusqlite::types::ValueRef;

use super::expected::{Row, instant};

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name).collect()
}

pub(crate) fn sqlite(path: &Path, table: &Table) -> Vec<Row> {
    let db = rusqlite::Connection::open(path).unwrap();
    let sql = format!("SELECT {} FROM {}", names(table).join(", "), table.name);
    let mut statement = db.prepare(&sql).unwrap();
    let mut found = statement.query([]).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = found.next().unwrap() {
        let cells = table.columns.iter().enumerate().map(|(at, column)| {
            match (row.get_ref(at).unwrap(), column.kind) {
                (ValueRef::Null, _) => None,
                (ValueRef::Integer(is), Type::Boolean) => Some((is == 1).to_string()),
                (ValueRef::Integer(number), Type::Integer) => Some(number.to_string()),
                (ValueRef::Text(text), Type::Text | Type::Timestamp | Type::Json) => {
                    Some(std::str::from_utf8(text).unwrap().to_owned())
                }
                (value, kind) => panic!("{}: {value:?} is no {kind:?}", column.name),
            }
        });
        rows.push(cells.collect());
    }
    rows.sort();
    rows
}

/// Nothing and an empty text are the same in CSV.
pub(crate) fn csv(path: &Path, table: &Table) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        names(table)
    );
    let records = reader.records().map(|record| {
        let record = record.unwrap();
        let cells = record.iter().map(|cell| Some(unguard(cell).to_owned()));
        cells
            .map(|cell| cell.filter(|cell| !cell.is_empty()))
            .collect()
    });
    let mut rows: Vec<Row> = records.collect();
    rows.sort();
    rows
}

pub(crate) fn parquet(path: &Path, table: &Table) -> Vec<Row> {
    let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut rows: Vec<Row> = Vec::new();
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        let found: Vec<&String> = row.get_column_iter().map(|(name, _)| name).collect();
        assert_eq!(found, names(table));
        let cells = row.get_column_iter().map(|(_, field)| match field {
            Field::Null => None,
            Field::Bool(is) => Some(is.to_string()),
            Field::Long(number) => Some(number.to_string()),
            Field::Str(text) => Some(text.clone()),
            Field::TimestampMicros(micros) => {
                assert_eq!(micros % 1000, 0);
                Some(instant(micros / 1000))
            }
            other => panic!("{other:?}"),
        });
        rows.push(cells.collect());
    }
    rows.sort();
    rows
}
