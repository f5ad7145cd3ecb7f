//! `export`: its summary, its target and its refusals. What is in the files is tested where they are made.

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::Env;

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
        (vec!["export", "--to", "s3://bucket/x"], "object stores"),
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
