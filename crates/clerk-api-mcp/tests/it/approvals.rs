//! The answer of a person, in both carriers (reliability.md 10.3).

use serde_json::{Value, json};

use crate::harness::{Agent, Bench, Start, types};

fn delete(user: &str) -> Value {
    json!({"operation": "users.delete", "arguments": {"user_id": user}})
}

fn is_there(bench: &Bench, user: &str) -> bool {
    bench.api("GET", &format!("/users/{user}"), None)["id"] == user
}

/// The seal and the form of a call that needs an answer.
#[track_caller]
fn asked(agent: &mut Agent, tool: &str, arguments: &Value) -> (String, Value) {
    let result = agent.call(tool, arguments.clone());
    assert_eq!(result["resultType"], "input_required", "{result}");
    let question = &result["inputRequests"]["approval"];
    assert_eq!(question["method"], "elicitation/create");
    (
        result["requestState"].as_str().unwrap().to_owned(),
        question["params"].clone(),
    )
}

fn answered(tool: &str, arguments: &Value, state: &str, answer: &Value) -> Value {
    json!({"name": tool, "arguments": arguments, "requestState": state, "inputResponses": {"approval": answer}})
}

fn typed(text: &str) -> Value {
    json!({"action": "accept", "content": {"answer": text}})
}

#[track_caller]
fn refused(result: &Value) {
    assert_eq!(result["isError"], true, "{result}");
    assert_eq!(
        result["structuredContent"]["error"],
        json!({"code": "not_approved", "sent": "no"}),
        "{result}"
    );
}

#[test]
fn legacy_the_right_text_works_and_the_person_sees_what_and_where() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::open(), types("ada@acme.com"));
    agent.done("delete", delete(&user));
    assert!(!is_there(&bench, &user));
    let form = &agent.forms[0];
    let message = form["message"].as_str().unwrap();
    for part in [
        user.as_str(),
        "ada@acme.com",
        "test instance ins_",
        "cannot answer for you",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(form["requestedSchema"]["required"], json!(["answer"]));
}

#[test]
fn legacy_nothing_but_the_right_text_works() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    for answer in [
        typed("yes"),
        typed(""),
        typed("ADA@acme.com"),
        json!({"action": "accept"}),
        json!({"action": "accept", "content": {}}),
        json!({"action": "accept", "content": {"answer": true}}),
        json!({"action": "accept", "content": {"other": "ada@acme.com"}}),
        json!({"action": "decline", "content": {"answer": "ada@acme.com"}}),
        json!({"action": "cancel"}),
    ] {
        let mut agent = bench.legacy(Start::open(), None);
        agent = {
            drop(agent);
            let given = answer.clone();
            bench.legacy(Start::open(), Some(Box::new(move |_| given.clone())))
        };
        let result = agent.call("delete", delete(&user));
        refused(&result);
    }
    assert!(is_there(&bench, &user));
}

#[test]
fn modern_the_right_text_works_once() {
    let bench = Bench::new();
    let (user, other) = (bench.user("ada@acme.com"), bench.user("bob@acme.com"));
    let mut agent = bench.modern(Start::open(), true);
    let arguments = delete(&user);
    let (state, form) = asked(&mut agent, "delete", &arguments);
    assert!(form["message"].as_str().unwrap().contains("ada@acme.com"));
    assert!(is_there(&bench, &user));
    // For other arguments, and through another tool, it is worth nothing.
    refused(&agent.call_with(answered(
        "delete",
        &delete(&other),
        &state,
        &typed("bob@acme.com"),
    )));
    refused(&agent.call_with(answered(
        "call_operation",
        &arguments,
        &state,
        &typed("ada@acme.com"),
    )));
    let result = agent.call_with(answered(
        "delete",
        &arguments,
        &state,
        &typed("ada@acme.com"),
    ));
    assert_eq!(result["isError"], false, "{result}");
    assert!(!is_there(&bench, &user) && is_there(&bench, &other));
}

#[test]
fn modern_a_seal_is_used_once_whatever_was_typed() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.modern(Start::open(), true);
    let arguments = json!({"operation": "users.replace_metadata", "arguments": {"user_id": user, "public_metadata": {"a": 1}}});
    let (state, _) = asked(&mut agent, "delete", &arguments);
    let yes = answered("delete", &arguments, &state, &typed("ada@acme.com"));
    assert_eq!(agent.call_with(yes.clone())["isError"], false);
    refused(&agent.call_with(yes));
    for wrong in [
        typed("yes"),
        json!({"action": "accept"}),
        json!({"action": "decline"}),
    ] {
        let (state, _) = asked(&mut agent, "delete", &arguments);
        refused(&agent.call_with(answered("delete", &arguments, &state, &wrong)));
        // There is no second guess.
        refused(&agent.call_with(answered(
            "delete",
            &arguments,
            &state,
            &typed("ada@acme.com"),
        )));
    }
    // An answer without a seal is none, and a seal without an answer neither.
    let result = agent.call_with(json!({"name": "delete", "arguments": arguments, "inputResponses": {"approval": typed("ada@acme.com")}}));
    assert_eq!(result["resultType"], "input_required", "{result}");
    let (state, _) = asked(&mut agent, "delete", &arguments);
    refused(
        &agent.call_with(json!({"name": "delete", "arguments": arguments, "requestState": state})),
    );
}

