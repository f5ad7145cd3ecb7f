//! Lists: one shape, whatever goes wrong with a row.

use super::{ADA, EVE, answer, jq, of_fields, options, paged, walked};
use crate::format::{Format, OutputOptions, RenderError, Renderer, json};

#[test]
fn a_list_has_one_shape() {
    let frame = "{\"x\":{\"y\":[1]},\"data\":[DATA],\"total_count\":2,\"z\":null}";
    for pretty in [false, true] {
        for format in [Format::Json, Format::Yaml] {
            for fields in [&["id", "email_addresses"][..], &[]] {
                let options = OutputOptions {
                    pretty,
                    color: pretty && format == Format::Json,
                    ..of_fields(format, fields)
                };
                for rows in [&[ADA, EVE][..], &[]] {
                    let whole = frame.replace("DATA", &rows.join(", "));
                    let walked = paged(&options, Some(&frame.replace("DATA", EVE)), rows).0;
                    assert_eq!(answer(&options, &whole), walked);
                    if format == Format::Json && !options.color && fields.is_empty() {
                        assert_eq!(walked, format!("{}\n", json::compact(&whole)));
                    }
                }
            }
        }
    }
    insta::assert_snapshot!(answer(&options(Format::Yaml), "{\"data\":[{\"a\":1},{\"b\":[2]}],\"total_count\":2}"), @r"
    data:
      - a: 1
      - b:
          - 2
    total_count: 2
    ");
}

#[test]
fn reliability_2_10_one_bad_row_does_not_take_the_list_away() {
    let deep = format!(
        "{{\"id\":\"user_3\",\"m\":{}1{}}}",
        "{\"a\":".repeat(130),
        "}".repeat(130)
    );
    let half = r#"{"id":"user_4","first_name":"\ud83d"}"#;
    for bad in [deep.as_str(), half] {
        let page = format!("[{ADA},{bad},{EVE}]");
        let rows = [ADA, bad, EVE];
        for format in [
            Format::Json,
            Format::Ndjson,
            Format::Csv,
            Format::Table,
            Format::Ids,
        ] {
            let (text, warnings) = walked(&options(format), &rows);
            assert!(text.contains("user_3") || text.contains("user_4"), "{text}");
            assert!(warnings.is_empty(), "{warnings:?}");
            assert_eq!(answer(&options(format), &page), text);
        }
        let by_row = OutputOptions {
            format: Format::Ndjson,
            ..jq(".id")
        };
        for options in [jq(".[].id"), by_row] {
            let (text, warnings) = walked(&options, &rows);
            assert_eq!(text, "user_1\nuser_2\n");
            let id = if bad == half { "user_4" } else { "user_3" };
            assert!(
                warnings[0].starts_with(&format!("row 2 ({id}) is left out: ")),
                "{warnings:?}"
            );
            assert_eq!(answer(&options, &page), text);
        }
    }
    let (text, warnings) = walked(&options(Format::Yaml), &[ADA, &deep, EVE]);
    assert!(!text.contains("user_3") && text.contains("user_2"));
    assert_eq!(warnings.len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_never_replaced() {
    let mut renderer = Renderer::new(&options(Format::Json)).unwrap();
    let error = renderer.answer(b"{\"a\":\"\xff\"}", &mut Vec::new());
    assert!(matches!(error, Err(RenderError::Utf8(6))));
}

#[test]
fn fields_that_no_row_has_are_named_once() {
    for format in [Format::Json, Format::Csv, Format::Table, Format::Yaml] {
        let (_, warnings) = walked(
            &of_fields(format, &["id", "nope", "public_metadata.plan"]),
            &[ADA, EVE],
        );
        assert_eq!(warnings, ["no row has the field nope"]);
        assert!(walked(&of_fields(format, &["nope"]), &[]).1.is_empty());
    }
}

#[test]
fn an_envelope_keeps_its_total_when_its_rows_are_pruned() {
    let envelope = format!("{{\"data\":[{ADA}],\"total_count\":7}}");
    assert_eq!(
        answer(&of_fields(Format::Json, &["id"]), &envelope),
        "{\"data\":[{\"id\":\"user_1\"}],\"total_count\":7}\n"
    );
}

#[test]
fn a_list_that_ends_early_is_closed() {
    let mut renderer = Renderer::new(&options(Format::Json)).unwrap();
    let mut out = Vec::new();
    renderer.list_start(None, &mut out).unwrap();
    renderer.row("{\"id\":1}", &mut out).unwrap();
    renderer.list_end(&mut out).unwrap();
    assert_eq!(out, b"[{\"id\":1}]\n");
}

#[test]
fn a_document_whose_list_comes_row_by_row_looks_as_if_it_came_whole() {
    let around = r#"{"object":"audit","findings":[],"known":["x"]}"#;
    let pretty = OutputOptions {
        pretty: true,
        ..options(Format::Json)
    };
    let all = [
        options(Format::Json),
        pretty,
        options(Format::Yaml),
        jq(".findings | length"),
    ];
    for (options, rows) in all.iter().flat_map(|options| {
        [&[][..], &[ADA, EVE][..]]
            .into_iter()
            .map(move |rows| (options, rows))
    }) {
        let whole = around.replacen("[]", &format!("[{}]", rows.join(",")), 1);
        let mut expected = Vec::new();
        let mut renderer = Renderer::new(options).unwrap();
        renderer.answer(whole.as_bytes(), &mut expected).unwrap();

        let mut out = Vec::new();
        let mut renderer = Renderer::new(options).unwrap();
        renderer.start_within(around, "findings", &mut out).unwrap();
        for row in rows {
            renderer.row(row, &mut out).unwrap();
        }
        renderer.list_end(&mut out).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert_eq!(text(out), text(expected));
    }
}

#[test]
fn a_row_that_a_filter_cannot_read_leaves_the_document_around_it() {
    let deep = format!("{}1{}", "[".repeat(3000), "]".repeat(3000));
    let around = r#"{"object":"audit","findings":[],"known":["x"]}"#;
    let mut renderer = Renderer::new(&jq("[.object, .known, (.findings | length)]")).unwrap();
    let mut out = Vec::new();
    renderer.start_within(around, "findings", &mut out).unwrap();
    for row in [ADA, &deep, EVE] {
        renderer.row(row, &mut out).unwrap();
    }
    let report = renderer.list_end(&mut out).unwrap();
    assert_eq!(report.left_out, 1);
    assert_eq!(String::from_utf8(out).unwrap(), "[\"audit\",[\"x\"],2]\n");
}
