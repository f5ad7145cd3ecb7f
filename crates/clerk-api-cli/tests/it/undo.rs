//! Undoing jobs and single commands, with the real binary against a real local Clerk.

use std::collections::BTreeSet;

use clerk_api_emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::clerk::clerk_with;
use crate::env::{CANARY, Env, Ran};

/// Imports three users and gives the job's id.
fn three(env: &Env) -> String {
    let people = "email,first-name,password\nada@example.com,Ada,correct horse battery\nbo@example.com,Bo,\ncy@example.com,Cy,\n";
    env.file("people.csv", people);
    let ran = env.run(["users", "create", "--rows", "people.csv", "--yes"]);
    job(&ran, 0)["id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn job(ran: &Ran, code: i32) -> Value {
    assert_eq!(ran.code, code, "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

fn users(env: &Env) -> Vec<Value> {
    let users = env
        .run(["users", "list", "--order-by", "created_at"])
        .json();
    users.as_array().unwrap().clone()
}

#[test]
fn an_import_is_undone_after_a_plan_and_a_yes() {
    let (_clerk, env) = clerk_with(&[], "");
    let id = three(&env);
    let plan = env.run(["jobs", "undo", &id, "--plan"]).json();
    assert_eq!(plan["operations"], json!({"users.delete": 3}));
    assert_eq!(plan["input"], format!("job {id}"));
    let error = env.run(["jobs", "undo", &id]).error(7);
    assert_eq!(error["message"], "cannot delete 3 users: not confirmed");
    assert_eq!(users(&env).len(), 3);
    let undone = job(&env.run(["jobs", "undo", &id[..20], "--yes"]), 0);
    assert_eq!(undone["kind"], "undo");
    assert_eq!(undone["undoes"], id);
    assert_eq!(undone["states"], json!({"done": 3}));
    assert!(users(&env).is_empty());
    let error = env.run(["jobs", "undo", &id, "--yes"]).error(7);
    assert_eq!(error["code"], "same_job");
    let again = job(&env.run(["jobs", "undo", &id, "--yes", "--again"]), 0);
    assert_eq!(again["states"], json!({"skipped_absent": 3}));
    let jobs = env.run(["jobs", "list"]).json();
    assert_eq!(jobs.as_array().unwrap().len(), 3);
}

#[test]
fn a_deletion_is_undone_with_new_ids_and_what_is_lost_is_listed_before_and_after() {
    let (_clerk, env) = clerk_with(&[], "");
    three(&env);
    let before = users(&env);
    let deleted = env.shell("clerk-api users list -o ndjson --fields id | clerk-api users delete --rows - --map id=user-id --yes");
    let id = job(&deleted, 0)["id"].as_str().unwrap().to_owned();
    assert!(users(&env).is_empty());
    let lost = json!({"memberships in organizations": 3, "passwords": 1, "sessions": 3});
    let plan = env.run(["jobs", "undo", &id, "--dry-run"]).json();
    assert_eq!(plan["lost"], lost);
    let line = ["jobs", "undo", &id, "--yes", "--ids", "ids.csv"];
    let undone = job(&env.run(line), 0);
    assert_eq!(
        (&undone["lost"], &undone["created_anew"]),
        (&lost, &json!(3))
    );
    let after = users(&env);
    assert_eq!(after.len(), 3);
    let ids = std::fs::read_to_string(env.home().join("ids.csv")).unwrap();
    assert_eq!(ids.lines().next(), Some("old,new"));
    for pair in undone["ids"].as_array().unwrap() {
        let (old, new) = (pair["old"].as_str().unwrap(), pair["new"].as_str().unwrap());
        assert!(ids.contains(&format!("{old},{new}\n")));
        let find = |users: &[Value], id: &str| {
            users.iter().find(|user| user["id"] == id).unwrap()["first_name"].clone()
        };
        assert_eq!(find(&before, old), find(&after, new));
    }
    // The same later, from what was kept; a file that is there is not replaced by accident.
    let undo = undone["id"].as_str().unwrap();
    assert_eq!(env.run(["jobs", "show", undo]).json()["ids"], undone["ids"]);
    let line = ["jobs", "report", undo, "--ids", "ids.csv"];
    assert_ne!(env.run(line).code, 0);
    let line = ["jobs", "report", undo, "--ids", "ids.csv", "--force"];
    assert_eq!(env.run(line).json()["lost"], lost);
    let line = ["jobs", "report", undo, "--results", "results.csv"];
    assert_eq!(env.run(line).code, 2);
}

#[test]
fn what_somebody_changed_since_stays_and_ends_with_code_3() {
    let (_clerk, env) = clerk_with(&[], "");
    three(&env);
    env.file(
        "names.csv",
        "email,first-name\nada@example.com,Eve\nbo@example.com,Eve\n",
    );
    let line = "clerk-api users update '{{email}}' --rows names.csv --yes";
    let id = job(&env.shell(line), 0)["id"].as_str().unwrap().to_owned();
    env.run(["users", "update", "bo@example.com", "--first-name", "Zoe"])
        .json();
    let ran = env.run(["jobs", "undo", &id, "--yes"]);
    let undone = job(&ran, 3);
    assert_eq!(undone["states"], json!({"done": 1, "skipped_drift": 1}));
    // A job sends several rows at once, so the users are in any order.
    let users = users(&env);
    let names = users.iter().filter_map(|user| user["first_name"].as_str());
    let names: BTreeSet<&str> = names.collect();
    assert_eq!(names, BTreeSet::from(["Ada", "Cy", "Zoe"]));
    let failed = env
        .run(["jobs", "show", undone["id"].as_str().unwrap(), "--failed"])
        .json();
    assert_eq!(failed[0]["error"], "somebody changed first_name since");
    assert_eq!(failed[0]["line"], 3);
}

#[test]
fn what_has_no_inverse_or_belongs_to_another_instance_is_refused() {
    let (_clerk, env) = clerk_with(&[], "");
    let id = three(&env);
    let ids: Vec<String> = users(&env)
        .iter()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    env.file("ids.csv", format!("user-id\n{}\n", ids[0]));
    let line = ["users", "disable-mfa", "--rows", "ids.csv", "--yes"];
    let mfa = job(&env.run(line), 0)["id"].as_str().unwrap().to_owned();
    let error = env.run(["jobs", "undo", &mfa, "--yes"]).error(7);
    assert!(
        error.to_string().contains("the API cannot bring it back"),
        "{error}"
    );
    let other = Emulator::start(Config::new(CANARY)).unwrap();
    let line = ["--api-url", other.url(), "jobs", "undo", &id, "--yes"];
    assert_eq!(env.run(line).error(9)["code"], "wrong_instance");
}

#[test]
fn single_commands_are_undone_where_the_journal_is_on() {
    let (_clerk, env) = clerk_with(&[], "journal = true");
    let ada = env
        .run([
            "users",
            "create",
            "--email",
            "ada@example.com",
            "--first-name",
            "Ada",
            "--password",
            "hunter2hunter2hunter2",
        ])
        .id();
    let bo = env
        .run([
            "users",
            "create",
            "--email",
            "bo@example.com",
            "--first-name",
            "Bo",
        ])
        .id();
    let before = users(&env);
    let undo = |env: &Env| {
        let jobs = env.run(["jobs", "list"]).json();
        job(
            &env.run(["jobs", "undo", jobs[0]["id"].as_str().unwrap(), "--yes"]),
            0,
        )
    };
    let unchanged = |users: &[Value]| {
        let shape =
            |user: &Value| json!([user["first_name"], user["banned"], user["public_metadata"]]);
        users.iter().map(shape).collect::<Vec<_>>()
    };
    let answer = env
        .run([
            "users",
            "update-metadata",
            &ada,
            "--public",
            r#"{"plan":"pro"}"#,
        ])
        .json();
    assert_eq!(answer["public_metadata"]["plan"], "pro");
    assert_eq!(env.run(["jobs", "list"]).json()[0]["kind"], "single");
    assert_eq!(undo(&env)["states"], json!({"done": 1}));
    env.run(["users", "unban", &ada]).json();
    let many = format!("{ada},{bo}");
    env.run(["users", "bulk-ban", "--user-ids", &many, "--yes"])
        .json();
    assert_eq!(undo(&env)["states"], json!({"done": 2}));
    assert_eq!(unchanged(&users(&env)), unchanged(&before));
    env.run(["users", "delete", &ada]).json();
    let undone = undo(&env);
    assert_eq!(undone["lost"]["passwords"], 1);
    assert_eq!(unchanged(&users(&env)), unchanged(&before));
    // Nothing of a preview, of a read, or of what cannot be undone is written down; no secret ever is.
    let count = |env: &Env| env.run(["jobs", "list"]).json().as_array().unwrap().len();
    let jobs = count(&env);
    env.run(["users", "ban", &bo, "--dry-run"]).json();
    env.run(["users", "get", &bo]).json();
    env.run(["users", "disable-mfa", &bo, "--yes"]).json();
    assert_eq!(count(&env), jobs);
    let found = env.shell("grep -rl hunter2 .local/state/clerk-api/jobs");
    assert_eq!(found.stdout, "");
}

/// Onboards a team of Ada, who has an account, and Bo, who has none; gives the ids of the job and of the organization.
fn onboarded(env: &Env, more: &[&str]) -> (String, String) {
    let line = ["onboard", "--name", "Engineering", "--slug", "eng"];
    let people = ["--admin", "ada@example.com", "--member", "bo@example.com"];
    let ran = env.run(line.iter().chain(&people).chain(more));
    let document = ran.json();
    let organization = &document["teams"][0]["organization"];
    assert_eq!(organization["state"], "created");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&document["job"]), text(&organization["id"]))
}

fn organizations(env: &Env) -> u64 {
    let list = env.run(["organizations", "list"]).json();
    list["total_count"].as_u64().unwrap()
}

#[test]
fn an_onboarding_is_undone_with_the_organization_that_it_created() {
    let (_clerk, env) = clerk_with(&[], "");
    env.file("people.csv", "email\nada@example.com\ncy@example.com\n");
    let create = ["users", "create", "--rows", "people.csv", "--yes"];
    job(
        &env.run(create.iter().chain(&["--skip-password-requirement"])),
        0,
    );
    let (id, _) = onboarded(&env, &[]);
    let plan = env.run(["jobs", "undo", &id, "--plan"]).json();
    let operations = json!({"invitations.revoke": 1, "organizations.delete": 1, "organizations.remove_member": 1});
    assert_eq!(plan["operations"], operations);
    let error = env.run(["jobs", "undo", &id]).error(7);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("delete 1 organization"), "{message}");
    let undone = job(&env.run(["jobs", "undo", &id, "--yes"]), 0);
    let states = json!({"done": 1, "skipped_absent": 1, "skipped_existing": 1});
    assert_eq!(undone["states"], states, "the people go with it");
    assert_eq!(organizations(&env), 0);

    // Whatever came into it since keeps it.
    for newcomer in [
        "organizations add-member eng --user-id cy@example.com --role org:member",
        "invitations create eng --email new@example.com --role org:member",
        "organizations update-metadata eng --public {\"plan\":\"pro\"}",
        "domains create eng --name example.org --enrollment-mode manual_invitation",
    ] {
        let (id, organization) = onboarded(&env, &["--max-members", "9"]);
        let came = env.run(newcomer.split(' '));
        assert_eq!(came.code, 0, "{newcomer}: {came:?}");
        let ran = env.run(["jobs", "undo", &id, "--yes"]);
        let undone = job(&ran, 3);
        assert_eq!(undone["states"]["skipped_drift"], 1, "{newcomer}");
        let failed = ["jobs", "show", undone["id"].as_str().unwrap(), "--failed"];
        let failed = env.run(failed).json();
        let why = failed[0]["error"].as_str().unwrap();
        assert!(why.starts_with("it has got "), "{newcomer}: {why}");
        assert_eq!(organizations(&env), 1);
        env.run(["organizations", "delete", &organization, "--yes"])
            .json();
    }

    // A team without people is undone, too; without a backup nothing is.
    let alone = env.run(["onboard", "--name", "Design"]).json();
    let id = alone["job"].as_str().unwrap();
    assert_eq!(
        job(&env.run(["jobs", "undo", id, "--yes"]), 0)["rows"]["done"],
        1
    );
    assert_eq!(organizations(&env), 0);
    let (id, _) = onboarded(&env, &["--no-backup"]);
    env.run(["jobs", "undo", &id, "--yes"]).error(7);
    assert_eq!(organizations(&env), 1);
}

#[test]
fn a_plan_says_what_could_not_be_undone() {
    let (_clerk, env) = clerk_with(&[], "");
    three(&env);
    let lost = |line: &str| {
        let ran = env.run(line.split(' ').chain(["--plan"]));
        ran.json()["lost"].clone()
    };
    assert_eq!(
        lost("users delete ada@example.com bo@example.com"),
        json!({"ids": 2, "memberships in organizations": 2, "passwords": 1, "sessions": 2})
    );
    env.file("guests.csv", "email\ng@example.com\nh@example.com\n");
    assert_eq!(
        lost("application-invitations create --rows guests.csv"),
        json!({"emails that go out": 2})
    );
    assert_eq!(
        lost("application-invitations create --rows guests.csv --notify=false"),
        Value::Null
    );
    assert_eq!(
        lost("users disable-mfa ada@example.com bo@example.com"),
        json!({"users.disable_mfa: the API cannot bring it back": 2})
    );
    assert_eq!(
        lost("users ban ada@example.com bo@example.com"),
        Value::Null
    );
}
