//! Jobs over the rows of a file, with the real binary against a real local Clerk.

use clerk_api_emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::clerk::{clerk, users};
use crate::env::{CANARY, Env, Ran};

pub(crate) fn people(count: usize) -> String {
    (0..count).fold("email\n".to_owned(), |csv, number| {
        csv + &format!("p{number:04}@example.com\n")
    })
}

/// Every address of every user.
pub(crate) fn addresses(env: &Env) -> Vec<String> {
    let users = env.run(["users", "list", "--all"]).json();
    let users = users.as_array().unwrap().iter();
    users
        .map(|user| {
            user["email_addresses"][0]["email_address"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[track_caller]
pub(crate) fn document(ran: &Ran, code: i32) -> Value {
    assert_eq!(ran.code, code, "{ran:?}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = &document["rows"];
    let sum = ["done", "failed", "not_attempted"].map(|name| rows[name].as_u64().unwrap());
    assert_eq!(
        sum.iter().sum::<u64>(),
        rows["total"].as_u64().unwrap(),
        "{document}"
    );
    document
}

const DEFECTS: &str = "\u{feff}email;first-name;last-name;public.team\r\n\
    ada@example.com;Ada;Lovelace;Sales\r\n\
    rene@example.com;René;\"Descartes; the elder\";R&D\r\n\
    ADA@example.com;Ada;Again;Sales\r\n\
    bad@;Bad;Address;Sales\r\n\
    noname@example.com;;;\r\n";

#[test]
fn a_spreadsheet_is_imported_with_one_command_and_again_doubles_nothing() {
    let (_clerk, env) = clerk(&[]);
    env.file("people.csv", DEFECTS);
    let line = [
        "users",
        "create",
        "--rows",
        "people.csv",
        "--yes",
        "--results",
        "results.csv",
        "--rejects",
        "rejects.csv",
    ];
    let first = document(&env.run(line), 3);
    assert_eq!(first["states"], json!({"done": 3, "invalid": 2}));
    assert_eq!(addresses(&env).len(), 3);
    let rene = &env.run(["users", "get", "rene@example.com"]).json();
    assert_eq!(
        (
            rene["last_name"].as_str(),
            rene["public_metadata"]["team"].as_str()
        ),
        (Some("Descartes; the elder"), Some("R&D"))
    );
    let rejects = std::fs::read_to_string(env.home().join("rejects.csv")).unwrap();
    insta::assert_snapshot!(rejects.replace('\u{feff}', "<BOM>").replace('\r', "<CR>"), @"
    <BOM>email;first-name;last-name;public.team<CR>
    ADA@example.com;Ada;Again;Sales<CR>
    bad@;Bad;Address;Sales<CR>
    ");
    let results = std::fs::read_to_string(env.home().join("results.csv")).unwrap();
    assert_eq!(results.lines().count(), 6);
    assert!(
        results.contains("the same object as in line 2"),
        "{results}"
    );
    // The same again says which job did it, and doubles nothing where it is done all the same.
    let error = env.run(line).error(7);
    assert_eq!(error["code"], "same_job");
    let again = [
        "users",
        "create",
        "--rows",
        "people.csv",
        "--yes",
        "--again",
    ];
    let second = document(&env.run(again), 3);
    assert_eq!(
        second["states"],
        json!({"skipped_existing": 3, "invalid": 2})
    );
    assert_eq!(addresses(&env).len(), 3);
}

#[test]
fn reliability_6_5_a_plan_says_what_would_be_done_and_changes_nothing() {
    let (_clerk, env) = clerk(&[]);
    env.file("people.csv", DEFECTS);
    for flag in ["--plan", "--dry-run"] {
        let plan = env
            .run(["users", "create", "--rows", "people.csv", flag])
            .json();
        assert_eq!(plan["object"], "plan");
        assert_eq!(
            plan["rows"],
            json!({"total": 5, "to_send": 3, "settled": {"invalid": 2}})
        );
        assert_eq!(plan["operations"], json!({"users.create": 3}));
        assert_eq!(plan["samples"][0]["request"]["body"]["first_name"], "Ada");
        assert_eq!(plan["trouble"].as_array().unwrap().len(), 2);
    }
    assert!(addresses(&env).is_empty());
    assert_eq!(env.run(["jobs", "list"]).stdout.trim(), "[]");
}

#[test]
fn reliability_6_1_without_a_terminal_a_job_needs_a_yes() {
    let (_clerk, env) = clerk(&[]);
    env.file("people.csv", people(2));
    let error = env
        .run(["users", "create", "--rows", "people.csv"])
        .error(7);
    assert_eq!(error["message"], "cannot create 2 users: not confirmed");
    assert_eq!(env.run(["jobs", "list"]).stdout.trim(), "[]");
}

#[test]
fn rows_come_through_a_pipe_and_give_what_is_required() {
    let (_clerk, env) = clerk(&[]);
    env.file("people.csv", people(3));
    let made = env.shell("clerk-api users create --rows people.csv --yes && clerk-api users list -o ndjson --fields id | clerk-api users ban --rows - --map id=user-id --yes");
    assert_eq!(made.code, 0, "{made:?}");
    let users = env.run(["users", "list"]).json();
    assert!(
        users
            .as_array()
            .unwrap()
            .iter()
            .all(|user| user["banned"] == true),
        "{users}"
    );
    let error = env
        .run(["users", "ban", "--rows", "people.csv", "--yes"])
        .error(2);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("USER_ID"), "{message}");
}

#[test]
fn reliability_4_7_another_input_or_another_instance_is_refused() {
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","status":401}"#]);
    env.file("people.csv", people(3));
    let parked = env.run(["users", "create", "--rows", "people.csv", "--yes"]);
    let error = parked.error(4);
    assert_eq!(error["rows"]["not_tried"], 3);
    let id = document(&parked, 4)["id"].as_str().unwrap().to_owned();
    env.file("people.csv", people(4));
    let error = env.run(["jobs", "resume", &id]).error(9);
    assert_eq!(error["code"], "input_changed");
    env.file("people.csv", people(3));
    let other = Emulator::start(Config::new(CANARY)).unwrap();
    let elsewhere = ["--api-url", other.url(), "jobs", "resume", &id];
    assert_eq!(env.run(elsewhere).error(9)["code"], "wrong_instance");
    // Unfinished jobs are pointed at, not started twice.
    let error = env
        .run(["users", "create", "--rows", "people.csv", "--yes"])
        .error(7);
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains(&format!("jobs resume {id}"))
    );
    let cancelled = env.run(["jobs", "cancel", &id]).json();
    assert_eq!(cancelled["phase"], "cancelled");
    assert_eq!(env.run(["jobs", "forget", &id]).json()[0]["deleted"], true);
    assert_eq!(env.run(["jobs", "list"]).stdout.trim(), "[]");
}

#[test]
fn a_named_job_is_done_once_however_often_it_is_started() {
    let (_clerk, env) = clerk(&[]);
    env.file("people.csv", people(3));
    let line = [
        "users",
        "create",
        "--rows",
        "people.csv",
        "--yes",
        "--job-key",
        "nightly",
    ];
    let first = document(&env.run(line), 0);
    let again = document(&env.run(line), 0);
    assert_eq!(first["id"], again["id"]);
    assert_eq!(addresses(&env).len(), 3);
}

#[test]
fn reliability_9_a_job_is_private_and_keeps_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_clerk, env) = clerk(&[]);
    env.file(
        "people.csv",
        "email,password\nada@example.com,correct horse battery\n",
    );
    document(
        &env.run(["users", "create", "--rows", "people.csv", "--yes"]),
        0,
    );
    let jobs = env.home().join(".local/state/clerk-api/jobs");
    let job = std::fs::read_dir(&jobs)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    for entry in std::fs::read_dir(job).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{path:?}");
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["correct horse battery", CANARY] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret:?} is in {path:?}");
        }
    }
    let error = env
        .run([
            "users",
            "create",
            "--rows",
            "people.csv",
            "--password",
            "hunter2hunter2",
            "--yes",
        ])
        .error(2);
    assert!(
        error["message"].as_str().unwrap().contains("--password"),
        "{error}"
    );
}

