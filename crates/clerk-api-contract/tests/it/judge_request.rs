//! The rules for requests, each passing and failing.

use clerk_api_contract::Body;

use crate::tiny::{CAT, exchange, judge, sending, violations};

fn list(query: &str) -> Vec<String> {
    violations(&exchange("GET", &format!("/animals?{query}"), 200, "[]"))
}

fn create(body: &str) -> Vec<String> {
    violations(&sending("POST", "/animals", body, CAT))
}

#[test]
fn literal_paths_beat_parameters() {
    let judge = judge();
    let operation =
        |method: &str, path: &str| judge.judge(&exchange(method, path, 200, "{}")).operation;
    assert_eq!(
        operation("GET", "/animals/count").as_deref(),
        Some("GetUsersCount")
    );
    assert_eq!(
        operation("GET", "/animals/an_1").as_deref(),
        Some("GetAnimal")
    );
    // The literal path lacks this method, so the other template takes it.
    assert_eq!(
        operation("DELETE", "/animals/count").as_deref(),
        Some("DeleteAnimal")
    );
}

#[test]
fn unknown_paths_and_methods_are_violations_of_requests_that_succeeded() {
    let unknown = ["path : unknown-path", "status : unknown-operation"];
    assert_eq!(violations(&exchange("GET", "/plants", 200, "{}")), unknown);
    assert_eq!(
        violations(&exchange("GET", "/animals/", 200, "{}")),
        unknown
    );
    let mut outside = exchange("GET", "/animals", 200, "[]");
    outside.path = "/v2/animals".to_owned();
    assert_eq!(violations(&outside), unknown);
    assert_eq!(
        violations(&exchange("PATCH", "/animals", 200, "{}")),
        ["method : unknown-method", "status : unknown-operation"]
    );
}

#[test]
fn path_parameters_are_decoded_and_checked() {
    assert_eq!(
        violations(&exchange("GET", "/animals/an%5F1", 200, CAT)),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("GET", "/animals/Tom", 200, CAT)),
        ["path animal_id : pattern"]
    );
}

#[test]
fn query_values_are_read_as_their_declared_types() {
    assert_eq!(
        list("limit=500&weight=1.5&tame=false&kind=cat&id=a&id=b&age=1,2"),
        [""; 0]
    );
    assert_eq!(list("limit=501"), ["query limit : maximum"]);
    assert_eq!(list("limit=0"), ["query limit : minimum"]);
    assert_eq!(list("limit=10.0"), ["query limit : type"]);
    assert_eq!(list("limit="), ["query limit : type"]);
    assert_eq!(list("weight=heavy"), ["query weight : type"]);
    assert_eq!(list("tame=1"), ["query tame : type"]);
    assert_eq!(list("kind=cow"), ["query kind : enum"]);
}

#[test]
fn arrays_are_repeated_or_separated_as_declared() {
    assert_eq!(list("id=a,b"), [""; 0]);
    assert_eq!(list("id=a&id=b&id=c"), ["query id : maxItems"]);
    assert_eq!(list("id[]=a"), ["query id[] : unknown-parameter"]);
    assert_eq!(list("age=1,x"), ["query age /1: type"]);
    assert_eq!(
        list("limit=1&limit=2"),
        ["query limit : repeated-parameter"]
    );
}

#[test]
fn empty_values_pass_only_where_declared() {
    assert_eq!(list("note="), [""; 0]);
    assert_eq!(list("kind="), ["query kind : enum"]);
}

#[test]
fn unknown_query_parameters_are_violations_unless_documented() {
    assert_eq!(list("colour=red"), ["query colour : unknown-parameter"]);
    let verdict = judge().judge(&exchange(
        "GET",
        "/animals?__clerk_api_version=2026-05-12",
        200,
        "[]",
    ));
    assert!(verdict.is_clean() && verdict.used.len() == 1);
    let count = exchange(
        "GET",
        "/animals/count?limit=10&order_by=name",
        200,
        r#"{"total":1}"#,
    );
    let verdict = judge().judge(&count);
    assert!(verdict.is_clean() && verdict.used.len() == 2, "{verdict:?}");
}

