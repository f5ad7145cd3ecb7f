//! The rules for answers, each passing and failing.

use clerk_api_contract::Body;

use crate::tiny::{CAT, TRACE, exchange, judge, violations};

fn get(answer: &str) -> Vec<String> {
    violations(&exchange("GET", "/animals/an_1", 200, answer))
}

fn error(trace: &str) -> String {
    format!(r#"{{"errors":[{{"code":"bad"}}],"clerk_trace_id":"{trace}"}}"#)
}

#[test]
fn answers_are_held_against_their_schema() {
    assert_eq!(get(CAT), [""; 0]);
    assert_eq!(
        get(r#"{"id":"an_1","name":"Tom","kind":"cat","home":{"city":"Rome"}}"#),
        [""; 0]
    );
    assert_eq!(
        get(r#"{"id":1,"name":"Tom","kind":"cat"}"#),
        ["body /id: type"]
    );
    assert_eq!(get(r#"{"id":"an_1","kind":"cat"}"#), ["body : required"]);
    assert_eq!(
        get(r#"{"id":"an_1","name":"Tom","kind":"cow"}"#),
        ["body /kind: enum"]
    );
    assert_eq!(
        get(r#"{"id":"an_1","name":"Tom","kind":"cat","wings":2}"#),
        ["body : additionalProperties"]
    );
    assert_eq!(
        get(r#"{"id":"an_1","name":"Tom","kind":"cat","legs":4.0}"#),
        ["body /legs: type"]
    );
    assert_eq!(
        get(r#"{"id":"an_1","name":"Tom","kind":"cat","home":{}}"#),
        ["body /home: required"]
    );
    assert_eq!(
        get(r#"{"id":"an_1","name":"Tom","kind":"cat","secret":"x"}"#),
        ["body /secret: not"]
    );
    assert_eq!(get("Tom"), ["body : json"]);
    assert_eq!(get(""), ["body : json"]);
}

#[test]
fn lists_name_the_item_that_is_wrong() {
    let answer = format!("[{CAT},{{\"id\":\"an_2\",\"name\":null,\"kind\":\"dog\"}}]");
    assert_eq!(
        violations(&exchange("GET", "/animals", 200, &answer)),
        ["body /1/name: type"]
    );
}

#[test]
fn success_statuses_must_be_declared() {
    assert_eq!(
        violations(&exchange("GET", "/animals/an_1", 201, CAT)),
        ["status : undeclared-status"]
    );
    assert_eq!(
        violations(&exchange("GET", "/animals/an_1", 302, "")),
        ["status : undeclared-status"]
    );
}

#[test]
fn answers_without_content_are_empty() {
    assert_eq!(
        violations(&exchange("DELETE", "/animals/an_1", 204, "")),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("DELETE", "/animals/an_1", 204, "{}")),
        ["body : undeclared-body"]
    );
}

#[test]
fn the_content_type_is_exact() {
    let mut exchange = exchange("GET", "/animals/an_1", 200, CAT);
    exchange.response_headers.insert(
        "content-type".to_owned(),
        "application/json; charset=utf-8".to_owned(),
    );
    assert_eq!(
        violations(&exchange),
        ["header content-type : content-type"]
    );
    exchange.response_headers.remove("content-type");
    assert_eq!(
        violations(&exchange),
        ["header content-type : content-type"]
    );
    exchange.status = 404;
    assert_eq!(
        violations(&exchange),
        ["header content-type : content-type"]
    );
}

#[test]
fn version_and_trace_headers_are_required_everywhere() {
    for (status, answer) in [(200, CAT.to_owned()), (429, error(TRACE))] {
        for name in ["clerk-api-version", "x-clerk-trace-id"] {
            let mut exchange = exchange("GET", "/animals/an_1", status, &answer);
            exchange.response_headers.remove(name);
            let expected = format!("header {name} : required-header");
            assert!(violations(&exchange).contains(&expected), "{status} {name}");
        }
    }
}

#[test]
fn undeclared_errors_have_the_common_schema() {
    for status in [401, 403, 429, 500, 503] {
        assert_eq!(
            violations(&exchange("GET", "/animals/an_1", status, &error(TRACE))),
            [""; 0]
        );
        let bare = format!(r#"{{"errors":[{{}}],"clerk_trace_id":"{TRACE}"}}"#);
        assert_eq!(
            violations(&exchange("GET", "/animals/an_1", status, &bare)),
            ["body /errors/0: required"]
        );
    }
    assert_eq!(
        violations(&exchange("GET", "/plants", 404, &error(TRACE))),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("PATCH", "/animals", 405, &error(TRACE))),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("GET", "/plants", 404, "{}")),
        ["body : required", "body : trace-id"]
    );
}

#[test]
fn declared_errors_have_their_own_schema() {
    assert_eq!(
        violations(&exchange("POST", "/animals", 400, r#"{"oops":1}"#)),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("POST", "/animals", 400, &error(TRACE))),
        ["body : required"]
    );
    assert_eq!(
        violations(&exchange("GET", "/animals", 422, &error(TRACE))),
        [""; 0]
    );
}

#[test]
fn errors_declared_without_content_may_be_empty_or_common() {
    assert_eq!(violations(&exchange("POST", "/animals", 404, "")), [""; 0]);
    assert_eq!(
        violations(&exchange("POST", "/animals", 404, &error(TRACE))),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("POST", "/animals", 404, "{}")),
        ["body : required", "body : trace-id"]
    );
}

#[test]
fn the_trace_id_of_an_error_is_the_header() {
    assert_eq!(
        violations(&exchange("GET", "/animals", 422, &error("other"))),
        ["body : trace-id"]
    );
    let without = r#"{"errors":[]}"#;
    assert_eq!(
        violations(&exchange("GET", "/animals", 422, without)),
        ["body : trace-id"]
    );
}

#[test]
fn what_a_proxy_says_is_not_judged() {
    let mut exchange = exchange("GET", "/animals/an_1", 502, "<html>bad gateway</html>");
    exchange.response_headers = [("content-type".to_owned(), "text/html".to_owned())].into();
    let verdict = judge().judge(&exchange);
    assert!(verdict.is_clean() && !verdict.answer_judged);
    exchange.status = 403;
    assert!(!judge().judge(&exchange).is_clean());
    exchange.status = 500;
    exchange.response_headers.insert(
        "content-type".to_owned(),
        "application/json; charset=utf-8".to_owned(),
    );
    assert!(judge().judge(&exchange).answer_judged);
}

#[test]
fn documented_deviations_excuse_what_they_name_and_no_more() {
    let verdict = judge().judge(&exchange(
        "GET",
        "/zoos",
        200,
        r#"[{"slug":null},{"slug":"a"}]"#,
    ));
    assert!(verdict.is_clean() && verdict.used.len() == 1, "{verdict:?}");
    assert_eq!(
        violations(&exchange("GET", "/zoos", 200, r#"[{"slug":1}]"#)),
        ["body /0/slug: type"]
    );
    assert_eq!(
        violations(&exchange("GET", "/zoos", 200, "[{}]")),
        ["body /0: required"]
    );
}

#[test]
fn envelopes_pass_where_they_were_asked_for() {
    let envelope = r#"{"data":[{"slug":"a"}],"total_count":1}"#;
    let verdict = judge().judge(&exchange("GET", "/zoos?paginated=true", 200, envelope));
    assert!(verdict.is_clean() && verdict.used.len() == 1, "{verdict:?}");
    let asked = |answer: &str| violations(&exchange("GET", "/zoos?paginated=true", 200, answer));
    assert_eq!(asked("[]"), [""; 0]);
    assert_eq!(
        asked(r#"{"data":[{}],"total_count":1}"#),
        ["body /data/0: required"]
    );
    assert_eq!(
        asked(r#"{"data":[],"total_count":"1"}"#),
        ["body : envelope"]
    );
    assert_eq!(
        asked(r#"{"total_count":1}"#),
        ["body : envelope", "body /data: type"]
    );
    assert_eq!(
        violations(&exchange("GET", "/zoos", 200, envelope)),
        ["body : type"]
    );
}

#[test]
fn bodies_that_are_recorded_wrong_are_told() {
    let mut exchange = exchange("GET", "/animals/an_1", 200, "");
    exchange.response_body = Body::Bytes {
        base64: "?".to_owned(),
    };
    assert_eq!(violations(&exchange), ["body : recording"]);
}
