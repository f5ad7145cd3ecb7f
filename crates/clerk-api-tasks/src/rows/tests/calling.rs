//! What rows become.

use super::super::{Asked, Input, Rows, Template, natural_key};
use super::{calls, given, open, outcomes, template, told};

fn asked(texts: &[(&str, &str)], maps: &[&str], condition: Option<&str>) -> Asked {
    Asked {
        maps: maps.iter().map(|map| (*map).to_owned()).collect(),
        condition: condition.map(str::to_owned),
        ..given(texts)
    }
}

#[test]
fn metadata_takes_values_from_cells_escaped() {
    let asked = given(&[
        ("user_id", "{{email}}"),
        (
            "public_metadata",
            r#"{"cohort":"2026-11","dept":"{{department}}"}"#,
        ),
    ]);
    let content = "email,department\nada@example.com,Sales\nbob@example.com,\"R \"\"&\"\" \\D\"\n";
    assert_eq!(
        outcomes("users.update_metadata", &asked, content),
        [
            r#"<ada@example.com> public_metadata={"cohort":"2026-11","dept":"Sales"}"#,
            r#"<bob@example.com> public_metadata={"cohort":"2026-11","dept":"R \"&\" \\D"}"#,
        ]
    );
}

#[test]
fn a_column_named_like_a_flag_is_that_flag_in_each_spelling() {
    for name in [
        "email",
        "email-address",
        "email_address",
        "Mail_Address",
        "Email address",
        "EMAIL",
    ] {
        let header = name.replace("Mail", "email");
        let rows = outcomes(
            "invitations.create",
            &given(&[("organization_id", "acme"), ("role", "org:member")]),
            format!("{header},role\nguest@example.com,org:admin\n"),
        );
        assert_eq!(
            rows,
            [r#"<acme> email_address="guest@example.com" role="org:member""#],
            "{name}"
        );
    }
}

#[test]
fn a_flag_that_was_given_goes_before_its_column_and_the_rest_is_unused() {
    let content = "email,role,phone,team\na@example.com,org:admin,1,x\n";
    let asked = given(&[("organization_id", "{{team}}"), ("role", "org:member")]);
    let (template, _) = template("invitations.create", &asked, content).unwrap();
    let unused: Vec<&str> = template.unused().iter().map(AsRef::as_ref).collect();
    assert_eq!(unused, ["role", "phone"]);
    assert_eq!(template.meta().name, "invitations.create");
}

#[test]
fn a_map_renames_and_an_empty_cell_sets_nothing() {
    let asked = asked(
        &[],
        &[
            "MAIL=email-address",
            "Vorname = first-name",
            "Plan=public.plan",
        ],
        None,
    );
    let content = "MAIL;Vorname;Plan;last_name\na@example.com;Ada;pro;\nb@example.com;;;Bob\n";
    assert_eq!(
        outcomes("users.create", &asked, content),
        [
            r#"email_address=["a@example.com"] first_name="Ada" public_metadata={"plan":"pro"}"#,
            r#"email_address=["b@example.com"] last_name="Bob""#,
        ]
    );
}

#[test]
fn dotted_columns_are_members() {
    let content = "{\"email\":\"a@example.com\",\"public_metadata.plan\":\"pro\",\"public.seats.most\":12345678901234567890123,\"public.seats.least\":null}\n{\"email\":\"b@example.com\"}\n";
    assert_eq!(
        outcomes("users.create", &Asked::default(), content),
        [
            r#"email_address=["a@example.com"] public_metadata={"plan":"pro","seats":{"most":12345678901234567890123,"least":null}}"#,
            r#"email_address=["b@example.com"]"#,
        ]
    );
}

#[test]
fn json_cells_stay_json_outside_of_quotes_and_become_text_within() {
    let asked = given(&[
        ("user_id", "{{id}}"),
        (
            "public_metadata",
            r#"{"n":{{n}},"t":"{{n}}","o":{{o}},"u":"{{ id | upper }}","l":{{ n * 2 }}}"#,
        ),
    ]);
    let content = "{\"id\":\"user_1\",\"n\":1.50,\"o\":{\"a\": [1]}}\n{\"id\":\"user_2\",\"n\":7,\"o\":\"x\\\"y\"}";
    assert_eq!(
        outcomes("users.update_metadata", &asked, content),
        [
            r#"<user_1> public_metadata={"n":1.50,"t":"1.50","o":{"a": [1]},"u":"USER_1","l":3.0}"#,
            r#"<user_2> public_metadata={"n":7,"t":"7","o":"x\"y","u":"USER_2","l":14}"#,
        ]
    );
    let content = "id,n,o\nuser_1,5,true\n";
    assert_eq!(
        outcomes("users.update_metadata", &asked, content),
        [r#"<user_1> public_metadata={"n":5,"t":"5","o":true,"u":"USER_1","l":55}"#]
    );
}

#[test]
fn filters_work_and_names_of_columns_need_not_be_words() {
    let asked = given(&[
        ("user_id", "email:{{ row['Mail'] | trim | lower }}"),
        ("first_name", "{{ first_name | default('?') }}"),
        ("last_name", "{{Last Name}}"),
    ]);
    let content = "Mail,First Name,Last Name\n Ada@Example.com ,,Lovelace\n";
    assert_eq!(
        outcomes("users.update", &asked, content),
        [r#"<ada@example.com> first_name="?" last_name="Lovelace""#]
    );
}

#[test]
fn a_text_never_reads_a_file() {
    let asked = given(&[
        ("user_id", "{{id}}"),
        ("first_name", "@/etc/passwd"),
        ("last_name", "-"),
    ]);
    assert_eq!(
        outcomes("users.update", &asked, "id\nuser_1\n"),
        [r#"<user_1> first_name="@/etc/passwd" last_name="-""#]
    );
    let asked = given(&[("user_id", "{{id}}"), ("public_metadata", "@x.json")]);
    let problem = template("users.update_metadata", &asked, "id\nuser_1\n").unwrap_err();
    assert!(
        problem.message.starts_with("--public is not valid JSON"),
        "{problem}"
    );
}

#[test]
fn text_in_braces_can_be_written() {
    let asked = given(&[
        ("user_id", "{{id}}"),
        ("first_name", "{{ '{{' }}x}} { {% y %}"),
    ]);
    assert_eq!(
        outcomes("users.update", &asked, "id\nuser_1\n"),
        [r#"<user_1> first_name="{{x}} { {% y %}""#]
    );
}

#[test]
fn spreadsheets_write_booleans_in_capitals() {
    let content = "email,skip_password_requirement\na@example.com,TRUE\n";
    assert_eq!(
        outcomes("users.create", &Asked::default(), content),
        [r#"email_address=["a@example.com"] skip_password_requirement=true"#]
    );
}

#[test]
fn the_condition_picks_rows() {
    let picked = |condition: &str, content: &str| {
        let asked = asked(&[("user_id", "{{id}}")], &[], Some(condition));
        let (template, rows) = template("users.delete", &asked, content).unwrap();
        let picked = rows.iter().filter(|row| template.selects(row).unwrap());
        let lines: Vec<u64> = picked.map(|row| row.at.line).collect();
        lines
    };
    let content =
        "id,department,age,Mail\nuser_1,Sales,7,\nuser_2,R&D,30,x@y.de\nuser_3,,,x@y.com\n";
    assert_eq!(picked("department == \"Sales\"", content), [2]);
    assert_eq!(picked("department != 'Sales' and department", content), [3]);
    assert_eq!(picked("not department", content), [4]);
    assert_eq!(picked("department == ''", content), [4]);
    assert_eq!(picked("age | int(default=0) > 10", content), [3]);
    assert_eq!(
        picked(
            "row['Mail'].endswith('.de') if false else row['Mail'] is endingwith('.de')",
            content
        ),
        [3]
    );
    assert_eq!(picked("department in ['Sales', 'R&D']", content), [2, 3]);
    let content = "{\"id\":\"user_1\",\"p\":{\"plan\":\"pro\"}}\n{\"id\":\"user_2\"}\n{\"id\":\"user_3\",\"p\":null}\n";
    assert_eq!(picked("p.plan == 'pro'", content), [2 - 1]);
    assert_eq!(picked("p is none", content), [3]);
}

#[test]
fn null_empties_what_can_be_empty_and_else_sets_nothing() {
    let content =
        "{\"user_id\":\"user_1\",\"first_name\":null,\"password_digest\":null,\"last_name\":\"\"}";
    assert_eq!(
        outcomes("users.update", &Asked::default(), content),
        [r#"<user_1> first_name=null last_name="""#]
    );
    let asked = Asked {
        cleared: vec!["first-name".to_owned()],
        ..Asked::default()
    };
    let content = "user_id,first_name,last_name\nuser_1,Ada,L\n";
    assert_eq!(
        outcomes("users.update", &asked, content),
        [r#"<user_1> first_name=null last_name="L""#]
    );
    assert_eq!(
        template("users.update", &asked, content)
            .unwrap()
            .0
            .unused()
            .len(),
        1
    );
}

#[test]
fn a_late_member_that_would_set_something_is_not_lost() {
    let mut content = "{\"user_id\":\"user_1\",\"first_name\":\"A\"}\n".repeat(1000);
    content.push_str("{\"user_id\":\"user_2\",\"first_name\":\"B\",\"note\":1}\n{\"user_id\":\"user_3\",\"last_name\":\"C\"}\n");
    let rows = outcomes("users.update", &Asked::default(), content);
    assert_eq!(rows[1000], r#"<user_2> first_name="B""#);
    assert!(
        rows[1001].contains("the member \"last_name\" would set --last-name"),
        "{}",
        rows[1001]
    );
}

#[test]
fn a_row_is_for_one_object_and_is_numbered_by_its_line() {
    let rows = calls(
        "users.delete",
        &given(&[("user_id", "{{id}}")]),
        "id\n\nuser_1\n\"user_1,user_2\"\n",
    );
    assert_eq!(
        rows[0].as_ref().unwrap().targets.as_ref().unwrap().items[0].number,
        3
    );
    assert_eq!(
        told(rows[1].as_ref().unwrap_err()),
        "line 4: the row names 2 objects to change\n  hint: each row is for one object"
    );
}

#[test]
fn reliability_8_5_rows_for_the_same_thing_have_one_key() {
    let keys = |operation: &str, asked: &Asked, content: &str| {
        let keys = calls(operation, asked, content);
        keys.iter()
            .map(|call| natural_key(call.as_ref().unwrap()))
            .collect::<Vec<_>>()
    };
    let none = Asked::default();
    let keys_of_users = keys(
        "users.create",
        &none,
        "email,external_id\na@x.de,\nA@X.de,\na@x.de,7\nb@x.de,7\nb@x.de,A\nb@x.de,a\n",
    );
    assert_eq!(keys_of_users[0], keys_of_users[1]);
    assert_eq!(keys_of_users[2], keys_of_users[3]);
    assert_ne!(keys_of_users[0], keys_of_users[2]);
    assert_ne!(keys_of_users[4], keys_of_users[5]);
    let username = keys("users.create", &none, "username\nada\nADA\n");
    assert_eq!(username[0], username[1]);
    let role = &given(&[("role", "org:member")]);
    let members = keys(
        "organizations.add_member",
        role,
        "organization_id,user_id\nacme,user_1\nacme,user_1\nacme,user_2\norg_1,user_1\n",
    );
    assert_eq!(members[0], members[1]);
    assert_ne!(members[0], members[2]);
    assert_ne!(members[0], members[3]);
    let guests = keys(
        "invitations.create",
        role,
        "organization_id,email\nacme,a@x.de\nacme,A@x.de\nacme,b@x.de\n",
    );
    assert_eq!(guests[0], guests[1]);
    assert_ne!(guests[0], guests[2]);
    let updates = keys(
        "users.update",
        &none,
        "user_id,first_name\nAda@x.de,A\nada@x.de,B\nuser_1,C\n",
    );
    assert_eq!(updates[0], updates[1]);
    assert_ne!(updates[0], updates[2]);
    assert!(keys("sign_in_tokens.create", &none, "user_id\nuser_1\n")[0].is_none());
}

#[test]
fn what_is_the_same_for_all_rows_is_checked_before_the_first() {
    let content = "Mail,department\na@x.de,Sales\n";
    for asked in [
        asked(&[("user_id", "{{email}}")], &[], None),
        asked(&[("user_id", "{{E_Mail}}")], &["depart=first-name"], None),
        asked(&[("user_id", "{{E_Mail}}")], &[], Some("team == 1")),
    ] {
        assert!(
            template("users.update", &asked, content).is_err(),
            "{asked:?}"
        );
    }
    assert_eq!(open(content).columns().len(), 2);
}

#[test]
fn a_column_that_is_named_in_brackets_counts_as_used() {
    let asked = given(&[("user_id", "{{ row['Mail'] }}")]);
    let (template, rows) = template("users.delete", &asked, "Mail\nada@x.de\n").unwrap();
    assert!(template.unused().is_empty());
    assert!(template.call(&rows[0]).is_ok());
}

#[test]
fn a_job_can_work_on_any_thread() {
    fn moves<T: Send + Sync + 'static>() {}
    moves::<Input>();
    moves::<Rows>();
    moves::<Template>();
}

#[test]
fn what_is_the_same_for_all_rows_is_checked_before_the_first_one() {
    let content = "user_id\nuser_1\n";
    let refused = |texts: &[(&str, &str)], literal: bool| {
        let asked = Asked {
            literal,
            ..given(texts)
        };
        template("users.update_metadata", &asked, content).map(|_| ())
    };
    let metadata = |text| [("public_metadata", text)];
    assert!(refused(&metadata("{"), false).is_err());
    assert!(refused(&[], false).is_err(), "nothing to change");
    assert!(refused(&metadata(r#"{"a":"{{b}}"}"#), false).is_err());
    assert!(refused(&metadata(r#"{"a":"{{b}}"}"#), true).is_ok());
    let asked = Asked {
        literal: true,
        ..given(&metadata(r#"{"a":"{{b}}"}"#))
    };
    assert_eq!(
        outcomes("users.update_metadata", &asked, content),
        [r#"<user_1> public_metadata={"a":"{{b}}"}"#]
    );
}
