//! Values from files and standard input, and mistakes in them.

use crate::env::Env;
use crate::server::{Answer, Server};

fn server() -> Server {
    Server::start(vec![Answer::json(200, "", "{}")])
}

#[test]
fn json_comes_from_the_line_a_file_or_standard_input() {
    let server = server();
    let env = Env::at(&server.url);
    let file = env.file("meta.json", "{\"from\": \"file\"}\n");
    let update = |value: &str| {
        ["users", "update-metadata", "user_2abc", "--public", value].map(str::to_owned)
    };
    assert_eq!(env.run(update(r#"{"from": "line"}"#)).code, 0);
    assert_eq!(env.run(update(&format!("@{}", file.display()))).code, 0);
    assert_eq!(env.run_with(update("-"), r#"{"from": "stdin"}"#).code, 0);
    let bodies: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.split("\r\n\r\n").nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"public_metadata":{"from": "line"}}"#,
            r#"{"public_metadata":{"from": "file"}}"#,
            r#"{"public_metadata":{"from": "stdin"}}"#
        ]
    );
}

#[test]
fn a_mistake_in_json_names_flag_line_and_column() {
    let error = Env::at("http://127.0.0.1:1")
        .run([
            "users",
            "update-metadata",
            "user_2abc",
            "--public-metadata",
            "{\n \"a\": }",
        ])
        .error(2);
    assert_eq!(
        error["message"],
        "--public is not valid JSON: expected value (line 2, column 7)"
    );
}

#[test]
fn values_of_many_come_one_a_line() {
    let server = server();
    let env = Env::at(&server.url);
    env.run_with(
        ["users", "list", "--email", "-"],
        "a@example.com\nb+c@example.com\n",
    );
    let line = server.requests()[0].lines().next().unwrap().to_owned();
    assert!(
        line.contains("email_address=a%40example.com&email_address=b%2Bc%40example.com"),
        "{line}"
    );
}

#[test]
fn an_at_sign_is_doubled_and_null_is_asked_for() {
    let server = server();
    let env = Env::at(&server.url);
    assert_eq!(
        env.run([
            "users",
            "update",
            "user_2abc",
            "--username",
            "@@ada",
            "--clear",
            "last-name"
        ])
        .code,
        0
    );
    assert!(
        server.requests()[0].ends_with(r#"{"last_name":null,"username":"@ada"}"#),
        "{:?}",
        server.requests()
    );
    let error = env
        .run(["users", "update", "user_2abc", "--clear", "nothing"])
        .error(2);
    assert!(
        error["hint"].as_str().unwrap().contains("last-name"),
        "{error}"
    );
}

#[test]
fn a_flag_without_its_value_does_not_take_the_next_flag() {
    let error = Env::at("http://127.0.0.1:1")
        .run([
            "users",
            "update",
            "user_2abc",
            "--first-name",
            "--last-name",
            "X",
        ])
        .error(2);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("--first-name has no value"), "{message}");
}

#[test]
fn standard_input_goes_to_one_flag_only() {
    let error = Env::at("http://127.0.0.1:1")
        .run_with(
            [
                "users",
                "update-metadata",
                "user_2abc",
                "--public",
                "-",
                "--private",
                "-",
            ],
            "{}",
        )
        .error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("both read standard input"),
        "{error}"
    );
}

#[test]
fn usage_errors_have_the_same_form_as_all_others() {
    let env = Env::new();
    let table: Vec<String> = [
        vec!["users", "update"],
        vec!["users", "lst"],
        vec!["users", "list", "--output", "xml"],
        vec!["users", "list", "--limit", "0"],
        vec!["users", "list", "--jq", ".["],
        vec!["users", "get", "user_2abc", "--all"],
        vec!["users"],
        vec![
            "--local",
            "--api-url",
            "http://127.0.0.1:1",
            "users",
            "list",
        ],
    ]
    .iter()
    .map(|arguments| {
        let error = env.run(arguments).error(2);
        format!(
            "{}\n  {}",
            error["message"].as_str().unwrap(),
            error["hint"].as_str().unwrap_or("no hint")
        )
    })
    .collect();
    insta::assert_snapshot!(table.join("\n"), @r"
    the following required arguments were not provided: <USER_ID>...
      usage: clerk-api users update <USER_ID>...
    unrecognized subcommand 'lst'
      a similar subcommand exists: 'list'; usage: clerk-api users [OPTIONS] <COMMAND>
    invalid value 'xml' for '--output <FORMAT>' [possible values: json, ndjson, table, csv, yaml, ids]
      a similar value exists: 'yaml'
    --limit takes a number from 1 up, not 0
      no hint
    the jq filter has an error at character 3: expected closing bracket, found the end
      no hint
    --all is for lists; show user has no pages
      no hint
    a command is missing
      `--help` in its place lists them
    --local and --api-url contradict each other: a local instance has its own
      no hint
    ");
}