#[test]
fn required_parameters_must_be_there() {
    assert_eq!(
        violations(&exchange("POST", "/animals/an_1/feed?food=fish", 200, CAT)),
        [""; 0]
    );
    assert_eq!(
        violations(&exchange("POST", "/animals/an_1/feed", 200, CAT)),
        ["query food : required-parameter"]
    );
}

#[test]
fn bodies_are_held_against_their_schema() {
    assert_eq!(create(r#"{"name":"Tom","kind":null,"legs":null}"#), [""; 0]);
    assert_eq!(create(r#"{"kind":"cat"}"#), ["body : required"]);
    assert_eq!(create(r#"{"name":null}"#), ["body /name: type"]);
    assert_eq!(
        create(r#"{"name":"Tom","kind":"cow"}"#),
        ["body /kind: enum"]
    );
    assert_eq!(
        create(r#"{"name":"Tom","legs":-1}"#),
        ["body /legs: minimum"]
    );
    assert_eq!(create(r#"{"name":"Tom","legs":4.0}"#), ["body /legs: type"]);
    assert_eq!(
        create(r#"{"name":"Tom","wings":2}"#),
        ["body : additionalProperties"]
    );
    assert_eq!(create(r#"{"name":"Tom","id":"an_1"}"#), ["body /id: not"]);
    assert_eq!(create("{"), ["body : json"]);
}

#[test]
fn required_bodies_must_be_there() {
    assert_eq!(create(""), ["body : required-body"]);
    assert_eq!(create("null"), ["body : type"]);
    let feed = |body: &str| violations(&sending("POST", "/animals/an_1/feed?food=fish", body, CAT));
    assert_eq!(feed(""), [""; 0]);
    assert_eq!(feed("null"), [""; 0]);
    assert_eq!(feed(r#"{"slowly":1}"#), ["body /slowly: type"]);
}

#[test]
fn where_no_body_is_declared_only_nothing_and_null_pass() {
    let get = |body: &str| violations(&sending("GET", "/animals/an_1", body, CAT));
    assert_eq!(get(""), [""; 0]);
    assert_eq!(get(" null\n"), [""; 0]);
    assert_eq!(get("{}"), ["body : undeclared-body"]);
}

#[test]
fn the_media_type_must_be_a_declared_one() {
    let mut exchange = sending("POST", "/animals", r#"{"name":"Tom"}"#, CAT);
    exchange.request_headers.insert(
        "content-type".to_owned(),
        "Application/JSON; charset=utf-8".to_owned(),
    );
    assert_eq!(violations(&exchange), [""; 0]);
    exchange
        .request_headers
        .insert("content-type".to_owned(), "text/plain".to_owned());
    assert_eq!(
        violations(&exchange),
        ["header content-type : content-type"]
    );
    exchange.request_headers.clear();
    assert_eq!(
        violations(&exchange),
        ["header content-type : content-type"]
    );
}

#[test]
fn forms_have_the_declared_parts() {
    let put = |names: &[&str]| {
        let part = |name: &&str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nx\r\n")
        };
        let text = names.iter().map(part).collect::<String>() + "--b--\r\n";
        let mut exchange = exchange("PUT", "/animals/an_1/picture", 204, "");
        exchange.request_body = Body::Text(text);
        exchange.request_headers.insert(
            "content-type".to_owned(),
            "multipart/form-data; boundary=b".to_owned(),
        );
        violations(&exchange)
    };
    assert_eq!(put(&["file", "by"]), [""; 0]);
    assert_eq!(put(&["by"]), ["body : required-part"]);
    assert_eq!(put(&["file", "size"]), ["body : unknown-part"]);
}

#[test]
fn refused_requests_are_judged_only_on_demand() {
    let answer = format!(
        r#"{{"errors":[{{"code":"bad"}}],"clerk_trace_id":"{}"}}"#,
        crate::tiny::TRACE
    );
    for status in [400, 404, 422, 500] {
        let mut exchange = exchange("GET", "/animals?limit=x", status, &answer);
        let verdict = judge().judge(&exchange);
        assert!(verdict.is_clean() && !verdict.request_judged, "{status}");
        exchange.judge_request = true;
        assert_eq!(violations(&exchange), ["query limit : type"]);
    }
}
