//! `onboard` and `organizations sync-members`, with the real binary against a real local Clerk.

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::{Env, Ran};

fn users(env: &Env, names: &[&str]) {
    for name in names {
        let address = format!("{name}@example.com");
        env.run([
            "users",
            "create",
            "--email",
            &address,
            "--skip-password-requirement",
        ])
        .json();
    }
}

fn line(env: &Env, line: &str) -> Ran {
    env.run(line.split(' '))
}

/// What is the same in every run: states, addresses, roles.
fn facts(document: &Value) -> Value {
    let teams = document["teams"].as_array().unwrap().iter();
    let person = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or("").to_owned();
        format!("{} {} {}", text("email"), text("role"), text("state"))
    };
    let people = |rows: &Value| {
        rows.as_array()
            .unwrap()
            .iter()
            .map(person)
            .collect::<Vec<_>>()
    };
    teams
        .map(|team| {
            let organization = &team["organization"];
            json!([
                organization["name"],
                organization["state"],
                people(&team["members"]),
                people(&team["invitations"])
            ])
        })
        .collect()
}

const ONBOARD: [&str; 10] = [
    "onboard",
    "--name",
    "Engineering Team",
    "--slug",
    "engineering",
    "--created-by",
    "ada@example.com",
    "--admin",
    "ada@example.com",
    "--member=bo@example.com,new@example.com",
];

#[test]
fn a_team_is_onboarded_with_one_command_and_again_changes_nothing() {
    let (_clerk, env) = clerk(&[]);
    users(&env, &["ada", "bo"]);
    let planned = env.run(ONBOARD.iter().chain(&["--plan"])).json();
    assert_eq!(
        facts(&planned),
        json!([[
            "Engineering Team",
            "would_create",
            [
                "ada@example.com org:admin already",
                "bo@example.com org:member would_create"
            ],
            ["new@example.com org:member would_create"]
        ]])
    );
    assert_eq!(line(&env, "organizations list").json()["total_count"], 0);
    let made = env.run(ONBOARD).json();
    assert_eq!(made["object"], "onboarding");
    assert_eq!(
        facts(&made),
        json!([[
            "Engineering Team",
            "created",
            [
                "ada@example.com org:admin already",
                "bo@example.com org:member created"
            ],
            ["new@example.com org:member created"]
        ]])
    );
    let again = env.run(ONBOARD).json();
    assert_eq!(
        facts(&again),
        json!([[
            "Engineering Team",
            "already",
            [
                "ada@example.com org:admin already",
                "bo@example.com org:member already"
            ],
            ["new@example.com org:member already"]
        ]])
    );
    let (first, second) = (&made["teams"][0], &again["teams"][0]);
    assert_eq!(first["organization"]["id"], second["organization"]["id"]);
    assert_eq!(
        first["invitations"][0]["id"],
        second["invitations"][0]["id"]
    );
    let job = again["job"].as_str().unwrap();
    assert_eq!(env.run(["jobs", "show", job]).json()["kind"], "onboard");
}

#[test]
fn teams_come_from_files_and_many_mails_need_a_yes() {
    let (_clerk, env) = clerk(&[]);
    users(&env, &["ada"]);
    env.file(
        "teams.yaml",
        "- name: One\n  max_members: 0\n  admins: [ada@example.com]\n- name: Two\n  members: [ada@example.com]\n",
    );
    let made = line(&env, "onboard teams.yaml").json();
    assert_eq!(made["teams"][1]["members"][0]["role"], "org:member");
    let mut csv = "team,email\n".to_owned();
    for number in 0..11 {
        let row = format!("One,p{number}@example.com\n");
        csv.push_str(&row);
    }
    env.file("people.csv", &csv);
    let error = line(&env, "onboard --rows people.csv").error(7);
    assert_eq!(error["message"], "cannot invite 11 people: not confirmed");
    assert_eq!(error["sent"], "no");
    let invited = line(&env, "onboard --rows people.csv --yes --results out.csv").json();
    assert_eq!(
        invited["teams"][0]["invitations"].as_array().unwrap().len(),
        11
    );
    assert_eq!(
        std::fs::read_to_string(env.home().join("out.csv"))
            .unwrap()
            .lines()
            .count(),
        12
    );
    let piped = env.run_with(["onboard", "-"], "name: Three\n").json();
    assert_eq!(piped["teams"][0]["organization"]["state"], "created");
    assert!(piped["job"].is_string(), "it can be undone");
    env.file("wrong.yaml", "name: A\nmember: [x]\n");
    let error = line(&env, "onboard wrong.yaml").error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("wrong.yaml line 2"),
        "{error}"
    );
    line(&env, "onboard people.csv").error(2);
    line(&env, "onboard").error(2);
    assert_eq!(
        line(&env, "jobs list").json().as_array().unwrap().len(),
        3,
        "what was refused left nothing"
    );
}

