//! What is so already is no failure where that was asked for: `--if-exists`, `--if-missing`.

use clerk_api_emulator::Handle;
use serde_json::{Value, json};

use crate::clerk::{clerk, clerk_with};
use crate::env::{Env, Ran};

const ADA: [&str; 7] = [
    "users",
    "create",
    "--email",
    "ada@example.com",
    "--first-name",
    "Ada",
    "--skip-password-requirement",
];

/// A local Clerk with Ada and the organization Acme in it, and their ids.
fn world() -> (Handle, Env, String, String) {
    let (clerk, env) = clerk(&[]);
    let ada = env.run(ADA).id();
    let acme = [
        "organizations",
        "create",
        "--name",
        "Acme",
        "--slug",
        "acme",
    ];
    let acme = env.run(acme).id();
    (clerk, env, ada, acme)
}

/// The object that a run printed, and what it says about it.
#[track_caller]
fn said(ran: &Ran) -> (Value, Value) {
    let note = ran.stderr.lines().find(|line| line.starts_with('{'));
    let note = note.unwrap_or_else(|| panic!("nothing was said: {ran:?}"));
    (ran.json(), serde_json::from_str(note).unwrap())
}

#[track_caller]
fn run(env: &Env, line: &str) -> Ran {
    env.run(line.split(' '))
}

#[test]
fn a_create_that_is_done_already_prints_the_object_and_sends_nothing() {
    let (_clerk, env, ada, acme) = world();
    let (user, note) = said(&env.run(ADA.into_iter().chain(["--if-exists", "ok"])));
    assert_eq!(user["id"], ada);
    assert_eq!((&note["already"], &note["id"]), (&json!(true), &json!(ada)));
    let (found, _) = said(&run(
        &env,
        "organizations create --name Acme --slug acme --if-exists ok",
    ));
    assert_eq!(found["id"], acme);
    let add =
        format!("organizations add-member acme --user-id {ada} --role org:member --if-exists ok");
    let member = run(&env, &add);
    assert_eq!(
        (member.json()["role"].as_str(), member.stderr.as_str()),
        (Some("org:member"), "")
    );
    let (again, note) = said(&run(&env, &add));
    assert_eq!(
        (&again["id"], &note["already"]),
        (&member.json()["id"], &json!(true))
    );
    for line in [
        "email-addresses create --user-id ada@example.com --email work@example.com --verified",
        "invitations create acme --email new@example.com --role org:member",
        "application-invitations create --email other@example.com",
        "allowlist add --identifier *@example.com",
        "domains create acme --name example.com",
        "roles create --name Editor --key org:editor",
    ] {
        let line = format!("{line} --if-exists ok");
        let made = run(&env, &line);
        assert_eq!(made.stderr, "", "{line}");
        let (again, note) = said(&run(&env, &line));
        assert_eq!(
            (&again["id"], &note["already"]),
            (&made.json()["id"], &json!(true)),
            "{line}"
        );
    }
}

#[test]
fn other_values_are_a_conflict_or_are_changed() {
    let (_clerk, env, ada, acme) = world();
    let create = "users create --email ADA@example.com --first-name Augusta --public {\"plan\":\"pro\"} --skip-password-requirement";
    let error = run(&env, &format!("{create} --if-exists ok")).error(6);
    let message = format!(
        "cannot create user: {ada} is there already, with another first_name, public_metadata"
    );
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!("conflict"), &json!(message))
    );
    assert_eq!(
        (&error["sent"], &error["ids"]),
        (&json!("no"), &json!([ada]))
    );
    let (user, note) = said(&run(&env, &format!("{create} --if-exists update")));
    assert_eq!(
        (&user["id"], &user["first_name"]),
        (&json!(ada), &json!("Augusta"))
    );
    assert_eq!(user["public_metadata"], json!({"plan": "pro"}));
    assert_eq!(note["changed"], json!(["first_name", "public_metadata"]));
    let (_, note) = said(&run(&env, &format!("{create} --if-exists update")));
    assert_eq!(note["already"], true);
    let add = format!("organizations add-member {acme} --user-id {ada} --role");
    run(&env, &format!("{add} org:member")).json();
    run(&env, &format!("{add} org:admin --if-exists ok")).error(6);
    let (member, note) = said(&run(&env, &format!("{add} org:admin --if-exists update")));
    assert_eq!(
        (&member["role"], &note["changed"]),
        (&json!("org:admin"), &json!(["role"]))
    );
    // An address is a key: whose it is does not change.
    let other = "users create --email ada@example.com --username countess --skip-password-requirement --if-exists update";
    assert_eq!(run(&env, other).error(6)["sent"], "no");
}

