//! Tables.

use super::{ADA, EVE, answer, list, of_fields, options, walked};
use crate::format::{Format, OutputOptions, Renderer};

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
