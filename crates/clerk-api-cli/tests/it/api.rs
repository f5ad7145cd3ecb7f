//! `api`: any operation by its path or operation id, with the checks and guards of its class; `commands`.

use serde_json::json;

use crate::clerk::clerk;
use crate::env::{Env, Ran};
use crate::server::{Answer, Server};

#[track_caller]
fn run(env: &Env, line: &str) -> Ran {
    env.run(line.split(' '))
}

#[test]
fn an_operation_with_a_command_is_that_command() {
    let (_clerk, env) = clerk(&[]);
    let create = "api POST /users --field email_address=ada@example.com --field first_name=Ada --field skip_password_requirement=true";
    let ada = run(&env, create).id();
    let update = format!(
        "api PATCH /v1/users/{ada}/metadata --body {{\"public_metadata\":{{\"plan\":\"pro\"}}}}"
    );
    assert_eq!(run(&env, &update).json()["public_metadata"]["plan"], "pro");
    assert_eq!(run(&env, "api /users/ada@example.com").id(), ada);
    assert_eq!(run(&env, "api GetUsersCount").json()["total_count"], 1);
    assert_eq!(
        run(&env, "api users.list --field query=ada").json()[0]["id"],
        ada
    );
    for name in ["kim", "lou"] {
        run(&env, &create.replace("ada", name)).json();
    }
    let all = run(
        &env,
        "api /users --query limit=1 --query order_by=created_at --all -o ids",
    );
    assert_eq!(all.stdout, format!("{ada}\n"));
    assert_eq!(
        run(&env, "api /users --all -o ids").stdout.lines().count(),
        3
    );
    let gone = run(&env, &format!("api DELETE /users/{ada}"));
    assert_eq!(gone.json()["deleted"], true);
}

#[test]
fn what_the_catalogue_does_not_have_is_refused_before_anything_is_sent() {
    let server = Server::answering(|_, _| Answer::json(200, "", "{}"));
    let env = Env::at(&server.url);
    for (line, part) in [
        ("api /userz", "no path /userz"),
        ("api ListMachinez", "no operation ListMachinez"),
        ("api PUT /users", "/users has no PUT"),
        ("api FETCH /users", "no method"),
        ("api /users --query limmit=5", "no argument"),
        ("api /users --query limit=many", "whole number"),
        ("api /users?limit=5", "more than a path"),
        ("api /users/../organizations", "no path"),
        ("api DELETE /machines/@ids.txt", "cannot be"),
        ("api DELETE /machines/mch%2e", "is not an id"),
        ("api POST /machines", "name is missing"),
        (
            "api POST /machines --body {\"name\":\"a\",\"name\":\"b\"}",
            "--body",
        ),
        ("api POST /machines --body {\"nam\":\"a\"}", "no argument"),
        ("api GetMachine", "machine_id is missing"),
    ] {
        let error = run(&env, line).error(2);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part), "{line}: {error}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn an_operation_without_a_command_has_the_guards_of_its_class() {
    let server = Server::answering(|_, request| {
        let list = "{\"data\":[{\"id\":\"mch_1\",\"secret\":\"CANARY\"}],\"total_count\":1}";
        let one = "{\"id\":\"mch_1\",\"secret\":\"CANARY\"}";
        Answer::json(
            200,
            "",
            if request.starts_with("GET /v1/machines?") {
                list
            } else {
                one
            },
        )
    });
    let env = Env::at(&server.url);
    let shown = run(&env, "api ListMachines --query limit=5");
    assert_eq!(shown.json()["total_count"], 1);
    assert!(!shown.stdout.contains("CANARY"), "{shown:?}");
    assert!(
        run(&env, "api /machines/mch_1 --show-secrets")
            .stdout
            .contains("CANARY")
    );
    // Who creates a secret wants it.
    assert!(
        run(&env, "api POST /machines --field name=worker")
            .stdout
            .contains("CANARY")
    );
    let sent = server.requests().len();
    let preview = run(
        &env,
        "api PATCH /machines/mch_1 --field name=worker --dry-run",
    );
    let request =
        json!({"method": "PATCH", "path": "/v1/machines/mch_1", "body": {"name": "worker"}});
    assert_eq!(preview.json(), request);
    let careful = Env::at(&server.url).set("CLERK_API_CONFIRM", "always");
    run(&careful, "api DELETE /machines/mch_1").error(7);
    run(
        &careful,
        "api POST /machines/mch_1/secret_key/rotate --field previous_token_ttl=0",
    )
    .error(7);
    let reading = Env::at(&server.url).set("CLERK_API_READ_ONLY", "1");
    run(&reading, "api DELETE /machines/mch_1").error(7);
    run(&reading, "api POST /machines --field name=worker").error(7);
    assert_eq!(server.requests().len(), sent);
    assert_eq!(
        run(&reading, "api POST /api_keys/verify --field secret=CANARY").code,
        0
    );
    run(&env, "api DELETE /machines/mch_1").json();
    assert!(
        server
            .requests()
            .last()
            .unwrap()
            .starts_with("DELETE /v1/machines/mch_1 ")
    );
}

#[test]
fn reliability_1_a_create_without_a_key_is_sent_once_and_a_read_again() {
    let server = Server::answering(|_, _| {
        Answer::error(500, "", "internal_clerk_error", "Something broke.")
    });
    let env = Env::at(&server.url).config("[http]\nbackoff_ms = 1\nattempts = 3\n");
    run(&env, "api POST /machines --field name=worker").error(8);
    assert_eq!(server.requests().len(), 1);
    run(&env, "api /machines/mch_1").error(75);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn the_catalogue_can_be_searched_and_commands_described_without_a_key() {
    let env = Env::new();
    let all = run(&env, "api --list").json();
    assert_eq!(all.as_array().unwrap().len(), 249);
    let found = env.run(["api", "--list", "delete machine"]).json();
    let paths: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "/machines/{machine_id}",
            "/machines/{machine_id}/scopes/{other_machine_id}"
        ]
    );
    assert_eq!(found[0]["class"], "destructive");
    let users = env.run(["api", "--list", "GetUserList"]).json();
    assert_eq!(users[0]["command"], "users list");
    let row = run(&env, "commands users create").json();
    assert_eq!(
        (&row[0]["command"], &row[0]["class"]),
        (&json!("users create"), &json!("reversible"))
    );
    assert!(
        run(&env, "commands users -o table")
            .stdout
            .contains("users delete")
    );
    run(&env, "commands users createe").error(2);
}
