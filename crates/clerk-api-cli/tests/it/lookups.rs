//! What a job looks up: a row with something that is not there, or that the API cannot be asked for, fails, and the others are done.

use serde_json::{Value, json};

use crate::clerk::{clerk, users};
use crate::env::{Env, Ran};

/// An id that no organization has.
const NOWHERE: &str = "org_2xJg6NyLDZiiAKKJRxgQOSEXf7F";

fn states(ran: &Ran, code: i32) -> Value {
    assert_eq!(ran.code, code, "{ran:?}");
    let mut document: Value = serde_json::from_str(&ran.stdout).unwrap();
    document["states"].take()
}

fn organization(env: &Env) -> String {
    let made = env.run(["organizations", "create", "--name", "Acme"]);
    made.json()["id"].as_str().unwrap().to_owned()
}

/// The id that is given, or that of a new organization.
fn organization_of(env: &Env, id: &str) -> String {
    match id {
        "" => organization(env),
        id => id.to_owned(),
    }
}

#[test]
fn one_organization_that_is_not_there_does_not_stop_the_rows_of_others() {
    let (_clerk, env) = clerk(&[]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    let acme = organization(&env);
    env.file(
        "rows.csv",
        format!(
            "organization_id,user_id,email_address,role\n{acme},{ada},x@example.com,org:member\n\
             {NOWHERE},{ada},y@example.com,org:member\nnowhere,{ada},z@example.com,org:member\n\
             {acme},{bo},w@example.com,org:member\n"
        ),
    );
    let all = |operation: [&str; 2], given: &[&str]| {
        let line = operation.iter().chain(&["--rows", "rows.csv", "--yes"]);
        states(&env.run(line.chain(given)), 3)
    };
    let two = json!({"done": 2, "rejected": 2});
    assert_eq!(all(["organizations", "add-member"], &[]), two);
    assert_eq!(all(["organizations", "remove-member"], &[]), two);
    assert_eq!(all(["organizations", "add-member"], &["--again"]), two);
    let role = ["--role", "org:admin"];
    assert_eq!(all(["organizations", "update-member"], &role), two);
    assert_eq!(all(["invitations", "create"], &[]), two);
}

#[test]
fn a_member_cannot_be_gone_from_an_organization_that_never_was() {
    let (_clerk, env) = clerk(&[]);
    let [ada] = users(&env, ["ada-l"]);
    let acme = organization(&env);
    env.file("rows.csv", format!("user_id\n{ada}\nnobody@example.com\n"));
    let remove = |organization: &str, code| {
        let line = ["organizations", "remove-member", organization];
        states(
            &env.run(line.iter().chain(&["--rows", "rows.csv", "--yes"])),
            code,
        )
    };
    assert_eq!(remove("acne", 3), json!({"rejected": 2}));
    assert_eq!(
        remove(NOWHERE, 3),
        json!({"rejected": 1, "skipped_absent": 1})
    );
    assert_eq!(remove(&acme, 0), json!({"skipped_absent": 2}));
}

#[test]
fn where_no_list_shows_what_goes_its_organization_is_looked_at() {
    let (_clerk, env) = clerk(&[]);
    let acme = organization(&env);
    env.file(
        "rows.csv",
        format!("organization_id,domain_id\n{acme},orgdmn_1\n{NOWHERE},orgdmn_1\n"),
    );
    let ran = env.run(["domains", "delete", "--rows", "rows.csv", "--yes"]);
    assert_eq!(states(&ran, 3), json!({"rejected": 1, "skipped_absent": 1}));
}

#[test]
fn an_organization_that_could_not_be_looked_at_is_looked_at_once_more() {
    // The first look fails; nothing is known of the row until the second one.
    let fault = r#"{"on": "GET /organizations/*", "status": 403, "times": 1}"#;
    for (organization, code, state) in [("", 0, "skipped_absent"), (NOWHERE, 3, "rejected")] {
        let (clerk, env) = clerk(&[fault]);
        let acme = organization_of(&env, organization);
        env.file(
            "rows.csv",
            format!("organization_id,domain_id\n{acme},orgdmn_1\n"),
        );
        let ran = env.run(["domains", "delete", "--rows", "rows.csv", "--yes"]);
        assert_eq!(states(&ran, code), json!({state: 1}));
        let sent = serde_json::from_str::<Value>(&ran.stdout).unwrap();
        assert_eq!(sent["attempts"], 2, "the row had its last chance: {sent}");
        drop(clerk);
    }
}

#[test]
fn a_name_that_no_list_can_be_asked_for_is_a_matter_of_its_row() {
    let (_clerk, env) = clerk(&[]);
    users(&env, ["ada-l"]);
    let acme = organization(&env);
    env.file("names.csv", "name\n\"a.com,b.com\"\nc.com\n");
    let line = ["domains", "create", &acme, "--rows", "names.csv", "--yes"];
    assert_eq!(states(&env.run(line), 3), json!({"done": 1, "rejected": 1}));

    env.file("users.csv", "name\n\"ada-l,bo-b\"\nada-l\n");
    let all = |operation: &str, given: &[&str]| {
        let line = [
            "organizations",
            operation,
            &acme,
            "--user-id",
            "username:{{name}}",
        ];
        let line = line.iter().chain(&["--rows", "users.csv", "--yes"]);
        states(&env.run(line.chain(given)), 3)
    };
    let one = json!({"done": 1, "rejected": 1});
    assert_eq!(all("add-member", &["--role", "org:member"]), one);
    // Nobody knows that such a member is gone.
    assert_eq!(all("remove-member", &[]), one);
}
