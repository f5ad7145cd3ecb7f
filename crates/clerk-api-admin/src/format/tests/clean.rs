//! What no format shows.

use super::{answer, jq, of_fields, options, walked};
use crate::format::{Format, OutputOptions};
use crate::view::view;

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
