//! YAML.

use super::{ADA, EVE, answer, list, options, walked};
use crate::format::Format;

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
