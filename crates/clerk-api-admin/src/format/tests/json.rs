//! JSON and NDJSON.

use super::{ADA, EVE, answer, list, of_fields, options, walked};
use crate::format::{Format, OutputOptions};

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
