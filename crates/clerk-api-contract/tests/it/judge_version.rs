//! Which specification an exchange is held against.

use clerk_api_contract::{Judge, Spec};

use crate::tiny::{CAT, TEXT, exchange, told};

fn asking(version: &str, used: &str) -> clerk_api_contract::Exchange {
    let mut exchange = exchange("GET", "/animals/an_1", 200, CAT);
    exchange
        .request_headers
        .insert("clerk-api-version".to_owned(), version.to_owned());
    exchange
        .response_headers
        .insert("clerk-api-version".to_owned(), used.to_owned());
    exchange
}

#[test]
fn another_version_is_judged_by_the_file_beside() {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("any-name.yml");
    fs_err::write(&main, TEXT).unwrap();
    let older = TEXT
        .replace("2026-05-12", "2025-11-10")
        .replace("[cat, dog]", "[dog]");
    fs_err::write(folder.path().join("bapi-2025-11-10.yml"), older).unwrap();
    let judge = Judge::open(&main).unwrap();
    assert_eq!(
        told(&judge.judge(&asking("2026-05-12", "2026-05-12"))),
        [""; 0]
    );
    assert_eq!(
        told(&judge.judge(&asking("2025-11-10", "2025-11-10"))),
        ["body /kind: enum"]
    );
    // No file of that name: the named one judges.
    assert_eq!(
        told(&judge.judge(&asking("2024-10-01", "2024-10-01"))),
        [""; 0]
    );
    assert!(
        judge
            .judge(&asking("../../../etc/x", "2026-05-12"))
            .violations
            .len()
            == 1
    );
    let by_query = exchange(
        "GET",
        "/animals/an_1?__clerk_api_version=2025-11-10",
        200,
        CAT,
    );
    assert!(told(&judge.judge(&by_query)).contains(&"body /kind: enum".to_owned()));
}

#[test]
fn the_version_used_is_the_one_asked_for() {
    let judge = Judge::new(Spec::parse(TEXT).unwrap());
    let verdict = judge.judge(&asking("2025-11-10", "2026-05-12"));
    assert_eq!(told(&verdict), ["header clerk-api-version : version"]);
}

#[test]
fn a_broken_file_beside_is_told_not_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("main.yml");
    fs_err::write(&main, TEXT).unwrap();
    fs_err::write(folder.path().join("bapi-2025-11-10.yml"), "swagger: '2.0'").unwrap();
    let judge = Judge::open(&main).unwrap();
    let verdict = judge.judge(&asking("2025-11-10", "2025-11-10"));
    assert_eq!(told(&verdict), ["header clerk-api-version : specification"]);
}

#[test]
fn files_that_are_no_specification_are_refused() {
    assert!(
        Judge::open("/nonexistent/spec.yml".as_ref())
            .unwrap_err()
            .to_string()
            .contains("cannot read")
    );
    for text in [
        "swagger: '2.0'",
        "openapi: 3.1.0\npaths: {}",
        "openapi: 3.0.3",
        "a: [",
        "- 1",
    ] {
        assert!(Spec::parse(text).is_err(), "{text}");
    }
}
