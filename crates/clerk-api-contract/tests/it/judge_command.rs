//! The command `judge DIR`: exit codes and report.

use std::path::Path;
use std::process::{Command, Output};

use crate::tiny::{CAT, TEXT, TRACE};

fn judge(spec: Option<&Path>, args: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_judge"));
    command.env_clear().args(args);
    if let Some(spec) = spec {
        command.env("CLERK_API_SPEC", spec);
    }
    command.output().unwrap()
}

fn line(path: &str, answer: &str) -> String {
    let headers = format!(
        r#"{{"content-type":"application/json","clerk-api-version":"2026-05-12","x-clerk-trace-id":"{TRACE}"}}"#
    );
    let answer = serde_json::to_string(answer).unwrap();
    format!(
        r#"{{"method":"GET","path":"{path}","query":"","request_headers":{{}},"request_body":null,"status":200,"response_headers":{headers},"response_body":{answer}}}"#
    ) + "\n"
}

#[test]
fn clean_recordings_exit_0_and_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("tiny.yml");
    fs_err::write(&spec, TEXT).unwrap();
    let deep = folder.path().join("a/b");
    fs_err::create_dir_all(&deep).unwrap();
    fs_err::write(deep.join("x.ndjson"), line("/v1/animals/an_1", CAT) + "\n").unwrap();
    fs_err::write(folder.path().join("y.ndjson"), line("/v1/animals", "[]")).unwrap();
    fs_err::write(folder.path().join("z.txt"), "not read").unwrap();
    let output = judge(Some(&spec), &[folder.path()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.starts_with(
            "2 exchanges, 2 operations\n  GetAnimal: 1 (requests judged: 1), 200 × 1\n"
        ),
        "{text}"
    );
    assert!(text.ends_with("0 violations\n"), "{text}");
}

#[test]
fn violations_exit_1_and_are_told_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("tiny.yml");
    fs_err::write(&spec, TEXT).unwrap();
    let wrong = line("/v1/animals/an_1", "{}");
    let file = folder.path().join("x.ndjson");
    fs_err::write(
        &file,
        format!("{}{wrong}{wrong}oops\n", line("/v1/animals/an_1", CAT)),
    )
    .unwrap();
    let output = judge(Some(&spec), &[folder.path()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains(&format!("first at {}:2", file.display())),
        "{text}"
    );
    assert!(
        text.contains(&format!("unreadable: {}:4", file.display())),
        "{text}"
    );
    assert!(
        text.contains("rule /components/schemas/Animal/required"),
        "{text}"
    );
}

#[test]
fn without_the_variable_it_says_that_it_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let output = judge(None, &[folder.path()]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "skipped: CLERK_API_SPEC is unset\n"
    );
}

#[test]
fn bad_arguments_folders_and_specifications_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let spec = folder.path().join("tiny.yml");
    fs_err::write(&spec, TEXT).unwrap();
    for output in [
        judge(Some(&spec), &[]),
        judge(Some(&spec), &[folder.path(), folder.path()]),
        judge(Some(&spec), &[&missing]),
        judge(Some(&missing), &[folder.path()]),
        judge(Some(Path::new("")), &[folder.path()]),
    ] {
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}
