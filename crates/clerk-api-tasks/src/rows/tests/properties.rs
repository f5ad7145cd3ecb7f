//! What holds for any file.

use clerk_api_admin::format::csv::guard;
use proptest::prelude::*;

use super::super::Input;
use super::{file, open};

/// A file of cells, all of them quoted or only those that need it.
fn written(rows: &[Vec<String>], delimiter: u8, end: &str, always: bool) -> Vec<u8> {
    let style = if always {
        csv::QuoteStyle::Always
    } else {
        csv::QuoteStyle::Necessary
    };
    let terminator = match end {
        "\r\n" => csv::Terminator::CRLF,
        end => csv::Terminator::Any(end.as_bytes()[0]),
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .terminator(terminator)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| guard(cell)))
            .unwrap();
    }
    writer.into_inner().unwrap()
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        cells in proptest::collection::vec(proptest::collection::vec("[a\"',;=\r\n\t ü|@]{0,6}", 3..4), 0..6),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
        end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        always: bool,
        mark: bool,
    ) {
        let mut rows = vec![vec!["x".to_owned(), "y".to_owned(), "z".to_owned()]];
        // Rows without any content are none.
        rows.extend(cells.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())));
        let mut content = if mark { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        // The first cell shows each line; a mark there is another test's.
        content.extend(written(&rows, delimiter, end, always));
        let file = file(&content);
        let input = Input::open(&file.path).unwrap();
        let read: Vec<_> = input.rows().unwrap().map(|row| row.unwrap().unwrap()).collect();
        let texts: Vec<Vec<String>> =
            read.iter().map(|row| (0..3).map(|column| row.cell(column).text()).collect()).collect();
        prop_assert_eq!(&texts, &rows[1..]);
        for (index, row) in read.iter().enumerate() {
            prop_assert_eq!(row.at.number, index as u64 + 1);
            let again = input.read_at(row.at).unwrap();
            prop_assert_eq!(again.at, row.at);
            for column in 0..3 {
                prop_assert_eq!(again.cell(column).text(), row.cell(column).text());
            }
            let start = usize::try_from(row.at.offset).unwrap();
            let before = String::from_utf8_lossy(&content[..start]).replace("\r\n", "\n");
            let lines = before.matches(['\r', '\n']).count() as u64;
            prop_assert_eq!(row.at.line, lines + 1);
        }
    }

    #[test]
    fn json_that_was_written_is_read(
        values in proptest::collection::vec("[a\"\\\\\\]}{\\[,:\r\n ü]{0,8}", 0..6),
        pretty: bool,
        lines: bool,
    ) {
        let objects: Vec<serde_json::Value> =
            values.iter().map(|value| serde_json::json!({"x": value, "y": {"z": [value]}})).collect();
        let content = if lines {
            objects.iter().map(|object| format!("{object}\n")).collect()
        } else if pretty {
            serde_json::to_string_pretty(&objects).unwrap()
        } else {
            serde_json::to_string(&objects).unwrap()
        };
        prop_assume!(!content.is_empty());
        let input = open(&content);
        let read: Vec<String> =
            input.rows().unwrap().map(|row| row.unwrap().unwrap().cell(0).text()).collect();
        prop_assert_eq!(read, values);
    }

    #[test]
    fn any_bytes_end_in_rows_or_a_clear_error(
        content in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "[\\[\\]{}\":,;\r\n\0a1\u{feff}\\\\ ]{0,60}".prop_map(String::into_bytes),
        ],
    ) {
        let file = file(&content);
        let Ok(input) = Input::open(&file.path) else { return Ok(()) };
        for (index, row) in input.rows().unwrap().enumerate() {
            let Ok(row) = row else { break };
            let at = match &row {
                Ok(row) => row.at,
                Err(bad) => {
                    prop_assert!(!bad.what.is_empty());
                    bad.at
                }
            };
            prop_assert_eq!(at.number, index as u64 + 1);
            prop_assert!(at.offset + at.length <= input.size());
            prop_assert_eq!(input.read_at(at).is_ok(), row.is_ok());
        }
    }
}