#[test]
fn a_removal_of_what_is_gone_is_done() {
    let (_clerk, env, ada, acme) = world();
    for line in [
        "users delete user_2gone".to_owned(),
        "users delete nobody@example.com --yes".to_owned(),
        format!("organizations remove-member {acme} --user-id {ada}"),
        format!("organizations remove-member {acme} --user-id nobody@example.com --yes"),
        "allowlist remove alid_2gone".to_owned(),
        format!("invitations revoke {acme} --invitation-id orginv_2gone"),
        "application-invitations revoke inv_2gone".to_owned(),
    ] {
        run(&env, &line).error(5);
        let (gone, note) = said(&run(&env, &format!("{line} --if-missing ok")));
        assert_eq!(
            (&gone["deleted"], &note["already"]),
            (&json!(true), &json!(true)),
            "{line}"
        );
    }
    let invited = run(
        &env,
        "invitations create acme --email new@example.com --role org:member",
    )
    .id();
    let revoke = format!("invitations revoke {acme} --invitation-id {invited}");
    run(&env, &revoke).json();
    run(&env, &revoke).error(5);
    let (again, _) = said(&run(&env, &format!("{revoke} --if-missing ok")));
    assert_eq!(
        (&again["id"], &again["status"]),
        (&json!(invited), &json!("revoked"))
    );
}

#[test]
fn a_removal_from_what_is_not_there_is_an_error() {
    let (_clerk, env, ada, _) = world();
    for line in [
        format!("organizations remove-member nowhere --user-id {ada}"),
        "organizations remove-member nowhere --user-id nobody@example.com".to_owned(),
        format!("organizations remove-member org_2gone --user-id {ada}"),
        "organizations remove-member org_2gone --user-id nobody@example.com".to_owned(),
        "invitations revoke org_2gone --invitation-id orginv_2gone".to_owned(),
        "organizations delete-logo org_2gone".to_owned(),
        "users delete-totp user_2gone".to_owned(),
    ] {
        let error = run(&env, &format!("{line} --yes --if-missing ok")).error(5);
        let says = error["errors"][0]["long_message"].as_str().unwrap();
        let owner = if line.starts_with("users") {
            "user"
        } else {
            "organization"
        };
        assert!(says.contains(owner), "{line}: {error}");
    }
}

#[test]
fn what_cannot_be_found_is_refused_before_anything_is_sent() {
    let (_clerk, env, _, _) = world();
    let error = run(&env, "organizations create --name Acme --if-exists ok").error(2);
    assert!(
        error["message"].as_str().unwrap().contains("--slug"),
        "{error}"
    );
    run(
        &env,
        "organizations add-member acme,other --user-id user_1 --role org:member --if-exists update",
    )
    .error(2);
    env.file("people.csv", "email\nada@example.com\n");
    run(&env, "users create --rows people.csv --if-exists update").error(2);
}

#[test]
fn reliability_6_3_what_is_protected_is_not_changed_either() {
    let (clerk, env) = clerk_with(&[], "protected = [\"ada@example.com\"]");
    let free = Env::at(clerk.url());
    free.run(ADA).json();
    let error = run(&env, "users create --email ada@example.com --first-name Eva --skip-password-requirement --if-exists update").error(7);
    assert!(
        error["message"].as_str().unwrap().contains("protected"),
        "{error}"
    );
}
