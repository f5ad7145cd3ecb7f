//! Every format over the same few rows.

use super::*;
use crate::text::sanitize;
use crate::view::view;

const ADA: &str = r#"{"id":"user_1","object":"user","username":null,"first_name":"Ada","last_name":"Łovelace","primary_email_address_id":"idn_2","email_addresses":[{"id":"idn_1","email_address":"old@x.co"},{"id":"idn_2","email_address":"ada@x.co"}],"public_metadata":{"big":12345678901234567890,"plan":"pro"},"last_sign_in_at":null,"banned":false,"locked":false,"created_at":1700000000123}"#;
const EVE: &str = concat!(
    r#"{"id":"user_2","object":"user","username":"=cmd()","first_name":"\u001b[2J"#,
    "\u{202e}",
    r#"evil","last_name":"a\nb","primary_email_address_id":null,"email_addresses":[],"public_metadata":{},"last_sign_in_at":1700000000123,"banned":true,"locked":false,"created_at":1600000000000}"#
);

fn options(format: Format) -> OutputOptions {
    OutputOptions {
        format,
        view: view("users.list"),
        ..OutputOptions::default()
    }
}

fn of_fields(format: Format, fields: &[&str]) -> OutputOptions {
    OutputOptions {
        fields: fields.iter().copied().map(str::to_owned).collect(),
        ..options(format)
    }
}

fn jq(code: &str) -> OutputOptions {
    OutputOptions {
        jq: Some(code.to_owned()),
        ..options(Format::Json)
    }
}

/// What a walk over the rows writes, and its warnings.
fn walked(options: &OutputOptions, rows: &[&str]) -> (String, Vec<String>) {
    paged(options, None, rows)
}

/// The same where the first page is this.
fn paged(options: &OutputOptions, first: Option<&str>, rows: &[&str]) -> (String, Vec<String>) {
    let mut renderer = Renderer::new(options).unwrap();
    let mut out = Vec::new();
    renderer.list_start(first, &mut out).unwrap();
    for row in rows {
        renderer.row(row, &mut out).unwrap();
    }
    let report = renderer.list_end(&mut out).unwrap();
    (String::from_utf8(out).unwrap(), report.warnings)
}

fn list(options: &OutputOptions) -> String {
    walked(options, &[ADA, EVE]).0
}

