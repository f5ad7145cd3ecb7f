//! The files that are left: rows that failed, and results.

use std::path::Path;

use fs_err as fs;

use super::super::{Fate, Input, Rejects, Results};
use super::{File, file, read};

fn rejected(content: impl AsRef<[u8]>, numbers: &[u64]) -> Vec<u8> {
    let file = file(content);
    let input = Input::open(&file.path).unwrap();
    let path = beside(&file, "rejects");
    let mut rejects = Rejects::create(&path, &input, false).unwrap();
    for row in input.rows().unwrap() {
        let at = row.unwrap().map_or_else(|bad| bad.at, |row| row.at);
        if numbers.contains(&at.number) {
            rejects.add(at).unwrap();
        }
    }
    assert_eq!(rejects.finish().unwrap(), numbers.len() as u64);
    fs::read(path).unwrap()
}

fn beside(file: &File, name: &str) -> std::path::PathBuf {
    file.path.with_file_name(name)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn rejects_are_the_bytes_of_their_rows_in_the_format_of_the_input() {
    assert_eq!(
        rejected(
            b"\xef\xbb\xbfsep=;\r\nx;y\r\n1;'=2\r\n\"a\r\nb\";2\r\n3\r\n4;\xfc\r\n",
            &[1, 3, 4]
        ),
        b"\xef\xbb\xbfsep=;\r\nx;y\r\n1;'=2\r\n3\r\n4;\xfc\r\n"
    );
    assert_eq!(rejected("x\r1\r2", &[2]), b"x\r2\r");
    assert_eq!(rejected("x\n1\n", &[]), b"x\n");
    assert_eq!(
        rejected("{\"a\": 1}\r\n{\"a\":}\n\n{\"a\":3}", &[2, 3]),
        b"{\"a\":}\n{\"a\":3}\n"
    );
    assert_eq!(
        rejected("[{\"a\": 1.50},\n {\"a\":2} , {\"a\":3}]", &[1, 3]),
        b"[\n{\"a\": 1.50},\n{\"a\":3}\n]\n"
    );
    assert_eq!(rejected("[{\"a\":1}]", &[]), b"[\n]\n");
}

#[test]
fn rejects_are_read_like_the_input() {
    for content in [
        "x;y\n1;2\n\"3\n\";4\n",
        "{\"x\":1,\"y\":2}\n{\"y\":4,\"x\":3}",
        "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]",
    ] {
        let cells = |rows: Vec<String>| -> Vec<String> {
            rows.iter()
                .map(|row| row.split_once(' ').unwrap().1.to_owned())
                .collect()
        };
        assert_eq!(
            cells(read(rejected(content, &[1, 2]))),
            cells(read(content))
        );
    }
}

#[test]
fn a_row_that_is_too_long_is_rejected_whole() {
    let long = "x".repeat(1024 * 1024 + 7);
    let bytes = rejected(format!("a\n1\n{long}\n2\n"), &[2]);
    assert_eq!(bytes, format!("a\n{long}\n").into_bytes());
}

#[test]
fn results_follow_the_columns_of_the_input() {
    let file = file("email,id,note\na@x.de,7,=1+1\n\"b\"x,8,\n");
    let input = Input::open(&file.path).unwrap();
    let written = |name: &str| {
        let path = beside(&file, name);
        let mut results = Results::create(&path, &input, false).unwrap();
        for row in input.rows().unwrap() {
            match row.unwrap() {
                Ok(row) => {
                    let fate = Fate {
                        state: "done",
                        id: Some("user_1"),
                        ..Fate::default()
                    };
                    results.add(row.at, Some(&row), fate).unwrap();
                }
                Err(bad) => {
                    let what = bad.to_string();
                    let fate = Fate {
                        state: "invalid",
                        error: Some(&what),
                        todo: bad.hint.as_deref(),
                        ..Fate::default()
                    };
                    results.add(bad.at, None, fate).unwrap();
                }
            }
        }
        results.finish().unwrap();
        fs::read_to_string(path).unwrap()
    };
    insta::assert_snapshot!(written("out.CSV").replace("\r\n", "\n"), @r#"
    "email","input_id","note","row","state","id","error","todo"
    "a@x.de","7","'=1+1","1","done","user_1","",""
    "","","","2","invalid","","line 3, column email: text follows the closing quote","a quote within a quoted cell is written twice: """""
    "#);
    insta::assert_snapshot!(written("out.ndjson"), @r#"
    {"email":"a@x.de","input_id":"7","note":"=1+1","row":1,"state":"done","id":"user_1","error":null,"todo":null}
    {"row":2,"state":"invalid","id":null,"error":"line 3, column email: text follows the closing quote","todo":"a quote within a quoted cell is written twice: \"\""}
    "#);
}

#[test]
fn results_of_a_pretty_array_are_one_object_a_line() {
    let file = file("[{\n \"a\": {\n  \"b\": \"x\\ny\"\n }\n}]");
    let input = Input::open(&file.path).unwrap();
    let path = beside(&file, "out");
    let mut results = Results::create(&path, &input, false).unwrap();
    let row = input.rows().unwrap().next().unwrap().unwrap().unwrap();
    results
        .add(
            row.at,
            Some(&row),
            Fate {
                state: "done",
                ..Fate::default()
            },
        )
        .unwrap();
    results.finish().unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count(), 1);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["a"]["b"], "x\ny");
}

#[test]
fn reliability_9_a_file_appears_whole_and_replaces_none() {
    let file = file("x\n1\n");
    let folder = file.path.parent().unwrap();
    let input = Input::open(&file.path).unwrap();
    let path = beside(&file, "out");
    drop(Rejects::create(&path, &input, false).unwrap());
    assert_eq!(names(folder), ["rows"]);
    let rejects = Rejects::create(&path, &input, false).unwrap();
    fs::write(&path, "mine").unwrap();
    let problem = rejects.finish().unwrap_err();
    assert!(problem.message.ends_with("exists already"), "{problem}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(Rejects::create(&path, &input, false).is_err());
    assert_eq!(names(folder), ["out", "rows"]);
    Rejects::create(&path, &input, true)
        .unwrap()
        .finish()
        .unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "x\n");
    assert_eq!(names(folder), ["out", "rows"]);
}

#[cfg(unix)]
#[test]
fn reliability_9_a_file_is_its_owner_s_and_no_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = file("x\n1\n");
    let input = Input::open(&file.path).unwrap();
    let path = beside(&file, "out");
    Rejects::create(&path, &input, false)
        .unwrap()
        .finish()
        .unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let link = beside(&file, "link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(Rejects::create(&link, &input, true).is_err());
    assert!(Rejects::create(&beside(&file, "no/out"), &input, true).is_err());
}
