//! Ids.

use super::{ADA, list, of_fields, options, walked};
use crate::format::{Format, OutputOptions, RenderError, Renderer};
use crate::view::view;

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
