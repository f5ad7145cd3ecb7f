//! Tables.

use super::{ADA, EVE, answer, list, of_fields, options, walked};
use crate::format::{Format, OutputOptions, Renderer};
use crate::view::view;

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
    ID      EMAIL     PUBLIC_METADATA                 CREATED
    user_1  ada@x.co  {"big":12345678901234567890,"…  2023-11-14
    user_2            {}                              2020-09-13
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
    email_addresses
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

/// What a terminal of this width shows of these rows, and the notes.
fn at_a_terminal(operation: &str, width: u16, rows: &[&str]) -> (String, Vec<String>) {
    let options = OutputOptions {
        width: Some(width),
        to_terminal: true,
        view: view(operation),
        ..options(Format::Table)
    };
    let mut renderer = Renderer::new(&options).unwrap();
    let mut out = Vec::new();
    renderer.list_start(None, &mut out).unwrap();
    for row in rows {
        renderer.row(row, &mut out).unwrap();
    }
    let report = renderer.list_end(&mut out).unwrap();
    (String::from_utf8(out).unwrap(), report.notes)
}

const MEMBER: &str = r#"{"id":"orgmem_1","role":"org:member","created_at":1700000000000,"organization":{"id":"org_2abcdefghijklmnopqrstuvwxyz","slug":"nimbus-travel"},"public_user_data":{"user_id":"user_2abcdefghijklmnopqrstuvwxyz","identifier":"grace.foster+19@example.org","first_name":"Grace","last_name":"Foster"}}"#;

#[test]
fn names_stay_whole_and_what_is_left_out_is_named() {
    let (wide, notes) = at_a_terminal("memberships.list", 140, &[MEMBER]);
    insta::assert_snapshot!(wide, @r"
    USER                              IDENTIFIER                   FIRST  LAST    ROLE        ORGANIZATION   SINCE
    user_2abcdefghijklmnopqrstuvwxyz  grace.foster+19@example.org  Grace  Foster  org:member  nimbus-travel  2023-11-14 22:13
    ");
    assert!(notes.is_empty(), "{notes:?}");
    let (usual, notes) = at_a_terminal("memberships.list", 85, &[MEMBER]);
    insta::assert_snapshot!(usual, @r"
    IDENTIFIER                   FIRST  LAST    ROLE        ORGANIZATION   SINCE
    grace.foster+19@example.org  Grace  Foster  org:member  nimbus-travel  2023-11-14
    ");
    assert_eq!(notes, ["left out to fit: USER (--wide shows all)"]);
    let (narrow, notes) = at_a_terminal("memberships.list", 80, &[MEMBER]);
    insta::assert_snapshot!(narrow, @r"
    IDENTIFIER                   FIRST  LAST    ROLE        ORGANIZATION
    grace.foster+19@example.org  Grace  Foster  org:member  nimbus-travel
    ");
    assert!(notes[0].contains("USER, SINCE"), "{notes:?}");
}

#[test]
fn a_flag_that_was_left_out_is_told_when_a_later_row_has_it() {
    let calm = r#"{"id":"user_1","username":"ada","banned":false,"locked":false}"#;
    let banned = calm.replace("\"banned\":false", "\"banned\":true");
    let mut rows = vec![calm; 200];
    let (_, notes) = at_a_terminal("users.list", 60, &rows);
    assert_eq!(notes.len(), 1, "{notes:?}");
    rows.push(&banned);
    let (_, notes) = at_a_terminal("users.list", 60, &rows);
    assert_eq!(
        notes[1],
        "some rows have a value in BANNED, which is not shown"
    );
}

#[test]
fn right_to_left_and_wide_cells_keep_the_grid() {
    let row = |first: &str| format!(r#"{{"id":"user_1","username":"x","first_name":"{first}"}}"#);
    let (hebrew, chinese) = (row("שלום"), row("杰"));
    let (text, _) = at_a_terminal("users.list", 200, &[&hebrew, &chinese]);
    assert!(text.contains("\u{2068}שלום\u{2069}"), "{text}");
    let column =
        |line: &str| unicode_width::UnicodeWidthStr::width(line.split(" x").next().unwrap());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(column(lines[1]), column(lines[2]), "{text}");
}

#[test]
fn a_number_is_never_cut() {
    let row = r#"{"id":"org_1","name":"A name that is far too long for this","slug":"far-too-long-as-well","members_count":12345678901}"#;
    let (text, _) = at_a_terminal("organizations.list", 30, &[row]);
    assert!(text.contains("  12345678901\n"), "{text}");
}

#[test]
fn the_jobs_fit_a_terminal_with_their_ids_whole() {
    let row = r#"{"object":"job","id":"01M8NFZG9GTEMWGZFP1JCJFECW","operation":"users.update_metadata","phase":"parked","rows":{"total":3001,"done":1136,"failed":1,"not_attempted":1864},"created_at":1796017733936,"reason":"the hourly limit is used up"}"#;
    let (text, notes) = at_a_terminal("jobs.list", 80, &[row]);
    insta::assert_snapshot!(text, @r"
    ID                          OPERATION              PHASE   DONE  FAILED  LEFT
    01M8NFZG9GTEMWGZFP1JCJFECW  users.update_metadata  parked  1136       1  1864
    ");
    assert_eq!(notes, [""; 0]);
}
