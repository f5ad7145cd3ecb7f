//! CSV.

use super::{list, of_fields, options, walked};
use crate::format::{Format, OutputOptions};
use crate::text::sanitize;
use crate::view::view;

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
    "user_1","ada@x.co","Ada","Łovelace","","2023-11-14T22:13:20Z","","false","false"
    "user_2","","\x1b[2J\u{202e}evil","a\nb","'=cmd()","2020-09-13T12:26:40Z","2023-11-14T22:13:20Z","true","false"
    "#);
    let raw = OutputOptions {
        raw: true,
        ..options(Format::Csv)
    };
    assert!(list(&raw).contains(r#"cmd()","1600000000000","1700000000123","true""#));
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
        raw: true,
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
    let people = OutputOptions { raw: false, ..any };
    let (csv, _) = walked(&people, &[r#"{"id":"r_1","l":[1, 2],"d":[{"a":1}]}"#]);
    assert!(
        csv.ends_with("\"r_1\",\"1; 2\",\"[{\"\"a\"\":1}]\"\r\n"),
        "{csv}"
    );
}