#[test]
fn modern_a_seal_ends_after_ten_minutes_and_with_its_server() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let arguments = delete(&user);
    let mut agent = bench.modern(Start::open(), true);
    let (state, _) = asked(&mut agent, "delete", &arguments);
    bench.clock.forward(11);
    refused(&agent.call_with(answered(
        "delete",
        &arguments,
        &state,
        &typed("ada@acme.com"),
    )));
    let (state, _) = asked(&mut agent, "delete", &arguments);
    let mut other = bench.modern(Start::open(), true);
    refused(&other.call_with(answered(
        "delete",
        &arguments,
        &state,
        &typed("ada@acme.com"),
    )));
    for forged in ["", "rs1.AAAA.BBBB", state.get(..state.len() - 2).unwrap()] {
        refused(&agent.call_with(answered(
            "delete",
            &arguments,
            forged,
            &typed("ada@acme.com"),
        )));
    }
    assert!(is_there(&bench, &user));
    bench.clock.forward(9);
    let result = agent.call_with(answered(
        "delete",
        &arguments,
        &state,
        &typed("ada@acme.com"),
    ));
    assert_eq!(result["isError"], false, "{result}");
}

#[test]
fn modern_what_changed_since_the_question_needs_another_answer() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.modern(Start::open(), true);
    let arguments = delete("ada@acme.com");
    let (state, _) = asked(&mut agent, "delete", &arguments);
    bench.api("DELETE", &format!("/users/{user}"), None);
    let second = bench.user("ada@acme.com");
    refused(&agent.call_with(answered(
        "delete",
        &arguments,
        &state,
        &typed("ada@acme.com"),
    )));
    assert!(
        is_there(&bench, &second),
        "the address means somebody else now"
    );
}

#[test]
fn who_cannot_be_asked_is_refused_whatever_the_way() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let row = json!([{"user_id": user}]);
    for modern in [false, true] {
        let mut agent = if modern {
            bench.modern(Start::open(), false)
        } else {
            bench.legacy(Start::open(), None)
        };
        for (tool, arguments) in [
            ("delete", delete(&user)),
            ("call_operation", delete(&user)),
            (
                "job_start",
                json!({"operation": "users.delete", "rows": row}),
            ),
            (
                "onboard",
                json!({"name": "Acme", "members": ["new@acme.com"]}),
            ),
            (
                "send",
                json!({"operation": "application_invitations.create", "arguments": {"email_address": "new@acme.com"}}),
            ),
        ] {
            agent.fails(tool, arguments, "nobody_to_ask");
        }
    }
    assert!(is_there(&bench, &user));
    assert_eq!(bench.api("GET", "/invitations", None), json!([]));
    assert_eq!(bench.api("GET", "/organizations", None)["total_count"], 0);
}

#[test]
fn an_approval_cannot_be_an_argument() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::open(), types("no"));
    for more in [
        "approved",
        "confirm",
        "answer",
        "yes",
        "requestState",
        "approval",
    ] {
        let mut arguments = delete(&user);
        arguments[more] = "ada@acme.com".into();
        agent.fails("delete", arguments, "usage");
        let mut arguments = delete(&user);
        arguments["arguments"][more] = "ada@acme.com".into();
        agent.fails("delete", arguments, "usage");
        let mut arguments = delete(&user);
        arguments["arguments"][more] = "ada@acme.com".into();
        agent.fails("call_operation", arguments, "usage");
    }
    assert!(agent.forms.is_empty() && is_there(&bench, &user));
}

#[test]
fn many_at_once_are_approved_by_their_number() {
    let bench = Bench::new();
    let ids: Vec<String> = (0..3)
        .map(|number| bench.user(&format!("u{number}@acme.com")))
        .collect();
    let rows: Vec<Value> = ids.iter().map(|id| json!({"user_id": id})).collect();
    let arguments = json!({"operation": "users.delete", "rows": rows});
    let mut agent = bench.legacy(Start::open(), types("delete 2 users"));
    refused(&agent.call("job_start", arguments.clone()));
    agent.person = types("delete 3 users");
    let started = agent.done("job_start", arguments);
    let job = started["job"].as_str().unwrap().to_owned();
    let told = crate::jobs::wait(&mut agent, &job);
    assert_eq!(told["states"]["done"], 3, "{told}");
    assert!(ids.iter().all(|id| !is_there(&bench, id)));
}
