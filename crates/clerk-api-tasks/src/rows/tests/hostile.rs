//! Files that are wrong: each row that can be named is, and what cannot be read is refused as a whole.

use std::path::Path;

use clerk_api_admin::problem::ProblemKind;

use super::super::Input;
use super::{file, open, read, refusal};

#[test]
fn one_row_that_is_wrong_never_stops_the_others() {
    let rows = read(b"x,y\n1,a\n2\n3,\"b\"c\n4,\xfc\n5,\0\n6,d,\n7,e\n");
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[0], "1@2 1|a");
    assert_eq!(rows[6], "7@8 7|e");
    let rows = read("{\"x\":1}\n{\"x\":\n[1]\n{\"x\":1,\"x\":2}\n{\"x\":NaN}\n{\"x\":6}\n");
    assert_eq!((rows.len(), rows[5].as_str()), (6, "6@6 6"));
    let rows = read("[{\"x\":1},\n 2, {\"x\" 3},{\"x\":4,\"x\":4},\n{\"x\":5} {},\n{\"x\":6}]");
    assert_eq!((rows.len(), rows[5].as_str()), (6, "6@4 6"));
}

#[test]
fn reliability_8_5_a_row_has_at_most_one_mebibyte() {
    let long = "x".repeat(1024 * 1024 + 1);
    let rows = read(format!("a,b\n1,2\n\"{long}\n{long}\",3\n4,5\n"));
    assert_eq!(rows[0], "1@2 1|2");
    assert!(
        rows[1].starts_with("2: line 3: the row has more than 1 MiB"),
        "{}",
        rows[1]
    );
    assert_eq!(rows[2], "3@5 4|5");
    let rows = read(format!("[{{\"a\":\"{long}\"}},{{\"a\":2}}]"));
    assert_eq!(rows[1], "2@1 2");
    let rows = read(format!("{{\"a\":1}}\n{{\"a\":\"{long}\"}}\n{{\"a\":3}}\n"));
    assert_eq!(rows[2], "3@3 3");
    // As long as may be is not too long.
    let input = open(format!("a\n{}\n1\n", "x".repeat(1024 * 1024)));
    assert!(input.rows().unwrap().all(|row| row.unwrap().is_ok()));
}

#[test]
fn deep_json_is_a_row_that_is_wrong() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let rows = read(format!("{{\"x\":1}}\n{{\"x\":{deep}}}\n{{\"x\":3}}\n"));
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1], "2: line 2: the JSON is nested too deeply");
        let rows = read(format!("[{{\"x\":1}},\n{{\"x\":{deep}}},\n{{\"x\":3}}]"));
        assert_eq!(rows[1], "2: line 2: the JSON is nested too deeply");
        assert_eq!(rows[2], "3@3 3");
    }
}

#[test]
fn what_no_row_can_be_read_from_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        folder.path(),
        Path::new("/dev/null"),
        Path::new("/proc/self/status"),
        Path::new("/dev/stdin"),
    ] {
        let problem = Input::open(path).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Usage, "{problem}");
        assert!(
            problem.message.contains("not a file with rows"),
            "{problem}"
        );
    }
    let problem = Input::open(&folder.path().join("no")).unwrap_err();
    assert!(problem.message.starts_with("there is no file"), "{problem}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_its_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let problem = Input::open(&path).unwrap_err();
    assert!(
        problem.message.contains("a pipe, a socket or a device"),
        "{problem}"
    );
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("/dev/null", &link).unwrap();
    assert!(Input::open(&link).is_err());
}

#[test]
fn a_file_that_was_cut_off_is_refused_as_a_whole() {
    for content in [
        "x,y\n1,2\n\"3,4\n5,6\n",
        "[{\"x\":1},{\"x\":2",
        "[{\"x\":1},{\"x\":2}",
        "[{\"x\":1},",
        "[",
        "[{\"x\":1},]",
        "[,{\"x\":1}]",
        "[{\"x\":[1}]",
        "[{\"x\":1}]]",
        "[{\"x\":1}] {\"x\":2}",
    ] {
        let file = file(content);
        let input = Input::open(&file.path);
        let problem = input.and_then(|input| {
            let mut rows = input.rows()?;
            while rows.next_row()?.is_some() {}
            Ok(())
        });
        assert_eq!(problem.unwrap_err().kind, ProblemKind::Usage, "{content}");
    }
}

#[test]
fn a_pass_that_broke_off_stays_at_its_end() {
    let input = open("x\n\"1\n");
    let mut rows = input.rows().unwrap();
    assert!(rows.next_row().is_err());
    assert!(rows.next_row().unwrap().is_none());
}

#[test]
fn other_encodings_are_named() {
    let wide = |text: &str, swap: bool, mark: bool| -> Vec<u8> {
        let units = text.encode_utf16();
        let mark = mark.then_some(0xfeff).into_iter();
        mark.chain(units)
            .flat_map(|unit| {
                if swap {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    for (swap, mark) in [(false, true), (true, true), (false, false), (true, false)] {
        let message = refusal(wide("email,role\na@b.c,x\n", swap, mark));
        assert!(message.contains("UTF-16"), "{message}");
    }
    let message = refusal(b"PK\x03\x04\x14\0\x06\0");
    assert!(message.contains("Excel workbook"), "{message}");
    let message = refusal(b"na\xefve,x\n1,2\n");
    assert!(
        message.contains("line 1: the header: byte 3 (0xEF) is not UTF-8"),
        "{message}"
    );
}
