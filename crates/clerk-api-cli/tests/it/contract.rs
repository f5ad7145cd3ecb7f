//! Every line of the contract (product.md section 1) as a user types it, on a fresh local instance; and the examples of the help.

#[path = "../../src/args/examples.rs"]
mod examples;

use serde_json::Value;

use crate::env::{Env, Ran};

/// A home whose commands all go to its own local instance.
fn local() -> Env {
    Env::new().set("CLERK_API_LOCAL", "1")
}

fn made_user(env: &Env, address: &str) -> String {
    env.run([
        "users",
        "create",
        "--email",
        address,
        "--skip-password-requirement",
    ])
    .id()
}

#[track_caller]
fn fine(env: &Env, line: &str) -> Value {
    env.shell(&format!("clerk-api {line}")).json()
}

#[test]
fn the_contract_of_users() {
    let env = local();
    let ada = made_user(&env, "ada@example.com");
    made_user(&env, "grace@example.com");
    assert_eq!(
        fine(&env, "users list --limit 1 --offset 1")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(fine(&env, "users list --query ada")[0]["id"], ada);
    assert_eq!(fine(&env, &format!("users get {ada}"))["id"], ada);
    assert_eq!(fine(&env, "users count")["total_count"], 2);
    let updated = fine(
        &env,
        &format!("users update {ada} --first-name Ada --last-name Lovelace --username ada_l"),
    );
    assert_eq!(
        (&updated["first_name"], &updated["username"]),
        (&Value::from("Ada"), &Value::from("ada_l"))
    );
    let updated = fine(
        &env,
        &format!(
            r#"users update-metadata {ada} --public '{{"plan":"pro"}}' --private '{{"a":{{"b":1}}}}' --unsafe '{{"x":[1]}}'"#
        ),
    );
    assert_eq!(updated["private_metadata"]["a"]["b"], 1);
    assert_eq!(updated["public_metadata"]["plan"], "pro");
    assert_eq!(fine(&env, &format!("users delete {ada}"))["deleted"], true);
    env.shell(&format!("clerk-api users get {ada}")).error(5);
}

#[test]
fn the_contract_of_organizations() {
    let env = local();
    let ada = made_user(&env, "ada@example.com");
    let grace = made_user(&env, "grace@example.com");
    let organization = fine(
        &env,
        &format!(
            r#"organizations create --name "Engineering Team" --slug engineering --created-by {ada}"#
        ),
    );
    let id = organization["id"].as_str().unwrap();
    let list = fine(
        &env,
        "organizations list --limit 5 --offset 0 --query engineering",
    );
    assert_eq!(list["data"][0]["id"], id);
    assert_eq!(
        list["data"][0]["members_count"], 1,
        "the member count is always asked for"
    );
    assert_eq!(
        fine(&env, &format!("organizations get {id}"))["name"],
        "Engineering Team"
    );
    let updated = fine(
        &env,
        &format!("organizations update {id} --name Platform --slug platform"),
    );
    assert_eq!(
        (&updated["name"], &updated["slug"]),
        (&Value::from("Platform"), &Value::from("platform"))
    );
    let member = fine(
        &env,
        &format!("organizations add-member {id} --user-id {grace} --role org:member"),
    );
    assert_eq!(member["role"], "org:member");
    let member = fine(
        &env,
        &format!("organizations update-member {id} --user-id {grace} --role org:admin"),
    );
    assert_eq!(member["role"], "org:admin");
    let member = fine(
        &env,
        &format!("organizations remove-member {id} --user-id {grace}"),
    );
    assert_eq!(member["public_user_data"]["user_id"], grace.as_str());
    assert_eq!(fine(&env, &format!("orgs delete {id}"))["deleted"], true);
}

#[test]
fn the_contract_of_invitations() {
    let env = local();
    let id = fine(&env, "organizations create --name Acme")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let invitation = fine(
        &env,
        &format!("invitations create {id} --email new@example.com --role org:member"),
    );
    assert_eq!(invitation["status"], "pending");
    assert_eq!(
        fine(&env, &format!("invitations list {id}"))["total_count"],
        1
    );
    let invitation = invitation["id"].as_str().unwrap();
    assert_eq!(
        fine(
            &env,
            &format!("invitations revoke {id} --invitation-id {invitation}")
        )["status"],
        "revoked"
    );
    let error = env
        .shell(&format!(
            "clerk-api invitations revoke {id} --invitation-id {invitation}"
        ))
        .error(5);
    assert_eq!(error["clerk_code"], "organization_invitation_not_pending");
    assert!(
        error["hint"].as_str().unwrap().contains("--status pending"),
        "{error}"
    );
}

#[test]
fn a_user_is_found_by_any_name_and_an_organization_by_its_slug() {
    let env = local();
    let ran = env.run([
        "users",
        "create",
        "--email",
        "ada@example.com",
        "--phone",
        "+15555550100",
        "--username",
        "ada_l",
        "--external-id",
        "-7/x",
        "--first-name",
        "Ada",
        "--skip-password-requirement",
    ]);
    let id = ran.id();
    for name in [
        "ada@example.com",
        "+15555550100",
        "ada_l",
        "username:ada_l",
        "external_id:-7/x",
        "query:ada_l",
        "email:ada@example.com",
    ] {
        assert_eq!(env.run(["users", "get", name]).id(), id, "{name}");
    }
    fine(&env, "organizations create --name Acme --slug acme");
    let member = fine(
        &env,
        "organizations add-member acme --user-id ada@example.com --role org:admin",
    );
    assert_eq!(member["public_user_data"]["user_id"], id.as_str());
    assert_eq!(
        fine(&env, "organizations members acme --user-id +15555550100")["total_count"],
        1
    );
    made_user(&env, "ada@example.org");
    let error = env.run(["users", "ban", "query:ada"]).error(2);
    assert_eq!(error["code"], "ambiguous");
    assert!(error["message"].as_str().unwrap().contains(&id), "{error}");
    env.run(["users", "ban", "nobody"]).error(5);
    env.run(["organizations", "update", "nothing", "--name", "X"])
        .error(5);
}

#[test]
fn a_list_that_was_cut_says_so() {
    let env = local();
    env.run(["local", "seed", "--users", "12", "--organizations", "2"])
        .json();
    let said = |ran: &Ran| ran.stderr.trim().to_owned();
    let ran = env.run(["users", "list"]);
    assert_eq!(
        said(&ran),
        "note: 10 rows shown, there may be more: use --all for all, --limit N for more"
    );
    let ran = env.run(["organizations", "list", "--limit", "1"]);
    assert_eq!(
        said(&ran),
        "note: 1 of 2 rows shown: use --all for all, --limit N for more"
    );
    assert_eq!(said(&env.run(["users", "list", "--quiet"])), "");
    assert_eq!(said(&env.run(["users", "list", "--limit", "20"])), "");
    let ran = env.run(["users", "list", "--all"]);
    assert_eq!(
        (ran.json().as_array().unwrap().len(), said(&ran)),
        (12, String::new())
    );
    assert_eq!(
        env.run(["users", "list", "--limit", "600", "--output", "ids"])
            .stdout
            .lines()
            .count(),
        12
    );
    let ran = env.run(["users", "list", "--all", "--limit", "3"]);
    assert_eq!(ran.json().as_array().unwrap().len(), 3);
    assert!(said(&ran).contains("there are more"), "{ran:?}");
    let ran = env.run(["users", "memberships", "query:example.com", "--all"]);
    assert_eq!(
        ran.code, 2,
        "names that fit several are refused before the walk: {ran:?}"
    );
    let address = env
        .run([
            "users",
            "list",
            "--limit",
            "1",
            "--jq",
            ".[0].email_addresses[0].email_address",
        ])
        .stdout;
    assert_eq!(
        env.run(["users", "memberships", address.trim(), "--all"])
            .code,
        0,
        "a walk after a lookup"
    );
}

#[test]
fn commands_compose_in_pipes() {
    let env = local();
    env.run(["local", "seed", "--users", "3", "--organizations", "0"])
        .json();
    let ran = env.shell("clerk-api users list --output ids | clerk-api users ban - --yes --jq .rows.done; clerk-api users list --output ids | clerk-api users get - --jq .[].banned");
    assert_eq!(ran.stdout, "3\ntrue\ntrue\ntrue\n", "{ran:?}");
}

#[test]
fn a_local_instance_keeps_its_data_and_its_key_and_can_be_emptied() {
    let env = local();
    made_user(&env, "ada@example.com");
    let before = env.run(["local", "status"]).json();
    assert_eq!(
        (&before["users"], &before["organizations"]),
        (&Value::from(1), &Value::from(0))
    );
    env.run(["local", "reset"]).error(7);
    assert_eq!(env.run(["local", "reset", "--yes"]).json()["reset"], true);
    let after = env.run(["local", "status"]).json();
    assert_eq!(after["users"], 0);
    assert_eq!(before["secret_key"], after["secret_key"]);
    let other = env.run(["--local=other", "users", "count"]).json();
    assert_eq!(other["total_count"], 0);
    env.run(["--local=../x y", "users", "count"]);
    env.run(["--local=a b", "users", "count"]).error(2);
}

#[test]
fn reliability_9_local_files_are_their_users_own() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = local();
    env.run(["users", "count"]).json();
    let folder = env.home().join(".local/share/clerk-api/local");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in ["default.db", "default.db.key"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
}

#[test]
fn the_examples_of_the_help_run() {
    let env = local();
    made_user(&env, "grace@example.com");
    let (mut user, mut organization, mut invitation) =
        (String::new(), String::new(), String::new());
    for (operation, example) in examples::TABLE {
        let line = examples::filled(example, &user, &organization, &invitation);
        let ran = env.shell(&format!("clerk-api {line}"));
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        match *operation {
            "users.create" => user = ran.id(),
            "organizations.create" => organization = ran.id(),
            "invitations.create" => invitation = ran.id(),
            _ => {}
        }
    }
    assert!(examples::section("users.get").contains(examples::USER));
}