fn answer(options: &OutputOptions, raw: &str) -> String {
    let mut out = Vec::new();
    Renderer::new(options)
        .unwrap()
        .answer(raw.as_bytes(), &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn json_is_the_servers_own_text() {
    assert_eq!(
        walked(&options(Format::Json), &[ADA, ADA]).0,
        format!("[{ADA},{ADA}]\n")
    );
    assert_eq!(walked(&options(Format::Json), &[]).0, "[]\n");
    assert_eq!(answer(&options(Format::Json), ADA), format!("{ADA}\n"));
    let shown = list(&options(Format::Json));
    assert!(
        shown.contains(r#""first_name":"\u001b[2J\u202eevil""#),
        "{shown}"
    );
}

#[test]
fn pretty_json_of_a_walk_is_that_of_the_whole() {
    let pretty = OutputOptions {
        pretty: true,
        ..of_fields(Format::Json, &["id", "public_metadata"])
    };
    insta::assert_snapshot!(list(&pretty), @r#"
    [
      {
        "id": "user_1",
        "public_metadata": {
          "big": 12345678901234567890,
          "plan": "pro"
        }
      },
      {
        "id": "user_2",
        "public_metadata": {}
      }
    ]
    "#);
    assert_eq!(list(&pretty), answer(&pretty, &format!("[{ADA}, {EVE}]")));
    assert_eq!(walked(&pretty, &[]).0, "[]\n");
}

#[test]
fn ndjson_is_a_line_a_row() {
    let ndjson = of_fields(
        Format::Ndjson,
        &[
            "email_addresses.email_address",
            "id",
            "public_metadata.plan",
        ],
    );
    insta::assert_snapshot!(list(&ndjson), @r#"
    {"email_addresses":[{"email_address":"old@x.co"},{"email_address":"ada@x.co"}],"id":"user_1","public_metadata":{"plan":"pro"}}
    {"email_addresses":[],"id":"user_2","public_metadata":{"plan":null}}
    "#);
    let envelope = format!("{{\"data\": [{ADA}, {EVE}], \"total_count\": 2}}");
    assert_eq!(answer(&ndjson, &envelope), list(&ndjson));
    assert_eq!(
        answer(&options(Format::Ndjson), "{ \"a\": 1 }"),
        "{\"a\":1}\n"
    );
}

#[test]
fn tables_are_aligned_and_clean() {
    insta::assert_snapshot!(list(&options(Format::Table)), @r"
    ID      EMAIL     FIRST                LAST      USERNAME  CREATED               LAST SIGN-IN          BANNED  LOCKED
    user_1  ada@x.co  Ada                  Łovelace            2023-11-14T22:13:20Z                        false   false
    user_2            \x1b[2J\u{202e}evil  a\nb      =cmd()    2020-09-13T12:26:40Z  2023-11-14T22:13:20Z  true    false
    ");
    insta::assert_snapshot!(walked(&options(Format::Table), &[]).0, @"ID  EMAIL  FIRST  LAST  USERNAME  CREATED  LAST SIGN-IN  BANNED  LOCKED");
}

#[test]
fn tables_fit_a_terminal_and_are_whole_elsewhere() {
    let narrow = OutputOptions {
        width: Some(60),
        to_terminal: true,
        ..of_fields(
            Format::Table,
            &["id", "email_address", "public_metadata", "created_at"],
        )
    };
    insta::assert_snapshot!(list(&narrow), @r#"
    ID      EMAIL     PUBLIC_METADATA       CREATED
    user_1  ada@x.co  {"big":123456789012…  2023-11-14T22:13:20Z
    user_2            {}                    2020-09-13T12:26:40Z
    "#);
    let piped = OutputOptions {
        to_terminal: false,
        ..narrow
    };
    assert!(list(&piped).contains(r#"{"big":12345678901234567890,"plan":"pro"}"#));
}

#[test]
fn a_table_of_one_object_is_a_name_and_a_value_a_line() {
    insta::assert_snapshot!(answer(&options(Format::Table), EVE), @r"
    id                        user_2
    object                    user
    username                  =cmd()
    first_name                \x1b[2J\u{202e}evil
    last_name                 a\nb
    primary_email_address_id
    email_addresses           []
    public_metadata           {}
    last_sign_in_at           2023-11-14T22:13:20Z
    banned                    true
    locked                    false
    created_at                2020-09-13T12:26:40Z
    ");
    insta::assert_snapshot!(answer(&of_fields(Format::Table, &["id", "created_at"]), ADA), @"
    id          user_1
    created_at  2023-11-14T22:13:20Z
    ");
}

#[test]
fn tables_stream_after_the_rows_that_are_measured() {
    let mut renderer = Renderer::new(&of_fields(Format::Table, &["id"])).unwrap();
    let mut out = Vec::new();
    renderer.list_start(None, &mut out).unwrap();
    for row in 1..=250 {
        renderer
            .row(&format!("{{\"id\":\"user_{row}\"}}"), &mut out)
            .unwrap();
    }
    assert_eq!(out.iter().filter(|b| **b == b'\n').count(), 251);
}

#[test]
fn csv_is_quoted_guarded_and_lossless() {
    let visible = |csv: String| {
        let lines = csv
            .split("\r\n")
            .map(|line| sanitize::text(line).into_owned());
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(visible(list(&options(Format::Csv))), @r#"
    "id","email_address","first_name","last_name","username","created_at","last_sign_in_at","banned","locked"
    "user_1","ada@x.co","Ada","Łovelace","","1700000000123","","false","false"
    "user_2","","\x1b[2J\u{202e}evil","a\nb","'=cmd()","1600000000000","1700000000123","true","false"
    "#);
    let asked = of_fields(Format::Csv, &["id", "public_metadata", "last_name"]);
    insta::assert_snapshot!(visible(list(&asked)), @r#"
    "id","public_metadata","last_name"
    "user_1","{""big"":12345678901234567890,""plan"":""pro""}","Łovelace"
    "user_2","{}","a\nb"
    "#);
    let terminal = OutputOptions {
        to_terminal: true,
        ..of_fields(Format::Csv, &["id", "last_name"])
    };
    assert!(list(&terminal).contains(r#""a\nb""#));
    assert_eq!(walked(&options(Format::Csv), &[]).0.lines().count(), 1);
}

#[test]
fn csv_of_an_unknown_model_takes_the_first_rows_members() {
    let any = OutputOptions {
        view: view("nothing.list"),
        ..options(Format::Csv)
    };
    let (csv, _) = walked(
        &any,
        &[
            r#"{"id":"r_1","l":[1, 2]}"#,
            r#"{"l":null,"x":1,"id":"r_2"}"#,
        ],
    );
    assert_eq!(csv, "\"id\",\"l\"\r\n\"r_1\",\"[1,2]\"\r\n\"r_2\",\"\"\r\n");
}

#[test]
fn yaml_is_a_sequence_row_by_row() {
    insta::assert_snapshot!(list(&options(Format::Yaml)), @r#"
    - id: user_1
      object: user
      username: null
      first_name: Ada
      last_name: "Łovelace"
      primary_email_address_id: idn_2
      email_addresses:
        - id: idn_1
          email_address: old@x.co
        - id: idn_2
          email_address: ada@x.co
      public_metadata:
        big: 12345678901234567890
        plan: pro
      last_sign_in_at: null
      banned: false
      locked: false
      created_at: 1700000000123
    - id: user_2
      object: user
      username: "=cmd()"
      first_name: "\x1b[2J\u202eevil"
      last_name: "a\nb"
      primary_email_address_id: null
      email_addresses: []
      public_metadata: {}
      last_sign_in_at: 1700000000123
      banned: true
      locked: false
      created_at: 1600000000000
    "#);
    assert_eq!(
        list(&options(Format::Yaml)),
        answer(&options(Format::Yaml), &format!("[{ADA},{EVE}]"))
    );
    assert_eq!(walked(&options(Format::Yaml), &[]).0, "[]\n");
    assert_eq!(answer(&options(Format::Yaml), "[]"), "[]\n");
}

#[test]
fn ids_are_those_that_other_commands_take() {
    assert_eq!(list(&options(Format::Ids)), "user_1\nuser_2\n");
    let members = OutputOptions {
        view: view("organizations.members"),
        ..options(Format::Ids)
    };
    let membership = r#"{"id":"orgmem_1","public_user_data":{"user_id":"user_9"},"organization":{"id":"org_1"}}"#;
    assert_eq!(walked(&members, &[membership]).0, "user_9\n");
    assert_eq!(
        list(&of_fields(Format::Ids, &["email_addresses.id", "id"])),
        "idn_1\nidn_2\nuser_2\n"
    );
    let (ids, warnings) = walked(&options(Format::Ids), &["{\"x\":1}", ADA]);
    assert_eq!(ids, "user_1\n");
    assert_eq!(warnings, ["row 1 is left out: there is no id in it"]);
    let mut renderer = Renderer::new(&options(Format::Ids)).unwrap();
    let alone = renderer.answer(b"{\"x\":1}", &mut Vec::new());
    assert!(matches!(alone, Err(RenderError::NoId)));
}

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
fn reliability_7_6_links_that_let_their_bearer_in_are_hidden_in_every_format() {
    let invitation = r#"{"id":"orginv_1","email_address":"a@x.co","url":"https://x.co/CANARY"}"#;
    for format in Format::ALL {
        for fields in [&["id", "url"][..], &[]] {
            let hidden = OutputOptions {
                view: view("invitations.list"),
                ..of_fields(format, fields)
            };
            let shown = OutputOptions {
                show_secrets: true,
                ..hidden.clone()
            };
            let page = format!("{{\"data\":[{invitation}],\"total_count\":1}}");
            for text in [
                walked(&hidden, &[invitation]).0,
                answer(&hidden, &page),
                answer(&hidden, invitation),
            ] {
                assert!(!text.contains("CANARY"), "{text}");
            }
            let is_column = match format {
                Format::Json | Format::Ndjson | Format::Yaml => true,
                Format::Csv | Format::Table => !fields.is_empty(),
                Format::Ids => false,
            };
            assert_eq!(answer(&shown, &page).contains("CANARY"), is_column);
        }
    }
    let filtered = OutputOptions {
        view: view("invitations.list"),
        ..jq(".url")
    };
    assert!(!answer(&filtered, invitation).contains("CANARY"));
    let made = OutputOptions {
        view: view("sign_in_tokens.create"),
        ..options(Format::Json)
    };
    assert!(answer(&made, invitation).contains("CANARY"));
}

#[test]
fn reliability_8_3_text_on_a_pipe_begins_no_line_with_a_command() {
    let row = r#"{"id":"user_1","first_name":"x\n::error::y","last_name":"::stop"}"#;
    let piped = jq(".first_name, .last_name");
    assert_eq!(answer(&piped, row), "x\n:\\:error::y\n:\\:stop\n");
    let file = OutputOptions {
        to_file: true,
        ..piped
    };
    assert_eq!(answer(&file, row), "x\n::error::y\n::stop\n");
    let csv = of_fields(Format::Csv, &["first_name", "last_name"]);
    assert!(answer(&csv, row).ends_with("\"x\n:\\:error::y\",\"::stop\"\r\n"));
}

#[test]
fn fields_that_no_row_has_are_named_once() {
    for format in [Format::Json, Format::Csv, Format::Table, Format::Yaml] {
        let (_, warnings) = walked(
            &of_fields(format, &["id", "nope", "public_metadata.plan"]),
            &[ADA, EVE],
        );
        assert_eq!(warnings, ["nothing in the answer has the field nope"]);
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
