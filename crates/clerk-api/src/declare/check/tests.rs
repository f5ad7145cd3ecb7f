use serde_json::json;

use crate::declare::Kind;
use crate::form;
use crate::ops::find;

use super::*;

/// What building the request says about one argument of an operation.
fn complaint(id: &str, name: &str, value: &Value) -> Option<String> {
    let field = find(id).unwrap().meta.field(name).unwrap();
    let raw = RawValue::from_string(value.to_string()).unwrap();
    field.check(&raw).err()
}

#[test]
fn addresses_and_numbers_are_checked_wherever_they_are_declared() {
    for (id, name) in [
        ("users.create", "email"),
        ("users.list", "email"),
        ("users.replace_email_address", "email"),
        ("email_addresses.create", "email"),
        ("invitations.create", "email"),
        ("invitations.list", "email"),
        ("application_invitations.create", "email"),
        ("waitlist.add", "email"),
    ] {
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a b@example.com",
            "a@x.com,b@x.com",
            "a@b@c",
            "ada@example..com",
        ] {
            let reason =
                complaint(id, name, &json!(text)).unwrap_or_else(|| panic!("{id}: {text:?}"));
            assert!(reason.starts_with("must be an email address"), "{reason}");
        }
        for text in ["ada+x@example.com", "Ada@Example.com", "ada@bücher.example"] {
            assert_eq!(complaint(id, name, &json!(text)), None, "{id}: {text}");
        }
    }
    for (id, name) in [
        ("users.create", "phone"),
        ("users.list", "phone"),
        ("users.replace_phone_number", "phone"),
        ("phone_numbers.create", "phone"),
    ] {
        for text in [
            "",
            "555",
            "15551234567",
            "+0551234567",
            "+1 555 1234567",
            "+1234567890123456",
        ] {
            assert!(
                complaint(id, name, &json!(text)).is_some(),
                "{id}: {text:?}"
            );
        }
        assert_eq!(complaint(id, name, &json!("+15551234567")), None);
    }
}

#[test]
fn records_are_checked_field_by_field() {
    let check = |rows: Value| complaint("invitations.bulk_create", "invitations", &rows);
    let good = json!({"email_address": "a@example.com", "role": "org:member"});
    assert_eq!(check(json!([good])), None);
    let said: Vec<String> = [
        json!([good, {"email_adress": "a@example.com", "role": "org:member"}]),
        json!([{"email_address": "a@example.com"}]),
        json!([{"email_address": "nobody", "role": "org:member"}]),
        json!([{"email_address": "a@example.com", "role": 5}]),
        json!([{"email_address": "a@example.com", "role": "org:member", "expires_in_days": 366}]),
        json!([{"email_address": "a@example.com", "role": "org:member", "notify": "yes"}]),
        json!([{"email_address": "a@example.com", "role": null}]),
        json!([5]),
        json!({}),
        json!([]),
        json!(vec![good; 11]),
    ]
    .into_iter()
    .map(|rows| check(rows).unwrap())
    .collect();
    assert_eq!(
        said.join("\n"),
        r#"is wrong in object 2: "email_adress" is unknown; the fields are email_address, role, inviter_user_id, public_metadata, private_metadata, redirect_url, expires_in_days, notify
is wrong in object 1: role is missing
is wrong in object 1: email_address must be an email address such as ada@example.com, not "nobody"
is wrong in object 1: role must be text, not 5
is wrong in object 1: expires_in_days must be from 1 to 365, not 366
is wrong in object 1: notify must not be in quotes, as in "yes"
is wrong in object 1: role cannot be null
is wrong in object 1: it is not a JSON object
must be a JSON array of objects
takes at least 1, not 0
takes at most 10 at once, not 11"#
    );
}

#[test]
fn the_most_of_each_list_is_declared_and_checked() {
    for (id, name, most, item) in [
        ("users.bulk_ban", "user_ids", 50, json!("user_1")),
        ("users.bulk_unban", "user_ids", 50, json!("user_1")),
        ("users.list", "email", 100, json!("a@example.com")),
        ("users.list", "user_id", 100, json!("user_1")),
        (
            "application_invitations.bulk_create",
            "invitations",
            10,
            json!({"email_address": "a@example.com"}),
        ),
        (
            "waitlist.bulk_add",
            "entries",
            50,
            json!({"email_address": "a@example.com"}),
        ),
        ("role_sets.add_roles", "role", 10, json!("org:member")),
    ] {
        assert_eq!(
            complaint(id, name, &json!(vec![item.clone(); most])),
            None,
            "{id}"
        );
        let reason = complaint(id, name, &json!(vec![item; most + 1])).unwrap();
        assert!(reason.contains(&format!("at most {most}")), "{reason}");
    }
}

#[test]
fn metadata_is_measured_as_it_would_be_stored() {
    let check = |text: &str| {
        let field = find("users.update_metadata")
            .unwrap()
            .meta
            .field("public")
            .unwrap();
        field
            .check(&RawValue::from_string(text.to_owned()).unwrap())
            .err()
    };
    let sized = |size: usize| format!("{{\"k\":\"{}\"}}", "x".repeat(size - 8));
    assert_eq!(check(&sized(8192)), None);
    assert_eq!(
        check(&sized(8193)).unwrap(),
        "takes at most 8192 bytes, not 8193"
    );
    let spaced = format!("{{{}\"k\": 1}}", " ".repeat(9000));
    assert_eq!(check(&spaced), None, "blanks are not stored");
    let nulls: Vec<String> = (0..2000).map(|n| format!("\"k{n}\":null")).collect();
    assert_eq!(
        check(&format!("{{{}}}", nulls.join(","))),
        None,
        "null takes away"
    );
}

#[test]
fn numbers_and_texts_keep_their_range() {
    let said = |id, name, value| complaint(id, name, &value);
    assert_eq!(
        said("invitations.create", "expires_in_days", json!(365)),
        None
    );
    assert_eq!(
        said("invitations.create", "expires_in_days", json!(0)).unwrap(),
        "must be from 1 to 365, not 0"
    );
    assert!(said("jwt_templates.create", "lifetime", json!(29)).is_some());
    assert_eq!(
        said("organizations.create", "name", json!("é".repeat(256))),
        None
    );
    assert_eq!(
        said("organizations.create", "name", json!("é".repeat(257))).unwrap(),
        "takes 0 to 256 characters, not 257"
    );
}

/// Every field, those of records too.
fn each(fields: &'static [Field], look: &mut impl FnMut(&'static Field)) {
    for field in fields {
        look(field);
        if let Kind::Records(fields) = field.kind {
            each(fields, look);
        }
    }
}

fn is_form(field: &Field, wanted: &form::Form) {
    let Kind::Form(form) = field.kind else {
        panic!("{} is plain", field.name)
    };
    assert_eq!(form.what, wanted.what, "{}", field.name);
}

#[test]
fn no_address_or_number_is_declared_as_plain_text() {
    for op in crate::ops::all() {
        each(op.meta.fields, &mut |field| match field.name {
            "email_address" => is_form(field, &form::EMAIL),
            "phone_number" => is_form(field, &form::PHONE),
            _ => {}
        });
    }
}
