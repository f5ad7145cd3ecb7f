//! The same call from flags, cells and JSON members.

use clerk_api::ops::find;
use serde_json::value::RawValue;

use super::{Draft, Labels, Spelling};
use crate::call::Call;
use crate::input::source::Inputs;
use crate::problem::Outcome;

fn drafted(id: &str, spelling: Spelling, texts: &[(&str, &str)]) -> Outcome<Call> {
    let meta = find(id).unwrap().meta;
    let mut draft = Draft::new(meta, spelling);
    for (name, text) in texts {
        draft.set(spelling.find(meta, name).unwrap(), text)?;
    }
    draft.finish()
}

fn from_json(id: &str, members: &[(&str, &str)]) -> Outcome<Call> {
    let meta = find(id).unwrap().meta;
    let mut draft = Draft::new(meta, Spelling::Members);
    for (name, json) in members {
        let json = RawValue::from_string((*json).to_owned()).unwrap();
        draft.set_json(Spelling::Members.find(meta, name).unwrap(), &json)?;
    }
    draft.finish()
}

fn args(call: &Call) -> String {
    let args = call.args.iter();
    let args: Vec<String> = args
        .map(|(name, value)| format!("{name}={}", value.get()))
        .collect();
    args.join(" ")
}

fn message(call: Outcome<Call>) -> String {
    call.unwrap_err().message
}

#[test]
fn flags_cells_and_members_make_the_same_call() {
    let texts = [
        ("email-address", "ada@example.com, eve@example.com"),
        ("first-name", "Ada"),
        ("skip-password-checks", "true"),
    ];
    let flags = args(&drafted("users.create", Spelling::Flags, &texts).unwrap());
    assert_eq!(
        flags,
        args(&drafted("users.create", Spelling::Columns, &texts).unwrap())
    );
    let members = [
        ("email_address", r#"["ada@example.com","eve@example.com"]"#),
        ("first_name", r#""Ada""#),
        ("skip_password_checks", "true"),
    ];
    assert_eq!(flags, args(&from_json("users.create", &members).unwrap()));
    insta::assert_snapshot!(flags, @r#"email_address=["ada@example.com","eve@example.com"] first_name="Ada" skip_password_checks=true"#);
}

#[test]
fn messages_name_an_argument_as_the_face_does() {
    let wrong = |spelling| {
        let texts = [("user_id", "user_1"), ("public_metadata", "[1]")];
        drafted("users.update_metadata", spelling, &texts).unwrap_err()
    };
    let lines = [Spelling::Flags, Spelling::Columns, Spelling::Members].map(|spelling| {
        let problem = wrong(spelling);
        format!("{} / {}", problem.message, problem.hints.join("; "))
    });
    insta::assert_snapshot!(lines.join("\n"), @r#"
    --public takes a JSON object / write it as --public '{"plan":"pro"}', or --public @file.json
    column public takes a JSON object / 
    public_metadata takes a JSON object / 
    "#);
}

#[test]
fn reliability_7_7b_no_text_names_a_file_where_nobody_typed_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metadata.json");
    fs_err::write(&path, "{}").unwrap();
    let named = format!("@{}", path.display());
    let texts = [("user_id", "user_1"), ("public_metadata", named.as_str())];
    for spelling in [Spelling::Columns, Spelling::Members] {
        let message = message(drafted("users.update_metadata", spelling, &texts));
        assert!(message.contains("is not valid JSON"), "{message}");
    }
    for name in ["-", "@ids"] {
        let call = drafted("users.delete", Spelling::Columns, &[("user_id", name)]);
        assert!(call.is_err(), "{name}");
    }
    let meta = find("users.update_metadata").unwrap().meta;
    let mut inputs = Inputs::default();
    let mut draft = Draft::new(meta, Spelling::Flags).reading(&mut inputs);
    draft.set(meta.field("user_id").unwrap(), "user_1").unwrap();
    draft.set(meta.field("public").unwrap(), &named).unwrap();
    assert_eq!(args(&draft.finish().unwrap()), "public_metadata={}");
}

#[test]
fn names_are_noted_for_later_and_ids_are_set_at_once() {
    let texts = [
        ("organization_id", "acme"),
        ("user_id", "ada@example.com"),
        ("role", "org:member"),
    ];
    let call = drafted("organizations.add_member", Spelling::Columns, &texts).unwrap();
    assert_eq!(call.pending.len(), 1);
    assert!(call.has_names() && !call.is_by_id());
    let texts = [
        ("organization_id", "org_2a"),
        ("user_id", "user_2a"),
        ("role", "org:member"),
    ];
    let call = drafted("organizations.add_member", Spelling::Columns, &texts).unwrap();
    assert!(!call.has_names() && call.is_by_id());
    insta::assert_snapshot!(args(&call), @r#"role="org:member" user_id="user_2a""#);
}

#[test]
fn what_is_missing_is_named() {
    let call = drafted("users.delete", Spelling::Members, &[]);
    assert_eq!(message(call), "user_id is missing");
    let call = drafted("organizations.add_member", Spelling::Columns, &[]);
    assert_eq!(
        message(call),
        "column organization-id, column user-id, column role are missing"
    );
}

#[test]
fn an_update_that_changes_nothing_is_refused() {
    let call = from_json("users.update", &[("user_id", r#""user_1""#)]);
    let problem = call.unwrap_err();
    assert_eq!(
        problem.message,
        "nothing to change: give at least one field"
    );
    assert!(!problem.hints[0].contains("--"), "{:?}", problem.hints);
}

#[test]
fn null_empties_what_can_be_empty() {
    let user = ("user_id", r#""user_1""#);
    let call = from_json("users.update", &[user, ("first_name", "null")]);
    insta::assert_snapshot!(args(&call.unwrap()), @"first_name=null");
    let problem = from_json("users.update", &[user, ("password_digest", "null")]).unwrap_err();
    assert_eq!(
        problem.message,
        r#"null: "password_digest" is not a field that can be cleared"#
    );
    assert!(problem.hints[0].contains("first_name"), "{problem:?}");
}

#[test]
fn a_list_in_json_is_never_split_at_commas() {
    let members = [("email_address", r#"["ada@example.com,eve@example.com"]"#)];
    let message = message(from_json("users.create", &members));
    assert!(message.starts_with("email_address"), "{message}");
    let empty = [("user_id", r#""user_1""#), ("first_name", r#""""#)];
    let call = from_json("users.update", &empty).unwrap();
    assert_eq!(args(&call), r#"first_name="""#);
}

#[test]
fn reliability_8_5_a_target_of_a_write_is_named_once() {
    let call = drafted(
        "users.delete",
        Spelling::Flags,
        &[("user_id", "user_1,user_1")],
    );
    assert_eq!(
        message(call),
        "<USER_ID>: user_1 is given twice (rows 1 and 2)"
    );
}

#[test]
fn messages_call_an_argument_as_its_column_is_called() {
    let meta = find("invitations.create").unwrap().meta;
    let labels = Labels::from([("email_address", "column E-Mail".to_owned())]);
    let mut draft = Draft::new(meta, Spelling::Columns).calling(&labels);
    let problem = draft.set(meta.field("email").unwrap(), "ada@").unwrap_err();
    assert!(
        problem.message.starts_with("column E-Mail must be"),
        "{problem}"
    );
    let problem = draft.finish().unwrap_err();
    assert!(problem.message.contains("column E-Mail"), "{problem}");
}
