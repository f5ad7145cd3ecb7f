//! `export`: its summary, its target and its refusals. What is in the files is tested where they are made.

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::Env;
use crate::server::{Answer, Server};

fn people(env: &Env) {
    for name in ["ada", "bob"] {
        env.run(["users", "create", "--email", &format!("{name}@example.com")])
            .json();
    }
    env.run(["organizations", "create", "--name", "Acme"])
        .json();
}

#[test]
fn an_export_says_what_it_wrote_and_whether_it_is_consistent() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    let summary = env.run(["export", "--to", "all.sqlite"]).json();
    assert_eq!(summary["format"], "sqlite");
    assert_eq!(summary["consistent"], true);
    assert_eq!(
        summary["kinds"]["users"],
        json!({"before": 2, "rows": 2, "after": 2, "consistent": true})
    );
    assert_eq!(summary["kinds"]["organizations"]["rows"], 1);
    assert_eq!(summary["kinds"].as_object().unwrap().len(), 8);
    let size = std::fs::metadata(env.home().join("all.sqlite"))
        .unwrap()
        .len();
    assert_eq!(summary["bytes"], size);
    assert_eq!(
        summary["files"],
        json!([{"file": "all.sqlite", "bytes": size}])
    );

    let again = env.run(["export", "--to", "all.sqlite"]).error(2);
    assert!(again["hint"].to_string().contains("--force"), "{again}");
    env.run(["export", "--to", "all.sqlite", "--force"]).json();
}

#[test]
fn objects_go_to_standard_output_and_nothing_else_does() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    let ran = env.run(["export", "users", "organizations", "--to", "-"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let objects: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |word: &str| {
        objects
            .iter()
            .filter(|object| object["object"] == word)
            .count()
    };
    assert_eq!((of("user"), of("organization"), objects.len()), (2, 1, 3));

    let csv = env.run(["export", "users", "--to", "-", "--format", "csv"]);
    assert_eq!(csv.stdout.lines().count(), 3, "{csv:?}");
    assert!(csv.stdout.starts_with("\"id\",\"external_id\""), "{csv:?}");
}

#[test]
fn what_cannot_be_exported_is_refused_before_anything_is_sent() {
    let (clerk, env) = clerk(&[]);
    for (line, message) in [
        (
            vec!["export", "--to", "ftp://host/x"],
            "not a file, a folder",
        ),
        (
            vec!["export", "--to", "all"],
            "the format of all is not known",
        ),
        (vec!["export", "--to", "all.csv"], "holds one table"),
        (
            vec!["export", "users", "--to", "-", "--format", "parquet"],
            "not to standard output",
        ),
        (vec!["export", "people", "--to", "x.csv"], "people"),
    ] {
        let ran = env.run(&line);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(message), "{ran:?}");
    }
    drop(clerk);
}

#[test]
fn a_list_that_fails_ends_the_export_without_a_file() {
    let (_clerk, env) = clerk(&[r#"{"on":"GET /users","status":401}"#]);
    env.run(["export", "--to", "all.sqlite"]).error(4);
    let left = std::fs::read_dir(env.home()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("sqlite")),
        "{left:?}"
    );
}

/// A server with two roles, of which one cannot be read, and nothing else.
fn odd_server() -> Server {
    Server::answering(|_, request| {
        let body = if request.starts_with("GET /v1/instance ") {
            r#"{"id":"ins_2a"}"#
        } else if request.starts_with("GET /v1/users/count") {
            r#"{"object":"total_count","total_count":0}"#
        } else if request.starts_with("GET /v1/users?") {
            "[]"
        } else if request.starts_with("GET /v1/organization_roles") {
            r#"{"data":[{"id":"role_2a","key":"org:admin"},{"id":"role_2b","key":7}],"total_count":2}"#
        } else {
            r#"{"data":[],"total_count":0}"#
        };
        Answer::json(200, "", body)
    })
}

#[test]
fn reliability_p2_an_object_that_cannot_be_read_is_counted_and_said() {
    let server = odd_server();
    let env = Env::at(&server.url);
    let ran = env.run(["export", "roles", "--to", "roles.csv"]);
    let error = ran.error(3);
    assert_eq!(
        error["message"],
        "1 object could not be read and is missing from the export"
    );
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(summary["unreadable"], 1);
    let file = std::fs::read_to_string(env.home().join("roles.csv")).unwrap();
    assert_eq!(file.lines().count(), 2, "{file}");
    // An audit of what is left says that it is not all.
    let ran = env.run(["audit", "--output", "ndjson"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let warning = "1 object could not be read and is missing from the export";
    assert!(ran.stderr.contains(warning), "{ran:?}");
}
