//! CSV: what is exported comes back, cell by cell (reliability.md 8.4).
#![no_main]

use clerk_api_admin::format::csv::{guard, unguard};
use clerk_api_admin::format::{Format, OutputOptions, Renderer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|cell: &str| {
    let guarded = guard(cell);
    assert_eq!(unguard(&guarded), cell);

    let options = OutputOptions {
        format: Format::Csv,
        to_file: true,
        fields: vec!["cell".to_owned(), "end".to_owned()],
        ..OutputOptions::default()
    };
    let row = serde_json::json!({ "cell": cell, "end": 1 }).to_string();
    let mut file = Vec::new();
    let mut renderer = Renderer::new(&options).unwrap();
    renderer.list_start(None, &mut file).unwrap();
    renderer.row(&row, &mut file).unwrap();
    renderer.list_end(&mut file).unwrap();
    let mut reader = csv::Reader::from_reader(file.as_slice());
    let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(unguard(&records[0][0]), cell);
    assert_eq!(&records[0][1], "1");
});
