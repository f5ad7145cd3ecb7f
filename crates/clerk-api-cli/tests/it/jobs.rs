//! Jobs over the rows of a file, with the real binary against a real local Clerk.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use clerk_api_emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::clerk::{clerk, users};
use crate::env::{BINARY, CANARY, Env, Ran};

fn people(count: usize) -> String {
    (0..count).fold("email\n".to_owned(), |csv, number| {
        csv + &format!("p{number:04}@example.com\n")
    })
}

/// Every address of every user.
fn addresses(env: &Env) -> Vec<String> {
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
fn document(ran: &Ran, code: i32) -> Value {
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
fn reliability_p2_a_job_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let (_clerk, env) = clerk(&[
        r#"{"on":"POST /users","cut":"after","every":7}"#,
        r#"{"on":"POST /users","status":503,"nth":3,"every":11}"#,
        r#"{"on":"POST /users","delay_ms":4}"#,
    ]);
    let count = 120;
    env.file("people.csv", people(count));
    let mut line = vec![
        "users".to_owned(),
        "create".to_owned(),
        "--rows".to_owned(),
        "people.csv".to_owned(),
        "--yes".to_owned(),
    ];
    let mut kills = 0;
    let ended = loop {
        let mut command = env.command(BINARY);
        command
            .args(&line)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if kills < 8 {
            std::thread::sleep(Duration::from_millis(60 + kills * 17));
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_some() {
            break output;
        }
        kills += 1;
        let jobs = env.run(["jobs", "list"]).json();
        match jobs[0]["id"].as_str() {
            // Killed before the rows were written down: nothing was sent.
            None => assert!(addresses(&env).is_empty()),
            Some(id) => line = vec!["jobs".to_owned(), "resume".to_owned(), id.to_owned()],
        }
    };
    assert!(kills > 0);
    let document: Value = serde_json::from_slice(&ended.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ended.stderr)));
    assert_eq!(document["rows"]["done"], count, "{document}");
    let all = addresses(&env);
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (count, count));
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

#[test]
fn reliability_4_11_a_signal_lets_responses_come_in_and_says_how_to_continue() {
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":400}"#]);
    env.file("people.csv", people(200));
    let ran = env.shell("clerk-api users create --rows people.csv --yes & job=$!; sleep 1; kill -INT $job; wait $job; echo ended $? >&2");
    assert!(ran.stderr.contains("ended 130"), "{ran:?}");
    let error: Value = serde_json::from_str(
        ran.stderr
            .lines()
            .find(|line| line.starts_with('{'))
            .unwrap(),
    )
    .unwrap();
    assert_eq!(error["code"], "interrupted");
    let id = env.run(["jobs", "list"]).json()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains(&format!("jobs resume {id}")),
        "{error}"
    );
    assert_eq!(
        document(&env.run(["jobs", "resume", &id]), 0)["states"],
        json!({"done": 200})
    );
    assert_eq!(addresses(&env).len(), 200);
}

#[test]
fn reliability_4_9_two_processes_do_not_work_on_one_job() {
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":500}"#]);
    env.file("people.csv", people(40));
    let mut first = env.command(BINARY);
    first.args(["users", "create", "--rows", "people.csv", "--yes"]);
    let mut first = first
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = loop {
        let jobs = env.run(["jobs", "list"]).json();
        if jobs[0]["states"]["sent"].as_u64() > Some(0) {
            break jobs[0]["id"].as_str().unwrap().to_owned();
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let error = env.run(["jobs", "resume", &id]).error(10);
    assert_eq!(error["code"], "locked");
    env.run(["jobs", "forget", &id]).error(10);
    assert!(first.wait().unwrap().success());
    assert_eq!(addresses(&env).len(), 40);
}

/// A small file system that is full before a job, and fills up while one runs. Only root can make one.
#[test]
fn reliability_4_10_a_full_disk_ends_a_job_which_goes_on_when_there_is_room() {
    // Slow for as long as it takes to fill the disk, quick for the rows that come after it.
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":250,"times":100}"#]);
    let state = env.home().join("state");
    std::fs::create_dir(&state).unwrap();
    let mut mount = std::process::Command::new("mount");
    let mounted = mount
        .args(["-t", "tmpfs", "-o", "size=66m", "tmpfs"])
        .arg(&state)
        .output();
    if !mounted.is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: only root can mount a small file system");
        return;
    }
    let env = env.set("XDG_STATE_HOME", state.to_str().unwrap());
    let rest = state.join("rest");
    let fill = || {
        let mut zeros = std::io::repeat(0);
        let filled = std::io::copy(&mut zeros, &mut std::fs::File::create(&rest).unwrap());
        assert!(filled.is_err(), "the disk is not full");
    };
    let count = 400;
    env.file("people.csv", people(count));
    let create = ["users", "create", "--rows", "people.csv", "--yes"];

    fill();
    std::fs::File::options()
        .write(true)
        .open(&rest)
        .unwrap()
        .set_len(60_000_000)
        .unwrap();
    let error = env.run(create).error(74);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("needs 68 MB of free disk"), "{message}");
    assert_eq!(env.run(["jobs", "list"]).json(), json!([]));
    std::fs::remove_file(&rest).unwrap();
    // There is room for a job, but not for so many rows.
    env.file("many.csv", people(20_000));
    let error = env
        .run(["users", "create", "--rows", "many.csv", "--yes"])
        .error(74);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("needs 73 MB of free disk"), "{message}");
    assert_eq!(error["sent"], "no");
    assert_eq!(env.run(["jobs", "list"]).json(), json!([]));
    assert!(addresses(&env).is_empty());

    let mut running = env.command(BINARY);
    let running = running.args(create).stderr(Stdio::piped()).spawn().unwrap();
    while addresses(&env).is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    fill();
    let ended = running.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(74), "{said}");
    std::fs::remove_file(&rest).unwrap();
    assert!(
        addresses(&env).len() < count,
        "the job ended before the disk was full"
    );
    let jobs = env.run(["jobs", "list"]).json();
    let id = jobs[0]["id"].as_str().unwrap();
    let last = document(&env.run(["jobs", "resume", id]), 0);
    assert_eq!(last["rows"]["done"], count, "{last}");
    let all = addresses(&env);
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (count, count));
    let umount = env.command("umount").arg(&state).status();
    assert!(umount.unwrap().success());
}

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