#[test]
fn an_onboarding_that_was_stopped_goes_on_when_it_is_run_again() {
    // The key is refused in the middle.
    let (_clerk, env) =
        clerk(&[r#"{"on":"POST /organizations/*/memberships","status":401,"nth":2,"times":1}"#]);
    users(&env, &["ada", "bo", "cy"]);
    let command = "onboard --name Team --admin ada@example.com --member bo@example.com --member cy@example.com";
    let error = line(&env, command).error(4);
    assert!(
        error["hint"].as_str().unwrap().contains("jobs resume"),
        "{error}"
    );
    let ran = line(&env, command);
    assert!(
        ran.stderr.contains("is not finished: this continues it"),
        "{ran:?}"
    );
    let document = ran.json();
    let members = document["teams"][0]["members"].as_array().unwrap();
    assert!(
        members.iter().all(|member| member["state"] == "created"),
        "{document}"
    );
    assert_eq!(line(&env, "organizations list").json()["total_count"], 1);
    let jobs = line(&env, "jobs list").json();
    assert_eq!(jobs.as_array().unwrap().len(), 1);
    assert_eq!(jobs[0]["phase"], "ended");
}

const MEMBERS: &str =
    "email,role\nada@example.com,admin\nbo@example.com,admin\nnew@example.com,member\n";

fn acme(env: &Env) {
    users(env, &["ada", "bo", "cy"]);
    line(env, "onboard --name Acme --slug acme --admin ada@example.com --member bo@example.com --member cy@example.com --yes").json();
    env.file("members.csv", MEMBERS);
}

#[test]
fn members_become_those_of_a_file_after_a_plan_and_a_yes() {
    let (_clerk, env) = clerk(&[]);
    acme(&env);
    let sync = "organizations sync-members acme --rows members.csv --invite-unknown";
    let plan = line(&env, &format!("{sync} --plan")).json();
    assert_eq!(plan["rows"]["to_send"], 3);
    let changes: Vec<&str> = plan["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["change"].as_str().unwrap())
        .collect();
    assert_eq!(
        changes,
        [
            "make bo@example.com org:admin in acme instead of org:member",
            "invite new@example.com to acme as org:member",
            "remove cy@example.com (org:member) from acme",
        ]
    );
    let error = line(&env, sync).error(7);
    assert!(
        error["message"].as_str().unwrap().contains("not confirmed"),
        "{error}"
    );
    let done = line(&env, &format!("{sync} --yes --results out.ndjson")).json();
    assert_eq!(done["kind"], "sync-members");
    assert_eq!(done["states"], json!({"done": 3, "skipped_existing": 1}));
    // It needs no yes where it changes nothing.
    let again = line(&env, sync).json();
    assert_eq!(again["states"], json!({"skipped_existing": 3}));
    let error = line(&env, "orgs sync-members acme --rows members.csv").json();
    assert_eq!(error["states"], json!({"skipped_existing": 3}));
}

#[test]
fn a_file_that_would_empty_an_organization_is_refused() {
    let (_clerk, env) = clerk(&[]);
    acme(&env);
    env.file("few.csv", "email,role\nada@example.com,org:admin\n");
    let sync = "organizations sync-members acme --rows few.csv";
    let error = line(&env, &format!("{sync} --yes")).error(7);
    assert!(
        error["hint"].as_str().unwrap().contains("--remove-most"),
        "{error}"
    );
    let kept = line(&env, &format!("{sync} --keep org:member --yes")).json();
    assert_eq!(kept["states"], json!({"skipped_existing": 1}));
    let done = line(&env, &format!("{sync} --remove-most --yes")).json();
    assert_eq!(done["states"], json!({"done": 2, "skipped_existing": 1}));
    env.file("none.csv", "email,role\n");
    line(
        &env,
        "organizations sync-members acme --rows none.csv --yes",
    )
    .error(7);
    line(
        &env,
        "organizations sync-members nowhere --rows few.csv --yes",
    )
    .error(5);
    line(&env, "organizations sync-members --rows few.csv --yes").error(2);
}

#[test]
fn the_hash_of_a_plan_covers_who_is_removed() {
    let (_clerk, env) = clerk(&[]);
    acme(&env);
    let sync = "organizations sync-members acme --rows members.csv --invite-unknown --plan";
    // What stands before the hyphen is the minute.
    let hash = || {
        let plan = line(&env, sync).json();
        let hash = plan["hash"].as_str().unwrap();
        hash.split('-').nth(1).unwrap().to_owned()
    };
    let before = hash();
    assert_eq!(before, hash());
    users(&env, &["dee"]);
    line(
        &env,
        "organizations add-member acme --user-id dee@example.com --role org:member",
    )
    .json();
    assert_ne!(before, hash());
}