/// A small file system that is full before a job, and fills up while one runs. Only root can make one.
#[test]
fn a_job_that_is_not_started_leaves_nothing_behind() {
    let (_clerk, env) = clerk(&[r#"{"on":"GET /instance","status":403}"#]);
    env.file("people.csv", people(2));
    env.file("wrong.csv", "email,email\na@example.com,b@example.com\n");
    for file in ["people.csv", "wrong.csv", "missing.csv"] {
        let ran = env.run(["users", "create", "--rows", file, "--yes"]);
        assert_ne!(ran.code, 0, "{file}: {ran:?}");
        let piped = env.run_with(["users", "create", "--rows", "-", "--yes"], "x\n1\n");
        assert_ne!(piped.code, 0, "{piped:?}");
    }
    let jobs = env.home().join(".local/state/clerk-api/jobs");
    let left = std::fs::read_dir(jobs).unwrap().count();
    assert_eq!(left, 0, "folders of jobs that never began");
}

#[test]
fn parked_jobs_whose_time_has_come_are_continued_together() {
    let limited = |seconds: u32| {
        format!(r#"{{"on":"GET /users","status":429,"retry_after":"{seconds}","nth":1}}"#)
    };
    // One for each job.
    let (_clerk, env) = clerk(&[&limited(1), &limited(4000)]);
    // A wait of a second is too long here.
    let env = env.config("[http]\nlongest_wait_ms = 500\n");
    let ids = users(&env, ["ada-l", "bo-b"]);
    let lock = ["users", "lock", &ids[0], "user_2nobody", "--yes"];
    let soon = document(&env.run(lock), 75);
    let later = document(&env.run(["users", "lock", &ids[0], &ids[1], "--yes"]), 75);
    assert_eq!(
        (&soon["phase"], &later["phase"]),
        (&json!("parked"), &json!("parked"))
    );
    env.run(["jobs", "resume", "--due", "--results", "x"])
        .error(2);
    env.run(["jobs", "resume", "--due", soon["id"].as_str().unwrap()])
        .error(2);
    let due = loop {
        let ran = env.run(["jobs", "resume", "--due"]);
        if !ran.stdout.is_empty() {
            break ran;
        }
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    let ended = document(&due, 3);
    assert_eq!(
        (&ended["id"], &ended["phase"]),
        (&soon["id"], &json!("ended"))
    );
    assert_eq!(ended["states"], json!({"done": 1, "rejected": 1}));
    let error = due.error(3);
    assert_eq!(error["message"], "1 of 1 jobs are not done");
    // The other one waits for its hour.
    let none = env.run(["jobs", "resume", "--due"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    let shown = env.run(["jobs", "show", later["id"].as_str().unwrap()]);
    assert_eq!(shown.json()["phase"], "parked");
}
