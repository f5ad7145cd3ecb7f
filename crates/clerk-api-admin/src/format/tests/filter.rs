//! Filters, and what the formats make of their results.

use super::{ADA, EVE, answer, jq, list, paged};
use crate::format::{Format, OutputError, OutputOptions, Renderer};

#[test]
fn a_filter_sees_what_the_format_would_print() {
    let envelope = format!("{{\"data\":[{ADA},{EVE}],\"total_count\":9}}");
    let page = "{\"data\":[],\"total_count\":9}";
    for (code, expected) in [(".total_count", "9\n"), (".data|length", "2\n")] {
        assert_eq!(answer(&jq(code), &envelope), expected);
        assert_eq!(paged(&jq(code), Some(page), &[ADA, EVE]).0, expected);
    }
    assert_eq!(answer(&jq("length"), &format!("[{ADA}]")), "1\n");
    assert_eq!(list(&jq("length")), "2\n");
    let rows = OutputOptions {
        format: Format::Ndjson,
        ..jq(".id, .public_metadata")
    };
    let by_row = "user_1\n{\"big\":12345678901234567890,\"plan\":\"pro\"}\nuser_2\n{}\n";
    assert_eq!(list(&rows), by_row);
    assert_eq!(answer(&rows, &envelope), by_row);
    let terminal = OutputOptions {
        to_terminal: true,
        ..jq(".last_name, .first_name")
    };
    assert_eq!(answer(&terminal, EVE), "a\\nb\n\\x1b[2J\\u{202e}evil\n");
    assert_eq!(answer(&jq(".last_name"), EVE), "a\nb\n");
    for format in [Format::Yaml, Format::Ids] {
        let clash = OutputOptions { format, ..jq(".") };
        let refused = Renderer::new(&clash).err();
        assert!(matches!(refused, Some(OutputError::JqFormat(_))));
    }
}

#[test]
fn the_results_of_a_filter_are_the_rows_of_tables_and_csv() {
    let table = |format, code: &str| OutputOptions { format, ..jq(code) };
    let code = ".[]|select(.banned)|{id,last_sign_in_at}";
    insta::assert_snapshot!(list(&table(Format::Table, code)), @r"
    ID      LAST_SIGN_IN_AT
    user_2  2023-11-14T22:13:20Z
    ");
    assert_eq!(
        list(&table(Format::Csv, "map([.id,.banned])|.[]")),
        "\"1\",\"2\"\r\n\"user_1\",\"false\"\r\n\"user_2\",\"true\"\r\n"
    );
    assert_eq!(
        answer(&table(Format::Csv, ".first_name"), ADA),
        "\"value\"\r\n\"Ada\"\r\n"
    );
}
