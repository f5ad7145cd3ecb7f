//! `--input-json`: all arguments of an operation as one JSON object.

use crate::env::Env;

/// The body of a request that is only shown.
fn shown(arguments: &[&str]) -> String {
    let env = Env::at("http://127.0.0.1:1");
    let ran = env.run([arguments, &["--dry-run"]].concat());
    ran.json()["body"].to_string()
}

#[test]
fn arguments_come_as_one_json_object_too() {
    let update = ["users", "update", "user_2abc", "--input-json"];
    for given in [
        r#"{"first_name": "Ada", "last-name": null, "skip_password_checks": true}"#,
        r#"{"first-name": "Ada", "last_name": null, "skip-password-checks": true}"#,
    ] {
        assert_eq!(
            shown(&[&update[..], &[given]].concat()),
            r#"{"first_name":"Ada","last_name":null,"skip_password_checks":true}"#
        );
    }
    // Targets, lists, numbers that no float holds, aliases, and flags beside it.
    let whole = r#"{"user_id": "user_2abc", "public": {"n": 9007199254740993}}"#;
    let body = shown(&[
        "users",
        "update-metadata",
        "--input-json",
        whole,
        "--private",
        "{}",
    ]);
    assert_eq!(
        body,
        r#"{"public_metadata":{"n":9007199254740993},"private_metadata":{}}"#
    );
    let list = r#"[{"email_address":"a@example.com","role":"org:member"}]"#;
    let body = shown(&[
        "invitations",
        "bulk-create",
        "org_2abc",
        "--input-json",
        list,
    ]);
    assert_eq!(body, list);
    let body = shown(&[
        "users",
        "create",
        "--input-json",
        r#"{"email_address": ["a@example.com", "b@example.com"]}"#,
    ]);
    assert_eq!(
        body,
        r#"{"email_address":["a@example.com","b@example.com"]}"#
    );
    let env = Env::at("http://127.0.0.1:1");
    let ran = env.run_with(
        ["organizations", "create", "--input-json", "-", "--dry-run"],
        r#"{"name": "Acme", "max_allowed_memberships": 9}"#,
    );
    assert_eq!(
        ran.json()["body"],
        serde_json::json!({"name": "Acme", "max_allowed_memberships": 9})
    );
}

#[test]
fn json_arguments_are_checked_like_flags() {
    let env = Env::at("http://127.0.0.1:1");
    let said = |arguments: &[&str]| {
        let error = env.run(arguments).error(2);
        assert_eq!(error["sent"], "no", "{error}");
        error["message"].as_str().unwrap().to_owned()
    };
    let create = |json: &str| said(&["users", "create", "--input-json", json]);
    assert_eq!(create("[]"), "--input-json takes a JSON object");
    assert_eq!(
        create(r#"{"foo": 1}"#),
        "--input-json: there is no argument \"foo\""
    );
    assert!(
        create(r#"{"email_address": ["ada"]}"#).starts_with("--email must be an email address")
    );
    assert!(create(r#"{"first_name": "a", "first_name": "b"}"#).contains("twice"));
    let update = ["users", "update-metadata", "user_2abc", "--input-json"];
    assert_eq!(
        said(&[&update[..], &[r#"{"public": {}, "public_metadata": {}}"#]].concat()),
        "--public is given twice, under both of its names"
    );
    assert_eq!(
        said(&[&update[..], &[r#"{"public": {}}"#, "--public", "{}"]].concat()),
        "--public is given twice, by a flag and in --input-json"
    );
    let rename = ["users", "update", "user_2abc", "--input-json"];
    assert_eq!(
        said(
            &[
                &rename[..],
                &[r#"{"last_name": "B"}"#, "--clear", "last-name"]
            ]
            .concat()
        ),
        "--last-name and --clear last-name contradict each other"
    );
    let ban = ["users", "ban"];
    assert_eq!(
        said(
            &[
                &ban[..],
                &["--input-json", r#"{"user_id": "user_2abc,user_2def"}"#]
            ]
            .concat()
        ),
        "--input-json names several objects"
    );
    for many in [["user_2abc", "user_2def"], ["--rows", "x.csv"]] {
        let arguments = [&ban[..], &many, &["--input-json", "{}"]].concat();
        assert_eq!(
            said(&arguments),
            "--input-json gives the arguments for one object"
        );
    }
    assert_eq!(
        said(&["users", "ban", "--input-json", "{}"]),
        "<USER_ID> is missing"
    );
}

#[test]
fn reliability_7_7b_a_text_in_json_names_no_file() {
    let env = Env::at("http://127.0.0.1:1");
    let file = env.file("secret.json", r#"{"secret": true}"#);
    let body = format!(
        r#"{{"user_id": "user_2abc", "public_metadata": "@{}"}}"#,
        file.display()
    );
    let error = env
        .run([
            "users",
            "update-metadata",
            "--input-json",
            &body,
            "--dry-run",
        ])
        .error(2);
    assert!(!error.to_string().contains("secret\\\""), "{error}");
    let body = format!(r#"{{"public_metadata": "@{}"}}"#, file.display());
    let ran = env.run([
        "api",
        "PATCH",
        "/users/user_2abc/metadata",
        "--body",
        &body,
        "--dry-run",
    ]);
    ran.error(2);
}
